import { expect, test } from "vitest";
import styles from "./mantine.css?raw";

const sources = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });

/** Style sheets of components, and those that they need in addition. */
const needed: Record<string, string[]> = {
  ActionIcon: ["ActionIcon", "UnstyledButton"],
  Anchor: ["Anchor", "Text"],
  Button: ["Button", "UnstyledButton", "Loader"],
  Center: ["Center"],
  Container: ["Container"],
  CopyButton: [],
  Group: ["Group"],
  Loader: ["Loader"],
  MantineProvider: [],
  Copy: [],
  Progress: ["Progress"],
  Skeleton: ["Skeleton"],
  Slider: ["Slider"],
  Stack: ["Stack"],
  Text: ["Text"],
  TextInput: ["Input"],
  Title: ["Title"],
  VisuallyHidden: ["VisuallyHidden"],
};

test("mantine.css has the style sheets of the components that are used, and no others", () => {
  const used = new Set<string>();
  for (const [path, text] of Object.entries(sources)) {
    if (!path.includes(".test.") && !path.includes("/test/")) {
      const [, names = ""] = /import \{([^}]*)\} from "@mantine\/core"/.exec(text) ?? [];
      for (const [component] of names.matchAll(/\b[A-Z]\w*/g)) {
        used.add(component);
      }
    }
  }
  const sheets = new Set(["baseline", "global"]);
  for (const component of used) {
    const own = needed[component];
    expect(own, `style sheets of ${component}`).toBeDefined();
    for (const sheet of own ?? []) {
      sheets.add(sheet);
    }
  }
  const loaded = styles.matchAll(/styles\/([\w-]+)\.layer\.css/g);
  expect([...loaded].map(([, sheet]) => sheet).sort()).toEqual([...sheets].sort());
});
