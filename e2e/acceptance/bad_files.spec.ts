/** What bad files get: every row and value is kept or named, nothing half-read stays, nothing that was there is lost. */
import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { choose, bring, lines, stored, takeIn, text } from "../support/files";
import { audit, noErrors } from "../support/page";

const rejected = (page: Page) => page.getByRole("table", { name: "Rejected rows and values" });
const row = (page: Page, ...cells: (string | RegExp)[]) =>
  cells.reduce((found, cell) => found.filter({ hasText: cell }), rejected(page).getByRole("row"));
/** The line 'rows read = kept + rejected + not used'. */
const sum = (page: Page, read: number, kept: number, rejected: number) =>
  expect(page.locator("main")).toContainText(
    new RegExp(`${read} rows read\\s*=\\s*${kept} kept\\s*\\+\\s*${rejected} rejected\\s*\\+\\s*0 not used`),
  );

test("another delimiter is found; a wrong one is named and can be set right", async ({ page }) => {
  const clean = noErrors(page);
  await choose(page, text("semicolon.csv", ["id;age;days;event", ...lines(40, (i) => `Q${i};${40 + i},5;${10 + i};${i % 2}`)]));
  const delimiter = page.getByLabel("Columns separated by");
  await expect(delimiter).toHaveValue("semicolon");
  await expect(page.getByLabel("Decimal sign")).toHaveValue("comma");
  await delimiter.selectOption("bar");
  await expect(page.getByRole("alert").filter({ hasText: /Choose (a |the )?semicolon/i })).toBeVisible();
  await audit(page);
  await expect(page.getByRole("button", { name: "Next" })).toBeDisabled();
  await delimiter.selectOption("semicolon");
  await takeIn(page);
  await sum(page, 40, 40, 0);
  clean();
});

test("ragged rows are rejected, each with its line", async ({ page }) => {
  const rows = lines(40, (i) => (i === 7 ? "Q7,47,17,1,too,many" : i === 9 ? "Q9,49" : `Q${i},${40 + i},${10 + i},${i % 2}`));
  await choose(page, text("ragged.csv", ["id,age,days,event", ...rows]));
  await expect(page.getByText(/2 rows have more or fewer fields than the header/)).toBeVisible();
  await takeIn(page);
  await sum(page, 40, 38, 2);
  await expect(row(page, "9", "6 fields where the header has 4")).toHaveCount(1);
  await expect(row(page, "11", "2 fields where the header has 4")).toHaveCount(1);
  await audit(page);
});

test("dates in five styles are read; impossible ones are named and set to missing", async ({ page }) => {
  const two = (n: number) => String(n).padStart(2, "0");
  const month = ["Jan", "Feb", "Mar", "Apr", "May"];
  const rows = lines(40, (i) => {
    const [m, d] = [1 + (i % 12), 13 + (i % 15)];
    const last = i === 4 ? "2021-02-30" : i === 5 ? "2021-13-01" : `2021-03-${d}`;
    return `Q${i},2020-${two(m)}-${d},${m}/${d}/2020,${d}.${two(m)}.2020,2020${two(m)}${d},${d} ${month[i % 5]} 2020,${last},${10 + i},${i % 2}`;
  });
  await choose(page, text("dates.csv", ["id,iso,american,german,compact,words,seen,days,event", ...rows]));
  await page.getByRole("button", { name: "Next" }).click();
  for (const column of ["iso", "american", "german", "compact", "words", "seen"]) {
    await expect(page.getByLabel(`Meaning of ${column}`)).toHaveValue("date");
  }
  await audit(page);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await sum(page, 40, 40, 0);
  await expect(row(page, "6", "seen", /no such day/)).toHaveCount(1);
  await expect(row(page, "7", "seen", /no such day/)).toHaveCount(1);
  await expect(rejected(page).getByRole("row")).toHaveCount(3);
  // Values of real dates are not in the report: a date tells who somebody is.
  await expect(rejected(page)).not.toContainText("2021-");
});

test("negative durations are rejected with line and field", async ({ page }) => {
  await choose(page, text("negative.csv", ["id,days,event", ...lines(40, (i) => `Q${i},${i === 2 || i === 3 ? -3 : 10 + i},${i % 2}`)]));
  await takeIn(page);
  await sum(page, 40, 38, 2);
  await expect(row(page, "4", "days", /negative length of time/)).toHaveCount(1);
  await expect(row(page, "5", "days", /negative length of time/)).toHaveCount(1);
});

test("event values beyond 0 and 1 are asked for and never taken for an event", async ({ page }) => {
  await choose(page, text("events.csv", ["id,days,event", ...lines(60, (i) => `Q${i},${10 + i},${i === 5 ? 2 : i === 6 ? 7 : i % 2}`)]));
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Meaning of event").selectOption("event");
  await expect(page.getByLabel("'2' means")).toBeVisible();
  await expect(page.getByLabel("'7' means")).toBeVisible();
  await audit(page);
  await page.getByLabel("'2' means").selectOption("observed");
  await page.getByLabel("'7' means").selectOption("missing");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await sum(page, 60, 59, 1);
  await expect(row(page, "8", "event", /'7' stands neither for an observed event nor for none/)).toHaveCount(1);
});

