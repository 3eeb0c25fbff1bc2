import { tile } from "../../ui/tile";
import styles from "./FibonacciSquares.module.css";

const { squares, spiral, width, height } = tile([1, 1, 2, 3, 5, 8, 13, 21]);

/** The sequence as a picture: squares with its numbers for sides, a spiral through them. */
export function FibonacciSquares({ className }: { className?: string | undefined }) {
  return (
    <svg
      className={className}
      viewBox={`-0.2 -0.2 ${width + 0.4} ${height + 0.4}`}
      role="img"
      aria-label="Squares whose sides are 1, 1, 2, 3, 5, 8, 13 and 21, and the spiral through them"
    >
      {squares.map(({ side, x, y }, i) => (
        <g key={`${x} ${y}`} className={styles[["dark", "light", "mid"][i % 3] ?? ""]}>
          <rect x={x} y={y} width={side} height={side} />
          {side >= 3 && (
            <text x={x + 0.35 + side * 0.04} y={y + side - 0.35 - side * 0.04} fontSize={0.8 + side * 0.09}>
              {side}
            </text>
          )}
        </g>
      ))}
      <path d={spiral} className={styles.spiral} />
    </svg>
  );
}
