import { formatInteger } from "../numbers/format";
import styles from "./Squares.module.css";
import { tile } from "./tile";

/** The length of the longer side of every drawing, in SVG units. SVG is not exact for the sides themselves. */
const drawnLength = 1000;
/** The smallest square that has room for its number. */
const minLabelledSize = 55;

const shades = ["dark", "light", "mid"];

/** The width of a character of a label, as a share of its font size. */
const characterWidth = 0.6;

/** The largest font size up to the usual one with which a label stays within its square. */
function labelSize(text: string, size: number): number {
  return Math.min(22 + size * 0.07, (size * 0.82) / (text.length * characterWidth));
}

interface SquaresProps {
  /** F(1), F(2) and so on, as many as are drawn. */
  sides: readonly number[];
  label: string;
  className?: string | undefined;
}

/** Squares with Fibonacci numbers as sides, and the spiral through them, in landscape. */
export function Squares({ sides, label, className }: SquaresProps) {
  const { squares, spiral, width, height } = tile(sides);
  const isLandscape = width >= height;
  const scale = drawnLength / Math.max(width, height);
  const drawnHeight = Math.min(width, height) * scale;
  return (
    <svg
      className={`${styles.squares} ${className ?? ""}`}
      viewBox={`-2 -2 ${drawnLength + 4} ${drawnHeight + 4}`}
      role="img"
      aria-label={label}
    >
      {squares.map(({ side, x, y }, i) => {
        const size = side * scale;
        // A portrait is turned to the left by a quarter.
        const [left, top] = isLandscape ? [x * scale, y * scale] : [y * scale, (width - x - side) * scale];
        return (
          <g key={`${x} ${y}`} className={styles[shades[i % shades.length] ?? ""]}>
            <rect x={left} y={top} width={size} height={size} />
            {size >= minLabelledSize && (
              <text x={left + size / 2} y={top + size / 2} fontSize={labelSize(formatInteger(side), size)}>
                {formatInteger(side)}
              </text>
            )}
          </g>
        );
      })}
      <g transform={`scale(${scale})${isLandscape ? "" : ` translate(0 ${width}) rotate(-90)`}`}>
        <path d={spiral} className={styles.halo} />
        <path d={spiral} className={styles.spiral} />
      </g>
    </svg>
  );
}
