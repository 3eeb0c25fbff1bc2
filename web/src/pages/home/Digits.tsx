import { useId, useState } from "react";
import type { CalculatedValue } from "../../api/values";
import { digitEnds, maxWholeDigits } from "../../numbers/digitEnds";
import { formatCount, minus } from "../../numbers/format";
import { SmallButton } from "../../ui/SmallButton";
import { usePrinting } from "../../ui/usePrinting";
import styles from "./Digits.module.css";

/** The digits of a value: whole if they are few, else their ends, and all of them on demand if the API returned them. */
export function Digits({ value: calculated }: { value: CalculatedValue }) {
  const { value, digitCount } = calculated;
  const printing = usePrinting();
  const [unfolded, setExpanded] = useState(digitCount <= maxWholeDigits);
  const expanded = unfolded || printing;
  const id = useId();
  if (value === undefined) {
    return <Ends value={calculated} />;
  }
  return (
    <div>
      <div id={id}>
        {expanded ? (
          <p className={styles.digits} data-digits>
            {minus(value)}
          </p>
        ) : (
          <Ends value={calculated} />
        )}
      </div>
      {digitCount > maxWholeDigits && (
        <div className={styles.toggle}>
          <SmallButton aria-expanded={expanded} aria-controls={id} onClick={() => setExpanded(!expanded)}>
            {expanded ? "Show fewer digits" : `Show all ${formatCount(digitCount, "digit")}`}
          </SmallButton>
        </div>
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
