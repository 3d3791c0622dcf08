/** Full records through the import screen: folders dropped as by hand, the wizard to its end, and what its report says. */
import { expect, type Page } from "@playwright/test";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What an intake report says of rows, and what became of them. */
export type Counts = {
  read: number;
  kept: number;
  rejected: number;
  notUsed: number;
  persons: number;
  events: number;
  notes: number;
};

/** Writes files below a folder of the disk. */
export function write(folder: string, files: Map<string, Buffer>): string {
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  return folder;
}

/** Drops files or folders of the disk on the import screen: a real drop, with entries that the page walks itself. */
export async function drop(page: Page, paths: string[]) {
  await page.goto("/data/import");
  const zone = page.locator(".drop");
  await expect(zone).toBeVisible();
  const box = (await zone.boundingBox())!;
  const cdp = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await cdp.send("Input.dispatchDragEvent", { type, x: box.x + box.width / 2, y: box.y + 20, data });
  }
  await cdp.detach();
}

const report = (page: Page) => page.getByRole("heading", { name: "Intake report" });

/** What a record needs to be named, if it is new, and what it is added to, if anything. */
export type Way = { name?: string; into?: RegExp };

/** From the files to the report, accepting what was replaced in notes; `look` may look at the review first. */
export async function accept(page: Page, way: Way = {}, look?: () => Promise<void>, timeout = 60_000) {
  await expect(page.getByRole("heading", { name: "What was recognized" })).toBeVisible({ timeout });
  if (way.into) {
    const into = page.getByLabel("Add to, or update, a dataset that is here");
    const words = await into.locator("option", { hasText: way.into }).first().textContent();
    await into.selectOption({ label: words! });
  }
  if (way.name) await page.getByLabel("Name of the dataset").fill(way.name);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const store = page.getByRole("button", { name: "Accept and store" });
  await expect(store.or(report(page)).first()).toBeVisible({ timeout });
  await look?.();
  if (await store.isVisible()) await store.click();
  await expect(report(page)).toBeVisible({ timeout });
}

const number = (text: string) => Number(text.replace(/,/g, ""));

/** The counts that the report on the screen gives. */
export async function counts(page: Page): Promise<Counts> {
  const [read, kept, rejected, notUsed] = (await page.locator(".sum strong").allTextContents()).map(number);
  const stat = async (label: string) => {
    const value = page.locator(".stats > div", { has: page.getByText(label, { exact: true }) }).locator("dd");
    return number((await value.textContent())!);
  };
  // A flat file has none, and is not told so.
  const hasEvents = async () => (await page.locator(".stats").getByText("Dated records", { exact: true }).count()) > 0;
  return {
    read, kept, rejected, notUsed,
    persons: await stat("Persons"),
    events: (await hasEvents()) ? await stat("Dated records") : 0,
    notes: await stat("Notes"),
  };
}

/** The rows of a table with this caption, each as the texts of its cells. */
export async function rows(page: Page, caption: string | RegExp): Promise<string[][]> {
  const table = page.getByRole("table", { name: caption });
  await expect(table).toBeVisible({ timeout: 30_000 });
  return table.locator("tbody tr").evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll("th, td")].map((cell) => (cell.textContent ?? "").trim())),
  );
}

/** What the page calls each domain. */
const DOMAINS: Record<string, string> = {
  Visits: "visit",
  Diagnoses: "condition",
  Drugs: "drug",
  Procedures: "procedure",
  Measurements: "measurement",
  Observations: "observation",
  Devices: "device",
  Specimens: "specimen",
  Deaths: "death",
  "Findings in notes": "note_finding",
  "Findings in notes, not present": "note_not_present",
};

/** Events by domain as a dataset's page counts them; what was read from notes stands apart. */
export async function domains(page: Page, id: string): Promise<Record<string, number>> {
  await page.goto(`/data/${id}`);
  const all = await rows(page, "Events, persons and years of each domain");
  return Object.fromEntries(all.map(([words, n]) => [DOMAINS[words] ?? `without words: ${words}`, number(n)]));
}

/** Rows kept, rejected and not used, added up by what they were read as. */
export async function byTable(page: Page): Promise<Record<string, [number, number, number]>> {
  const out: Record<string, [number, number, number]> = {};
  for (const [, table, , kept, rejected, notUsed] of await rows(page, "Rows by file")) {
    const sum = (out[table] ??= [0, 0, 0]);
    [kept, rejected, notUsed].forEach((cell, i) => (sum[i] += number(cell)));
  }
  return out;
}

/** The id of the dataset that the report offers to look at. */
export async function imported(page: Page): Promise<string> {
  const href = await page.getByRole("link", { name: "Look at the data" }).getAttribute("href");
  return href!.split("/").pop()!;
}
