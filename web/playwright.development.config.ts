import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** The page while it is worked on, instead of tests of what was built. */
export default defineConfig(base, { testMatch: "development.ts" });
