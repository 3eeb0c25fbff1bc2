import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** Takes pictures of every page instead of running tests. */
export default defineConfig(base, { testMatch: "screenshots.ts" });
