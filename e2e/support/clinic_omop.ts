/**
 * A small OMOP CDM folder, made here: two tables are fixtures of the intake's own tests (persons, and a measurement table that
 * pyarrow wrote), the others are written with the dialects that sites have. The counts are made of the rows as they are written.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Counts } from "./record";

const FIXTURES = join(__dirname, "../../shared/intake/tests/parquet");
const N_PERSONS = 20;

/** Records of a CSV without line breaks in quotes, and without its header. */
const n_records = (name: string) => readFileSync(join(FIXTURES, name), "utf8").trim().split("\n").length - 1;

export class ClinicTables {
  readonly files = new Map<string, Buffer>();
  /** Rows kept, rejected and not used by table. */
  readonly byTable: Record<string, [number, number, number]> = {};
  readonly domains: Record<string, number> = {};
  /** Findings of the notes: said to be there, and denied. */
  readonly findings = { present: N_PERSONS, other: N_PERSONS };
  readonly valuesSetToMissing = 1;

  private table(file: string, as: string, lines: string[], fate: [number, number, number], domain?: string) {
    this.files.set(file, Buffer.from(lines.join("\n") + "\n"));
    this.byTable[as] = fate;
    if (domain) this.domains[domain] = fate[0];
  }

  constructor() {
    const persons = Array.from({ length: N_PERSONS }, (_, i) => i + 1);
    this.files.set("person.csv", readFileSync(join(FIXTURES, "person.csv")));
    this.byTable.person = [n_records("person.csv"), 0, 0];
    // The same rows stand in measurement.csv beside it, where they can be counted; each has a time, few lack a date.
    this.files.set("measurement.parquet", readFileSync(join(FIXTURES, "snappy.parquet")));
    this.byTable.measurement = [n_records("measurement.csv"), 0, 0];
    this.domains.measurement = n_records("measurement.csv");
    this.table("observation_period.csv", "observation_period",
      ["observation_period_id,person_id,observation_period_start_date,observation_period_end_date,period_type_concept_id",
        ...persons.map((p) => `${p},${p},1960-01-01,2022-12-31,44814724`)], [N_PERSONS, 0, 0]);
    // Tabs, capitals, another order of columns.
    this.table("VISIT_OCCURRENCE.csv", "visit_occurrence",
      ["PERSON_ID\tVISIT_OCCURRENCE_ID\tVISIT_CONCEPT_ID\tVISIT_START_DATE\tVISIT_END_DATE",
        ...persons.flatMap((p) => [
          `${p}\t${100 + p}\t9202\t2011-0${1 + (p % 9)}-1${p % 9}\t2011-0${1 + (p % 9)}-1${p % 9}`,
          // One end that is no day: set to missing, the visit stays.
          `${p}\t${200 + p}\t9201\t2012-02-1${p % 9}\t2012-02-${p === 3 ? 30 : `2${p % 9}`}`,
        ])],
      [2 * N_PERSONS, 0, 0], "visit");
    // One row of a person whom nobody knows, one without a date.
    this.table("condition_occurrence.csv", "condition_occurrence",
      ["condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date,condition_source_value",
        ...persons.map((p) => `${p},${p},201826,2012-05-1${p % 10},,"E11.9, ""T2DM"""`), "21,999,201826,2012-05-10,,E11.9", "22,1,201826,,,E11.9"],
      [N_PERSONS, 2, 0], "condition");
    this.table("drug_exposure.csv", "drug_exposure",
      ["drug_exposure_id;person_id;drug_concept_id;drug_exposure_start_date;drug_exposure_end_date",
        ...persons.filter((p) => p % 2).map((p) => `${p};${p};1503297;2013-01-0${p % 9 + 1};2013-03-0${p % 9 + 1}`)], [N_PERSONS / 2, 0, 0], "drug");
    this.table("death.csv", "death", ["person_id,death_date", "4,2022-06-05"], [1, 0, 0], "death");
    this.table("note.csv", "note",
      ["note_id,person_id,note_date,note_title,note_text",
        ...persons.map((p) => `${p},${p},2012-05-1${p % 10},Progress note,"Mr. Abernathy was seen today.\nHas hypertension. No fever. Call 617-555-0${100 + p}."`)],
      [N_PERSONS, 0, 0]);
    this.table("concept.csv", "concept",
      ["concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason",
        "201826\tType 2 diabetes mellitus\tCondition\tSNOMED\tDisorder\tS\t44054006\t19700101\t20991231\t",
        "201820\tDiabetes mellitus\tCondition\tSNOMED\tDisorder\tS\t73211009\t19700101\t20991231\t",
        "1503297\tmetformin\tDrug\tRxNorm\tIngredient\tS\t6809\t19700101\t20991231\t",
        // Nobody has it.
        "312327\tAcute myocardial infarction\tCondition\tSNOMED\tDisorder\tS\t57054005\t19700101\t20991231\t"], [3, 0, 1]);
    this.table("concept_ancestor.csv", "concept_ancestor",
      ["ancestor_concept_id,descendant_concept_id,min_levels_of_separation,max_levels_of_separation", "201820,201826,1,1", "4008576,312327,1,1"],
      [1, 0, 1]);
    this.table("cost.csv", "not used", ["cost_id,cost_event_id,total_charge", "1,1,100", "2,2,200"], [0, 0, 2]);
  }

  counts(): Counts {
    const sum = (of: number) => Object.values(this.byTable).reduce((all, fate) => all + fate[of], 0);
    const [kept, rejected, notUsed] = [sum(0), sum(1), sum(2)];
    const events = Object.values(this.domains).reduce((all, n) => all + n, 0);
    return { read: kept + rejected + notUsed, kept, rejected, notUsed, persons: N_PERSONS, events, notes: N_PERSONS };
  }
}
