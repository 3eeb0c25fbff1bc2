import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import subsetFont from "subset-font";
import { expect, test } from "vitest";
import { charactersOf, subset } from "./fonts";

const mono = "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2";
const font = await readFile(createRequire(import.meta.url).resolve(mono));

test("the characters are those of the sources, without their tests, and of ASCII", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pisano-fonts-"));
  await mkdir(join(folder, "pages"));
  await writeFile(join(folder, "a.ts"), 'const phi = "φ";');
  await writeFile(join(folder, "pages", "b.tsx"), "<p>2 × 3</p>");
  await writeFile(join(folder, "pages", "b.test.tsx"), "ü");
  await writeFile(join(folder, "c.css"), "/* ö */");
  const characters = await charactersOf(folder);
  await rm(folder, { recursive: true });
  for (const one of "09AZaz ~−…φ×\u00a0") {
    expect(characters).toContain(one);
  }
  expect(characters).not.toMatch(/[üö]/);
});

test("a subset is small, the same each time, and names its authors and its licence", async () => {
  const text = await charactersOf("src");
  const small = await subset(font, text);
  expect(small.length).toBeLessThan(font.length / 3);
  expect(await subset(font, text)).toEqual(small);

  const plain = await subsetFont(small, text, { targetFormat: "sfnt", preserveNameIds: [14] });
  for (const notice of ["The JetBrains Mono Project Authors", "https://scripts.sil.org/OFL"]) {
    // Fonts have big-endian UTF-16.
    expect(plain.includes(Buffer.from(notice, "utf16le").swap16())).toBe(true);
  }
});
