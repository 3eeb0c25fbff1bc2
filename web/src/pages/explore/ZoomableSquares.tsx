import { ActionIcon, Button } from "@mantine/core";
import { Squares } from "../../ui/Squares";
import { drawSquares } from "../../ui/squaresDrawing";
import { unusable } from "../../ui/unusable";
import { usePrinting } from "../../ui/usePrinting";
import { useZoom } from "./useZoom";
import styles from "./ZoomableSquares.module.css";

const factor = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

/** The smallest square can be enlarged to a quarter of the height. */
const largestShare = 1 / 4;

interface ZoomableSquaresProps {
  sides: readonly number[];
  /** How many squares are drawn. */
  count: number;
  label: string;
}

/** Squares with Fibonacci numbers as sides, and the spiral through them, to be enlarged. On paper they are whole. */
export function ZoomableSquares({ sides, count, label }: ZoomableSquaresProps) {
  const { whole } = drawSquares(sides, count);
  const maxZoom = Math.max(1, largestShare * (sides[count - 1] ?? 1));
  const { svg, frame, view, zoom, zoomIn, zoomOut, reset } = useZoom(whole, maxZoom);
  const printing = usePrinting();
  return (
    <div className={styles.zoomable}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields. */}
      <div
        {...frame}
        role="group"
        aria-label="Spiral: + and − zoom, arrow keys move what is enlarged"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards must be able to move it.
        tabIndex={0}
        className={styles.frame}
        data-zoomed={zoom > 1}
      >
        <Squares
          sides={sides}
          count={count}
          label={label}
          view={printing || zoom === 1 ? undefined : view}
          svg={svg}
          className={styles.squares}
        />
      </div>
      <div className={styles.controls}>
        <ActionIcon
          variant="default"
          size={40}
          aria-label="Zoom out"
          onClick={zoomOut}
          {...unusable(zoom === 1)}
        >
          −
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={40}
          aria-label="Zoom in"
          onClick={zoomIn}
          {...unusable(zoom === maxZoom)}
        >
          +
        </ActionIcon>
        <Button variant="default" aria-label="Reset the zoom" onClick={reset} {...unusable(zoom === 1)}>
          Reset
        </Button>
        <output>Zoom {factor.format(zoom)}×</output>
      </div>
    </div>
  );
}
