import type { RefObject } from "react";
import { formatInteger } from "../numbers/format";
import styles from "./Squares.module.css";
import { drawSquares, intersect, type View } from "./squaresDrawing";
import { useGlide } from "./useGlide";

/** The smallest square that has room for its number, in units of a drawing that is not enlarged. */
const minLabelledSize = 55;

const shades = ["dark", "light", "mid"];

/** The width of a character of a label, as a share of its font size. */
const characterWidth = 0.6;

/** The largest font size up to the usual one with which a label stays within a part of a square. */
function labelSize(text: string, width: number, height: number): number {
  const usual = 22 + Math.min(width, height) * 0.07;
  return Math.min(usual, (width * 0.82) / (text.length * characterWidth), height * 0.82);
}

interface SquaresProps {
  /** F(1), F(2) and so on, at least as many as are drawn. */
  sides: readonly number[];
  /** How many squares are drawn, by default all of them. The drawing moves from one count to the next. */
  count?: number;
  label: string;
  /** The part that is shown, by default all of the drawing. A part does not move. */
  view?: View | undefined;
  svg?: RefObject<SVGSVGElement | null>;
  className?: string | undefined;
}

/** Squares with Fibonacci numbers as sides, and the spiral through them, in landscape. */
export function Squares({ sides, count = sides.length, label, view, svg, className }: SquaresProps) {
  const { squares, transform, whole } = drawSquares(sides, useGlide(count, view === undefined));
  const shown = view ?? whole;
  const zoom = whole.width / shown.width;
  const visible = squares.flatMap((square, i) => {
    const part = view === undefined ? square.place : intersect(square.place, view);
    return part ? [{ ...square, part, shade: styles[shades[i % shades.length] ?? ""] }] : [];
  });
  return (
    <svg
      ref={svg}
      className={`${styles.squares} ${className ?? ""}`}
      viewBox={`${shown.x} ${shown.y} ${shown.width} ${shown.height}`}
      role="img"
      aria-label={label}
    >
      {visible.map(({ side, x, y, part, arc, opacity, shade }) => (
        <g key={arc} className={shade} opacity={opacity}>
          <rect x={x} y={y} width={side} height={side} transform={transform} />
          <Label text={formatInteger(side)} part={part} zoom={zoom} />
        </g>
      ))}
      <g transform={transform}>
        <Spiral arcs={visible.filter(({ opacity }) => opacity === 1)} />
        <Spiral arcs={visible.filter(({ opacity }) => opacity < 1)} />
      </g>
    </svg>
  );
}

/** Arcs that follow each other and are equally opaque. */
function Spiral({ arcs }: { arcs: readonly { arc: string; opacity: number }[] }) {
  const line = arcs.map(({ arc }) => arc).join("");
  return (
    line !== "" && (
      <g opacity={arcs[0]?.opacity}>
        <path d={line} className={styles.halo} />
        <path d={line} className={styles.spiral} />
      </g>
    )
  );
}

/** A number in the middle of what is seen of its square, in the same size however much the drawing is enlarged. */
function Label({ text, part, zoom }: { text: string; part: View; zoom: number }) {
  const [width, height] = [part.width * zoom, part.height * zoom];
  return (
    Math.min(width, height) >= minLabelledSize && (
      <text
        x={part.x + part.width / 2}
        y={part.y + part.height / 2}
        fontSize={labelSize(text, width, height) / zoom}
      >
        {text}
      </text>
    )
  );
}
