import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The client is used as it stands in this repository, with the libraries installed here.
    alias: {
      "@pisano-dev/client": fileURLToPath(new URL("../clients/typescript/src/index.ts", import.meta.url)),
    },
    dedupe: ["openapi-fetch", "eventsource-parser"],
  },
  build: {
    // Nothing is inlined: the server's content security policy allows fonts
    // and scripts as files of its own only.
    assetsInlineLimit: 0,
  },
  server: {
    // Editors empty a file before they fill it. Caught in between, an open page would stay without its component.
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
    // Only a hang takes longer, even on a slow and busy machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
