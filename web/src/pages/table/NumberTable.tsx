import { memo } from "react";
import { formatInteger, minus } from "../../numbers/format";
import { Groups } from "../../ui/Groups";
import { TermLink } from "../../ui/TermLink";
import styles from "./NumberTable.module.css";
import { lastDigit } from "./tableText";
import type { Term } from "./terms";

/** Enough to see how the ratio approaches the golden ratio, and few enough for a phone. */
const ratios = new Intl.NumberFormat("en", { minimumFractionDigits: 10, maximumFractionDigits: 10 });

/** The terms with all their digits. On a narrow screen each is a block of two lines. */
export const NumberTable = memo(({ terms }: { terms: readonly Term[] }) => (
  <table className={styles.table}>
    <thead>
      <tr>
        <th scope="col">Number</th>
        <th scope="col">Value</th>
        <th scope="col">Digits</th>
        <th scope="col">F(n) / F(n−1)</th>
        <th scope="col">Last digit</th>
      </tr>
    </thead>
    <tbody>
      {terms.map((term) => (
        <tr key={term.index}>
          <th scope="row">
            <TermLink index={term.index} />
          </th>
          <td className={styles.value}>
            <Grouped value={term.value} />
          </td>
          <td data-name="digits">{formatInteger(term.digitCount)}</td>
          <td data-name="ratio">{term.ratio === null ? "–" : minus(ratios.format(term.ratio))}</td>
          <td data-name="last digit">{lastDigit(term)}</td>
        </tr>
      ))}
    </tbody>
  </table>
));

/** A number in groups of three, which may be on several lines. */
function Grouped({ value }: { value: string }) {
  return (
    <span data-digits>
      <Groups>{minus(value.replace(/\B(?=(\d{3})+$)/g, ","))}</Groups>
    </span>
  );
}
