import { Link } from "react-router";
import { formatTerm } from "../numbers/format";
import styles from "./TermLink.module.css";

/** F(n), leading to the page of that number. */
export function TermLink({ index }: { index: number }) {
  return (
    <Link to={`/values/${index}`} className={styles.term}>
      {formatTerm(index)}
    </Link>
  );
}
