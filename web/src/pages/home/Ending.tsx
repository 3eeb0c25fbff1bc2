import { formatTerm } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { remainder } from "../../numbers/remainder";
import { shortValue } from "../../numbers/shortValue";
import styles from "./AsValue.module.css";

/** Last digits that are said while an index is typed. */
const endingDigits = 6;

/** How F(index) ends, without a request. A short number is named whole instead. */
export function Ending({ index }: { index: Index | undefined }) {
  if (index === undefined || (typeof index === "number" && shortValue(index) !== undefined)) {
    return undefined;
  }
  const ending = remainder(index < 0 ? -index : index, 10n ** BigInt(endingDigits));
  return (
    <p className={styles.value}>
      {formatTerm(index)} ends in {String(ending).padStart(endingDigits, "0")}.
    </p>
  );
}
