/** Bring your data: a flat file through the wizard, kept, taken out, brought back; and what bad files get. */
import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { audit, noErrors, shot, watch } from "../support/page";

const csv = (rows: string[]) => ({ name: "ward.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n") + "\n") });

/** 40 patients, one of them with a negative duration. */
const ward = csv([
  "patient_id,email,age,arm,days,event",
  ...Array.from({ length: 40 }, (_, i) => {
    const days = i === 3 ? -5 : 20 + ((i * 37) % 300);
    const event = i % 3 === 0 ? 1 : 0;
    return `P${1000 + i},p${i}@example.org,${40 + i},${i % 2 ? "b" : "a"},${days},${event}`;
  }),
]);

async function choose(page: Page, file: { name: string; mimeType: string; buffer: Buffer }) {
  await page.goto("/data/import");
  await page.locator("input[type=file]").first().setInputFiles(file);
}

test("a file comes in, stays, goes out and comes back identical", async ({ page, context }) => {
  const requests = watch(context);
  const clean = noErrors(page);
  await choose(page, ward);
  await expect(page.getByText("P1000").first()).toBeVisible();
  await audit(page);
  await shot(page, "import-desktop-light", "top");
  await page.getByRole("button", { name: "Next" }).click();
  await audit(page);
  await page.getByRole("button", { name: "Next" }).click();
  await audit(page);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText(/-5/).first()).toBeVisible({ timeout: 30_000 });
  await audit(page);
  await page.goto("/data");
  await expect(page.getByText(/39 persons/).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText(/39 persons/).first()).toBeVisible();

  const save = async () => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /Save as .rounds/ }).first().click(),
    ]);
    return readFileSync(await download.path());
  };
  const first = await save();
  // Nothing that names a person is in the file.
  expect(first.includes("example.org")).toBe(false);
  expect(first.includes("P1000")).toBe(false);
  await page.getByRole("button", { name: /^Delete/ }).first().click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByText(/39 persons/)).toHaveCount(0);

  await choose(page, { name: "ward.rounds", mimeType: "application/zip", buffer: first });
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await page.waitForTimeout(1500);
  await page.goto("/data");
  await expect(page.getByText(/39 persons/).first()).toBeVisible();
  const second = await save();
  expect(second.equals(first)).toBe(true);
  expect(requests.check(["example.org", "P1000"])).toBe(0);
  clean();
});

test("files are read by a worker of their own; the desk is fetched when something goes out", async ({ page }) => {
  const workers = () => page.workers().map((worker) => new URL(worker.url()).pathname);
  await choose(page, ward);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText(/-5/).first()).toBeVisible({ timeout: 30_000 });
  expect(workers()).toContain("/intake_start.js");
  expect(workers()).not.toContain("/desk_start.js");
  await page.goto("/data");
  await expect(page.getByText(/39 persons/).first()).toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: /Save as .rounds/ }).first().click();
  await saved;
  expect(workers()).toContain("/desk_start.js");
  expect(workers()).not.toContain("/intake_start.js");
});

for (const [what, file, words] of [
  ["an empty file", csv([]).buffer.subarray(0, 0), /empty/i],
  ["a header without rows", Buffer.from("id,days,event\n"), /header/i],
  ["two columns of one name", Buffer.from("id,days,days\n1,2,3\n"), /two columns named 'days'/i],
  ["a zip archive", Buffer.from("PK\x03\x04 and so on, not a table at all"), /zip/i],
] as const) {
  test(`${what} gets a clear message`, async ({ page }) => {
    await choose(page, { name: "bad.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
    await expect(page.getByRole("alert").filter({ hasText: words }).first()).toBeVisible();
    await audit(page);
  });
}
