/**
 * Collection: FHIR in three packings, OMOP tables as CSV and Parquet, and flat files, through the import screen as people bring
 * them; each count against what the files were made of; found again after a reload and a restart; nothing doubled.
 */
import { chromium, expect, test, type Page } from "@playwright/test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { launchOptions } from "../support/chromium";
import { ClinicExport } from "../support/clinic_fhir";
import { ClinicTables } from "../support/clinic_omop";
import { bring, lines, stored, text } from "../support/files";
import { zip } from "../support/pack";
import { audit, noErrors, watch } from "../support/page";
import { accept, byTable, counts, domains, drop, imported, rows, write } from "../support/record";
import { BASE } from "../support/server";

const clinic = new ClinicExport();
const tables = new ClinicTables();
const ward = text("ward.csv", ["patient_id,surname,seen,age,days,event", ...lines(40, (i) => `P${1000 + i},Abernathy,2020-03-1${i % 10},${40 + i},${10 + i},${i % 2}`)]);

/** 20 MB of a type that is not used: an import of more than 16 MB is read by several workers. */
const N_BESIDE = 10_000;
const coverage = (i: number) => JSON.stringify({ resourceType: "Coverage", id: `c${i}`, class: [{ value: "x".repeat(2000) }] });

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rounds-collect-"));
  write(join(folder, "export"), clinic.ndjson());
  write(join(folder, "bundles"), clinic.bundles());
  write(folder, new Map([["export.zip", zip(clinic.bundles())]]));
  write(join(folder, "cdm"), tables.files);
  write(join(folder, "update"), clinic.update().files);
  write(join(folder, "beside"), new Map([["Coverage.000.ndjson", Buffer.from(lines(N_BESIDE, coverage).join("\n"))]]));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Events that were recorded, and what was read from notes beside them. */
async function recorded(page: Page, id: string) {
  const { note_finding: present = 0, note_not_present: other = 0, ...events } = await domains(page, id);
  return { events, findings: { present, other } };
}

/** What a stored dataset holds, as a `.rounds` file. */
async function saved(page: Page): Promise<Buffer> {
  await page.goto("/data");
  const button = page.getByRole("button", { name: /Save as .rounds/ }).first();
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return readFileSync((await download.path())!);
}

test("FHIR: every resource is accounted for, whatever it is packed in, and comes once", async ({ page, context }) => {
  test.setTimeout(180_000);
  const clean = noErrors(page);
  const requests = watch(context);
  const want = clinic.counts();

  await test.step("a folder of a bulk export, part of it gzipped", async () => {
    await drop(page, [join(folder, "export")]);
    await accept(page, { name: "Clinic" }, async () => {
      await expect(page.getByText(`${want.notes} texts went through the identifier screen`, { exact: false })).toBeVisible();
      await expect(page.locator("mark", { hasText: "Hernandez" }).first()).toBeVisible();
      await expect(page.locator("mark", { hasText: /metformin|hypertension/i })).toHaveCount(0);
      await audit(page);
    });
    expect(await counts(page)).toEqual(want);
    expect(await byTable(page)).toEqual(clinic.byType());
    const reasons = await rows(page, "Rejected rows and values");
    expect(reasons).toHaveLength(want.rejected);
    for (const [file, line, field, why] of reasons) {
      expect(file).toMatch(/^export\/(Condition|Observation|MedicationRequest)\.000\.ndjson/);
      expect(Number(line)).toBeGreaterThan(0);
      expect(field).not.toBe("");
      expect(why.length).toBeGreaterThan(10);
    }
    await expect(page.getByRole("table", { name: /eighteen classes/ }).locator("tbody tr")).toHaveCount(18);
    await audit(page);
  });
  const id = await imported(page);
  expect(await recorded(page, id)).toEqual({ events: clinic.domains(), findings: clinic.findings() });

  for (const [what, paths] of [
    ["a zip of Bundles", ["export.zip"]],
    ["a folder of Bundles", ["bundles"]],
    ["the same folder again", ["export"]],
    ["both at once", ["export", "bundles"]],
  ] as const) {
    await test.step(what, async () => {
      await drop(page, paths.map((path) => join(folder, path)));
      await accept(page);
      await expect(page.getByText("was on this device already")).toBeVisible();
      expect(await counts(page)).toEqual(paths.length > 1 ? clinic.twice() : want);
      expect(await imported(page)).toBe(id);
      expect(await stored(page)).toEqual({ datasets: [id], chunks: [id] });
    });
  }

  await test.step("with much beside it, read by several workers: the same dataset", async () => {
    const started: string[] = [];
    context.on("request", (request) => /intake_bg\.wasm/.test(request.url()) && started.push(request.url()));
    await drop(page, [join(folder, "beside"), join(folder, "export")]);
    await accept(page);
    await expect(page.getByText("was on this device already")).toBeVisible();
    expect(await counts(page)).toEqual({ ...want, read: want.read + N_BESIDE, notUsed: want.notUsed + N_BESIDE });
    expect(await imported(page)).toBe(id);
    expect(started.length, "workers that were started").toBeGreaterThan(1);
  });

  await test.step("the files by the dialog, and one .ndjson.gz that holds it all", async () => {
    const all = Buffer.from(clinic.rows.map(({ resource }) => JSON.stringify(resource)).join("\n"));
    const files = [...clinic.ndjson()].map(([name, buffer]) => ({ name, mimeType: "application/fhir+ndjson", buffer }));
    for (const given of [files, [{ name: "all.ndjson.gz", mimeType: "application/gzip", buffer: gzipSync(all) }]]) {
      await page.goto("/data/import");
      await page.locator("input[type=file]").first().setInputFiles(given);
      await accept(page);
      expect(await counts(page)).toEqual(want);
      expect(await imported(page)).toBe(id);
    }
    expect((await stored(page)).datasets).toEqual([id]);
  });

  await test.step("nobody's name is in what is stored, and nothing left the device", async () => {
    const bytes = await saved(page);
    for (const name of ClinicExport.NAMES) expect(bytes.includes(name), name).toBe(false);
    expect(bytes.includes("metformin")).toBe(true);
    expect(requests.check(ClinicExport.NAMES)).toBe(0);
  });
  clean();
});

