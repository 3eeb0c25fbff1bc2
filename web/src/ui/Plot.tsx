import { Skeleton } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type uPlot from "uplot";
import styles from "./Plot.module.css";
import type { PlotColors } from "./plotColors";

/** What uPlot is told beside size and colours; axes, with what is not said, get the page's look. */
export type PlotOptions = Omit<uPlot.Options, "width" | "height" | "title">;

export interface PlotProps {
  /** Says in one sentence what is drawn, to those who can't see it. */
  label: string;
  /** The positions, then for each series its values there. */
  data: uPlot.AlignedData;
  /**
   * Must be the same function from one drawing to the next, unless everything is
   * to be drawn anew. `paths` are uPlot's own: what calls this need not load it.
   */
  options: (colors: PlotColors, paths: uPlot.Series.PathBuilderFactories) => PlotOptions;
  /** In CSS pixels; the width is that of the place where the plot stands. */
  height?: number;
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

/** A plot, with a text that says the same. */
export function Plot({ children, ...drawing }: PlotProps) {
  const { label, height = 260 } = drawing;
  return (
    <figure className={styles.plot}>
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
  return <p className={styles.missing}>The plot could not be loaded. Reloading the page may help.</p>;
}
