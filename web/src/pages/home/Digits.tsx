import { Button } from "@mantine/core";
import { useId, useState } from "react";
import type { CalculatedValue } from "../../api/values";
import { formatCount, minus } from "../../numbers/format";
import styles from "./Digits.module.css";

/** Longer values than this show their ends first. */
const fewDigits = 120;
const endDigits = 50;

/** The digits of a value, as many as the API has sent or as fit well. */
export function Digits({
  value: { value, sign, digitCount, leading = "", trailing = "" },
}: {
  value: CalculatedValue;
}) {
  const [unfolded, setUnfolded] = useState(false);
  const id = useId();
  const sgn = sign < 0 ? "−" : "";

  if (value === undefined) {
    return (
      <Ends
        leading={sgn + leading}
        trailing={trailing}
        hidden={digitCount - leading.length - trailing.length}
      />
    );
  }
  if (digitCount <= fewDigits) {
    return <p className={styles.digits}>{minus(value)}</p>;
  }
  const digits = value.replace("-", "");
  return (
    <div>
      <div id={id}>
        {unfolded ? (
          <p className={styles.digits}>{sgn + digits}</p>
        ) : (
          <Ends
            leading={sgn + digits.slice(0, endDigits)}
            trailing={digits.slice(-endDigits)}
            hidden={digitCount - 2 * endDigits}
          />
        )}
      </div>
      <Button
        variant="subtle"
        size="compact-sm"
        className={styles.fold ?? ""}
        aria-expanded={unfolded}
        aria-controls={id}
        onClick={() => setUnfolded(!unfolded)}
      >
        {unfolded ? "Show the ends only" : `Show all ${formatCount(digitCount, "digit")}`}
      </Button>
    </div>
  );
}

function Ends({ leading, trailing, hidden }: { leading: string; trailing: string; hidden: number }) {
  return (
    <p className={styles.digits}>
      {leading}
      <span className={styles.gap}>… {formatCount(hidden, "digit")} between …</span>
      {trailing}
    </p>
  );
}
