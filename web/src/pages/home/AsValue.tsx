import { formatInteger } from "../../numbers/format";
import type { ParsedIndex } from "../../numbers/parseIndex";
import { type Place, placeOfValue } from "../../numbers/placeOfValue";
import { TermLink } from "../../ui/TermLink";
import styles from "./AsValue.module.css";

/** What was typed may be meant as a value: says which Fibonacci number it is, or which two it is between. */
export function AsValue({ parsed }: { parsed: ParsedIndex }) {
  const value = valueIn(parsed);
  const place = value === undefined ? undefined : placeOfValue(value);
  if (value === undefined || place === undefined) {
    return undefined;
  }
  return (
    <p className={styles.value}>
      As a value, {named(value)} {described(place)}.
    </p>
  );
}

function valueIn(parsed: ParsedIndex): bigint | undefined {
  if ("index" in parsed) {
    return BigInt(parsed.index);
  }
  return "tooLarge" in parsed ? parsed.tooLarge : undefined;
}

/** A long value is above, in the field. */
function named(value: bigint): string {
  const text = formatInteger(value);
  return text.length <= 30 ? text : "it";
}

function described(place: Place) {
  return "index" in place ? (
    <>
      is <TermLink index={place.index} />
    </>
  ) : (
    <>
      is between <TermLink index={place.below} /> and <TermLink index={place.above} />
    </>
  );
}
