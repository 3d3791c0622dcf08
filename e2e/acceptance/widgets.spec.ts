/** Widgets in the browser: what a native test cannot hold. */
import { expect, test } from "@playwright/test";
import { noErrors, openSample } from "../support/page";

test("a list of matches: nothing of an older text is taken, and an arrow waits for the new matches", async ({ page }) => {
  const clean = noErrors(page);
  const dataset = await openSample(page, /Open German/);
  await page.goto(`/cohorts/new?dataset=${dataset}`);
  const search = page.getByRole("combobox", { name: /Add a rule on/ });
  await search.focus();
  await expect(page.getByRole("option").first()).toContainText("age");
  // Typed, marked and entered at once: before the list can have followed.
  await search.pressSequentially("nodes", { delay: 0 });
  await search.press("Enter");
  await expect(page.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await search.press("ArrowDown");
  await expect(page.getByRole("option", { selected: true })).toContainText("nodes");
  await search.press("Enter");
  await expect(page.getByRole("combobox", { name: /nodes/ })).toBeVisible();
  await expect(page.getByRole("combobox", { name: /^age/ })).toHaveCount(0);
  clean();
});

test("a list of matches: a click before the list has followed counts, if it is still a match", async ({ page }) => {
  const clean = noErrors(page);
  const dataset = await openSample(page, /Open German/);
  await page.goto(`/cohorts/new?dataset=${dataset}`);
  const search = page.getByRole("combobox", { name: /Add a rule on/ });
  await search.focus();
  await expect(page.getByRole("option").first()).toContainText("age");
  // Typed and clicked in one breath: before typing can have rested.
  const typeAndClick = (text: string, words: string) =>
    search.evaluate(
      (input: HTMLInputElement, [text, words]) => {
        input.value = text;
        input.dispatchEvent(new InputEvent("input", { bubbles: true }));
        const option = [...document.querySelectorAll('[role="option"]')].find((one) => one.textContent!.startsWith(words))!;
        option.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }));
      },
      [text, words],
    );
  await typeAndClick("nodes", "age");
  await expect(page.getByRole("status").filter({ hasText: "is no match and was not taken" })).toHaveCount(1);
  await expect(page.getByRole("button", { name: "Remove condition" })).toHaveCount(0);
  await search.fill("");
  await expect(page.getByRole("option").first()).toContainText("age");
  await typeAndClick("nod", "nodes");
  await expect(page.getByRole("combobox", { name: /nodes/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Remove/ })).toHaveCount(1);
  clean();
});

test("a message stays while its button has the focus, and gives the focus back", async ({ page }) => {
  const clean = noErrors(page);
  const dataset = await openSample(page, /Open German/);
  await page.goto(`/summary?dataset=${dataset}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const copy = page.getByRole("button", { name: "Copy as text" });
  await copy.click();
  const close = page.getByRole("status").getByRole("button", { name: "Close" });
  await expect(close).toBeVisible();
  await close.focus();
  await page.waitForTimeout(8_000); // a message goes after seven seconds
  await expect(close).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(close).toHaveCount(0);
  await expect(copy).toBeFocused();
  // Left alone it goes.
  await copy.press("Enter");
  await expect(close).toBeVisible();
  await expect(close).toHaveCount(0, { timeout: 9_000 });
  clean();
});

test("a comparison on a telephone: nothing runs out at the side, captions and counts are whole", async ({ page }) => {
  test.setTimeout(120_000);
  const clean = noErrors(page);
  const dataset = await openSample(page, /Open German/);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`/compare?dataset=${dataset}`);
  await expect(page.getByText("Choose who is compared first")).toBeVisible();
  await page.getByLabel("Variable", { exact: true }).selectOption("hormon");
  await expect(page.getByRole("checkbox", { name: /^age/ })).toBeChecked();
  await expect(page.getByRole("checkbox", { name: /^hormon/ })).toHaveCount(0);
  const over = () => page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);
  await page.getByRole("button", { name: "Check the design" }).click();
  await expect(page.getByRole("heading", { name: "Balance" })).toBeVisible();
  expect(await over()).toBeLessThanOrEqual(0);
  const attrition = page.getByRole("table", { name: "Attrition: hormonal therapy (yes)" });
  expect(await attrition.evaluate((table) => table.parentElement!.scrollWidth - table.parentElement!.clientWidth)).toBeLessThanOrEqual(0);
  // What a balance table is read for stands in sight, and it is still a table.
  const balance = page.getByRole("table", { name: /^Balance and love plot/ });
  await expect(balance.getByRole("rowheader").first()).toBeVisible();
  await expect(balance.locator('td[data-heading^="SMD"]').first()).toHaveText(/\d\.\d{3}/);
  expect(await balance.evaluate((table) => table.parentElement!.scrollWidth - table.parentElement!.clientWidth)).toBeLessThanOrEqual(0);
  for (const box of await page.getByRole("checkbox", { name: /I have looked at/ }).all()) await box.check();
  await page.getByRole("button", { name: "Open the outcomes" }).click();
  await expect(page.getByRole("table", { name: "Numbers at risk and cumulative events" })).toBeVisible();
  expect(await over()).toBeLessThanOrEqual(0);
  const medians = page.getByRole("table", { name: /^Median and restricted mean/ });
  await expect(medians.getByRole("rowheader", { name: "hormonal therapy (yes)" })).toBeVisible();
  expect(await medians.evaluate((table) => table.parentElement!.scrollWidth - table.parentElement!.clientWidth)).toBeLessThanOrEqual(0);
  clean();
});
