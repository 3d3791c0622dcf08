import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, expect, test } from "@playwright/test";
import { connect } from "./engine";

/** Folder with files made to measure with: one folder a kind. `cargo xtask bench` names it. */
const FOLDER = process.env.BENCH_FILES ?? "";

interface Kind {
  name: string;
  folder: string;
  end: string;
  format: string;
}
const KINDS: Kind[] = [
  { name: "fhir_ndjson", folder: "fhir", end: ".ndjson", format: "fhir" },
  { name: "fhir_ndjson_notes", folder: "fhir-notes", end: ".ndjson", format: "fhir" },
  { name: "omop_csv", folder: "omop", end: ".csv", format: "omop" },
  { name: "omop_parquet", folder: "omop", end: ".parquet", format: "omop" },
];

/** Seconds that the page's processes were on a processor: other work on the machine does not count. */
async function cpuSeconds(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter((p) => p.type === "renderer").reduce((sum, p) => sum + p.cpuTime, 0);
}

/** The import inside the page: pieces of 4 MB, as the worker reads them; the time is that of the engine alone. */
async function measure([connectSource, format]: [string, string]) {
  const start = (0, eval)(`(${connectSource})`) as typeof connect;
  const files = start("/intake_start.js");
  const given = [...(document.getElementById("files") as HTMLInputElement).files!].sort((a, b) => (a.name < b.name ? -1 : 1));
  const vocabulary = (file: File) => Number(file.name.startsWith("concept"));
  given.sort((a, b) => vocabulary(a) - vocabulary(b));
  const source = { format, files: given.map((f) => f.name) };
  let ms = 0;
  const call = async (name: string, value: unknown, attachments: unknown[] = []) => {
    const reply = await files("engine", name, value, attachments);
    ms += reply.ms;
    return reply.value;
  };
  await call("import_begin", { name: "bench", format: { type: format }, source, secret: "07".repeat(32), dates: "shift", holds_no_identifiers: false });
  for (const file of given) {
    const footer = file.name.endsWith(".parquet") ? [await file.slice(Math.max(0, file.size - (1 << 16))).arrayBuffer()] : [];
    await call("import_file", { name: file.name }, footer);
    for (let at = 0; at < file.size; at += 4194304) {
      const piece = await file.slice(at, at + 4194304).arrayBuffer();
      await call("import_bytes", { last: at + 4194304 >= file.size }, [piece]);
    }
  }
  const { report } = await call("import_finish", {});
  const mb = given.reduce((sum, f) => sum + f.size, 0) / 1e6;
  return { ms, mb, rows: report.rows_read, kept: report.rows_kept, events: report.events, notes: report.notes, note_findings: report.note_findings };
}

for (const kind of KINDS) {
  test(`import of ${kind.name} in the worker`, async ({ page, browser }) => {
    const folder = join(FOLDER, kind.folder);
    const paths = readdirSync(folder).filter((f) => f.endsWith(kind.end)).map((f) => join(folder, f));
    await page.goto("/manifest.webmanifest");
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "files", multiple: true })));
    await page.locator("#files").setInputFiles(paths);
    const before = await cpuSeconds(browser);
    const found = await page.evaluate(measure, [connect.toString(), kind.format] as [string, string]);
    const cpu_s = (await cpuSeconds(browser)) - before;
    const seconds = found.ms / 1000;
    const amounts = { mb: found.mb, rows: found.rows, ...(found.notes ? { notes: found.notes } : {}) };
    const rates = Object.fromEntries(
      Object.entries(amounts).flatMap(([unit, n]) => [[`${unit}_per_s`, n / seconds], [`${unit}_per_cpu_s`, n / cpu_s]]),
    );
    console.log(JSON.stringify({ where: "worker", name: kind.name, ...found, cpu_s, ...rates }));
    expect(found.kept).toBeGreaterThan(0);
  });
}
