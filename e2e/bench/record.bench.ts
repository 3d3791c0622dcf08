/** Imports in the tab: files on disk through the worker of the page, with everything that an import does. */
import { expect, test, type Browser, type Page } from "@playwright/test";
import { basename } from "node:path";
import { connect } from "./engine";
import { Material, type Files } from "./material";
import { load, tab } from "./process";

const print = (row: Record<string, unknown>) => console.log(JSON.stringify({ where: "tab", ...row }));
const round = (value: number, digits = 1) => Number(value.toFixed(digits));
const N_PATIENTS = Number(process.env.BENCH_PATIENTS ?? 1000);
const MEGABYTES = Number(process.env.BENCH_MEGABYTES ?? 1000);

let material: Material;
test.beforeEach(() => {
  material = new Material();
});
test.afterEach(() => material.remove());

/** A worker that tells how much memory its engine has taken: it is never given back, so the end tells the most. */
async function telling(page: Page) {
  const tell = `for (const name of ["instantiate", "instantiateStreaming"]) {
    const real = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...given) => {
      const made = await real(...given);
      self.engineBytes = () => (made.instance ?? made).exports.memory.buffer.byteLength;
      return made;
    };
  }\n`;
  await page.route("**/intake_start.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: tell + (await response.text()) });
  });
}

const engineBytes = (page: Page) => {
  const worker = page.workers().find((w) => w.url().endsWith("/intake_start.js"));
  return worker!.evaluate(() => (self as unknown as { engineBytes(): number }).engineBytes());
};

/** Runs inside a bare page of the same origin: an import as the import screen asks for it, with the files of an input. */
async function prepare([connectSource, format]: [string, string]) {
  const start = (0, eval)(`(${connectSource})`) as typeof connect;
  const scope = globalThis as unknown as { intake?: ReturnType<typeof connect> };
  const intake = (scope.intake ??= start("/intake_start.js"));
  const files = [...document.querySelector("input")!.files!];
  let asked: unknown = { type: format };
  if (format === "csv") {
    const head = await files[0].slice(0, 1048576).arrayBuffer();
    const { value } = await intake("engine", "inspect_csv", { file_name: files[0].name, complete: false }, [head]);
    asked = { type: "csv", mapping: value.mapping };
  }
  const names = files.map((file) => file.name);
  const before = performance.now();
  const done = await intake("host", "prepare_import", { import: { name: "bench", names, format: asked, dates: "shift" } }, files);
  return { ms: performance.now() - before, report: done.value.report };
}

/** Imports these files in a fresh tab. */
async function measure(browser: Browser, format: "fhir" | "omop" | "csv", files: Files) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await telling(page);
  await page.goto("/manifest.webmanifest");
  await page.evaluate(() => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", multiple: true });
    document.body.append(input);
  });
  // The worker runs before the clock does.
  await page.evaluate(`globalThis.intake = (${connect.toString()})("/intake_start.js")`);
  await expect.poll(() => page.workers().length).toBe(1);
  await page.waitForTimeout(1000);
  const cost = await tab(browser);
  const [before, worked] = [cost.now(), cost.workerMs()];
  await page.locator("input").setInputFiles(files.paths);
  const { ms, report } = await page.evaluate(prepare, [connect.toString(), format] as [string, string]);
  const worker_ms = cost.workerMs() - worked;
  const megabytes = files.bytes / 1e6;
  const engine = await engineBytes(page);
  print({
    what: `import of ${files.what}`, n_files: files.paths.length, megabytes: round(megabytes), ms: Math.round(ms),
    megabytes_per_second: round(megabytes / (ms / 1000)), worker_ms: Math.round(worker_ms),
    megabytes_per_worker_second: round(megabytes / (worker_ms / 1000)),
    engine_megabytes: round(engine / 1e6), engine_times_file: round(engine / files.bytes, 2),
    tab_megabytes_before: round(before / 1e6), tab_megabytes_peak: round(cost.peak() / 1e6),
    persons: report.persons, events: report.events, notes: report.notes, note_findings: report.note_findings, rows_read: report.rows_read,
    load: load(),
  });
  expect(report.rows_read).toBe(report.rows_kept + report.rows_rejected + report.rows_not_used);
  await context.close();
  return report;
}

