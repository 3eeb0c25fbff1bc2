/** Values with more digits are shown by their ends first. */
export const maxWholeDigits = 120;

/** Digits at each end of a longer value, as many as the API returns. */
export const endDigits = 50;

interface Digits {
  digitCount: number;
  /** With its sign, if it is not too long for the API to return. */
  value?: string;
  leading?: string;
  trailing?: string;
}

/** Returns how the digits of a value begin and end, without sign, and how many are between the ends. */
export function digitEnds({ digitCount, value, leading = "", trailing = "" }: Digits) {
  const digits = value?.replace("-", "");
  const first = digits?.slice(0, endDigits) ?? leading;
  const last = digits?.slice(-endDigits) ?? trailing;
  return { leading: first, trailing: last, between: Math.max(0, digitCount - first.length - last.length) };
}