test("a file cut in the middle says so and rejects the cut row", async ({ page }) => {
  const whole = text("cut.csv", ["id,days,event,remark", ...lines(40, (i) => `Q${i},${10 + i},${i % 2},"fine, ${i % 3}"`)]);
  await choose(page, { ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length - 5) });
  await takeIn(page);
  await sum(page, 40, 39, 1);
  await expect(page.getByText(/ends within quotation marks opened at line 41: the file seems to be cut/)).toBeVisible();
  await expect(row(page, "41", /quotation mark is opened/)).toHaveCount(1);
  await audit(page);
});

/** The first bytes of a zip archive whose first file has this name. */
function zipOf(name: string): Buffer {
  const head = Buffer.alloc(30);
  head.write("PK\x03\x04", "latin1");
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name), Buffer.alloc(200, 1)]);
}

for (const [what, bytes, words] of [
  ["an Excel workbook", zipOf("[Content_Types].xml"), /Excel/],
  ["a PDF", Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), /PDF/],
  ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]), /binary/],
  ["JSON", Buffer.from('{"patients": [{"id": 1}]}'), /JSON/],
  ["a web page", Buffer.from("<!DOCTYPE html><html><body>Log in</body></html>"), /HTML/],
] as const) {
  test(`${what} under the name .csv is called what it is`, async ({ page }) => {
    await choose(page, { name: "ward.csv", mimeType: "text/csv", buffer: bytes });
    await expect(page.getByRole("alert").filter({ hasText: words }).first()).toBeVisible();
  });
}

test("a .rounds file with one flipped byte is refused, and what is there stays", async ({ page }) => {
  const clean = noErrors(page);
  await bring(page, text("kept.csv", ["id,days,event", ...lines(40, (i) => `Q${i},${10 + i},${i % 2}`)]));
  await page.goto("/data");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: /Save as .rounds/ }).first().click(),
  ]);
  const good = readFileSync(await download.path());
  // In the middle of the columns, in the last column, and in the header.
  for (const at of [Math.floor(good.length / 2), Math.floor(good.length * 0.7), 120]) {
    const bad = Buffer.from(good);
    bad[at] ^= 0x10;
    await choose(page, { name: "kept.rounds", mimeType: "application/zip", buffer: bad });
    const next = page.getByRole("button", { name: "Import", exact: true });
    const alert = page.getByRole("alert").first();
    await expect(next.or(alert).first()).toBeVisible();
    if (await next.isVisible()) await next.click();
    await expect(alert).toContainText(/damaged|checksum|changed|not a .rounds|cannot be read/i);
    await expect(alert).toContainText(/again|another copy/i);
  }
  await page.goto("/data");
  await expect(page.getByText(/40 persons/)).toHaveCount(1);
  clean();
});

test("one flat file under a name that OMOP uses is a flat file", async ({ page }) => {
  await choose(page, text("patients.csv", ["id,age,days,event", ...lines(40, (i) => `Q${i},${40 + i},${10 + i},${i % 2}`)]));
  await expect(page.getByRole("table", { name: "The first rows of patients.csv" })).toBeVisible();
  await takeIn(page);
  await sum(page, 40, 40, 0);
});

/** A file of many gigabytes' looks: one megabyte of rows, over and over, which the browser holds once. */
async function chooseLarge(page: Page, megabytes: number) {
  await page.goto("/data/import");
  await page.locator("input[type=file]").first().evaluate((input: HTMLInputElement, megabytes) => {
    const remark = "x".repeat(1000);
    const rows: string[] = [];
    for (let i = 0; i < 1024; i++) rows.push(`${40 + (i % 40)},${10 + ((i * 37) % 300)},${i % 3 === 0 ? 1 : 0},${remark}\n`);
    const block = new Blob(rows);
    const file = new File(["age,days,event,remark\n", ...Array<Blob>(megabytes).fill(block)], "large.csv");
    const transfer = new DataTransfer();
    transfer.items.add(file);
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, megabytes);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("Meaning of remark").selectOption("left out");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
}

test("an import that is stopped half way leaves nothing, and the page goes on", async ({ page }) => {
  const clean = noErrors(page);
  const before = await bring(page, text("kept.csv", ["id,days,event", ...lines(40, (i) => `Q${i},${10 + i},${i % 2}`)]));
  await chooseLarge(page, 1200);
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(page.getByText("Reading large.csv").first()).toBeVisible();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("You stopped this. Nothing was changed.")).toBeVisible();
  await expect(page.getByText("What was on this device before is as it was.")).toBeVisible();
  await audit(page);
  expect(await stored(page)).toEqual({ datasets: [before], chunks: [before] });
  await page.getByRole("button", { name: "Choose another file" }).click();
  await page.locator("input[type=file]").first().setInputFiles(text("next.csv", ["id,days,event", ...lines(30, (i) => `Q${i},${10 + i},${i % 2}`)]));
  await takeIn(page);
  await sum(page, 30, 30, 0);
  clean();
});

test("a file of 2 GB is read piece by piece to its end", async ({ page }) => {
  test.setTimeout(240_000);
  const clean = noErrors(page);
  await chooseLarge(page, 2100);
  await expect(page.getByRole("heading", { name: "Intake report" })).toBeVisible({ timeout: 200_000 });
  await expect(page.getByRole("main")).toContainText("2,150,400 rows read");
  await expect(page.getByRole("main")).toContainText("2,150,400 kept");
  clean();
});
