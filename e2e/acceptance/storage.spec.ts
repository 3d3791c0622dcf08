/** Storage that is refused or full, two tabs, a restart, a worker or a part of the page that fails: said, and nothing lost. */
import { chromium, expect, test, type BrowserContext, type Page } from "@playwright/test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchOptions } from "../support/chromium";
import { bring, choose, lines, stored, takeIn, text } from "../support/files";
import { audit, noErrors, openSample } from "../support/page";
import { BASE } from "../support/server";

const small = (name: string, n = 40) => text(name, ["id,days,event", ...lines(n, (i) => `Q${name}${i},${10 + i},${i % 2}`)]);

/** IndexedDB as some private windows have it, in the page and in every worker. */
async function refuseStorage(context: BrowserContext) {
  const refuse = `IDBFactory.prototype.open = () => { throw new DOMException("A mutation operation was attempted on a database that did not allow mutations.", "InvalidStateError"); };`;
  await context.addInitScript(refuse);
  await context.route(/\/(engine|intake|desk)_start\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: refuse + (await response.text()) });
  });
}

test("IndexedDB refused: every way in says so in words", async ({ page, context }) => {
  await refuseStorage(context);
  const refused = (where: Page) => where.getByRole("alert").filter({ hasText: /private window/ }).first();
  await page.goto("/data");
  await expect(refused(page)).toBeVisible();
  await audit(page);
  await page.getByRole("button", { name: /Open German/ }).click();
  const samples = page.getByRole("region", { name: "Samples" });
  await expect(samples.getByRole("alert").filter({ hasText: /does not let Rounds keep data/ })).toHaveCount(1);
  await choose(page, small("refused.csv"));
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(refused(page)).toBeVisible();
  await expect(page.getByText(/Nothing was stored/)).toBeVisible();
  await audit(page);
  for (const path of ["/data/0123456789abcdef", "/cohorts", "/summary", "/compare", "/consult", "/decisions", "/settings", "/finding/0123456789abcdef", "/knowledge", "/knowledge/0123456789abcdef", "/replicate/0123456789abcdef"]) {
    await page.goto(path);
    await expect(refused(page), `${path} says that the browser refuses storage`).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 }), `${path} keeps its heading`).toBeVisible();
  }
});

test("a full quota: nothing of the new file stays, the old one does, and there is a way on", async ({ page, context }) => {
  // Before the first write: Chromium remembers for a while how much room it found.
  const cdp = await context.newCDPSession(page);
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: BASE, quotaSize: 1_000_000 });
  const kept = await bring(page, small("kept.csv"));
  const large = text("large.csv", [
    "id,days,event,x,y",
    ...lines(100_000, (i) => `R${i},${1 + ((i * 7919) % 3000)}.${i % 1000},${i % 2},${(i * 31) % 99991}.5,${(i * 17) % 99989}.25`),
  ]);
  await choose(page, large);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: /no room left/ })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("What was on this device before is as it was.")).toBeVisible();
  await audit(page);
  expect(await stored(page)).toEqual({ datasets: [kept], chunks: [kept] });
  // Room again: the same file, from where one stands.
  await cdp.send("Storage.overrideQuotaForOrigin", { origin: BASE });
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Intake report" })).toBeVisible({ timeout: 30_000 });
  expect((await stored(page)).datasets).toHaveLength(2);
});

