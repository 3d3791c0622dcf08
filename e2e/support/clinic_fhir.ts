/**
 * A small hospital's FHIR export, made here: 24 patients, resources that refer to each other across files, and what real
 * exports have that must not become an event. Whoever adds a resource says what must become of it, by the rules of FHIR R4,
 * so that the sums are not the product's own.
 */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Counts } from "./record";

type Resource = { resourceType: string; id: string; [field: string]: unknown };
/** `dangling`: rejected at the end only, when what it refers to did not come. */
type Fate = "kept" | "rejected" | "dangling" | "not used";
type Row = { resource: Resource; fate: Fate; domains: string[]; notes: number };

const HOST = "https://ehr.example.org/fhir";
const N_PATIENTS = 24;
const FAMILIES = ["Hernandez", "Kowalczyk", "Abernathy", "Okonkwo", "Lindholm", "Petrosyan"];
const GIVEN = ["Rosalind", "Thaddeus", "Marisela", "Ottoline"];

/** An id as servers make them, always the same for the same words. */
const uuid = (words: string) => createHash("sha1").update(words).digest("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, "$1-$2-$3-$4-$5");
const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }], text: display });
const snomed = (code: string, display: string) => coded("http://snomed.info/sct", code, display);
const loinc = (code: string, display: string) => coded("http://loinc.org", code, display);
const category = (code: string) => [coded("http://terminology.hl7.org/CodeSystem/observation-category", code, code)];
const verified = (code: string) => coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", code, code);
const day = (i: number, step: number) => new Date(Date.UTC(2018, 0, 8 + 11 * i + 90 * step)).toISOString().slice(0, 10);
const quantity = (value: number, unit: string) => ({ value, unit, system: "http://unitsofmeasure.org", code: unit });

/** The export: its rows in the order in which they were made. */
export class ClinicExport {
  readonly rows: Row[] = [];

  private add(fate: Fate, resourceType: string, words: string, fields: object, domains: string[] = [], notes = 0) {
    const resource = { resourceType, id: uuid(`${resourceType} ${words}`), meta: { lastUpdated: "2021-05-01T10:00:00Z" }, ...fields };
    this.rows.push({ resource, fate, domains, notes });
    return { reference: `${resourceType}/${resource.id}` };
  }

  constructor() {
    const medications = [["6809", "metformin"], ["29046", "lisinopril"]].map(([code, name]) =>
      this.add("kept", "Medication", name, { code: coded("http://www.nlm.nih.gov/research/umls/rxnorm", code, name) }),
    );
    // Nobody takes it.
    this.add("not used", "Medication", "warfarin", { code: coded("http://www.nlm.nih.gov/research/umls/rxnorm", "11289", "warfarin") });
    for (let i = 0; i < N_PATIENTS; i++) this.patient(i, medications);
    const nobody = { reference: `Patient/${uuid("nobody")}` };
    this.add("dangling", "Condition", "of nobody", { subject: nobody, code: snomed("44054006", "Type 2 diabetes"), onsetDateTime: "2020-01-01" });
    this.add("not used", "Practitioner", "Lindqvist", { name: [{ family: "Lindqvist" }] });
    this.add("not used", "Organization", "Zorblax", { name: "Zorblax Clinic" });
  }

  private patient(i: number, medications: object[]) {
    const [family, given] = [FAMILIES[i % FAMILIES.length], GIVEN[i % GIVEN.length]];
    const dead = i % 8 === 7;
    const subject = this.add("kept", "Patient", `${i}`, {
      identifier: [{ type: coded("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number"), value: `MRN-77${100 + i}` }],
      name: [{ family, given: [given] }],
      telecom: [{ system: "phone", value: `617-555-0${100 + i}` }],
      gender: i % 2 ? "male" : "female",
      birthDate: i === 0 ? "1924-03-02" : `19${40 + i}-03-0${1 + (i % 9)}`,
      address: [{ line: [`${i} Elm Street`], city: "Boston", state: "MA", postalCode: `0213${i % 9}` }],
      ...(dead ? { deceasedDateTime: "2021-02-03T04:05:06Z" } : {}),
    }, dead ? ["death"] : []);
    const encounter = this.visits(i, subject);
    this.conditions(i, subject, encounter);
    this.observations(i, subject, encounter);
    this.treatments(i, subject, encounter, medications);
    this.documents(i, subject, { family, given });
    this.add("not used", "Coverage", `${i}`, { status: "active", beneficiary: subject, payor: [{ display: "Payer" }] });
  }

