import { firstTerms } from "../../numbers/firstTerms";
import { formatInteger, formatTerm } from "../../numbers/format";
import { zeckendorf } from "../../numbers/zeckendorf";
import styles from "./Zeckendorf.module.css";

/** The index as a sum of Fibonacci numbers, and as tiles, one for each of them, of which those in the sum are lit. */
export function Zeckendorf({ index }: { index: number }) {
  const size = Math.abs(index);
  const lit = zeckendorf(size);
  const [largest] = lit;
  if (largest === undefined) {
    return undefined;
  }
  const sum = lit.map((k) => formatInteger(firstTerms[k] ?? 0n)).join(" + ");
  return (
    <figure className={styles.zeckendorf}>
      <figcaption>
        Zeckendorf: {formatInteger(size)} = <strong>{sum}</strong>
      </figcaption>
      <div
        role="img"
        aria-label={`Tiles from ${formatTerm(largest)} to F(2); lit: ${lit.map(formatTerm).join(", ")}`}
      >
        {Array.from({ length: largest - 1 }, (_, i) => largest - i).map((k) => (
          <span
            key={k}
            data-lit={lit.includes(k)}
            title={`${formatTerm(k)} = ${formatInteger(firstTerms[k] ?? 0n)}`}
          />
        ))}
      </div>
    </figure>
  );
}
