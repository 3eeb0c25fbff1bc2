import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

/** What the servers send compressed. index.html is not among it: they change its head for each address. */
const compressed = /\.(css|js|svg)$/;

/** In bytes. Smaller files fit a packet as they are. */
const smallest = 1_000;

/**
 * Writes a .br and a .gz beside each script, style sheet and drawing of a build, once and at the highest level.
 * cmd/internal/frontdoor and web/nginx serve the one that a browser accepts.
 */
export function compress(): Plugin {
  return {
    name: "pisano:compress",
    apply: "build",
    writeBundle: {
      order: "post",
      async handler({ dir = "dist" }) {
        const files = await readdir(dir, { recursive: true });
        await Promise.all(
          files.filter((name) => compressed.test(name)).map((name) => write(join(dir, name))),
        );
      },
    },
  };
}

async function write(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < smallest) {
    return;
  }
  const parameters = {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  await Promise.all([
    promisify(brotliCompress)(content, { params: parameters }).then((br) => writeFile(`${file}.br`, br)),
    promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }).then((gz) =>
      writeFile(`${file}.gz`, gz),
    ),
  ]);
}
