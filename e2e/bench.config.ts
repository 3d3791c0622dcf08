import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** Measurements, not tests: they print JSON lines and assert only that answers are there. */
export default defineConfig({ ...base, testDir: "bench", testMatch: "*.bench.ts", timeout: 600_000, retries: 0, reporter: [["line"]] });