  private visits(i: number, subject: object) {
    const outpatient = { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "AMB", display: "ambulatory" };
    const first = this.add("kept", "Encounter", `${i} first`, {
      status: "finished", class: outpatient, subject, period: { start: `${day(i, 0)}T09:00:00+01:00`, end: `${day(i, 0)}T09:40:00+01:00` },
    }, ["visit"]);
    this.add("kept", "Encounter", `${i} second`, {
      status: "finished", class: { ...outpatient, code: "IMP", display: "inpatient" }, subject, period: { start: day(i, 1), end: day(i, 2) },
    }, ["visit"]);
    // What is planned has not happened.
    if (i % 6 === 0) this.add("not used", "Encounter", `${i} planned`, { status: "planned", class: outpatient, subject, period: { start: day(i, 6) } });
    return first;
  }

  private conditions(i: number, subject: object, encounter: object) {
    const diabetes = { subject, code: snomed("44054006", "Type 2 diabetes mellitus") };
    // A year alone is a date of FHIR.
    this.add("kept", "Condition", `${i}`, { ...diabetes, verificationStatus: verified("confirmed"), onsetDateTime: i % 3 ? day(i, 0) : "2017" }, ["condition"]);
    // Without a date of its own it has the day of its encounter.
    if (i % 4 === 2) this.add("kept", "Condition", `${i} undated`, { subject, encounter, code: snomed("38341003", "Hypertension") }, ["condition"]);
    if (i % 5 === 0) this.add("not used", "Condition", `${i} refuted`, { ...diabetes, verificationStatus: verified("refuted"), onsetDateTime: day(i, 1) });
    if (i % 5 === 1) this.add("not used", "Condition", `${i} in error`, { ...diabetes, verificationStatus: verified("entered-in-error"), onsetDateTime: day(i, 1) });
    if (i % 12 === 3) this.add("rejected", "Condition", `${i} no date`, { subject, code: snomed("22298006", "Myocardial infarction") });
  }

