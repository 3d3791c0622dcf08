//! Hand-made patients, a definition, and what must come out.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::patients;

use cohort::{Cohort, CohortError, Index, Source, count_only, covariates, evaluate};
use columnar::Dataset;
use model::cohort::CohortDefinition;
use model::covariate::Covariate;
use patients::{flat, record};

/// A definition from its parts in JSON; concept sets `a` (A and all below), `b`, `d` and `hba1c` are there.
fn definition(parts: &str) -> CohortDefinition {
    let item = |code: &str, id: u32, below: bool| {
        format!(
            r#"{{"id":"{}","name":"{code}","items":[{{"concept":{{"system":"TEST","code":"{code}","omop_id":{id}}},
            "include_descendants":{below}}}]}}"#,
            code.to_lowercase()
        )
    };
    let sets = [item("A", 1, true), item("B", 2, false), item("D", 4, false), item("HBA1C", 5, false)].join(",");
    serde_json::from_str(&format!(
        r#"{{"kind":"cohort","schema_version":1,"name":"test","concept_sets":[{sets}],{parts}}}"#
    ))
    .unwrap()
}

fn run(data: &Dataset, parts: &str) -> Result<Cohort, CohortError> {
    let index = Index::new(data).unwrap();
    let source = Source::new(data, &index);
    let definition = definition(parts);
    let cohort = evaluate(&source, &definition, &mut |_| true)?;
    let counts = count_only(&source, &definition, &mut |_| true)?;
    assert_eq!((counts.persons, counts.events), (cohort.n_persons(), cohort.n_events()));
    assert_eq!((&counts.attrition, &counts.warnings), (&cohort.attrition, &cohort.warnings));
    Ok(cohort)
}

/// Subjects as `person:start-end`.
fn subjects(cohort: &Cohort) -> String {
    let each = cohort.subjects.iter().map(|s| format!("{}:{}-{}", s.person, s.start_day, s.end_day));
    each.collect::<Vec<_>>().join(" ")
}

/// Attrition as `persons/events`, row by row.
fn attrition(cohort: &Cohort) -> String {
    cohort.attrition.iter().map(|r| format!("{}/{}", r.persons, r.events)).collect::<Vec<_>>().join(" ")
}

fn check(data: &Dataset, parts: &str, want_subjects: &str, want_attrition: &str) -> Cohort {
    let cohort = run(data, parts).unwrap();
    assert_eq!(subjects(&cohort), want_subjects, "{:?}", cohort.attrition);
    assert_eq!(attrition(&cohort), want_attrition, "{:?}", cohort.attrition);
    cohort
}

fn problems(data: &Dataset, parts: &str) -> Vec<String> {
    match run(data, parts) {
        Err(CohortError::Invalid(problems)) => problems.iter().map(ToString::to_string).collect(),
        other => panic!("accepted or failed otherwise: {other:?}"),
    }
}

