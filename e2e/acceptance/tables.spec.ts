/** Tables that belong together: two files joined by a patient number, a workbook, notes; and a mapping that is used again. */
import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { audit, noErrors, watch } from "../support/page";
import { workbook } from "../support/workbook";

interface Upload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const text = (name: string, rows: string[]): Upload => ({
  name,
  mimeType: "text/plain",
  buffer: Buffer.from(rows.join("\n") + "\n"),
});

const people = text("people.csv", [
  "patient_id,name,sex,age",
  ...Array.from({ length: 30 }, (_, i) => `P${100 + i},Ann Example${i},${i % 2 ? "f" : "m"},${40 + i}`),
]);
/** Two values each, one of a stranger, one without a date. */
const labs = text("labs.csv", [
  "patient_id,date,test,value,unit",
  ...Array.from({ length: 60 }, (_, i) => `P${100 + (i >> 1)},2024-0${1 + (i % 9)}-15,CRP,${i},mg/l`),
  "P999,2024-01-01,CRP,5,mg/l",
  "P100,,CRP,5,mg/l",
]);

async function choose(page: Page, files: Upload[]) {
  await page.goto("/data/import");
  await page.locator("input[type=file]").first().setInputFiles(files);
}

async function next(page: Page) {
  await page.getByRole("button", { name: "Next", exact: true }).click();
}

/** Imports; where there are texts, what the screen replaced is looked at before anything is stored. */
async function finish(page: Page, replaced: string[] = []) {
  await page.getByRole("button", { name: "Import", exact: true }).click();
  if (replaced.length > 0) {
    const accept = page.getByRole("button", { name: "Accept and store" });
    await expect(accept).toBeVisible({ timeout: 30_000 });
    // Each kind stands closed until it is looked at.
    for (const kind of await page.locator("summary").filter({ hasText: /: \d+ times?$/ }).all()) {
      if (!(await kind.evaluate((summary) => (summary.parentElement as HTMLDetailsElement).open))) await kind.click();
    }
    for (const word of replaced) {
      await expect(page.locator("mark", { hasText: word }).first()).toBeAttached();
    }
    await audit(page);
    await accept.click();
  }
  await expect(page.getByText(/is on this device/).first()).toBeVisible({ timeout: 30_000 });
}

test("two tables are joined by the patient, and the mapping is kept and used again", async ({ page, context }) => {
  const requests = watch(context);
  const clean = noErrors(page);
  await choose(page, [people, labs]);
  await expect(page.getByRole("cell", { name: "a value", exact: true })).toBeVisible();
  await expect(page.getByRole("cell", { name: "patient_id", exact: true })).toHaveCount(2);
  await page.getByLabel("Table to look at").selectOption({ label: "labs.csv" });
  await expect(page.getByLabel("Column with the value", { exact: true })).toHaveValue("value");
  await expect(page.getByLabel("Column with what was measured, found or given")).toHaveValue("test");
  await audit(page);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save the mapping as a file" }).click(),
  ]);
  const mapping = readFileSync(await download.path());
  expect(JSON.parse(mapping.toString()).kind).toBe("import_mapping");
  expect(mapping.includes("P100")).toBe(false);
  await page.getByRole("button", { name: "Keep it on this device" }).click();
  await expect(page.getByText(/Kept on this device/)).toBeVisible();

  await next(page);
  await audit(page);
  await next(page);
  await expect(page.getByText("people.csv: name")).toBeVisible();
  await audit(page);
  await finish(page);
  await expect(page.getByText(/this person is not in the table of persons/)).toBeVisible();
  await expect(page.getByText(/it is not known when this was/)).toBeVisible();
  await audit(page);
  await page.goto("/data");
  await expect(page.getByText(/30 persons/).first()).toBeVisible();
  await page.reload();
  await expect(page.getByText(/30 persons/).first()).toBeVisible();

  // The next export has its columns in another order: the mapping on this device fits it.
  const later = text("labs.csv", [
    "value,unit,patient_id,date,test",
    ...Array.from({ length: 30 }, (_, i) => `${i},mg/l,P${100 + i},2024-05-15,CRP`),
  ]);
  await choose(page, [people, later]);
  await page.getByRole("button", { name: "Apply people" }).click();
  await expect(page.getByText(/'people' was applied/)).toBeVisible();
  // One that lacks a column is refused by the column's name.
  const less = text("labs.csv", ["patient_id,date,test", ...Array.from({ length: 9 }, (_, i) => `P${100 + i},2024-05-15,CRP`)]);
  await choose(page, [people, less]);
  await page
    .getByLabel("Apply a mapping from a file")
    .setInputFiles({ name: "m.json", mimeType: "application/json", buffer: mapping });
  await expect(page.getByRole("alert").filter({ hasText: /names the column 'value'/ })).toBeVisible();
  expect(requests.check(["Ann Example", "P100"])).toBe(0);
  clean();
});

