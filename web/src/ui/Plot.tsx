import { Skeleton } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type uPlot from "uplot";
import styles from "./Plot.module.css";
import type { PlotColors } from "./plotColors";

/** Options of uPlot without size and title. Where they are silent, axes get the look of the page. */
export type PlotOptions = Omit<uPlot.Options, "width" | "height" | "title">;

export interface PlotProps {
  /** Describes the drawing in one sentence, for screen readers. */
  label: string;
  /** The positions, then the values of each series there. */
  data: uPlot.AlignedData;
  /**
   * Another function redraws everything, so it must be the same on each render.
   * `paths` is uPlot's, passed so that callers need not load it.
   */
  options: (colors: PlotColors, paths: uPlot.Series.PathBuilderFactories) => PlotOptions;
  /** In CSS pixels. The plot is as wide as its container. */
  height?: number;
  className?: string | undefined;
  /** The same in words or numbers: a caption, or a table for screen readers. */
  children: ReactNode;
}

/** uPlot is loaded when the first plot is shown. */
const Drawing = lazy(async () => {
  try {
    return await import("./PlotDrawing");
  } catch {
    return { default: LoadFailed };
  }
});

/** A plot, and the same as text. */
export function Plot({ className = "", children, ...drawing }: PlotProps) {
  const { label, height = 260 } = drawing;
  return (
    <figure className={`${styles.plot} ${className}`}>
      <div role="img" aria-label={label} style={{ height }}>
        <Suspense fallback={<Skeleton height={height} />}>
          <Drawing {...drawing} height={height} />
        </Suspense>
      </div>
      {children}
    </figure>
  );
}

function LoadFailed() {
  return <p className={styles.missing}>The chart could not be loaded. Reloading the page may help.</p>;
}
