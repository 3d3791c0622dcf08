import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** Measurements, not tests: they print JSON lines and assert only that answers are there. */
// No trace: recording it takes time from what is measured.
export default defineConfig({ ...base, use: { ...base.use, trace: "off" }, testDir: "bench", testMatch: "*.bench.ts", timeout: 600_000, retries: 0, reporter: [["line"]] });