test("an update of a dataset: what changed is replaced, what was entered in error goes, nothing is doubled", async ({ page }) => {
  test.setTimeout(120_000);
  const clean = noErrors(page);
  const { events: want } = clinic.update();
  await drop(page, [join(folder, "export")]);
  await accept(page, { name: "Clinic" });
  const first = await imported(page);
  await drop(page, [join(folder, "update")]);
  await accept(page, { into: /^Clinic/ });
  const merged = await rows(page, "Against the dataset that was here");
  expect(merged).toEqual([
    ["Persons", "0", "0", "2", "0"],
    ["Dated records", `${want.new}`, `${want.updated}`, "0", `${want.removed}`],
    ["Notes", "0", "0", "0", "0"],
  ]);
  await expect(page.getByText(/^2 patients were not among these files/)).toBeVisible();
  await audit(page);
  const second = await imported(page);
  expect(second).not.toBe(first);
  const { visit, measurement, ...rest } = clinic.domains();
  const now = { ...rest, visit: visit + want.new, measurement: measurement - want.removed };
  expect(await recorded(page, second)).toEqual({ events: now, findings: clinic.findings() });
  // The one before stays beside it, as it was.
  expect((await recorded(page, first)).events).toEqual(clinic.domains());

  await drop(page, [join(folder, "update")]);
  await expect(page.getByRole("heading", { name: "What was recognized" })).toBeVisible();
  const into = page.getByLabel("Add to, or update, a dataset that is here");
  await into.selectOption(second);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("was on this device already")).toBeVisible();
  expect(await rows(page, "Against the dataset that was here")).toEqual([
    ["Persons", "0", "0", "2", "0"],
    ["Dated records", "0", "0", `${want.new + want.updated}`, "0"],
    ["Notes", "0", "0", "0", "0"],
  ]);
  expect((await stored(page)).datasets.sort()).toEqual([first, second].sort());
  clean();
});

