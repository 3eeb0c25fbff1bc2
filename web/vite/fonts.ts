import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import subsetFont from "subset-font";
import type { Plugin } from "vite";

/** The fonts that theme/fonts.css loads: packages of @fontsource-variable. */
const fonts = ["instrument-sans", "jetbrains-mono"];

/** The weights that style sheets use, which theme/fonts.css declares. */
const weights = { min: 400, max: 700 };

/**
 * The features that style sheets use, and those that text needs to look right. Without the ligatures of code (calt), which
 * draw "->" as an arrow, JetBrains Mono is less than half as large.
 */
const features = ["ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum"];

/** Copyright, trademark, licence and its address, as fonts name them. */
const notices = [0, 7, 13, 14];

/** What texts of the server, dates and numbers have, and sources have in an escaped form or not at all. */
const always = "\u00a0\u202f−‘’“”–—…";

/** Makes the fonts that theme/fonts.css loads, with no more than the page shows, and resolves their addresses. */
export function fontSubsets(): Plugin {
  let root = "";
  return {
    name: "pisano:fonts",
    // Unit tests load no fonts.
    apply: (_, { mode }) => mode !== "test",
    config(config) {
      root = config.root ?? process.cwd();
      return { resolve: { alias: { "@pisano-dev/fonts": folderIn(root) } } };
    },
    async buildStart() {
      const text = await charactersOf(join(root, "src"));
      await mkdir(folderIn(root), { recursive: true });
      for (const name of fonts) {
        const font = await read(name, `files/${name}-latin-wght-normal.woff2`);
        await replace(join(folderIn(root), `${name}.woff2`), await subset(font, text));
      }
    },
    // The Open Font License is to be with each copy of a font.
    async generateBundle() {
      for (const name of fonts) {
        const source = await read(name, "LICENSE");
        this.emitFile({ type: "asset", fileName: `licences/${name}.txt`, source });
      }
    },
  };
}

/** Reduces a font to some characters, and to the weights and the features that the page uses. */
export function subset(font: Buffer, text: string): Promise<Buffer> {
  return subsetFont(font, text, {
    targetFormat: "woff2",
    variationAxes: { wght: weights },
    keepFeatures: features,
    preserveNameIds: notices,
  });
}

/** The characters that a page made of these sources can show: those of ASCII, and all others that the sources have. */
export async function charactersOf(sources: string): Promise<string> {
  const ascii = Array.from({ length: 0x7f - 0x20 }, (_, i) => String.fromCharCode(0x20 + i));
  const characters = new Set([...ascii, ...always]);
  for (const name of await readdir(sources, { recursive: true })) {
    if (/(?<!\.test)\.tsx?$/.test(name)) {
      for (const character of await readFile(join(sources, name), "utf8")) {
        characters.add(character);
      }
    }
  }
  return [...characters].sort().join("");
}

function read(font: string, file: string): Promise<Buffer> {
  return readFile(createRequire(import.meta.url).resolve(`@fontsource-variable/${font}/${file}`));
}

function folderIn(root: string): string {
  return join(root, "node_modules/.fonts");
}

/** Another Vite may be reading the file. */
async function replace(file: string, content: Buffer): Promise<void> {
  const next = `${file}.${process.pid}`;
  await writeFile(next, content);
  await rename(next, file);
}
