/** Large files to measure imports with, written to disk once a run: copies of small exports under new ids, and tables made by count. */
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { ClinicExport } from "../support/clinic_fhir";

const DATA = join(__dirname, "../../../shared/data/fhir");
const UUID = /([0-9a-f]{8})(-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g;

export type Files = { what: string; paths: string[]; bytes: number };

/** The same text under other ids: every UUID becomes another one, the same for the same, so that references still meet. */
const renamed = (text: string, copy: number) => {
  const mask = Math.imul(copy, 0x9e3779b1) >>> 0;
  return text.replace(UUID, (_all, head, tail) => ((parseInt(head, 16) ^ mask) >>> 0).toString(16).padStart(8, "0") + tail);
};

/** The files of a zip archive by name. */
function unzip(bytes: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    const [packed, name, extra, comment] = [20, 28, 30, 32].map((o) => (o === 20 ? bytes.readUInt32LE(at + o) : bytes.readUInt16LE(at + o)));
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(begin, begin + packed);
    const text = bytes.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), text.toString("utf8"));
    at += 46 + name + extra + comment;
  }
  return files;
}

export class Material {
  readonly folder = mkdtempSync(join(tmpdir(), "rounds-bench-"));

  private put(what: string, name: string, write: (line: (text: string) => void) => void): Files {
    const path = join(this.folder, name);
    const file = openSync(path, "w");
    let held: string[] = [];
    let size = 0;
    const flush = () => {
      writeSync(file, held.join(""));
      held = [];
      size = 0;
    };
    write((text) => {
      held.push(text);
      size += text.length;
      if (size > 1 << 22) flush();
    });
    flush();
    closeSync(file);
    return { what, paths: [path], bytes: statSync(path).size };
  }

  /** Bundles of `n` Synthea patients, a file a patient: copies of those beside the repository; none where they are not there. */
  bundles(n: number, is_pretty: boolean): Files | undefined {
    const source = join(DATA, "pysynthea-20");
    if (!existsSync(source)) return undefined;
    const zip = readdirSync(source).find((name) => name.endsWith(".zip"))!;
    const all = [...unzip(readFileSync(join(source, zip)))].map(([name, text]) => [basename(name), is_pretty ? text : JSON.stringify(JSON.parse(text))]);
    const into = join(this.folder, is_pretty ? "bundles" : "minified");
    mkdirSync(into);
    const paths: string[] = [];
    let bytes = 0;
    for (let i = 0; i < n; i++) {
      const [name, text] = all[i % all.length];
      const path = join(into, `${Math.floor(i / all.length)}-${name}`);
      writeFileSync(path, renamed(text, Math.floor(i / all.length)));
      paths.push(path);
      bytes += statSync(path).size;
    }
    return { what: `${n} Synthea patients as Bundles (copies of 20), ${is_pretty ? "as written by Synthea" : "without white space"}`, paths, bytes };
  }

  /** NDJSON of at least so many megabytes: the small hospital's export again and again, other persons each time. */
  ndjson(megabytes: number, is_with_notes: boolean): Files {
    const rows = new ClinicExport().rows.filter((row) => is_with_notes || row.notes === 0);
    const text = rows.map(({ resource }) => JSON.stringify(resource)).join("\n") + "\n";
    return this.put(`FHIR NDJSON ${is_with_notes ? "with" : "without"} notes, made here`, `made-${megabytes}.ndjson`, (line) => {
      for (let copy = 0; copy * text.length < megabytes * 1e6; copy++) line(renamed(text, copy));
    });
  }

  /** The bulk export of 2,000 patients beside the repository, unpacked; none where it is not there. */
  carebundle(): Files | undefined {
    const source = join(DATA, "carebundle-2000");
    if (!existsSync(source)) return undefined;
    const paths: string[] = [];
    let bytes = 0;
    for (const name of readdirSync(source).filter((name) => name.endsWith(".gz"))) {
      const path = join(this.folder, name.replace(/\.gz$/, ""));
      writeFileSync(path, gunzipSync(readFileSync(join(source, name))));
      paths.push(path);
      bytes += statSync(path).size;
    }
    return { what: "FHIR NDJSON, carebundle's 2,000 patients", paths, bytes };
  }

