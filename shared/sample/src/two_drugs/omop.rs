//! The sample as OMOP CDM 5.4 tables.

use std::fmt::Write as _;

use model::calendar::iso;

use crate::random::Stream;

use super::person::Person;

/// Concepts of the sample: id, name, domain, vocabulary, code. Ids above two billion are local, as OMOP asks.
const CONCEPTS: [(i64, &str, &str, &str, &str); 14] = [
    (8507, "MALE", "Gender", "Gender", "M"),
    (8532, "FEMALE", "Gender", "Gender", "F"),
    (9201, "Inpatient Visit", "Visit", "Visit", "IP"),
    (9202, "Outpatient Visit", "Visit", "Visit", "OP"),
    (201_826, "Type 2 diabetes mellitus", "Condition", "SNOMED", "44054006"),
    (316_139, "Heart failure", "Condition", "SNOMED", "84114007"),
    (316_866, "Hypertensive disorder", "Condition", "SNOMED", "38341003"),
    (3_004_249, "Systolic blood pressure", "Measurement", "LOINC", "8480-6"),
    (3_016_723, "Creatinine [Mass/volume] in Serum or Plasma", "Measurement", "LOINC", "2160-0"),
    (2_000_000_000, "Study drugs (fictional)", "Drug", "Rounds sample", "AB"),
    (2_000_000_001, "Drug A (fictional)", "Drug", "Rounds sample", "A"),
    (2_000_000_002, "Drug B (fictional)", "Drug", "Rounds sample", "B"),
    (2_000_000_003, "Left ventricular ejection fraction", "Measurement", "Rounds sample", "LVEF"),
    (2_000_000_004, "Discharge summary", "Note", "Rounds sample", "DS"),
];

const FIRST_NAMES: [&str; 10] =
    ["Anna", "Maria", "Ruth", "Ingrid", "Clara", "Peter", "Hans", "Martin", "Jonas", "Emil"];
const LAST_NAMES: [&str; 10] =
    ["Keller", "Brandt", "Vogel", "Lindner", "Sommer", "Hartmann", "Wagner", "Fischer", "Becker", "Schulz"];

/// The tables under way: a text each, with its own row counter.
struct Tables {
    texts: Vec<(&'static str, String, u64)>,
}

impl Tables {
    fn new() -> Self {
        let heads = [
            (
                "concept.csv",
                "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code",
            ),
            (
                "concept_ancestor.csv",
                "ancestor_concept_id,descendant_concept_id,min_levels_of_separation,max_levels_of_separation",
            ),
            (
                "condition_occurrence.csv",
                "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_end_date,condition_type_concept_id",
            ),
            ("death.csv", "person_id,death_date,death_type_concept_id"),
            (
                "drug_exposure.csv",
                "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,drug_type_concept_id,days_supply",
            ),
            (
                "measurement.csv",
                "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_type_concept_id,value_as_number,unit_source_value",
            ),
            ("note.csv", "note_id,person_id,note_date,note_type_concept_id,note_title,note_text"),
            (
                "observation_period.csv",
                "observation_period_id,person_id,observation_period_start_date,observation_period_end_date,period_type_concept_id",
            ),
            ("person.csv", "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,person_source_value"),
            (
                "visit_occurrence.csv",
                "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_end_date,visit_type_concept_id",
            ),
        ];
        Self { texts: heads.into_iter().map(|(name, head)| (name, format!("{head}\n"), 0)).collect() }
    }

