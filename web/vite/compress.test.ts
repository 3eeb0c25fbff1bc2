import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compress } from "./compress";

let outDir: string;
beforeEach(async () => {
  outDir = await mkdtemp(join(tmpdir(), "pisano-compress-"));
});
afterEach(() => rm(outDir, { recursive: true }));

const long = "start();".repeat(1_000);

/** Builds a page of these files, and returns the names of what is written. */
async function built(files: Record<string, string>): Promise<string[]> {
  const emit: Rolldown.Plugin = {
    name: "emit",
    resolveId: (id) => (id === "entry" ? id : null),
    load: (id) => (id === "entry" ? "export {}" : null),
    generateBundle() {
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
  await build({
    configFile: false,
    logLevel: "error",
    publicDir: false,
    plugins: [emit, compress()],
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: { input: "entry", output: { entryFileNames: "entry" } },
    },
  });
  const names = await readdir(outDir, { recursive: true });
  return names.filter((name) => name !== "entry" && name !== "assets").sort();
}

test("scripts, style sheets and drawings are there compressed too, and small files and others are not", async () => {
  const names = await built({
    "assets/a.js": long,
    "assets/b.css": long,
    "c.svg": long,
    "assets/small.js": "start()",
    "assets/font.woff2": long,
    "page.html": long,
  });
  expect(names).toEqual([
    "assets/a.js",
    "assets/a.js.br",
    "assets/a.js.gz",
    "assets/b.css",
    "assets/b.css.br",
    "assets/b.css.gz",
    "assets/font.woff2",
    "assets/small.js",
    "c.svg",
    "c.svg.br",
    "c.svg.gz",
    "page.html",
  ]);
});

test("what is compressed is the file", async () => {
  await built({ "a.js": long });
  const [br, gz] = await Promise.all(["a.js.br", "a.js.gz"].map((name) => readFile(join(outDir, name))));
  expect(brotliDecompressSync(br ?? "").toString()).toBe(long);
  expect(gunzipSync(gz ?? "").toString()).toBe(long);
  expect(br?.length).toBeLessThan(gz?.length ?? 0);
});