for (const is_pretty of [false, true]) {
  test(`Synthea patients as Bundles, ${is_pretty ? "as written by Synthea" : "without white space"}`, async ({ browser }) => {
    const files = material.bundles(N_PATIENTS, is_pretty);
    if (!files) return print({ what: "import of Synthea patients as Bundles", not_measured: "no ../shared/data beside the repository" });
    const report = await measure(browser, "fhir", files);
    expect(report.persons).toBe(N_PATIENTS);
  });
}

test("FHIR NDJSON", async ({ browser }) => {
  const report = await measure(browser, "fhir", material.ndjson(200, false));
  expect(report.persons).toBeGreaterThan(10_000);
  const carebundle = material.carebundle();
  if (carebundle) await measure(browser, "fhir", carebundle);
});

test("OMOP CSV", async ({ browser }) => {
  const report = await measure(browser, "omop", material.omop(20_000));
  expect(report.persons).toBe(20_000);
});

test("a flat CSV file", async ({ browser }) => {
  const report = await measure(browser, "csv", material.flat(1_000_000));
  expect(report.rows_kept).toBe(1_000_000);
});

test("a large NDJSON through the import screen: memory, progress, stop", async ({ browser }) => {
  const files = material.ndjson(MEGABYTES, true);
  const context = await browser.newContext();
  const page = await context.newPage();
  await telling(page);
  // Progress as it is shown, and times when the page did not answer.
  await page.addInitScript(() => {
    const seen = { shares: [] as number[], longest_ms: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.longest_ms = Math.max(seen.longest_ms, task.duration);
    }).observe({ type: "longtask" });
    new MutationObserver(() => {
      const bar = document.querySelector<HTMLElement>("[role=progressbar]");
      const value = bar instanceof HTMLProgressElement ? bar.value : Number(bar?.getAttribute("aria-valuenow") ?? Number.NaN);
      if (bar && value !== seen.shares.at(-1)) seen.shares.push(value);
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  const begin = async () => {
    await page.goto("/data/import");
    await page.locator("input[type=file]").first().setInputFiles(files.paths);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByRole("progressbar")).toBeVisible();
  };
  await begin();
  await page.waitForTimeout(3000);
  const stopped = Date.now();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("You stopped this. Nothing was changed.")).toBeVisible();
  const stop_ms = Date.now() - stopped;

  await begin();
  const cost = await tab(browser);
  const [before, worked, started] = [cost.now(), cost.workerMs(), Date.now()];
  await page.getByRole("button", { name: "Accept and store" }).waitFor({ timeout: 500_000 });
  const ms = Date.now() - started;
  const worker_ms = cost.workerMs() - worked;
  const engine = await engineBytes(page);
  const store = Date.now();
  await page.getByRole("button", { name: "Accept and store" }).click();
  await page.getByRole("heading", { name: "Intake report" }).waitFor({ timeout: 100_000 });
  const store_ms = Date.now() - store;
  const sum = await page.locator(".sum").innerText();
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: { shares: number[]; longest_ms: number } }).seen);
  print({
    what: `${files.what}, through the import screen`, megabytes: round(files.bytes / 1e6), ms, megabytes_per_second: round(files.bytes / 1e3 / ms),
    worker_ms: Math.round(worker_ms), megabytes_per_worker_second: round(files.bytes / 1e3 / worker_ms), store_ms, stop_ms,
    n_progress: seen.shares.length, longest_task_ms: Math.round(seen.longest_ms), engine_megabytes: round(engine / 1e6), engine_times_file: round(engine / files.bytes, 2),
    tab_megabytes_before: round(before / 1e6), tab_megabytes_peak: round(cost.peak() / 1e6), rows: sum.replace(/\s+/g, " "), load: load(),
  });
  expect(seen.shares.length).toBeGreaterThan(10);
  await context.close();
});