fn rule(name: &str, condition: &str) -> String {
    format!(r#"{{"name":"{name}","condition":{condition}}}"#)
}

fn everyone(rules: &[String]) -> String {
    format!(r#""entry":{{"type":"everyone"}},"inclusion_rules":[{}]"#, rules.join(","))
}

fn at(event: &str, more: &str) -> String {
    format!(r#""entry":{{"type":"event","event":{event}{more}}}"#)
}

fn five() -> Dataset {
    flat(
        "age grade size  arm
         50  1     small a
         60  2     .     b
         70  3     big   a
         .   2     small b
         80  3     big   .",
    )
}

#[test]
fn a_flat_file_is_narrowed_rule_by_rule() {
    let range = r#"{"type":"variable","name":"age","test":{"type":"range","range":{"min":60}}}"#;
    let arms = r#"{"type":"variable","name":"arm","test":{"type":"one_of","levels":["a"]}}"#;
    let all = r#"{"type":"all","of":[]}"#;
    let cohort = check(
        &five(),
        &everyone(&[rule("60 or older", range), rule("anything", all), rule("arm a", arms)]),
        "2:0-0",
        "5/5 3/3 3/3 1/1",
    );
    let rules: Vec<&str> = cohort.attrition.iter().map(|r| r.rule.as_str()).collect();
    assert_eq!(rules, ["all persons", "60 or older", "anything", "arm a"]);
    assert_eq!(
        cohort.warnings,
        [
            "1 person does not meet '60 or older' because a value is missing",
            "1 person does not meet 'arm a' because a value is missing"
        ]
    );
}

#[test]
fn bounds_are_inclusive_unless_said_otherwise() {
    let range = |r: &str| {
        let test = format!(r#"{{"type":"variable","name":"age","test":{{"type":"range","range":{r}}}}}"#);
        subjects(&run(&five(), &everyone(&[rule("age", &test)])).unwrap())
    };
    assert_eq!(range(r#"{"min":60,"max":80}"#), "1:0-0 2:0-0 4:0-0");
    assert_eq!(range(r#"{"min":60,"max":80,"min_exclusive":true}"#), "2:0-0 4:0-0");
    assert_eq!(range(r#"{"min":60,"max":80,"max_exclusive":true}"#), "1:0-0 2:0-0");
    assert_eq!(range("{}"), "0:0-0 1:0-0 2:0-0 4:0-0");
}

#[test]
fn numbers_are_compared_by_value_with_levels() {
    let grade = |levels: &str| {
        let test = format!(r#"{{"type":"variable","name":"grade","test":{{"type":"one_of","levels":{levels}}}}}"#);
        everyone(&[rule("grade", &test)])
    };
    check(&five(), &grade(r#"["3.0","1"]"#), "0:0-0 2:0-0 4:0-0", "5/5 3/3");
    check(&five(), &grade(r#"["3","1","2","7"]"#), "0:0-0 1:0-0 2:0-0 3:0-0 4:0-0", "5/5 5/5");
    assert_eq!(
        problems(&five(), &grade(r#"["three"]"#)),
        ["inclusion_rules[0].condition: 'grade' holds numbers, and 'three' is none"]
    );
}

#[test]
fn a_level_that_is_written_in_two_ways_is_both() {
    let data = flat(
        "dose
         1.0
         1.00
         none
         2",
    );
    let dose = |level: &str| {
        let test = format!(r#"{{"type":"variable","name":"dose","test":{{"type":"one_of","levels":["{level}"]}}}}"#);
        everyone(&[rule("dose", &test)])
    };
    check(&data, &dose("1"), "0:0-0 1:0-0", "4/4 2/2");
    // Who names a level as it is written means that one.
    check(&data, &dose("1.00"), "1:0-0", "4/4 1/1");
}

#[test]
fn a_not_over_missing_values_is_counted_aloud() {
    let small = r#"{"type":"not","of":{"type":"variable","name":"size","test":{"type":"one_of","levels":["small"]}}}"#;
    let cohort = check(&five(), &everyone(&[rule("not small", small)]), "1:0-0 2:0-0 4:0-0", "5/5 3/3");
    assert_eq!(
        cohort.warnings,
        ["1 person meets 'not small' only because a value is missing (a 'not' of a test it cannot pass)"]
    );
    let missing = r#"{"type":"not","of":{"type":"variable","name":"size","test":{"type":"missing"}}}"#;
    let cohort = check(&five(), &everyone(&[rule("known", missing)]), "0:0-0 2:0-0 3:0-0 4:0-0", "5/5 4/4");
    assert!(cohort.warnings.is_empty(), "{:?}", cohort.warnings);
}

#[test]
fn every_problem_of_a_flat_definition_is_listed() {
    let bad = everyone(&[
        rule("a", r#"{"type":"variable","name":"agee","test":{"type":"not_missing"}}"#),
        rule("b", r#"{"type":"variable","name":"size","test":{"type":"one_of","levels":["smal"]}}"#),
        rule("c", r#"{"type":"variable","name":"age","test":{"type":"range","range":{"min":9,"max":1}}}"#),
        rule("d", r#"{"type":"event","event":{},"window":{"start_days":5,"end_days":1}}"#),
        rule("e", r#"{"type":"at_least","n":3,"of":[{"type":"age_at_index","range":{}},{"type":"any","of":[]}]}"#),
        rule("f", r#"{"type":"variable","name":"size","test":{"type":"range","range":{"min":1}}}"#),
        rule("g", r#"{"type":"sex","one_of":["female"]}"#),
        rule("h", r#"{"type":"event","event":{"concept_set":"z"}}"#),
    ]);
    let found = problems(&five(), &bad).join("\n");
    for want in [
        "inclusion_rules[0].condition: there is no variable 'agee' (did you mean 'age'?)",
        "inclusion_rules[1].condition: 'size' has no level 'smal' (did you mean 'small'?)",
        "inclusion_rules[2].condition.test.range: the range starts at 9, above its end at 1; swap them",
        "inclusion_rules[3].condition.window: the window starts on day 5, after its end on day 1; swap them",
        "inclusion_rules[3].condition.event: this dataset has one row a person and no dated events",
        "inclusion_rules[4].condition: at least 3 of 2 conditions can never be met",
        "inclusion_rules[4].condition.of[0]: this dataset has no dates to tell an age at",
        "inclusion_rules[4].condition.of[1]: 'any of' nothing can never be met",
        "inclusion_rules[5].condition: 'size' is a category, not a number; choose among its levels: big, small",
        "inclusion_rules[6].condition: this dataset has no recorded sex",
        "inclusion_rules[7].condition.event.concept_set: there is no concept set 'z'",
    ] {
        assert!(found.contains(want), "missing: {want}\nin:\n{found}");
    }
    assert_eq!(found.lines().count(), 12, "{found}");
}

#[test]
fn a_level_that_is_partly_there_is_said_aloud() {
    let test = r#"{"type":"variable","name":"size","test":{"type":"one_of","levels":["small","huge"]}}"#;
    let cohort = check(&five(), &everyone(&[rule("size", test)]), "0:0-0 3:0-0", "5/5 2/2");
    assert!(
        cohort.warnings[0].starts_with("'size' has no level 'huge' here; nobody meets it"),
        "{:?}",
        cohort.warnings
    );
}

const DRUG_A: &str = r#"{"domain":"drug","concept_set":"a"}"#;

#[test]
fn entry_is_the_first_qualifying_event_within_an_observation_period() {
    // A is given, or B or C below it. p0: day 5 lies before observation. p1: too little observation before day 20.
    // p2: the event of day 50 is washed out by day 40, day 200 is not. p3: D is another drug. p4: never observed.
    let data = record(
        "p0 female 1950 | 10..300 | 5:drug:A 100:drug:B
         p1 male   1950 | 10..300 | 20:drug:A 150:drug:C
         p2 male   1950 | 1..300  | 40:drug:A 50:drug:A 200:drug:A
         p3 female 1950 | 1..300  | 100:drug:D
         p4 female 1950 |         | 100:drug:A",
    );
    check(&data, &at(DRUG_A, ""), "0:100-300 1:20-300 2:40-300", "5/9 4/8 3/6 3/3");
    check(&data, &at(DRUG_A, r#","prior_observation_days":39"#), "0:100-300 1:150-300 2:40-300", "5/9 4/8 3/6 3/5 3/3");
    check(
        &data,
        &at(DRUG_A, r#","limit":"last","washout_days":60"#),
        "0:100-300 1:150-300 2:200-300",
        "5/9 4/8 3/6 3/5 3/3",
    );
    let rows = run(&data, &at(DRUG_A, r#","washout_days":10"#)).unwrap().attrition;
    assert_eq!(rows[1].rule, "entry event: a drug of 'A'");
    assert_eq!(rows[3].rule, "no such event in the 10 days before");
    assert_eq!((rows[3].persons, rows[3].events), (3, 5), "day 50 has day 40 in the ten days before");
}

#[test]
fn overlapping_entries_of_one_person_are_merged() {
    let data = record("p0 female 1950 | 1..100 200..300 | 10:drug:A 30:drug:A 60:drug:A 61:drug:A 250:drug:A");
    let fixed = r#","limit":"all""#;
    let thirty = |days: u32| format!(r#"{},"end_strategy":{{"type":"fixed_days","days":{days}}}"#, at(DRUG_A, fixed));
    check(&data, &thirty(20), "0:10-50 0:60-81 0:250-270", "1/5 1/5 1/5 1/3");
    check(&data, &thirty(10), "0:10-20 0:30-40 0:60-71 0:250-260", "1/5 1/5 1/5 1/4");
    check(&data, &at(DRUG_A, fixed), "0:10-100 0:250-300", "1/5 1/5 1/5 1/2");
}

#[test]
fn a_subject_leaves_at_death_or_a_censoring_event_if_these_come_first() {
    let data = record(
        "p0 female 1950 +80 | 1..100 | 10:drug:A
         p1 female 1950     | 1..100 | 10:drug:A 5:dx:D 40:dx:D
         p2 female 1950     | 1..100 | 10:drug:A 10:dx:D
         p3 female 1950 +5  | 1..100 | 10:drug:A
         p4 female 1950     | 1..100 | 10:drug:A 140:dx:D",
    );
    let parts = format!(r#"{},"censoring_events":[{{"domain":"condition"}}]"#, at(DRUG_A, ""));
    let cohort = check(&data, &parts, "0:10-80 1:10-40 2:10-10 3:10-10 4:10-100", "5/9 5/5 5/5 5/5");
    assert_eq!(cohort.warnings, ["1 entry lies after the recorded day of death; they end on the day they start"]);
}

#[test]
fn windows_include_both_ends_and_stay_in_the_observation_period() {
    let data = record(
        "p0 female 1950 | 1..200        | 100:drug:A 70:dx:D
         p1 female 1950 | 1..200        | 100:drug:A 69:dx:D
         p2 female 1950 | 1..200        | 100:drug:A 99:dx:D
         p3 female 1950 | 1..200        | 100:drug:A 100:dx:D
         p4 female 1950 | 80..200 1..75 | 100:drug:A 72:dx:D 90:visit:D",
    );
    let with = |condition: &str| format!(r#"{},"inclusion_rules":[{}]"#, at(DRUG_A, ""), rule("r", condition));
    let before = r#""event":{"domain":"condition","concept_set":"d"},"window":{"start_days":-30,"end_days":-1}"#;
    check(&data, &with(&format!(r#"{{"type":"event",{before}}}"#)), "0:100-200 2:100-200", "5/11 5/5 5/5 5/5 2/2");
    let none = format!(r#"{{"type":"event",{before},"count":{{"type":"at_most","n":0}}}}"#);
    check(&data, &with(&none), "1:100-200 3:100-200 4:100-200", "5/11 5/5 5/5 5/5 3/3");
    let any = r#"{"type":"event","event":{"domain":"condition"},"count":{"type":"exactly","n":1}}"#;
    let nested = format!(r#"{{"type":"not","of":{{"type":"any","of":[{any},{{"type":"sex","one_of":["male"]}}]}}}}"#);
    check(&data, &with(&nested), "4:100-200", "5/11 5/5 5/5 5/5 1/1");
    let two = r#"{"type":"event","event":{},"window":{"end_days":0},"count":{"type":"at_least","n":2}}"#;
    check(&data, &with(two), "0:100-200 1:100-200 2:100-200 3:100-200 4:100-200", "5/11 5/5 5/5 5/5 5/5");
}

#[test]
fn age_is_in_whole_years_and_unknown_age_is_said() {
    // Day 366 is 1971-01-02.
    let data = record(
        "p0 female 1950 | 1..400 | 366:drug:A
         p1 female 1951 | 1..400 | 366:drug:A
         p2 female .    | 1..400 | 366:drug:A
         p3 .      1950 | 1..400 | 364:drug:A",
    );
    let with = |condition: &str| format!(r#"{},"inclusion_rules":[{}]"#, at(DRUG_A, ""), rule("r", condition));
    let age = with(r#"{"type":"age_at_index","range":{"min":21}}"#);
    let cohort = check(&data, &age, "0:366-400", "4/4 4/4 4/4 4/4 1/1");
    assert_eq!(cohort.warnings, ["1 person does not meet 'r' because a value is missing"]);
    let sex = with(r#"{"type":"not","of":{"type":"sex","one_of":["male"]}}"#);
    let cohort = check(&data, &sex, "0:366-400 1:366-400 2:366-400 3:364-400", "4/4 4/4 4/4 4/4 4/4");
    assert_eq!(cohort.warnings.len(), 1, "{:?}", cohort.warnings);
    assert_eq!(
        problems(&data, &with(r#"{"type":"sex","one_of":["femal"]}"#)),
        ["inclusion_rules[0].condition: sex has no level 'femal' (did you mean 'female'?)"]
    );
}

#[test]
fn values_without_number_or_in_another_unit_never_match_and_are_counted() {
    let data = record(
        "p0 female 1950 | 1..100 | 10:lab:HBA1C=7.5%
         p1 female 1950 | 1..100 | 10:lab:HBA1C=58mmol/mol
         p2 female 1950 | 1..100 | 10:lab:HBA1C
         p3 female 1950 | 1..100 | 10:lab:HBA1C=6.9%
         p4 female 1950 | 1..100 | 10:lab:HBA1C=8",
    );
    let high = r#"{"domain":"measurement","concept_set":"hba1c","value":{"min":7},"unit":"%"}"#;
    let cohort = check(&data, &at(high, ""), "0:10-100", "5/5 1/1 1/1 1/1");
    assert_eq!(
        cohort.warnings,
        ["3 events have another unit (no unit: 2, mmol/mol: 1) and did not match \
          'a measurement of 'HBA1C' with a value of at least 7 %'; nothing is converted"]
    );
    let any_unit = r#"{"concept_set":"hba1c","value":{"min":7}}"#;
    let cohort = check(&data, &at(any_unit, ""), "0:10-100 1:10-100 4:10-100", "5/5 3/3 3/3 3/3");
    let words = "'an event of 'HBA1C' with a value of at least 7'";
    assert_eq!(
        cohort.warnings,
        [
            format!("1 event has no numeric value and did not match {words}"),
            format!(
                "values of {words} are in several units (no unit: 1, %: 2, mmol/mol: 1) and were taken as they stand"
            )
        ]
    );
    let unknown = run(&data, &at(r#"{"concept_set":"hba1c","unit":"mg"}"#, "")).unwrap();
    assert_eq!(unknown.n_persons(), 0);
    assert_eq!(unknown.warnings[0], "no value is in the unit 'mg' (units here: %, mmol/mol)");
}

#[test]
fn descendants_are_refused_without_a_table_of_ancestors_and_exclusions_are_taken_out() {
    let mut data = record(
        "p0 female 1950 | 1..100 | 10:drug:A
         p1 female 1950 | 1..100 | 10:drug:B
         p2 female 1950 | 1..100 | 10:drug:C",
    );
    let parts = at(r#"{"concept_set":"a"}"#, "");
    let index = Index::new(&data).unwrap();
    let mut without_b = definition(&parts);
    let mut excluded = without_b.concept_sets[1].items[0].clone();
    excluded.exclude = true;
    without_b.concept_sets[0].items.push(excluded);
    let cohort = evaluate(&Source::new(&data, &index), &without_b, &mut |_| true).unwrap();
    assert_eq!(subjects(&cohort), "0:10-100 2:10-100");
    data.tables.remove("concept_ancestor");
    let found = problems(&data, &parts);
    assert!(found[0].contains("no table of ancestors"), "{found:?}");
    // Without descendants it can be answered, and a set that is not used is not looked at.
    check(&data, &at(r#"{"concept_set":"b"}"#, ""), "1:10-100", "3/3 1/1 1/1 1/1");
}

#[test]
fn everyone_in_a_record_enters_when_first_observed() {
    let data = record(
        "p0 female 1950 | 50..100 10..20 |
         p1 female 1950 |                | 10:drug:A
         p2 female 1950 | 5..9           | 7:drug:A",
    );
    check(&data, &everyone(&[]), "0:10-20 2:5-9", "3/3 2/2");
    let on_a = rule("on A", &format!(r#"{{"type":"event","event":{DRUG_A}}}"#));
    check(&data, &everyone(&[on_a]), "2:5-9", "3/3 2/2 1/1");
}

#[test]
fn death_is_an_event_even_if_only_the_person_table_knows_it() {
    let data = record(
        "p0 female 1950 +40 | 1..100 | 10:drug:A
         p1 female 1950     | 1..100 | 10:drug:A",
    );
    let dies = rule("dies", r#"{"type":"event","event":{"domain":"death"},"window":{"start_days":0,"end_days":30}}"#);
    let parts = format!(r#"{},"inclusion_rules":[{dies}]"#, at(DRUG_A, ""));
    check(&data, &parts, "0:10-40", "2/2 2/2 2/2 2/2 1/1");
}

#[test]
fn covariates_are_read_at_the_index_date() {
    let data = record(
        "p0 female 1950 | 1..100        | 50:drug:A 10:dx:D 20:dx:D 30:lab:HBA1C=7% 40:lab:HBA1C=8% 60:lab:HBA1C=9%
         p1 male   .    | 30..100 1..20 | 50:drug:A 10:dx:D",
    );
    let index = Index::new(&data).unwrap();
    let source = Source::new(&data, &index);
    let definition = definition(&at(DRUG_A, ""));
    let cohort = evaluate(&source, &definition, &mut |_| true).unwrap();
    let wanted: Vec<Covariate> = serde_json::from_str(
        r#"[{"type":"age_at_index"},{"type":"sex"},
        {"type":"has_event","name":"D","event":{"concept_set":"d"},"window":{"end_days":0}},
        {"type":"event_count","name":"n D","event":{"concept_set":"d"},"window":{"end_days":0}},
        {"type":"last_value","name":"HbA1c","event":{"concept_set":"hba1c"},"window":{"end_days":0}}]"#,
    )
    .unwrap();
    let read = covariates(&source, &cohort, &wanted, &definition.concept_sets).unwrap();
    let text: Vec<String> = read.columns.iter().map(|c| format!("{} {:?}", c.name, shown(&c.values))).collect();
    assert_eq!(
        text,
        [
            r#"age at index ["20", "."]"#,
            r#"sex ["female", "male"]"#,
            r#"D ["1", "0"]"#,
            r#"n D ["2", "0"]"#,
            r#"HbA1c ["8", "."]"#
        ]
    );
}

fn shown(values: &cohort::CovariateValues) -> Vec<String> {
    let text = |row: usize| match values {
        _ if !values.is_valid(row) => ".".to_owned(),
        cohort::CovariateValues::Number { values, .. } => values[row].to_string(),
        cohort::CovariateValues::Category { codes, levels, .. } => levels[codes[row] as usize].clone(),
    };
    (0..2).map(text).collect()
}

#[test]
fn a_stop_is_heeded() {
    let data = five();
    let index = Index::new(&data).unwrap();
    let stopped = evaluate(&Source::new(&data, &index), &definition(&everyone(&[])), &mut |_| false);
    assert_eq!(stopped, Err(CohortError::Cancelled));
}

#[test]
fn a_damaged_dataset_is_refused() {
    let mut data = five();
    let short = flat("x\n 1\n 2").tables.remove("variable").unwrap();
    data.tables.insert("person".to_owned(), short);
    let error = Index::new(&data).unwrap_err().to_string();
    assert!(error.contains("table 'person' has 2 rows and table 'variable' 5"), "{error}");
    assert!(Index::new(&Dataset::default()).is_err());
}

#[test]
fn a_definition_reads_as_plain_english() {
    let high = r#"{"domain":"measurement","concept_set":"hba1c","value":{"min":7},"unit":"%"}"#;
    let window = r#""window":{"start_days":-365,"end_days":-1}"#;
    let parts = format!(
        r#"{},"inclusion_rules":[{},{}],"censoring_events":[{{"domain":"drug","concept_set":"d"}}],
        "end_strategy":{{"type":"fixed_days","days":90}}"#,
        at(DRUG_A, r#","limit":"first","prior_observation_days":365,"washout_days":180"#),
        rule("Uncontrolled", &format!(r#"{{"type":"event","event":{high},{window}}}"#)),
        rule("No D", r#"{"type":"event","event":{"concept_set":"d"},"count":{"type":"at_most","n":0}}"#),
    );
    let text = cohort::describe(&definition(&parts));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        &lines[..5],
        [
            "A person enters at the first drug of 'A' within an observation period, with at least 365 days of \
             observation before, with no such event in the 180 days before.",
            "Only those who meet every rule:",
            "1. Uncontrolled: a measurement of 'HBA1C' with a value of at least 7 % from 365 days before to 1 day \
             before the index date.",
            "2. no event of 'D' at any time observed.",
            "A subject leaves 90 days after entry, or at the end of the observation period, at death, at a drug of 'D', \
             whichever comes first.",
        ]
    );
}
