import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A bound that only a hang exceeds, even on a slow and busy machine. */
const buildMs = 900_000;

/**
 * Builds the package, which the example imports, and the server unless PISANO_BIN
 * names one.
 */
export default function setup() {
  execFileSync("npm", ["run", "--silent", "build"], { stdio: "inherit", timeout: buildMs });
  if (process.env.PISANO_BIN) {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "pisano-"));
  process.env.PISANO_BIN = join(folder, "api");
  execFileSync("go", ["build", "-o", process.env.PISANO_BIN, "./cmd/api"], {
    cwd: "../..",
    stdio: "inherit",
    timeout: buildMs,
  });
  return () => rmSync(folder, { recursive: true });
}
