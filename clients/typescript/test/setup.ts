import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Builds the package, which the example imports, and the server: the program
 * that PISANO_BIN names, or else one from this repository.
 */
export default function setup() {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit" });
  if (process.env.PISANO_BIN) {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "pisano-"));
  process.env.PISANO_BIN = join(folder, "api");
  execFileSync("go", ["build", "-o", process.env.PISANO_BIN, "./cmd/api"], {
    cwd: "../..",
    stdio: "inherit",
  });
  return () => rmSync(folder, { recursive: true });
}
