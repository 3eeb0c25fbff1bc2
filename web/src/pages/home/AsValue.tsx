import { Fragment } from "react";
import { formatShort } from "../../numbers/format";
import { indexIn, type ParsedIndex } from "../../numbers/parseIndex";
import { type Place, placeOfValue } from "../../numbers/placeOfValue";
import { TermLink } from "../../ui/TermLink";
import styles from "./AsValue.module.css";

/** What was typed may be meant as a value: says which Fibonacci numbers have it, or which two it is between. */
export function AsValue({ parsed }: { parsed: ParsedIndex }) {
  const index = indexIn(parsed);
  const value = index === undefined ? undefined : BigInt(index);
  const place = value === undefined ? undefined : placeOfValue(value);
  if (value === undefined || place === undefined) {
    return undefined;
  }
  return (
    <p className={styles.value}>
      As a value, {formatShort(value)} {described(place)}.
    </p>
  );
}

function described(place: Place) {
  return "indices" in place ? (
    <>
      is{" "}
      {place.indices.map((index, i) => (
        <Fragment key={index}>
          {i === 0 ? "" : i === place.indices.length - 1 ? " and " : ", "}
          <TermLink index={index} />
        </Fragment>
      ))}
    </>
  ) : (
    <>
      is between <TermLink index={place.below} /> and <TermLink index={place.above} />
    </>
  );
}
