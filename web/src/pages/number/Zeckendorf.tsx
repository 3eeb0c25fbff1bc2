import { firstTerms } from "../../numbers/firstTerms";
import { formatInteger, formatShort, formatTerm } from "../../numbers/format";
import type { Index } from "../../numbers/largeIndex";
import { zeckendorf } from "../../numbers/zeckendorf";
import { Why } from "../../ui/Why";
import styles from "./Zeckendorf.module.css";

/** Terms of a longer sum are counted, not written. */
const maxWritten = 40;

/** The tiles of an index of more than about 100 digits would fill the page. */
const maxTiles = 500;

/** From here on tiles are small. */
const manyTiles = 100;

/** The index as a sum of Fibonacci numbers, and as tiles, one for each of them, of which those in the sum are lit. */
export function Zeckendorf({ index }: { index: Index }) {
  const number = BigInt(index);
  const size = number < 0n ? -number : number;
  const lit = zeckendorf(size);
  const [largest] = lit;
  if (largest === undefined) {
    return undefined;
  }
  return (
    <figure className={styles.zeckendorf}>
      <figcaption>
        Zeckendorf: {formatShort(size)}{" "}
        {lit.length === 1 && largest >= firstTerms.length ? (
          <>
            is itself a Fibonacci number, <strong>{formatTerm(largest)}</strong>
          </>
        ) : lit.length > maxWritten || largest >= firstTerms.length ? (
          <>
            is the sum of <strong>{formatInteger(lit.length)}</strong> Fibonacci numbers, from{" "}
            {formatTerm(largest)} down to {formatTerm(lit.at(-1) ?? largest)}
          </>
        ) : (
          <>
            = <strong>{lit.map((k) => formatInteger(firstTerms[k] ?? 0n)).join(" + ")}</strong>
          </>
        )}
      </figcaption>
      {largest <= maxTiles && <Tiles lit={lit} largest={largest} />}
      <Why of="Zeckendorf">
        Take the largest Fibonacci number that fits, then the largest that fits in the rest, and so on. No two
        of them are neighbours: their sum is the next Fibonacci number, which would have fitted. No other sum
        without neighbours gives the same: that is Zeckendorf’s theorem.
      </Why>
    </figure>
  );
}

function Tiles({ lit, largest }: { lit: readonly number[]; largest: number }) {
  const names =
    lit.length > maxWritten ? `${formatInteger(lit.length)} of them` : lit.map(formatTerm).join(", ");
  return (
    <div
      role="img"
      aria-label={`Tiles from ${formatTerm(largest)} to F(2); lit: ${names}`}
      data-many={largest > manyTiles}
    >
      {Array.from({ length: largest - 1 }, (_, i) => largest - i).map((k) => {
        const term = firstTerms[k];
        return (
          <span
            key={k}
            data-lit={lit.includes(k)}
            title={term === undefined ? formatTerm(k) : `${formatTerm(k)} = ${formatInteger(term)}`}
          />
        );
      })}
    </div>
  );
}
