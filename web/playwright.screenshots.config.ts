import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** Pictures of every page instead of tests. */
export default defineConfig(base, { testMatch: "screenshots.ts" });
