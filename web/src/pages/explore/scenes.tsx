import type { ReactNode } from "react";
import { firstTerms } from "../../numbers/firstTerms";
import { formatInteger, formatTerm } from "../../numbers/format";
import { Squares } from "../../ui/Squares";
import { Wheel } from "../../ui/Wheel";
import { GrowthChart } from "./GrowthChart";
import { growthText, growthTitle } from "./GrowthPanel";
import styles from "./Presentation.module.css";
import { RatioChart } from "./RatioChart";
import { ratioText, ratioTitle } from "./RatioPanel";
import { describeSquares, sides, spiralText, spiralTitle } from "./SpiralPanel";
import { lastDigits, wheelTitle } from "./WheelPanel";

/** One picture of the presentation, with what is said about it. */
export interface Scene {
  title: string;
  text: string;
  /** scale is how large text in a drawing is, compared with the usual. */
  picture(scale: number): ReactNode;
}

const term = (n: number): bigint => firstTerms[n] ?? 0n;

/** The sum that makes a number. */
function sum(n: number): Scene {
  const [before, last, made] = [term(n - 2), term(n - 1), term(n)].map(formatInteger);
  return {
    title: "Each number is the sum of the two before it",
    text: `${formatTerm(n)} = ${formatTerm(n - 1)} + ${formatTerm(n - 2)}`,
    picture: () => (
      <>
        <p className={styles.terms}>
          {firstTerms.slice(0, n + 1).map((value, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is the identity of a term.
            <span key={i} data-summand={i === n - 1 || i === n - 2} data-sum={i === n}>
              {formatInteger(value)}
            </span>
          ))}
        </p>
        <p className={styles.sum}>
          {before} + {last} = <strong>{made}</strong>
        </p>
      </>
    ),
  };
}

function spiral(count: number): Scene {
  const side = sides[count - 1] ?? 0;
  return {
    title: spiralTitle,
    text:
      count === 1
        ? spiralText
        : `Square ${count} has sides of ${formatTerm(count)} = ${formatInteger(side)}.`,
    picture: () => (
      <Squares sides={sides} count={count} label={describeSquares(count)} className={styles.squares} />
    ),
  };
}

/** The wheel of last digits with a number of its lines. */
function wheel(lines: number): Scene {
  const all = lastDigits.length - 1;
  return {
    title: wheelTitle,
    text:
      lines === all
        ? `After ${all} lines it is back where it began.`
        : `${formatTerm(lines - 1)} = ${formatInteger(term(lines - 1))} ends in ${lastDigits[lines - 1]}, and ${formatTerm(lines)} = ${formatInteger(term(lines))} in ${lastDigits[lines]}.`,
    picture: (scale) => (
      <div className={styles.wheel}>
        <Wheel
          modulus={10}
          remainders={lastDigits}
          drawn={lines}
          scale={scale}
          marked={lines === all ? undefined : lines - 1}
          label={`The ten digits on a circle, and ${lines === 1 ? "a line" : `${lines} lines`} between the last digits of neighbouring Fibonacci numbers`}
        />
      </div>
    ),
  };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** All pictures, in the order in which they are presented. */
export const scenes: readonly Scene[] = [
  ...range(2, 12).map(sum),
  ...range(1, 12).map(spiral),
  { title: growthTitle, text: growthText, picture: (scale) => <GrowthChart scale={scale} still /> },
  { title: ratioTitle, text: ratioText, picture: (scale) => <RatioChart scale={scale} still /> },
  ...[...range(1, 12), lastDigits.length - 1].map(wheel),
];
