import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The client is built from its sources in this repository, with the libraries installed here.
    alias: {
      "@pisano-dev/client": fileURLToPath(new URL("../clients/typescript/src/index.ts", import.meta.url)),
    },
    dedupe: ["openapi-fetch", "eventsource-parser"],
  },
  build: {
    // Nothing is inlined: the content security policy allows fonts and scripts
    // only as files of the same server.
    assetsInlineLimit: 0,
  },
  server: {
    // Editors truncate a file before they write it. Read in between, it would leave the page without its component.
    watch: { awaitWriteFinish: { stabilityThreshold: 50, pollInterval: 10 } },
    fs: { allow: [".", "../clients/typescript/src"] },
    proxy: {
      "/api": "http://localhost:8080",
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: "src/test/setup.ts",
    restoreMocks: true,
    // Bounds that only a hang exceeds, even on a slow and busy machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
