import { Link } from "react-router";
import { formatTerm } from "../numbers/format";
import type { Index } from "../numbers/largeIndex";
import styles from "./TermLink.module.css";

/** The name of a number, linked to its page. */
export function TermLink({ index }: { index: Index }) {
  return (
    <Link to={`/values/${index}`} className={styles.term}>
      {formatTerm(index)}
    </Link>
  );
}