test("two tabs: one writes at a time, and a deletion in one is seen in the other", async ({ page, context }) => {
  const other = await context.newPage();
  const clean = [noErrors(page), noErrors(other)];
  // Both at once: whoever comes second while the first one writes is told so; nobody's data are mixed.
  await Promise.all([choose(page, small("first.csv")), choose(other, small("second.csv"))]);
  for (const tab of [page, other]) {
    await tab.getByRole("button", { name: "Next" }).click();
    await tab.getByRole("button", { name: "Next" }).click();
  }
  await Promise.all([page, other].map((tab) => tab.getByRole("button", { name: "Import", exact: true }).click()));
  for (const tab of [page, other]) {
    const done = tab.getByRole("heading", { name: "Intake report" });
    const busy = tab.getByRole("alert").filter({ hasText: "Another tab of Rounds" });
    await expect(done.or(busy)).toBeVisible();
    if (await busy.isVisible()) {
      await tab.getByRole("button", { name: "Back" }).click();
      await tab.getByRole("button", { name: "Import", exact: true }).click();
      await expect(done).toBeVisible();
    }
  }
  const both = await stored(page);
  expect(both.datasets).toHaveLength(2);
  expect(both.chunks).toEqual(both.datasets);

  // A tab that is in the middle of writing, for as long as this test wants.
  await page.evaluate(() => {
    void navigator.locks.request("rounds-datasets", () => new Promise<void>((done) => ((window as any).letGo = done)));
  });
  await choose(other, small("third.csv"));
  await other.getByRole("button", { name: "Next" }).click();
  await other.getByRole("button", { name: "Next" }).click();
  await other.getByRole("button", { name: "Import", exact: true }).click();
  await expect(other.getByRole("alert").filter({ hasText: /Another tab of Rounds is importing or deleting/ })).toBeVisible();
  expect((await stored(other)).datasets).toHaveLength(2);
  await page.evaluate(() => (window as any).letGo());
  await other.getByRole("button", { name: "Back" }).click();
  await other.getByRole("button", { name: "Import", exact: true }).click();
  await expect(other.getByRole("heading", { name: "Intake report" })).toBeVisible();

  // Deleted here while open there.
  await other.getByRole("link", { name: "Look at the data" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "third" })).toBeVisible();
  await page.goto("/data");
  await page.getByRole("button", { name: "Delete third" }).click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "This dataset is not on this device" })).toBeVisible();
  await expect(page.getByRole("link", { name: "third" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "first", exact: true })).toBeVisible();
  for (const check of clean) check();
});

test("a browser restart: the data are there and two workers read them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rounds-profile-"));
  const launch = () => chromium.launchPersistentContext(folder, { ...launchOptions, baseURL: BASE, acceptDownloads: true });
  try {
    const before = await launch();
    const id = await openSample(before.pages()[0], /Open German/);
    await before.close();
    const after = await launch();
    const page = after.pages()[0];
    await page.goto("/data");
    await expect(page.getByText(/686 persons/).first()).toBeVisible();
    await page.goto(`/summary?dataset=${id}`);
    await expect(page.getByRole("table").first()).toContainText("53"); // mean age 53.05, from the first worker
    await page.goto("/data");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /Save as .rounds/ }).first().click(), // from the desk
    ]);
    expect(await download.failure()).toBeNull();
    await after.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a worker that dies is reported and started again; the data are still there", async ({ page, context }) => {
  await context.addInitScript(() => {
    const Real = Worker;
    const all: Worker[] = ((window as any).workers = []);
    (window as any).Worker = class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        all.push(this);
      }
    };
  });
  const id = await openSample(page, /Open German/);
  await expect(page.getByText(/686/).first()).toBeVisible();
  const n = await page.evaluate(() => {
    const all = (window as any).workers as Worker[];
    for (const worker of all) {
      worker.terminate();
      worker.dispatchEvent(new ErrorEvent("error", { message: "Uncaught RangeError: out of memory" }));
    }
    return all.length;
  });
  expect(n).toBeGreaterThan(0);
  await expect(page.getByText("The engine stopped and will be started again")).toBeVisible();
  await expect(page.getByText(/your data are safe on this device/).first()).toBeVisible();
  await audit(page);
  // In the same page: the next question is answered by a new worker that reads the stored data again.
  await page.getByRole("link", { name: "Summary" }).click();
  await expect(page.getByRole("table").first()).toContainText("53");
  await expect(page.getByText("The engine stopped and will be started again")).toHaveCount(0);
  expect((await stored(page)).datasets).toEqual([id]);
});

test("an engine that cannot be fetched is reported, and 'Try again' works when it can be", async ({ page }) => {
  const id = await openSample(page, /Open German/);
  await page.route(/engine_bg\.wasm$/, (route) => route.abort());
  await page.goto(`/summary?dataset=${id}`);
  const alert = page.getByRole("alert").first();
  await expect(alert).toBeVisible({ timeout: 10_000 });
  await audit(page);
  await page.unroute(/engine_bg\.wasm$/);
  await page.getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("table").first()).toContainText("53");
});

test("a part of the page that cannot be fetched says so, and 'Try again' works", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.route(/split_data-[0-9a-f]+\.wasm$/, (route) => route.abort());
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Data", exact: true }).click();
  await expect(page.getByText("This screen could not be loaded")).toBeVisible();
  await expect(page.getByText(/Your data and documents are safe/)).toBeVisible();
  await audit(page);
  await page.unroute(/split_data-[0-9a-f]+\.wasm$/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /Data/ })).toBeVisible();
});
