import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);

/** Installs the package from its tarball, with the dependencies installed here, and returns the folder. */
async function installed(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pisano-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // Without scripts: the package is built already.
  await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]);
  const tarball = join(folder, readdirSync(folder)[0] as string);
  const { dependencies, version } = JSON.parse(readFileSync("package.json", "utf8"));
  const overrides = Object.fromEntries(
    [...Object.keys(dependencies), "openapi-typescript-helpers"].map((name) => [
      name,
      `file:${resolve("node_modules", name)}`,
    ]),
  );
  const consumer = { private: true, dependencies: { "@pisano-dev/client": `file:${tarball}` }, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(consumer));
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund"], { cwd: folder });
  symlinkSync(resolve("node_modules/typescript"), join(folder, "node_modules/typescript"));
  expect(JSON.parse(readFileSync(join(folder, inPackage, "package.json"), "utf8")).version).toBe(version);
  return folder;
}

const inPackage = "node_modules/@pisano-dev/client";

const program = `
import { type IndexEvent, Pisano, ProblemError, type ValueState } from "@pisano-dev/client";
const pisano: Pisano = new Pisano("http://127.0.0.1:1/api");
// Each line is an error unless the types of all dependencies are found.
export const value: Promise<ValueState> = pisano.wait(10);
export const status: Promise<string | undefined> = pisano.http.GET("/healthz").then(({ data }) => data?.status);
// @ts-expect-error
export const wrong: Promise<number> = pisano.wait(10);
// @ts-expect-error
pisano.http.GET("/nothing");
export { ProblemError };
export type { IndexEvent };
`;

test("the package works and has types, installed from its tarball", async () => {
  const folder = await installed();
  const files = readdirSync(join(folder, inPackage), { recursive: true }) as string[];
  expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"]));
  expect(files.filter((name) => /\.map$|^(src|test|example)/.test(name))).toEqual([]);
  for (const name of files.filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(join(folder, inPackage, name), "utf8");
    expect(text, name).not.toMatch(/from "node:|sourceMappingURL|\bprocess\.|\bBuffer\b/); // it runs in browsers, too
  }
  const { stdout } = await run(
    "node",
    ["--input-type=module", "-e", 'console.log(Object.keys(await import("@pisano-dev/client")).join())'],
    { cwd: folder },
  );
  expect(stdout.trim().split(",")).toEqual(["ForeignAnswerError", "NoAnswerError", "Pisano", "ProblemError"]);

  writeFileSync(join(folder, "program.mts"), program);
  writeFileSync(join(folder, "program.ts"), program);
  for (const [module, resolution, file] of [
    ["esnext", "bundler", "program.ts"],
    ["nodenext", "nodenext", "program.mts"],
    ["node16", "node16", "program.mts"],
    ["esnext", "node10", "program.ts"],
  ] as const) {
    const options = [
      "--strict",
      "--skipLibCheck",
      "--noEmit",
      "--target",
      "es2022",
      "--module",
      module,
      "--moduleResolution",
    ];
    const tsc = run("node", ["node_modules/typescript/bin/tsc", ...options, resolution, file], {
      cwd: folder,
    });
    expect(await tsc.catch(({ stdout }) => `${resolution}: ${stdout}`)).toMatchObject({ stdout: "" });
  }
});
