import { Button } from "@mantine/core";
import { useId, useState } from "react";
import type { CalculatedValue } from "../../api/values";
import { digitEnds, maxWholeDigits } from "../../numbers/digitEnds";
import { formatCount, minus } from "../../numbers/format";
import styles from "./Digits.module.css";

/** The digits of a value: whole if they are few, else their ends, and all of them on demand if the API returned them. */
export function Digits({ value: calculated }: { value: CalculatedValue }) {
  const { value, digitCount } = calculated;
  const [expanded, setExpanded] = useState(digitCount <= maxWholeDigits);
  const id = useId();
  if (value === undefined) {
    return <Ends value={calculated} />;
  }
  return (
    <div>
      <div id={id}>
        {expanded ? <p className={styles.digits}>{minus(value)}</p> : <Ends value={calculated} />}
      </div>
      {digitCount > maxWholeDigits && (
        <Button
          variant="subtle"
          size="compact-sm"
          className={styles.toggle ?? ""}
          aria-expanded={expanded}
          aria-controls={id}
          onClick={() => setExpanded(!expanded)}
        >
          {expanded ? "Show fewer digits" : `Show all ${formatCount(digitCount, "digit")}`}
        </Button>
      )}
    </div>
  );
}

function Ends({ value }: { value: CalculatedValue }) {
  const { leading, trailing, between } = digitEnds(value);
  return (
    <p className={styles.digits}>
      {value.sign < 0 && "−"}
      {leading}
      <span className={styles.gap}>… {formatCount(between, "more digit")} …</span>
      {trailing}
    </p>
  );
}
