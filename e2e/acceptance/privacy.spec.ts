/** De-identification as the user sees it: choices, the review of notes before anything is stored, the table of eighteen classes. */
import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { stored } from "../support/files";
import { audit, noErrors, shot, watch } from "../support/page";

/** Twelve patients with names, birth dates, ZIP codes, a visit, an age and a note. */
const clinic = {
  name: "clinic.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    [
      "patient_id,surname,email,zip,dob,visit_date,age,days,event,note",
      ...Array.from({ length: 12 }, (_, i) => {
        const surname = ["Hernandez", "Kowalczyk", "Abernathy"][i % 3];
        const note =
          `Mrs. ${surname} was seen on 03/${10 + i}/2020 in Zorblax ward by Dr. Lindqvist. Foley catheter removed; ` +
          `Murphy's sign negative. Call 617-555-0${100 + i}.`;
        return `P${2000 + i},${surname},p${i}@example.org,0213${i % 9},19${i === 0 ? 20 : 50 + i}-02-03,2020-03-${10 + i},` +
          `${i === 0 ? 100 : 69 - i},${30 + 11 * i},${i % 2},"${note}"`;
      }),
    ].join("\n") + "\n",
  ),
};

async function toIdentifiers(page: Page) {
  await page.goto("/data/import");
  await page.locator("input[type=file]").first().setInputFiles(clinic);
  await expect(page.getByText("P2000").first()).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("heading", { name: "What happens to dates" })).toBeVisible();
}

test("notes are reviewed before anything is stored, with an added word", async ({ page, context }) => {
  const requests = watch(context);
  const clean = noErrors(page);
  await toIdentifiers(page);
  // Real dates cannot be kept.
  await expect(page.getByRole("radio", { name: /Keep dates/ })).toHaveCount(0);
  await page.getByRole("radio", { name: /Keep the year only/ }).check();
  await expect(page.getByRole("radio", { name: /Made-up names/ })).toBeChecked();
  await audit(page);
  await page.getByRole("button", { name: "Import", exact: true }).click();

  const accept = page.getByRole("button", { name: "Accept and store" });
  await expect(accept).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("table", { name: /Replaced in notes/ })).toContainText("Names");
  await expect(page.locator("mark", { hasText: "Hernandez" }).first()).toBeVisible();
  await expect(page.locator("mark", { hasText: "Foley" })).toHaveCount(0);
  await audit(page);

  await shot(page, "review-desktop-light");
  // On a telephone each example stands in rows of its own, nothing cut at the side, and the button in one line.
  await page.setViewportSize({ width: 390, height: 844 });
  const over = (scroll: Element) => scroll.scrollWidth - scroll.clientWidth;
  for (const region of await page.locator(".scroll:visible").all()) expect(await region.evaluate(over)).toBeLessThanOrEqual(0);
  const keep = page.getByRole("button", { name: /^Keep this term/ }).first();
  expect((await keep.boundingBox())!.height).toBeLessThan(60);
  await audit(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  // Nothing is stored yet: neither a dataset nor a part of one.
  expect(await stored(page)).toEqual({ datasets: [], chunks: [] });

  await page.getByLabel(/Names, wards, places or numbers/).fill("Zorblax");
  await expect(accept).toBeDisabled();
  await page.getByRole("button", { name: "Screen again" }).click();
  await expect(page.getByRole("table", { name: /Replaced in notes/ })).toContainText("Words you added", { timeout: 30_000 });
  await expect(accept).toBeEnabled();
  await accept.click();

  const table = page.getByRole("table", { name: /eighteen classes/ });
  await expect(table).toBeVisible({ timeout: 30_000 });
  await expect(table.locator("tbody tr")).toHaveCount(18);
  await expect(table).toContainText("(A) names");
  await expect(table).toContainText("clinic.csv: surname");
  await expect(table).toContainText("(Q) full-face photographs");
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await table.evaluate((t) => t.parentElement!.scrollWidth - t.parentElement!.clientWidth)).toBeLessThanOrEqual(0);
  await audit(page);
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect(page.getByText(/first of January of their year/).first()).toBeVisible();
  await audit(page);
  await page.goto("/data");
  await expect(page.getByText(/12 persons/).first()).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /Save as .rounds/ }).first().click(),
  ]);
  const bytes = readFileSync(await download.path());
  for (const gone of ["Hernandez", "Kowalczyk", "Lindqvist", "Zorblax", "617-555", "example.org,", "P2000", "03/10/2020"]) {
    expect(bytes.includes(gone), gone).toBe(false);
  }
  expect(bytes.includes("Foley")).toBe(true);
  expect(requests.check(["Hernandez", "Zorblax", "P2000"])).toBe(0);
  clean();
});

test("what is discarded at review is not stored", async ({ page }) => {
  await toIdentifiers(page);
  await page.getByRole("radio", { name: /Words in brackets/ }).check();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.locator("mark", { hasText: "[NAME]" }).first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("button", { name: "Accept and store" })).toHaveCount(0);
  expect(await stored(page)).toEqual({ datasets: [], chunks: [] });
  await page.goto("/data");
  await expect(page.getByText(/12 persons/)).toHaveCount(0);
});
