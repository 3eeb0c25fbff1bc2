import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import type { PlotOptions, PlotProps } from "./Plot";
import styles from "./Plot.module.css";
import { type PlotColors, readPlotColors } from "./plotColors";

const font = "13px 'Instrument Sans Variable', system-ui, sans-serif";

type PlotDrawingProps = Pick<Required<PlotProps>, "data" | "options" | "height">;

/** The canvas of uPlot. Other options or colours create it again; other data or another width only update it. */
export default function PlotDrawing({ data, options, height }: PlotDrawingProps) {
  const scheme = useComputedColorScheme("light");
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(data);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours that are read depend on the scheme.
  useEffect(() => {
    const container = box.current;
    if (container === null) {
      return;
    }
    const observer = new ResizeObserver(() => {
      const size = { width: container.clientWidth, height };
      if (plot.current !== undefined) {
        plot.current.setSize(size);
      } else if (size.width > 0) {
        const themed = withTheme(options, readPlotColors());
        plot.current = new uPlot({ ...themed, ...size }, latest.current, container);
      }
    });
    observer.observe(container);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [options, scheme, height]);

  useEffect(() => {
    latest.current = data;
    plot.current?.setData(data);
  }, [data]);

  return <div ref={box} className={styles.box} style={{ height }} />;
}

/** Adds the look of the page to options. */
function withTheme(options: PlotProps["options"], colors: PlotColors): PlotOptions {
  const { axes = [{}, {}], ...rest } = options(colors, uPlot.paths);
  const rule = { stroke: colors.line, width: 1 };
  return {
    legend: { show: false },
    cursor: { show: false },
    ...rest,
    axes: axes.map((axis) => ({
      font,
      labelFont: font,
      stroke: colors.muted,
      ...axis,
      grid: { ...rule, ...axis.grid },
      ticks: { ...rule, ...axis.ticks },
    })),
  };
}
