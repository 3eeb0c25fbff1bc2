import { useState } from "react";
import { formatInteger } from "../../numbers/format";
import { usePrinting } from "../../ui/usePrinting";
import { CopyButton } from "../../ui/ValueButtons";
import styles from "./RemainderList.module.css";

interface RemainderListProps {
  modulus: number;
  stops: readonly number[];
  isWhole: boolean;
}

/** The remainders of the wheel as text, on demand. */
export function RemainderList({ modulus, stops, isWhole }: RemainderListProps) {
  const printing = usePrinting();
  const [unfolded, setUnfolded] = useState(false);
  const open = unfolded || printing;
  const listed = isWhole ? stops.slice(0, -1) : stops;
  const name = isWhole
    ? `The remainders modulo ${formatInteger(modulus)}, one period`
    : `The first ${formatInteger(listed.length)} remainders modulo ${formatInteger(modulus)}`;
  return (
    <details
      className={styles.list}
      open={open}
      onToggle={(event) => {
        if (!printing) {
          setUnfolded(event.currentTarget.open);
        }
      }}
    >
      <summary>{name}</summary>
      {open && (
        <>
          <p className={styles.remainders}>{listed.map(formatInteger).join(" ")}</p>
          <CopyButton text={listed.join(", ")} name="remainders" />
        </>
      )}
    </details>
  );
}
