import { type ReactNode, useState } from "react";
import { usePrinting } from "./usePrinting";
import styles from "./Why.module.css";

/** The reason of a sentence, on demand. On paper it is there. */
export function Why({ of, children }: { of: string; children: ReactNode }) {
  const printing = usePrinting();
  const [unfolded, setUnfolded] = useState(false);
  return (
    <details
      className={styles.why}
      open={unfolded || printing}
      onToggle={(event) => {
        if (!printing) {
          setUnfolded(event.currentTarget.open);
        }
      }}
    >
      <summary aria-label={`Why? ${of}`}>Why?</summary>
      <p>{children}</p>
    </details>
  );
}
