import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** Runs the test of the development stack instead of those of the built page. */
export default defineConfig(base, { testMatch: "development.ts" });
