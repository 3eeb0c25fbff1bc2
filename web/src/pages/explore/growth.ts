import { digitCountOf } from "../../numbers/digitCount";
import { firstTerms } from "../../numbers/firstTerms";

/** How many digits a number has. */
export interface Growth {
  index: number;
  digitCount: number;
}

const powersOfTen = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

const counted = firstTerms.slice(1).map((term, i) => ({ index: i + 1, digitCount: String(term).length }));

/** The lengths of F(1) to F(93), counted, and of F(100) to F(10^8), known from logarithms. */
export const growth: readonly Growth[] = [
  ...counted,
  ...powersOfTen.map((index) => ({ index, digitCount: digitCountOf(index) })),
];

/** How the axes of a chart are divided. */
export type Scale = "log" | "linear";

/** What is drawn on each scale: on a linear one, the few large indices would leave no room for the others. */
export const growthOn: Record<Scale, readonly Growth[]> = { log: growth, linear: counted };
