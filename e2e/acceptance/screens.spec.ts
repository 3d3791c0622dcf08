/**
 * Every screen, empty and full, on a desk, a tablet and a telephone, light and dark: nothing runs out at the side, one h1, no
 * heading level left out, nothing serious for axe. SHOTS=folder keeps a picture of each.
 */
import { expect, test, type Page } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { join as path } from "node:path";
import { join, signedFinding } from "../support/finding";
import { audit, noErrors } from "../support/page";

const SIZES = { desk: [1440, 900], tablet: [820, 1180], phone: [390, 844] } as const;

/** A screen and what says that it is there. */
type Screen = { name: string; at: string; ready?: (page: Page) => Promise<unknown> };

async function check(page: Page, screen: Screen, state: string) {
  await page.setViewportSize({ width: SIZES.desk[0], height: SIZES.desk[1] });
  await page.goto(screen.at);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await screen.ready?.(page);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const levels = await page.locator("h1:visible, h2:visible, h3:visible, h4:visible, h5:visible").evaluateAll((all) => all.map((h) => Number(h.tagName[1])));
  expect.soft(levels.filter((level) => level === 1), `${screen.name}: one h1`).toHaveLength(1);
  const jumps = levels.filter((level, i) => i > 0 && level > levels[i - 1] + 1);
  expect.soft(jumps, `${screen.name}: a heading level is left out in ${levels.join(" ")}`).toEqual([]);
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      // Figures follow the width a moment later.
      const over = () => page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);
      await expect.poll(over, { message: `${screen.name}, ${state}, ${size}: runs out at the side`, timeout: 3000 }).toBeLessThanOrEqual(0);
      if (process.env.SHOTS) {
        mkdirSync(process.env.SHOTS, { recursive: true });
        await page.waitForTimeout(150);
        await page.screenshot({ path: path(process.env.SHOTS, `${screen.name}-${state}-${size}-${colorScheme}.png`), fullPage: true });
      }
      // The two that differ most; the tablet lies between.
      if ((size === "desk" && colorScheme === "light") || (size === "phone" && colorScheme === "dark")) await audit(page);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
}

const EMPTY: Screen[] = [
  { name: "home", at: "/" },
  { name: "data", at: "/data" },
  { name: "import", at: "/data/import" },
  { name: "dataset", at: "/data/0123456789abcdef" },
  { name: "cohorts", at: "/cohorts" },
  { name: "summary", at: "/summary" },
  { name: "compare", at: "/compare" },
  { name: "knowledge", at: "/knowledge" },
  { name: "finding", at: "/finding/0123456789abcdef" },
  { name: "consult", at: "/consult" },
  { name: "decisions", at: "/decisions" },
  { name: "settings", at: "/settings" },
  { name: "unknown", at: "/no-such-screen" },
];

test("every screen with nothing on this device", async ({ page }) => {
  test.setTimeout(240_000);
  const clean = noErrors(page);
  for (const screen of EMPTY) await test.step(screen.name, () => check(page, screen, "empty"));
  clean();
});

test("every screen with data, a cohort and a published finding", async ({ page }) => {
  test.setTimeout(300_000);
  const clean = noErrors(page);
  await join(page, "contributor", "Dr. Lind", "Freiburg");
  const id = await signedFinding(page, "Hormonal therapy in the GBSG trial");
  const finding = page.url();
  await page.getByRole("button", { name: "Publish" }).click();
  await page.goto(`/cohorts/new?dataset=${id}`);
  await page.getByLabel("Name", { exact: true }).fill("Node-positive");
  await page.getByRole("combobox", { name: /Add a rule on/ }).fill("nodes");
  await page.locator(".combobox__list:not(.combobox__list--old)").getByRole("option", { name: /nodes/ }).first().click();
  await page.getByLabel("From", { exact: true }).fill("4");
  await page.getByRole("button", { name: "Save cohort" }).click();
  await expect(page.getByText("Saved on this device", { exact: true })).toBeVisible();
  const editor = page.url();
  const table = (page: Page) => expect(page.getByRole("table").first()).toBeVisible();
  const full: Screen[] = [
    { name: "home", at: "/" },
    { name: "data", at: "/data", ready: (p) => expect(p.getByText(/686 persons/).first()).toBeVisible() },
    { name: "dataset", at: `/data/${id}`, ready: (p) => expect(p.getByText(/686/).first()).toBeVisible() },
    { name: "cohorts", at: `/cohorts?dataset=${id}`, ready: (p) => expect(p.getByText("Node-positive").first()).toBeVisible() },
    { name: "cohort-editor", at: editor, ready: table },
    { name: "summary", at: `/summary?dataset=${id}`, ready: table },
    { name: "compare", at: `/compare?dataset=${id}`, ready: (p) => expect(p.getByLabel("Variable", { exact: true })).toBeVisible() },
    { name: "knowledge", at: "/knowledge", ready: (p) => expect(p.getByText("Hormonal therapy in the GBSG trial").first()).toBeVisible() },
    { name: "finding", at: finding, ready: (p) => expect(p.getByText("Hormonal therapy in the GBSG trial").first()).toBeVisible() },
    { name: "replicate", at: `/replicate/${finding.split("/").pop()}?dataset=${id}` },
    { name: "consult", at: `/consult?dataset=${id}`, ready: (p) => expect(p.getByLabel("Treatments to set side by side")).toBeVisible() },
    { name: "settings", at: "/settings", ready: (p) => expect(p.getByText("Up to date")).toBeVisible() },
  ];
  for (const screen of full) await test.step(screen.name, () => check(page, screen, "full"));

  await test.step("a Table 1 on a telephone shows its numbers whole", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`/summary?dataset=${id}`);
    await expect(page.getByRole("cell", { name: /^53\.1/ })).toBeVisible();
    const cut = await page.getByRole("table").first().evaluate((table) => {
      const region = table.parentElement!;
      return region.scrollWidth - region.clientWidth;
    });
    expect.soft(cut, "the table runs out of its frame").toBeLessThanOrEqual(0);
  });

  await test.step("compare, with its curves", async () => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`/compare?dataset=${id}`);
    await page.getByText(/Saved studies on this dataset/).click();
    await page.locator("details a[href*='plan=']").first().click();
    await page.getByRole("button", { name: "Check the design" }).click();
    await expect(page.getByRole("heading", { name: "Balance" })).toBeVisible();
    // The outcomes of this study were opened before.
    await page.getByRole("button", { name: "To the outcomes" }).click();
    await expect(page.getByRole("table", { name: "Numbers at risk and cumulative events" })).toBeVisible();
    for (const [size, [width, height]] of Object.entries(SIZES)) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(600); // the figure follows the width
      const over = await page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);
      expect.soft(over, `curves, ${size}: runs out at the side`).toBeLessThanOrEqual(0);
      if (process.env.SHOTS) await page.screenshot({ path: path(process.env.SHOTS, `curves-full-${size}-light.png`), fullPage: true });
    }
    await audit(page);
  });
  clean();
});
