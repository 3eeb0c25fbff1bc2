import { Container, createTheme, type MantineColorsTuple } from "@mantine/core";

/** The green marble of the churches of Pisa. */
const verde: MantineColorsTuple = [
  "#edf7f1",
  "#dbece2",
  "#b2d8c3",
  "#86c3a2",
  "#61b186",
  "#47a372",
  "#2f8a5c",
  "#20704a",
  "#155a3b",
  "#0c4730",
];

/** Greys with a tint of that green, from text to the deepest shadow. */
const dark: MantineColorsTuple = [
  "#e3e9e5",
  "#bcc7c0",
  "#93a199",
  "#5f6e66",
  "#37443d",
  "#28332d",
  "#1a231f",
  "#101613",
  "#0b100d",
  "#070a08",
];

export const theme = createTheme({
  colors: { verde, dark },
  primaryColor: "verde",
  primaryShade: { light: 8, dark: 7 },
  black: "#16211b",
  fontFamily: "'Instrument Sans Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "clamp(2rem, 4vw, 2.75rem)", lineHeight: "1.15" } },
  },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Container: Container.extend({
      // A large window is used, but lines do not become as long as it is wide.
      vars: (_, { size }) => ({
        root: size === "lg" ? { "--container-size": "clamp(71.25rem, 88vw, 108rem)" } : {},
      }),
    }),
  },
});