  private observations(i: number, subject: object, encounter: object) {
    const lab = { status: "final", category: category("laboratory"), subject, encounter };
    const creatinine = loinc("2160-0", "Creatinine [Mass/volume] in Serum or Plasma");
    const members = [0, 1, 2, 3].map((step) => {
      // The same quantity in two units, as two laboratories send it.
      const value = step === 2 ? quantity(88.4 + i, "umol/L") : quantity(0.8 + i / 20 + step / 10, "mg/dL");
      return this.add("kept", "Observation", `${i} creatinine ${step}`, { ...lab, code: creatinine, effectiveDateTime: `${day(i, step)}T08:15:00Z`, valueQuantity: value }, ["measurement"]);
    });
    this.add("kept", "Observation", `${i} panel`, {
      ...lab, code: loinc("51990-0", "Basic metabolic panel"), effectiveDateTime: day(i, 3), hasMember: members.slice(3),
    }, ["measurement"]);
    this.add("kept", "Observation", `${i} pressure`, {
      ...lab, category: category("vital-signs"), code: loinc("85354-9", "Blood pressure panel"), effectiveDateTime: day(i, 0),
      component: [
        { code: loinc("8480-6", "Systolic blood pressure"), valueQuantity: quantity(120 + i, "mm[Hg]") },
        { code: loinc("8462-4", "Diastolic blood pressure"), valueQuantity: quantity(70 + i, "mm[Hg]") },
      ],
    }, ["measurement", "measurement", "measurement"]);
    this.add("kept", "Observation", `${i} smoking`, {
      ...lab, category: category("social-history"), code: loinc("72166-2", "Tobacco smoking status"), effectiveDateTime: day(i, 0),
      valueCodeableConcept: snomed("266919005", "Never smoked tobacco"),
    }, ["observation"]);
    const wrong = { ...lab, code: creatinine, effectiveDateTime: day(i, 4) };
    if (i % 6 === 2) this.add("not used", "Observation", `${i} in error`, { ...wrong, status: "entered-in-error", valueQuantity: quantity(88, "mg/dL") });
    if (i % 7 === 3) this.add("not used", "Observation", `${i} absent`, { ...wrong, dataAbsentReason: coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown", "Unknown") });
    if (i % 12 === 5) this.add("rejected", "Observation", `${i} no such day`, { ...wrong, effectiveDateTime: "2020-02-30", valueQuantity: quantity(1, "mg/dL") });
  }

  private treatments(i: number, subject: object, encounter: object, medications: object[]) {
    const order = { status: "active", intent: "order", subject, encounter, authoredOn: day(i, 0) };
    this.add("kept", "MedicationRequest", `${i}`, { ...order, medicationReference: medications[i % 2] }, ["drug"]);
    if (i % 9 === 4) this.add("dangling", "MedicationRequest", `${i} of nothing`, { ...order, medicationReference: { reference: `Medication/${uuid("nothing")}` } });
    if (i % 4 === 0) {
      const contained = [{ resourceType: "Medication", id: "m", code: coded("http://www.nlm.nih.gov/research/umls/rxnorm", "83367", "atorvastatin") }];
      this.add("kept", "MedicationStatement", `${i}`, { status: "active", subject, effectivePeriod: { start: day(i, 1) }, contained, medicationReference: { reference: "#m" } }, ["drug"]);
    }
    const colonoscopy = { subject, code: snomed("73761001", "Colonoscopy"), performedDateTime: day(i, 2) };
    if (i % 3 === 0) this.add("kept", "Procedure", `${i}`, { ...colonoscopy, status: "completed" }, ["procedure"]);
    if (i % 3 === 1) this.add("not used", "Procedure", `${i} not done`, { ...colonoscopy, status: "not-done" });
    this.add("kept", "Immunization", `${i}`, { status: "completed", patient: subject, vaccineCode: coded("http://hl7.org/fhir/sid/cvx", "140", "Influenza"), occurrenceDateTime: day(i, 3) }, ["drug"]);
    if (i % 4 === 1) this.add("kept", "AllergyIntolerance", `${i}`, { patient: subject, code: snomed("91936005", "Allergy to penicillin"), recordedDate: day(i, 0) }, ["observation"]);
  }

  private documents(i: number, subject: object, who: { family: string; given: string }) {
    const text =
      `Mrs. ${who.family} (${who.given}) was seen on ${day(i, 0)} by Dr. Lindqvist, record MRN-77${100 + i}.\n\n` +
      `Has hypertension. Denies chest pain. Her father had a stroke. Takes metformin 500 mg bid.\nCall 617-555-0${100 + i}.\n`;
    const html = `<html><head><style>p { color: red }</style></head><body><p>${text.replace(/\n+/g, "</p><p>")}</p></body></html>`;
    const [contentType, body] = i % 8 === 5 ? ["text/html", html] : ["text/plain", text];
    const attachment = { contentType, data: Buffer.from(body).toString("base64") };
    this.add("kept", "DocumentReference", `${i}`, {
      status: "current", type: loinc("34133-9", "Summary of episode note"), subject, date: `${day(i, 0)}T12:00:00Z`, content: [{ attachment }],
    }, [], 1);
    if (i % 3 === 1) {
      this.add("kept", "DiagnosticReport", `${i}`, {
        status: "final", category: [coded("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB", "Laboratory")], subject,
        code: loinc("51990-0", "Basic metabolic panel"), effectiveDateTime: day(i, 3), conclusion: `No pneumonia seen in ${who.given}.`,
      }, ["measurement"], 1);
    }
  }

  /** What the report must say, summed over what was said of each resource. */
  counts(): Counts {
    const of = (fate: Fate) => this.rows.filter((row) => row.fate === fate).length;
    const kept = this.rows.filter((row) => row.fate === "kept");
    return {
      read: this.rows.length, kept: kept.length, rejected: of("rejected") + of("dangling"), notUsed: of("not used"), persons: N_PATIENTS,
      events: kept.reduce((sum, row) => sum + row.domains.length, 0),
      notes: kept.reduce((sum, row) => sum + row.notes, 0),
    };
  }

  /** What the report must say where every resource comes twice: the second of each is not used, but for what cannot be read. */
  twice(): Counts {
    const once = this.counts();
    const unread = this.rows.filter((row) => row.fate === "rejected").length;
    return { ...once, read: 2 * once.read, rejected: once.rejected + unread, notUsed: once.notUsed + once.read - unread };
  }

  /** Findings of the notes: hypertension and metformin are said to be there; chest pain, the father's stroke and pneumonia not. */
  findings(): { present: number; other: number } {
    const of = (type: string) => this.rows.filter((row) => row.resource.resourceType === type).length;
    return { present: 2 * of("DocumentReference"), other: 2 * of("DocumentReference") + of("DiagnosticReport") };
  }

  /** Rows kept, rejected and not used by type. */
  byType(): Record<string, [number, number, number]> {
    const out: Record<string, [number, number, number]> = {};
    const place = { kept: 0, rejected: 1, dangling: 1, "not used": 2 };
    for (const { resource, fate } of this.rows) (out[resource.resourceType] ??= [0, 0, 0])[place[fate]] += 1;
    return out;
  }

  /** Events by domain. */
  domains(): Record<string, number> {
    const out: Record<string, number> = {};
    for (const domain of this.rows.flatMap((row) => row.domains)) out[domain] = (out[domain] ?? 0) + 1;
    return out;
  }

  /** A folder as a bulk export writes it: a file a type, large ones packed. */
  ndjson(): Map<string, Buffer> {
    const lines = new Map<string, string[]>();
    for (const { resource } of this.rows) {
      const of = lines.get(resource.resourceType) ?? [];
      lines.set(resource.resourceType, [...of, JSON.stringify(resource)]);
    }
    const files = new Map<string, Buffer>();
    for (const [type, all] of [...lines].sort()) {
      const bytes = Buffer.from(all.join("\n") + "\n");
      if (all.length > 50) files.set(`${type}.000.ndjson.gz`, gzipSync(bytes));
      else files.set(`${type}.000.ndjson`, bytes);
    }
    return files;
  }

  /** Bundles as a server's $everything gives them, 40 resources each, so that references run from one file into another. */
  bundles(): Map<string, Buffer> {
    const files = new Map<string, Buffer>();
    for (let at = 0; at < this.rows.length; at += 40) {
      const entry = this.rows.slice(at, at + 40).reverse().map(({ resource }) => ({ fullUrl: `${HOST}/${resource.resourceType}/${resource.id}`, resource }));
      files.set(`everything/bundle-${at}.json`, Buffer.from(JSON.stringify({ resourceType: "Bundle", type: "searchset", entry }, null, 1)));
    }
    return files;
  }

  /**
   * What changed a month later, as a server sends it that is asked for nothing else: a value corrected, a resource taken back, a
   * visit that is new. The patients did not change and are not in it.
   */
  update(): { files: Map<string, Buffer>; events: { updated: number; new: number; removed: number } } {
    const later = { lastUpdated: "2021-06-01T10:00:00Z" };
    const find = (words: string) => this.rows.find((row) => row.resource.id === uuid(words))!.resource;
    const lines = [
      { ...find("Observation 1 creatinine 0"), meta: later, valueQuantity: quantity(1.9, "mg/dL") },
      { ...find("Observation 2 creatinine 0"), meta: later, status: "entered-in-error" },
      { ...find("Encounter 3 first"), id: uuid("Encounter 3 new"), meta: later, period: { start: "2021-05-20", end: "2021-05-21" } },
    ];
    const bytes = Buffer.from(lines.map((line) => JSON.stringify(line)).join("\n") + "\n");
    return { files: new Map([["update.ndjson", bytes]]), events: { updated: 1, new: 1, removed: 1 } };
  }

  /** Words that name somebody and must be nowhere in what is stored. */
  static readonly NAMES = [...FAMILIES, ...GIVEN, "Lindqvist", "MRN-77", "617-555"];
}