test("OMOP tables: CSV in several dialects and Parquet, each row accounted for, twice the same", async ({ page }) => {
  const clean = noErrors(page);
  await drop(page, [join(folder, "cdm")]);
  const recognized = await rows(page, "Files and what they are");
  expect(recognized).toHaveLength(tables.files.size);
  expect(recognized).toContainEqual(["cdm/measurement.parquet", "measurement"]);
  expect(recognized).toContainEqual(["cdm/cost.csv", "not used by Rounds"]);
  await accept(page, { name: "Clinic tables" }, () => expect(page.locator("mark", { hasText: "Abernathy" }).first()).toBeVisible());
  expect(await counts(page)).toEqual(tables.counts());
  expect(await byTable(page)).toEqual(tables.byTable);
  expect(await rows(page, "Rejected rows and values")).toEqual([
    ["cdm/VISIT_OCCURRENCE.csv", "7", "end date", expect.stringMatching(/no such day/)],
    ["cdm/condition_occurrence.csv", "23", "start date", expect.stringMatching(/no date/)],
    ["cdm/condition_occurrence.csv", "22", "person_id", expect.stringMatching(/not in the person table/)],
  ]);
  await audit(page);
  const id = await imported(page);
  expect(await recorded(page, id)).toEqual({ events: tables.domains, findings: tables.findings });

  // The same tables zipped: the same dataset.
  write(folder, new Map([["cdm.zip", zip(tables.files)]]));
  await drop(page, [join(folder, "cdm.zip")]);
  await accept(page);
  await expect(page.getByText("was on this device already")).toBeVisible();
  expect(await counts(page)).toEqual(tables.counts());
  expect(await stored(page)).toEqual({ datasets: [id], chunks: [id] });
  clean();
});

test("FHIR, OMOP and CSV side by side: found again after a reload and after a restart, twice the same file is one", async () => {
  test.setTimeout(180_000);
  const profile = mkdtempSync(join(tmpdir(), "rounds-profile-"));
  const launch = () => chromium.launchPersistentContext(profile, {
    ...launchOptions, baseURL: BASE, viewport: { width: 1440, height: 900 }, locale: "en-GB",
  });
  /** Each dataset by its name, with its persons; the record's counts; one person's timeline with curve and note. */
  const found = async (page: Page, ids: { fhir: string; omop: string; csv: string }) => {
    for (const [name, persons] of [["Clinic", 24], ["Clinic tables", 20], ["ward", 40]] as const) {
      const item = page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });
      await expect(item).toHaveCount(1);
      await expect(item).toContainText(`${persons} persons`);
    }
    expect(await recorded(page, ids.fhir)).toEqual({ events: clinic.domains(), findings: clinic.findings() });
    expect(await recorded(page, ids.omop)).toEqual({ events: tables.domains, findings: tables.findings });
    await page.goto(`/data/${ids.csv}`);
    await expect(page.getByText("40 persons, one row a person (CSV file).")).toBeVisible();
    await page.goto(`/data/${ids.fhir}/timeline`);
    const persons = page.getByRole("table", { name: /persons found/ });
    await expect(persons.getByRole("link")).toHaveCount(24);
    await persons.getByRole("link").first().click();
    await expect(page.getByRole("heading", { level: 1, name: /^Person / })).toBeVisible();
    // Four values, one of them sent in another unit.
    await expect(page.getByRole("img", { name: /^Creatinine.*mg\/dL: 4 values from/ })).toBeVisible();
    await page.getByLabel("Note", { exact: true }).selectOption({ index: 1 });
    const note = page.getByRole("article", { name: "Text of the note" });
    await expect(note).toContainText("Has hypertension. Denies chest pain.");
    await expect(note.getByRole("button", { name: /chest pain, negated$/ })).toBeVisible();
    for (const name of ClinicExport.NAMES) await expect(note).not.toContainText(name);
    await page.goto("/data");
  };
  try {
    const before = await launch();
    const page = before.pages()[0];
    const clean = noErrors(page);
    await drop(page, [join(folder, "export")]);
    await accept(page, { name: "Clinic" });
    const fhir = await imported(page);
    await drop(page, [join(folder, "cdm")]);
    await accept(page, { name: "Clinic tables" });
    const omop = await imported(page);
    const csv = await bring(page, ward);
    const ids = { fhir, omop, csv };
    await page.goto("/data");
    await page.reload();
    await found(page, ids);
    clean();
    await before.close();

    const after = await launch();
    const later = after.pages()[0];
    await later.goto("/data");
    await found(later, ids);
    // The secret of the device is the same one: the same file gives the same dataset.
    expect(await bring(later, ward)).toBe(csv);
    await expect(later.getByText("was on this device already")).toBeVisible();
    await drop(later, [join(folder, "export.zip")]);
    await accept(later);
    expect(await imported(later)).toBe(fhir);
    expect((await stored(later)).datasets.sort()).toEqual([fhir, omop, csv].sort());
    await after.close();
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});
