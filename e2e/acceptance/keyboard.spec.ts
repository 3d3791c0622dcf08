/** The core of the story with the keyboard alone: Tab, Shift+Tab, Enter, Space, arrows and letters. Nothing is clicked. */
import { expect, test, type Locator, type Page } from "@playwright/test";
import { noErrors } from "../support/page";

/** What has the focus can be seen: an outline or a shadow, and it is on the screen and not covered. */
async function focusIsSeen(page: Page, way = "") {
  const seen = await page.evaluate(() => {
    const at = document.activeElement as HTMLElement | null;
    if (!at || at === document.body) return "nothing has the focus";
    // A file input or a box inside a label shows the focus on what is around it.
    const marked = [at, at.closest("label"), at.parentElement].some((element) => {
      if (!element) return false;
      const style = getComputedStyle(element);
      return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
    const name = `${at.tagName} '${(at.getAttribute("aria-label") ?? at.textContent ?? "").trim().slice(0, 40)}'`;
    const box = (at.closest("label") ?? at).getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return marked ? (inside ? "" : `${name} has the focus out of sight`) : `${name} does not show that it has the focus`;
  });
  expect(seen, way).toBe("");
}

/** Tabs until this has the focus; every stop on the way must be seen. */
async function tabTo(page: Page, target: Locator, most = 120) {
  await expect(target.first()).toBeVisible();
  let ends = 0;
  for (let i = 0; i < most; i++) {
    if (await target.first().evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
    // Behind the last stop come the browser's own, then the first one again. A toast that goes while it has the focus drops it, too.
    const isOut = await page.evaluate(() => document.activeElement === document.body);
    ends += Number(isOut);
    if (isOut && ends < 5) continue;
    await focusIsSeen(page, `on the way to ${target}`);
  }
  throw new Error(`not reached by ${most} tabs: ${target}`);
}

async function press(page: Page, target: Locator, key = "Enter") {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Chooses in a list by typing the beginning of its words. */
async function choose(page: Page, target: Locator, letters: string, value: string) {
  await tabTo(page, target);
  await page.keyboard.type(letters, { delay: 15 });
  await expect(target).toHaveValue(value);
}

test("from a sample to the unadjusted curve", async ({ page }) => {
  test.setTimeout(150_000);
  const clean = noErrors(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  // The first stop leads past the navigation.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await focusIsSeen(page);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await press(page, page.getByRole("link", { name: "Open a sample" }));
  await expect(page).toHaveURL(/\/data/);
  // After a navigation the focus is at the head of the new screen.
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await press(page, page.getByRole("button", { name: /Open German/ }), "Space");
  await page.waitForURL(/\/data\/[0-9a-f]{16}/);
  await expect(page.getByRole("heading", { name: /first look/i })).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();

  // A dialog keeps the focus inside and gives it back.
  const rename = page.getByRole("button", { name: /^Rename/ });
  await press(page, rename);
  const dialog = page.getByRole("dialog", { name: "Rename the dataset" });
  await expect(dialog).toBeVisible();
  for (let i = 0; i < 6; i++) {
    expect(await dialog.evaluate((d) => d.contains(document.activeElement) || document.activeElement === document.body)).toBe(true);
    await page.keyboard.press(i < 4 ? "Tab" : "Shift+Tab");
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(rename).toBeFocused();

  // A cohort.
  await press(page, page.getByRole("main").getByRole("link", { name: /Build a cohort/ }));
  await press(page, page.getByRole("link", { name: "New cohort" }));
  await expect(page).toHaveURL(/\/cohorts\/new/);
  await tabTo(page, page.getByLabel("Name", { exact: true }));
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Node-positive");
  await tabTo(page, page.getByRole("combobox", { name: /Add a rule on/ }));
  await page.keyboard.type("nodes");
  // The list follows what is typed after a moment of rest.
  await expect(page.getByRole("option").first()).toContainText("nodes");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel("From", { exact: true }));
  await page.keyboard.type("4");
  await page.keyboard.press("Tab");
  // awk -F, '$6 >= 4' public/samples/gbsg.csv | wc -l, less the header
  await expect(page.getByRole("table").getByText("310").first()).toBeVisible();
  await press(page, page.getByRole("button", { name: "Save cohort" }));
  await expect(page.getByText("Saved on this device", { exact: true })).toBeVisible();

  // Its summary.
  await press(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Summary" }));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await expect(page.getByRole("table").first()).toBeVisible();

  // A comparison up to the curves.
  await press(page, page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Compare" }));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await choose(page, page.getByLabel("Variable", { exact: true }), "hormon", "hormon");
  await choose(page, page.getByLabel(/^Duration/), "rfs", "rfstime");
  await choose(page, page.getByLabel(/^Event \(/), "status", "status");
  await press(page, page.getByRole("button", { name: "Check the design" }));
  await expect(page.getByRole("heading", { name: "Balance" })).toBeVisible();
  for (const box of await page.getByRole("checkbox", { name: /I have looked at/ }).all()) {
    await tabTo(page, box);
    await page.keyboard.press("Space");
    await expect(box).toBeChecked();
  }
  await press(page, page.getByRole("button", { name: "Open the outcomes" }));
  await expect(page.getByRole("table", { name: "Numbers at risk and cumulative events" })).toBeVisible();
  await expect(page.getByText(/Log-rank/).first()).toBeVisible();
  clean();
});
