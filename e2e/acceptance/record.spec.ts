/** A full record looked at closely: its course over time, its concepts, its quality, and one person's timeline with notes. */
import { expect, test, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { audit, noErrors, openSample, shot, watch } from "../support/page";

/** Nothing runs out at the side on a telephone. */
async function fits(page: Page, what: string) {
  const size = page.viewportSize()!;
  await page.setViewportSize({ width: 390, height: 844 });
  const over = () => page.evaluate(() => document.scrollingElement!.scrollWidth - document.scrollingElement!.clientWidth);
  await expect.poll(over, { message: `${what} runs out at the side`, timeout: 3000 }).toBeLessThanOrEqual(0);
  await page.setViewportSize(size);
}

test("a record: over time, concepts, quality, one person", async ({ page, context }) => {
  test.setTimeout(240_000);
  const clean = noErrors(page);
  const requests = watch(context);
  await page.setViewportSize({ width: 1440, height: 900 });
  const id = await openSample(page, /Open Two drugs/);

  await test.step("over time: a figure a domain and the table of the same counts", async () => {
    await expect(page.getByRole("heading", { name: "Over time" })).toBeVisible();
    await expect(page.getByRole("img", { name: /^Diagnoses over time/ })).toBeVisible({ timeout: 30_000 });
    await page.getByText("The counts as a table").click();
    const table = page.getByRole("table", { name: "Events by domain over time" });
    await expect(table.getByRole("columnheader", { name: "Measurements" })).toBeVisible();
    const years = await table.getByRole("row").count();
    await page.getByLabel("Steps").selectOption("month");
    await page.getByText("The counts as a table").click();
    await expect.poll(() => table.getByRole("row").count()).toBeGreaterThan(years * 4);
    await page.getByLabel("Counted").selectOption("persons");
    await expect(page.getByRole("img", { name: /^Persons observed over time/ })).toBeVisible();
    await audit(page);
    await fits(page, "the dataset");
    await page.getByRole("heading", { name: "Over time" }).evaluate((heading) => heading.scrollIntoView());
    await shot(page, "record-desktop-light");
  });

  await test.step("a concept is found by its words and leads into a cohort", async () => {
    await page.getByLabel("Find a concept").fill("heart failure");
    // The diagnosis, and what notes say of it.
    await expect(page.getByRole("table", { name: /2 concepts for/ })).toBeVisible();
    await page.getByRole("button", { name: /Look closer at Heart failure/ }).first().click();
    await expect(page.getByRole("table", { name: "Events by year" })).toBeVisible();
    await page.getByRole("link", { name: "New cohort with Heart failure" }).first().click();
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Heart failure");
    await expect(page.getByRole("list", { name: "Chosen concepts" }).getByText("Heart failure")).toBeVisible();
    await page.getByRole("button", { name: "Save cohort" }).click();
    await expect(page.getByText(/was saved on this device/)).toBeVisible();
  });

  await test.step("data quality: counts, filters, a file", async () => {
    await page.goto(`/data/${id}/quality`);
    await expect(page.getByRole("table", { name: "Checks by category and context" })).toBeVisible({ timeout: 30_000 });
    await page.getByLabel("Show", { exact: true }).selectOption("all");
    await page.getByLabel("Find a check").fill("end before they start");
    const row = page.getByRole("row", { name: /Visits/ });
    await expect(row.getByText("Passed")).toBeVisible();
    await page.getByLabel("Find a check").fill("");
    await page.getByText("Every check as a table, to take along").click();
    const every = page.locator("details", { hasText: "Every check as a table, to take along" });
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      every.getByRole("button", { name: "Download CSV" }).click(),
    ]);
    const csv = await readFile((await download.path())!, "utf8");
    expect(csv).toContain("event_end_before_start");
    expect(csv.split("\r\n").length).toBeGreaterThan(40);
    await audit(page);
    await fits(page, "data quality");
    await shot(page, "quality-desktop-light", "top");
  });

  await test.step("a person is chosen by number of events and by cohort", async () => {
    await page.goto(`/data/${id}/timeline`);
    const list = page.getByRole("table", { name: /persons found/ });
    await expect(list).toBeVisible({ timeout: 30_000 });
    await page.getByLabel("Persons", { exact: true }).selectOption({ label: "Cohort: Heart failure" });
    await expect(page.getByRole("columnheader", { name: "Enters the cohort on" })).toBeVisible();
    await audit(page);
    await fits(page, "the list of persons");
    await page.getByRole("table", { name: /persons found/ }).getByRole("link").first().click();
    await expect(page.getByRole("heading", { level: 1, name: /^Person / })).toBeVisible();
  });

  await test.step("events by domain, by keyboard, and their table", async () => {
    const lane = page.getByRole("listbox", { name: /^Visits/ });
    await lane.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/^Visits: \d+ chosen$/)).toBeVisible();
    await expect(lane.getByRole("option", { selected: true })).toHaveCount(1);
    const events = page.getByRole("table", { name: "Events by day" });
    const all = await events.getByRole("row").count();
    await page.getByLabel("Domain", { exact: true }).selectOption("measurement");
    await expect.poll(() => events.getByRole("row").count()).toBeLessThan(all);
    await page.getByRole("button", { name: "Closer" }).click();
    await page.getByRole("button", { name: "All", exact: true }).click();
  });

  await test.step("laboratory curves have units and tables", async () => {
    await page.getByLabel("Find a measurement").fill("creatinine");
    await expect(page.getByRole("img", { name: /^Creatinine.*mg\/dL: \d+ values? from/ })).toBeVisible();
    await page.getByText("The values", { exact: true }).first().click();
    await expect(page.getByRole("columnheader", { name: "Value (mg/dL)" })).toBeVisible();
  });

  await test.step("a note with its findings, and what decided", async () => {
    await page.getByLabel("Note", { exact: true }).selectOption({ index: 1 });
    const note = page.getByRole("article", { name: "Text of the note" });
    await expect(note.getByRole("button").first()).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole("list", { name: "How findings are marked" })).toBeVisible();
    await page.getByText(/findings? as a table/).click();
    await expect(page.getByRole("table", { name: "What was found in this note" })).toBeVisible();
    const negated = note.getByRole("button", { name: /, negated$/ });
    if ((await negated.count()) > 0) {
      await negated.first().click();
      await expect(page.getByText("Decided by").first()).toBeVisible();
      await expect(note.locator(".note__piece--trigger")).not.toHaveCount(0);
    } else {
      await note.getByRole("button").first().click();
      await expect(page.getByRole("heading", { level: 3 }).last()).toBeVisible();
    }
    await audit(page);
    await fits(page, "the timeline");
    await page.emulateMedia({ colorScheme: "dark" });
    await audit(page);
    await page.emulateMedia({ colorScheme: "light" });
    await shot(page, "timeline-desktop-light", "top");
  });
  requests.check();
  clean();
});

test("an address of nobody, and of a flat file, says so", async ({ page }) => {
  test.setTimeout(120_000);
  const flat = await openSample(page, /Open GBSG|Open German/);
  await page.goto(`/data/${flat}/timeline`);
  await expect(page.getByText(/flat file has one row a person/)).toBeVisible({ timeout: 30_000 });
  await page.goto(`/data/${flat}/quality`);
  await expect(page.getByRole("table", { name: "Checks by category and context" })).toBeVisible({ timeout: 30_000 });
  await page.goto("/data/0123456789abcdef/quality");
  await expect(page.getByText(/was not found/)).toBeVisible({ timeout: 30_000 });
});