test("an Excel workbook: its sheets are tables, one can be left out", async ({ page }) => {
  const clean = noErrors(page);
  const file = workbook({
    People: [["pid", "sex", "enrolled"], ...Array.from({ length: 12 }, (_, i) => [200 + i, i % 2 ? "f" : "m", { day: 45322 + i }])],
    Labs: [["pid", "date", "test", "value"], ...Array.from({ length: 24 }, (_, i) => [200 + (i >> 1), { day: 45400 + i }, "CRP", i / 2])],
    Remarks: [["who", "what"], ["ward 3", "closed in May"]],
  });
  await choose(page, [
    { name: "ward.xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", buffer: file },
  ]);
  await expect(page.getByText("ward.xlsx, sheet 'People'").first()).toBeVisible();
  await page.getByLabel("Table to look at").selectOption({ label: "ward.xlsx, sheet 'Remarks'" });
  await expect(page.getByLabel("A row is")).toHaveValue("not used");
  await page.getByLabel("Table to look at").selectOption({ label: "ward.xlsx, sheet 'People'" });
  await expect(page.getByRole("cell", { name: "2024-01-31" }).first()).toBeVisible();
  await audit(page);
  await next(page);
  await next(page);
  await finish(page);
  await expect(page.getByText("37 rows read")).toBeVisible();
  await page.goto("/data");
  await expect(page.getByText(/12 persons/).first()).toBeVisible();
  clean();
});

test("notes: a text file that does not say whose it is is asked about", async ({ page }) => {
  const clean = noErrors(page);
  await choose(page, [
    text("P100_2024-01-31.txt", ["Ann Example is well and denies chest pain. Metformin 500 mg twice a day."]),
    text("letter.txt", ["Date: 2024-02-01", "", "Phone 617-555-0123. No fever."]),
    text("more.jsonl", [
      JSON.stringify({ patient: "P100", date: "2024-03-01", text: "Seen again; no chest pain, no dyspnoea at rest.", title: "visit" }),
    ]),
  ]);
  await expect(page.getByText("One note does not say whose they are or when they were written")).toBeVisible();
  await page.getByLabel("Person of letter.txt").fill("P101");
  await audit(page);
  await next(page);
  await next(page);
  await finish(page, ["617-555-0123"]);
  await expect(page.getByText("3 rows read")).toBeVisible();
  await expect(page.getByText("3 kept")).toBeVisible();
  await page.goto("/data");
  await expect(page.getByText(/2 persons/).first()).toBeVisible();
  clean();
});

test("tables are added to a dataset: what is there is not doubled, and strangers are called so", async ({ page }) => {
  const clean = noErrors(page);
  await choose(page, [people, labs]);
  await next(page);
  await next(page);
  await finish(page);

  // Thirty values that are there already, thirty that are new.
  const more = text("more.csv", [
    "patient_id,date,test,value,unit",
    ...Array.from({ length: 60 }, (_, i) => `P${100 + (i >> 1)},2024-0${1 + (i % 9)}-15,CRP,${i % 2 ? i + 1000 : i},mg/l`),
  ]);
  await choose(page, [more]);
  await page.getByLabel("Add to, or update, a dataset that is here").selectOption({ index: 1 });
  await expect(page.getByLabel("Name of the dataset")).toHaveValue("people");
  await audit(page);
  await next(page);
  await next(page);
  await finish(page);
  const added = page.getByRole("table", { name: "Against the dataset that was here" });
  const row = async (name: string) => (await added.getByRole("row", { name: new RegExp(`^${name}`) }).getByRole("cell").allTextContents()).map(Number);
  expect(await row("Persons")).toEqual([0, 0, 30, 0]);
  expect(await row("Dated records")).toEqual([30, 0, 30, 0]);
  await expect(page.getByText("Nobody was found again in the dataset")).toHaveCount(0);

  // The same numbers, written differently: nobody is found again, and that is said.
  const others = text("others.csv", ["patient_id,date,test,value,unit", "100,2024-05-15,CRP,4,mg/l", "101,2024-05-16,CRP,5,mg/l"]);
  await choose(page, [others]);
  await page.getByLabel("Add to, or update, a dataset that is here").selectOption({ index: 1 });
  await next(page);
  await next(page);
  await finish(page);
  await expect(page.getByText("Nobody was found again in the dataset")).toBeVisible();
  await audit(page);
  clean();
});
