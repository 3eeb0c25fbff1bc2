import type { tile } from "../../ui/tile";
import styles from "./SpiralCard.module.css";

/** The width of every drawing, in units of its own: sides would be beyond what SVG is exact in. */
const drawnWidth = 1000;
/** The smallest side that has room for its number. */
const roomForText = 55;

interface SquaresProps {
  tiling: ReturnType<typeof tile>;
  /** How many squares there are. */
  count: number;
}

/** Squares and the spiral through them, on their longer side whatever their number. */
export function Squares({ tiling, count }: SquaresProps) {
  const { squares, spiral, width, height } = tiling;
  const lies = width >= height;
  const scale = drawnWidth / Math.max(width, height);
  const drawnHeight = Math.min(width, height) * scale;
  return (
    <svg
      className={styles.squares}
      viewBox={`-2 -2 ${drawnWidth + 4} ${drawnHeight + 4}`}
      role="img"
      aria-label={`${count === 1 ? "A square" : `${count} squares`} whose sides are the first Fibonacci numbers, and the spiral through them`}
    >
      {squares.map(({ side, x, y }, i) => {
        const size = side * scale;
        // Turned by a quarter to the left where it would stand.
        const [left, top] = lies ? [x * scale, y * scale] : [y * scale, (width - x - side) * scale];
        return (
          <g key={`${x} ${y}`} className={styles[["dark", "light", "mid"][i % 3] ?? ""]}>
            <rect x={left} y={top} width={size} height={size} />
            {size >= roomForText && (
              <text x={left + size / 2} y={top + size / 2} fontSize={20 + size * 0.06}>
                {side.toLocaleString("en")}
              </text>
            )}
          </g>
        );
      })}
      <g transform={`scale(${scale})${lies ? "" : ` translate(0 ${width}) rotate(-90)`}`}>
        <path d={spiral} className={styles.spiral} />
      </g>
    </svg>
  );
}