  /** OMOP CSV tables of `n` persons with the columns of CDM 5.4. */
  omop(n: number): Files {
    const day = (i: number) => new Date(Date.UTC(2005, 0, 1 + (i % 6000))).toISOString().slice(0, 10);
    const put = (name: string, header: string, rows: number, row: (i: number) => string) =>
      this.put("", `${name}.csv`, (line) => {
        line(header + "\n");
        for (let i = 0; i < rows; i++) line(row(i) + "\n");
      });
    const person = (i: number) => 1 + (Math.imul(i, 2654435761) >>> 0) % n;
    const labs = [["3004249", "8876", "mm[Hg]"], ["3016723", "8840", "mg/dL"], ["3004410", "8554", "%"], ["3025315", "9529", "kg"]];
    const tables = [
      put("person", "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id,location_id,provider_id,care_site_id,person_source_value,gender_source_value,gender_source_concept_id,race_source_value,race_source_concept_id,ethnicity_source_value,ethnicity_source_concept_id",
        n, (i) => `${i + 1},${i % 2 ? 8507 : 8532},${1930 + (i % 70)},${1 + (i % 12)},${1 + (i % 28)},,8527,0,,,,p${i},${i % 2 ? "M" : "F"},0,white,0,nonhispanic,0`),
      put("observation_period", "observation_period_id,person_id,observation_period_start_date,observation_period_end_date,period_type_concept_id",
        n, (i) => `${i + 1},${i + 1},2004-01-01,2023-12-31,44814724`),
      put("visit_occurrence", "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,visit_end_datetime,visit_type_concept_id,provider_id,care_site_id,visit_source_value,visit_source_concept_id,admitted_from_concept_id,admitted_from_source_value,discharged_to_concept_id,discharged_to_source_value,preceding_visit_occurrence_id",
        10 * n, (i) => `${i + 1},${person(i)},9202,${day(i)},${day(i)} 00:00:00,${day(i)},${day(i)} 00:00:00,32827,,,${i}-visit,0,0,,0,,`),
      put("condition_occurrence", "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_start_datetime,condition_end_date,condition_end_datetime,condition_type_concept_id,condition_status_concept_id,stop_reason,provider_id,visit_occurrence_id,visit_detail_id,condition_source_value,condition_source_concept_id,condition_status_source_value",
        8 * n, (i) => `${i + 1},${person(i)},${201826 + (i % 50)},${day(i)},${day(i)} 00:00:00,,,32827,0,,,${i + 1},,44054006,${201826 + (i % 50)},`),
      put("drug_exposure", "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_start_datetime,drug_exposure_end_date,drug_exposure_end_datetime,verbatim_end_date,drug_type_concept_id,stop_reason,refills,quantity,days_supply,sig,route_concept_id,lot_number,provider_id,visit_occurrence_id,visit_detail_id,drug_source_value,drug_source_concept_id,route_source_value,dose_unit_source_value",
        8 * n, (i) => `${i + 1},${person(i)},${1503297 + (i % 50)},${day(i)},${day(i)} 00:00:00,${day(i + 30)},${day(i + 30)} 00:00:00,,32838,,0,0,30,,0,,,${i + 1},,860975,${1503297 + (i % 50)},,`),
      put("measurement", "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,measurement_time,measurement_type_concept_id,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,range_low,range_high,provider_id,visit_occurrence_id,visit_detail_id,measurement_source_value,measurement_source_concept_id,unit_source_value,unit_source_concept_id,value_source_value,measurement_event_id,meas_event_field_concept_id",
        40 * n, (i) => {
          const [concept, unit, words] = labs[i % labs.length];
          return `${i + 1},${person(i)},${concept},${day(i)},${day(i)} 08:15:00,08:15:00,32827,0,${((i * 37) % 2000) / 10},0,${unit},,,,${i + 1},,8480-6,${concept},${words},0,${((i * 37) % 2000) / 10},,`;
        }),
    ];
    return { what: `OMOP CSV, ${n} persons, ${69 * n} rows`, paths: tables.flatMap((t) => t.paths), bytes: tables.reduce((sum, t) => sum + t.bytes, 0) };
  }

  /** A flat file of `n` rows: an identifier, times, an event, an arm and eleven numbers. */
  flat(n: number): Files {
    const names = Array.from({ length: 11 }, (_, i) => `x${i + 1}`);
    return this.put(`flat CSV, ${n} rows`, "flat.csv", (line) => {
      line(`id,days,anytime,event,arm,${names.join(",")}\n`);
      for (let i = 0; i < n; i++) {
        const days = 1 + (Math.imul(i, 48271) >>> 0) % 3000;
        const x = names.map((_, k) => (((Math.imul(i + 1, 7919 + 104729 * k) >>> 0) % 100) / 100 - 0.5).toFixed(2));
        line(`${i + 1},${days},${days}.${1000 + (i % 9000)},${i % 3 ? 0 : 1},${i % 2},${x.join(",")}\n`);
      }
    });
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
