/** The colours of the page as a canvas takes them, in the scheme of the moment. */
export interface PlotColors {
  text: string;
  quiet: string;
  line: string;
  surface: string;
  good: string;
  busy: string;
  rubric: string;
  marbleDark: string;
  marbleMid: string;
}

export function readPlotColors(): PlotColors {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read("--mantine-color-text"),
    quiet: read("--quiet"),
    line: read("--line"),
    surface: read("--surface"),
    good: read("--good"),
    busy: read("--busy"),
    rubric: read("--rubric"),
    marbleDark: read("--marble-dark"),
    marbleMid: read("--marble-mid"),
  };
}
