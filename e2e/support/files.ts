/** Files of a test's own making, and the way they take through the wizard. */
import { expect, type Page } from "@playwright/test";

export type Given = { name: string; mimeType: string; buffer: Buffer };

/** A text file of these lines. */
export function text(name: string, lines: string[]): Given {
  return { name, mimeType: "text/csv", buffer: Buffer.from(lines.join("\n") + "\n") };
}

/** `n` lines made from their number. */
export function lines(n: number, make: (i: number) => string): string[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

/** Chooses a file on the import screen. */
export async function choose(page: Page, file: Given | Given[]) {
  await page.goto("/data/import");
  await page.locator("input[type=file]").first().setInputFiles(file);
}

/** From the first step of a flat file to its intake report, with everything as proposed. */
export async function takeIn(page: Page) {
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("heading", { name: "What each column is" })).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Intake report" })).toBeVisible({ timeout: 30_000 });
}

/** Brings a flat file in and returns the dataset's id. */
export async function bring(page: Page, file: Given): Promise<string> {
  await choose(page, file);
  await takeIn(page);
  const href = await page.getByRole("link", { name: "Look at the data" }).getAttribute("href");
  return href!.split("/").pop()!;
}

/** Names of what the browser's database holds: datasets by id, and chunks by dataset. Read past the page. */
export async function stored(page: Page): Promise<{ datasets: string[]; chunks: string[] }> {
  return page.evaluate(async () => {
    const keys = (db: IDBDatabase, store: string) =>
      new Promise<string[]>((done, fail) => {
        const ask = db.transaction(store).objectStore(store).getAllKeys();
        ask.onsuccess = () => done(ask.result.map(String));
        ask.onerror = () => fail(ask.error);
      });
    const db = await new Promise<IDBDatabase>((done, fail) => {
      const ask = indexedDB.open("rounds");
      ask.onsuccess = () => done(ask.result);
      ask.onerror = () => fail(ask.error);
    });
    const found = { datasets: await keys(db, "datasets"), chunks: await keys(db, "chunks") };
    db.close();
    return { datasets: found.datasets, chunks: [...new Set(found.chunks.map((key) => key.split("/")[0]))] };
  });
}
