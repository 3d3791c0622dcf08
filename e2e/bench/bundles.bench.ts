import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { connect } from "./engine";

/** Folder with a Bundle a patient: of the files made to measure with, or another one. */
const FOLDER = process.env.BENCH_BUNDLES ?? join(process.env.BENCH_FILES ?? "", "bundles");

/** The whole import as the screen asks for it, but for storing: seconds by the clock. */
async function measure(connectSource: string) {
  const start = (0, eval)(`(${connectSource})`) as typeof connect;
  const files = start("/intake_start.js");
  const given = [...(document.getElementById("files") as HTMLInputElement).files!];
  const ask = { name: "bench", names: given.map((f) => f.name), format: { type: "fhir" }, dates: "shift" };
  await files("host", "storage_state", { ask_persistence: false });
  const from = performance.now();
  const { value } = await files("host", "prepare_import", { import: ask }, given);
  const seconds = (performance.now() - from) / 1000;
  const mb = given.reduce((sum, f) => sum + f.size, 0) / 1e6;
  const { persons, rows_read, rows_kept, events, notes, note_findings } = value.report;
  return { seconds, mb, files: given.length, persons, rows_read, rows_kept, events, notes, note_findings, threads: navigator.hardwareConcurrency };
}

test("import of Bundles, a patient each", async ({ page }) => {
  const paths = readdirSync(FOLDER).filter((f) => f.endsWith(".json")).map((f) => join(FOLDER, f));
  await page.goto("/manifest.webmanifest");
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "files", multiple: true })));
  await page.locator("#files").setInputFiles(paths);
  const found = await page.evaluate(measure, connect.toString());
  const patients_per_s = found.persons / found.seconds;
  console.log(JSON.stringify({ where: "tab", name: "fhir_bundles", ...found, mb_per_s: found.mb / found.seconds, patients_per_s }));
  expect(found.persons).toBeGreaterThan(0);
});
