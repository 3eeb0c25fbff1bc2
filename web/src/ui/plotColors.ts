/** The colours of the page for a canvas, in the current scheme. */
export interface PlotColors {
  text: string;
  muted: string;
  line: string;
  surface: string;
  good: string;
  busy: string;
  accent: string;
  marbleDark: string;
  marbleMid: string;
}

export function readPlotColors(): PlotColors {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read("--mantine-color-text"),
    muted: read("--muted"),
    line: read("--line"),
    surface: read("--surface"),
    good: read("--good"),
    busy: read("--busy"),
    accent: read("--accent"),
    marbleDark: read("--marble-dark"),
    marbleMid: read("--marble-mid"),
  };
}
