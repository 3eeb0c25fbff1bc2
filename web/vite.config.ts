import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compress } from "./vite/compress.ts";
import { fontSubsets } from "./vite/fonts.ts";
import { pageCode } from "./vite/pageCode.ts";

export default defineConfig({
  plugins: [react(), fontSubsets(), pageCode(), compress()],
  resolve: {
    // The client is built from its sources in this repository, with the libraries installed here.
    alias: {
      "@pisano-dev/client": fileURLToPath(new URL("../clients/typescript/src/index.ts", import.meta.url)),
    },
    dedupe: ["openapi-fetch", "eventsource-parser"],
  },
  build: {
    // The oldest browsers that the page supports, all of spring 2023; e2e/compatibility.spec.ts takes from Chromium what
    // they lack.
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    // Nothing is inlined: the content security policy allows fonts and scripts
    // only as files of the same server.
    assetsInlineLimit: 0,
    // What several pages share is one file beside that of the application: a phone waits longer for ten small files.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "application", tags: ["$initial"], priority: 1 },
            { name: "pages", minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    // Editors truncate a file before they write it. Read in between, it would leave the page without its component.
    watch: {
      awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 10 },
      usePolling: process.env.PISANO_POLL === "true",
      interval: 500,
    },
    fs: { allow: [".", "../clients/typescript/src"] },
    proxy: {
      "/api": "http://localhost:8080",
      "/embed/": "http://localhost:8080",
      "/cards/": "http://localhost:8080",
    },
  },
  test: {
    restoreMocks: true,
    // Bounds that only a hang exceeds, even on a slow and busy machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: "page",
          environment: "jsdom",
          include: ["src/**/*.test.{ts,tsx}"],
          setupFiles: "src/test/setup.ts",
          // A test reads it. Other style sheets are empty in tests.
          css: { include: [/mantine\.css/] },
        },
      },
      { extends: true, test: { name: "build", include: ["vite/**/*.test.ts"] } },
    ],
  },
});
