import { formatInteger } from "../../numbers/format";
import styles from "./Sparkline.module.css";

interface SparklineProps {
  title: string;
  /** A count for each second, the current one last. */
  counts: readonly number[];
}

const height = 36;

/** Counts per second as bars, with the sum and the largest of them in words. */
export function Sparkline({ title, counts }: SparklineProps) {
  const most = Math.max(...counts);
  const total = counts.reduce((sum, n) => sum + n, 0);
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        <span className={styles.title}>{title}</span>
        <span>
          {formatInteger(total)} in a minute, at most {formatInteger(most)} a second
        </span>
      </figcaption>
      <svg
        aria-hidden="true"
        className={styles.bars}
        viewBox={`0 0 ${counts.length * 4} ${height}`}
        preserveAspectRatio="none"
      >
        {counts.map((n, i) => {
          // A single event is to be seen beside a thousand.
          const size = n === 0 ? 1 : Math.max(4, (n / most) * height);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is a place in the last minute.
            <rect key={i} x={4 * i} y={height - size} width={3} height={size} data-empty={n === 0} />
          );
        })}
      </svg>
    </figure>
  );
}
