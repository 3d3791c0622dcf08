import { defineConfig } from "@playwright/test";
import { launchOptions } from "./support/chromium";
import { BASE, serverCommand } from "./support/server";

export default defineConfig({
  testDir: "acceptance",
  timeout: 120_000,
  expect: { timeout: Number(process.env.EXPECT_MS ?? 15_000) },
  retries: process.env.CI ? 1 : 0,
  workers: 1,
  reporter: [["list"]],
  use: {
    baseURL: BASE,
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1440, height: 900 },
    trace: "on-first-retry",
    launchOptions,
  },
  webServer: { command: serverCommand(), url: `${BASE}/health`, reuseExistingServer: false, timeout: 30_000 },
});