    /// Adds a row; `{id}` stands for the table's own row number where the table has one.
    fn add(&mut self, table: &str, with_id: bool, row: &str) {
        if let Some((_, text, n)) = self.texts.iter_mut().find(|(name, _, _)| *name == table) {
            *n += 1;
            // Writing to a String cannot fail.
            if with_id { writeln!(text, "{n},{row}") } else { writeln!(text, "{row}") }.unwrap_or(());
        }
    }
}

/// Every table of the sample, as text.
pub(super) fn write(persons: &[Person], seed: u64) -> Vec<(String, String)> {
    let mut tables = Tables::new();
    for (id, name, domain, vocabulary, code) in CONCEPTS {
        tables.add("concept.csv", false, &format!("{id},{name},{domain},{vocabulary},,S,{code}"));
    }
    for (ancestor, descendant, levels) in [
        (2_000_000_000_i64, 2_000_000_000_i64, 0),
        (2_000_000_000, 2_000_000_001, 1),
        (2_000_000_000, 2_000_000_002, 1),
        (2_000_000_001, 2_000_000_001, 0),
        (2_000_000_002, 2_000_000_002, 0),
    ] {
        tables.add("concept_ancestor.csv", false, &format!("{ancestor},{descendant},{levels},{levels}"));
    }
    for person in persons {
        // A stream of its own, so that a change in the story leaves characteristics and outcomes as they are.
        let mut stream = Stream::of_person(seed ^ 0x05EE_D0F7_A1E5, person.id);
        demographics(&mut tables, person);
        history(&mut tables, person, &mut stream);
        treatment(&mut tables, person);
        follow_up(&mut tables, person, &mut stream);
        note(&mut tables, person, &mut stream);
    }
    tables.texts.into_iter().map(|(name, text, _)| (name.to_owned(), text)).collect()
}

fn demographics(tables: &mut Tables, p: &Person) {
    let id = p.id + 1;
    let gender = if p.female { 8532 } else { 8507 };
    tables.add("person.csv", false, &format!("{id},{gender},{},7,1,SYN-{id:07}", p.birth_year));
    let (first, last) = (iso(p.first_day), iso(p.last_day()));
    tables.add("observation_period.csv", true, &format!("{id},{first},{last},32817"));
    if p.died {
        tables.add("death.csv", false, &format!("{id},{last},32817"));
    }
}

fn visit(tables: &mut Tables, p: &Person, kind: i32, day: i32, length: i32) {
    let row = format!("{},{kind},{},{},32817", p.id + 1, iso(day), iso((day + length).min(p.last_day())));
    tables.add("visit_occurrence.csv", true, &row);
}

fn measure(tables: &mut Tables, p: &Person, concept: i64, day: i32, value: &str, unit: &str) {
    tables.add("measurement.csv", true, &format!("{},{concept},{},32817,{value},{unit}", p.id + 1, iso(day)));
}

fn history(tables: &mut Tables, p: &Person, s: &mut Stream) {
    let mut diagnosis = |concept: i64, latest: i32, s: &mut Stream| {
        let day = s.between(p.first_day, p.index_day - latest);
        visit(tables, p, 9202, day, 0);
        tables.add("condition_occurrence.csv", true, &format!("{},{concept},{},,32817", p.id + 1, iso(day)));
    };
    diagnosis(316_139, 60, s);
    if p.diabetes {
        diagnosis(201_826, 60, s);
    }
    if p.hypertension {
        diagnosis(316_866, 60, s);
    }
    // An older ejection fraction with noise, then the one at the start of treatment that counts.
    let older = p.index_day - s.between(120, 380);
    measure(tables, p, 2_000_000_003, older, &format!("{:.1}", p.ejection_fraction + 4.0 * s.normal()), "%");
    let recent = p.index_day - s.between(0, 30);
    visit(tables, p, 9201, recent, 4);
    measure(tables, p, 2_000_000_003, recent, &format!("{:.1}", p.ejection_fraction), "%");
    measure(tables, p, 3_016_723, recent, &format!("{:.2}", p.creatinine), "mg/dL");
    let pressure = 128.0 + 9.0 * s.normal() + if p.hypertension { 12.0 } else { 0.0 };
    measure(tables, p, 3_004_249, recent, &format!("{pressure:.0}"), "mmHg");
}

fn treatment(tables: &mut Tables, p: &Person) {
    let drug = if p.drug_a { 2_000_000_001_i64 } else { 2_000_000_002 };
    let mut day = p.index_day;
    // Prescriptions of 90 days for the first two years.
    while day <= p.last_day() && day < p.index_day + 720 {
        let end = (day + 89).min(p.last_day());
        let row = format!("{},{drug},{},{},32817,90", p.id + 1, iso(day), iso(end));
        tables.add("drug_exposure.csv", true, &row);
        day += 90;
    }
}

fn follow_up(tables: &mut Tables, p: &Person, s: &mut Stream) {
    let mut day = p.index_day + s.between(60, 150);
    while day < p.last_day() {
        visit(tables, p, 9202, day, 0);
        measure(tables, p, 3_016_723, day, &format!("{:.2}", (p.creatinine + 0.1 * s.normal()).max(0.3)), "mg/dL");
        measure(tables, p, 3_004_249, day, &format!("{:.0}", 130.0 + 10.0 * s.normal()), "mmHg");
        day += s.between(120, 240);
    }
    if p.died {
        visit(tables, p, 9201, p.last_day(), 0);
    }
}

fn note(tables: &mut Tables, p: &Person, s: &mut Stream) {
    let title = if p.female { "Mrs." } else { "Mr." };
    let first = s.pick(if p.female { &FIRST_NAMES[..5] } else { &FIRST_NAMES[5..] });
    let last = s.pick(&LAST_NAMES);
    let pain = if s.chance(0.3) { "reports chest pain" } else { "denies chest pain" };
    let smoking = if s.chance(0.4) { "Former smoker." } else { "Never smoked." };
    let diabetes = if p.diabetes { "Type 2 diabetes mellitus." } else { "No history of diabetes." };
    let drug = if p.drug_a { "drug A" } else { "drug B" };
    let date = iso(p.index_day);
    let text = format!(
        "{title} {first} {last}, {} years old, was seen on {date} with heart failure. The patient {pain} and has \
         shortness of breath on exertion. {diabetes} {smoking} Ejection fraction {:.0}%. Started on {drug}. Call \
         {last} at 030-555-{:04} with questions.",
        p.age,
        p.ejection_fraction,
        s.between(1000, 9999),
    );
    tables.add("note.csv", true, &format!("{},{date},2000000004,Discharge summary,\"{text}\"", p.id + 1));
}
