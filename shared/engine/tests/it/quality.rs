//! Data quality at the `handle` boundary: every check on a record that is faultless and on one with one fault, counted by
//! hand.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use columnar::Column;
use columnar::build::{CategoryBuilder, DayBuilder, NumberBuilder};
use model::dataset::ColumnRole;
use model::results::{QualityCheck, QualityReport, QualityStatus};
use protocol::{CheckQuality, EngineError};
use support::made::{CONDITION, CREATININE, Made, Note, Person};
use support::{Host, words};

const TODAY: &str = "2026-11-25";

fn report(made: &Made) -> QualityReport {
    let mut host = Host::new();
    let dataset = made.open(&mut host);
    host.ask(CheckQuality { dataset, today: Some(TODAY.into()) }).unwrap()
}

#[track_caller]
fn find(report: &QualityReport, id: &str, part: &str) -> QualityCheck {
    let found = report.checks.iter().find(|c| c.id == id && c.part == part);
    found.unwrap_or_else(|| panic!("no check {id} of '{part}'")).clone()
}

/// The check fails with these counts, after it passed on the faultless record.
#[track_caller]
fn fails(id: &str, part: &str, violated: u64, total: u64, fault: impl FnOnce(&mut Made)) {
    let good = report(&Made::good());
    let before = good.checks.iter().filter(|c| c.id == id && c.part == part);
    for check in before {
        assert_ne!(check.status, QualityStatus::Fail, "{check:?}");
        assert_eq!(check.n_violated, 0, "{check:?}");
    }
    let mut made = Made::good();
    fault(&mut made);
    let check = find(&report(&made), id, part);
    assert_eq!((check.n_violated, check.n_total, check.status), (violated, total, QualityStatus::Fail), "{check:?}");
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let percent = 100.0 * violated as f64 / total as f64;
    assert_eq!(check.percent, Some(percent));
    assert!(percent > check.threshold_percent && !check.to_do.is_empty() && !check.title.is_empty());
}

#[test]
fn a_faultless_record_passes_every_check() {
    let good = report(&Made::good());
    let failed: Vec<&QualityCheck> = good.checks.iter().filter(|c| c.status == QualityStatus::Fail).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert!(good.n(QualityStatus::Pass) > 40, "{}", good.n(QualityStatus::Pass));
    assert_eq!((good.n_persons, good.n_events, good.n_notes), (4, 12, 4));
    // The summary's cells add up to the list.
    let sum: u64 = good.summary.iter().map(|s| s.n_passed + s.n_failed + s.n_not_applicable).sum();
    assert_eq!((good.summary.len(), sum), (6, good.checks.len() as u64));
    // One check a domain, in the domains' order, with its denominator.
    let outside: Vec<(&str, u64)> =
        good.checks.iter().filter(|c| c.id == "event_outside_period").map(|c| (c.part.as_str(), c.n_total)).collect();
    assert_eq!(outside, [("visit", 4), ("condition", 4), ("measurement", 4)]);
    // Only D has died.
    assert_eq!(find(&good, "event_after_death", "condition").n_total, 1);
    assert!(good.settings.iter().any(|s| s.name == "Today" && s.value == TODAY));
}

#[test]
fn completeness() {
    fails("person_without_events", "", 1, 5, |m| {
        m.persons.push(Person { key: "E".into(), sex: Some("male"), birth_year: Some(1950.0), death: None });
        m.periods.push((4, Some(0), Some(9)));
    });
    fails("person_without_domain", "visit", 96, 100, |m| {
        for person in 4..100 {
            m.persons.push(Person { key: person.to_string(), sex: None, birth_year: None, death: None });
            let event = m.event(person, "condition", CONDITION, 100);
            m.events.push(event);
        }
    });
    fails("person_without_observation_period", "", 1, 4, |m| {
        m.periods.remove(0);
    });
    fails("birth_year_missing", "", 1, 4, |m| m.persons[0].birth_year = None);
    fails("sex_unknown", "", 2, 4, |m| {
        m.persons[0].sex = None;
        m.persons[1].sex = Some("unknown");
    });
    fails("event_without_date", "condition", 1, 4, |m| m.of(1, "condition").start = None);
    fails("event_unmapped", "condition", 1, 4, |m| {
        let concept = m.concept("source", "chest pain", "chest pain");
        m.of(1, "condition").concept = concept;
    });
    fails("event_without_words", "condition", 1, 4, |m| {
        let concept = m.concept("SNOMED", "1", "");
        m.of(1, "condition").concept = concept;
    });
    fails("measurement_without_result", "", 1, 4, |m| m.of(1, "measurement").value = None);
    fails("value_without_unit", "", 1, 4, |m| m.of(1, "measurement").unit = None);
    fails("note_without_text", "", 2, 4, |m| {
        m.notes[0].text = None;
        m.notes[1].text = Some("  \n");
    });
    fails("note_without_date", "", 1, 4, |m| m.notes[0].day = None);
}

#[test]
fn an_answer_in_words_is_a_result_and_a_score_needs_no_unit() {
    let mut made = Made::good();
    let score = made.concept("LOINC", "9269-2", "Glasgow coma score total");
    for person in 0..4 {
        let event = made.event(person, "measurement", score, 300);
        made.events.push(support::made::Event { value: Some(15.0), ..event.clone() });
        made.events.push(support::made::Event { text: Some("positive"), start: Some(301), ..event });
    }
    let report = report(&made);
    let result = find(&report, "measurement_without_result", "");
    assert_eq!((result.n_violated, result.n_total), (0, 12));
    let unit = find(&report, "value_without_unit", "");
    assert_eq!((unit.n_violated, unit.n_total), (0, 4));
}

#[test]
fn conformance() {
    fails("sex_value", "", 1, 4, |m| m.persons[0].sex = Some("F"));
    fails("domain_value", "", 1, 13, |m| {
        let event = m.event(0, "eras", CONDITION, 100);
        m.events.push(event);
    });
    let mut made = Made::good();
    let event = made.event(0, "note_not_present", CONDITION, 100);
    made.events.push(event);
    assert_eq!(find(&report(&made), "domain_value", "").n_violated, 0, "what notes deny is known");
    fails("unit_not_ucum", "", 1, 4, |m| m.of(1, "measurement").unit = Some("furlong"));
    fails("event_concept_missing", "", 1, 12, |m| m.of(1, "condition").concept = 999);
    fails("person_key_double", "", 1, 4, |m| m.persons[0].key = "B".into());
    fails("period_end_before_start", "", 2, 6, |m| {
        m.periods.push((3, Some(50), Some(49)));
        m.periods.push((3, None, Some(49)));
    });
    fails("period_overlap", "", 1, 5, |m| m.periods.push((3, Some(9999), Some(10_500))));
    fails("death_event_without_day", "", 1, 1, |m| {
        let concept = m.concept("SNOMED", "419099009", "Dead");
        let event = m.event(0, "death", concept, 9000);
        m.events.push(event);
    });
}

#[test]
fn plausibility_of_lives() {
    fails("birth_too_early", "", 1, 4, |m| m.persons[0].birth_year = Some(1849.0));
    fails("birth_in_future", "", 1, 4, |m| m.persons[0].birth_year = Some(2027.0));
    fails("death_before_birth", "", 1, 1, |m| {
        m.persons[3].birth_year = Some(1995.0);
    });
    fails("death_in_future", "", 1, 1, |m| m.persons[3].death = Some(40_000));
    fails("person_with_too_many_events", "", 1, 4, |m| {
        // A has 3 and 998 more: 1,001; the others keep 3.
        for day in 1000..1998 {
            let event = m.event(0, "condition", CONDITION, day);
            m.events.push(event);
        }
    });
    fails("sex_specific", "", 1, 2, |m| {
        let birth = m.concept("ICD10CM", "O80", "Encounter for full-term uncomplicated delivery");
        let (mother, not) = (m.event(0, "condition", birth, 300), m.event(2, "condition", birth, 300));
        m.events.extend([mother, not]);
    });
}

#[test]
fn plausibility_of_events() {
    fails("event_end_before_start", "visit", 1, 4, |m| m.of(1, "visit").end = Some(99));
    fails("event_before_birth", "condition", 1, 4, |m| m.persons[0].birth_year = Some(1971.0));
    fails("event_after_death", "condition", 1, 3, |m| {
        // The sixtieth day after death is let pass.
        let (late, later) = (m.event(3, "condition", CONDITION, 9060), m.event(3, "condition", CONDITION, 9061));
        m.events.extend([late, later]);
    });
    fails("event_outside_period", "condition", 2, 6, |m| {
        let (before, after) = (m.event(0, "condition", CONDITION, -1), m.event(1, "condition", CONDITION, 10_000));
        m.events.extend([before, after]);
    });
    // 2026-11-26 is day 20,783.
    fails("event_in_future", "condition", 1, 6, |m| {
        let (today, tomorrow) =
            (m.event(0, "condition", CONDITION, 20_782), m.event(1, "condition", CONDITION, 20_783));
        m.events.extend([today, tomorrow]);
    });
    fails("event_double", "measurement", 2, 6, |m| {
        let event = m.of(1, "measurement").clone();
        m.events.extend([event.clone(), event]);
    });
    fails("value_outside_range", "Creatinine (LOINC 2160-0)", 2, 4, |m| {
        m.of(0, "measurement").value = Some(51.0);
        // 8,840 umol/L are 100 mg/dL.
        let event = m.of(1, "measurement");
        (event.value, event.unit) = (Some(8840.0), Some("umol/L"));
    });
    fails("value_unit_unconvertible", "Creatinine (LOINC 2160-0)", 1, 4, |m| {
        m.of(1, "measurement").unit = Some("mm[Hg]");
    });
}

#[test]
fn a_day_of_other_values_is_not_double() {
    let mut made = Made::good();
    let event = made.of(1, "measurement").clone();
    made.events.push(support::made::Event { value: Some(1.1), ..event });
    let check = find(&report(&made), "event_double", "measurement");
    assert_eq!((check.n_violated, check.n_total), (0, 5));
    assert_eq!(CREATININE, 2);
}

#[test]
fn moved_dates_may_lie_a_year_after_today() {
    let mut made = Made::good();
    made.dates = Some("moved by 1 to 365 days, the same for all dates of a person; lengths of time stay");
    let (this, next) = (made.event(0, "condition", CONDITION, 20_783), made.event(1, "condition", CONDITION, 21_149));
    made.events.extend([this, next]);
    let check = find(&report(&made), "event_in_future", "condition");
    assert_eq!((check.n_violated, check.n_total), (1, 6));
}

#[test]
fn plausibility_of_notes() {
    fails("note_before_birth", "", 1, 4, |m| m.persons[0].birth_year = Some(1971.0));
    fails("note_after_death", "", 1, 1, |m| m.notes[3].day = Some(9061));
    fails("note_in_future", "", 1, 4, |m| m.notes[0].day = Some(20_783));
    fails("note_double", "", 1, 5, |m| {
        m.notes.push(Note { person: 3, day: Some(100), text: Some("Denies chest pain. Hypertension.") });
    });
}

fn numbers(values: &[Option<f64>]) -> Column {
    let mut column = NumberBuilder::new();
    values.iter().for_each(|v| column.push(*v));
    column.finish()
}

fn levels(values: &[&str]) -> Column {
    let mut column = CategoryBuilder::new();
    values.iter().for_each(|v| column.push(Some(*v)));
    column.finish()
}

#[test]
fn variables_of_a_flat_file() {
    let mut days = DayBuilder::new();
    [Some(100), Some(200), None, Some(20_783)].into_iter().for_each(|d| days.push(d));
    let some = |values: [f64; 4]| numbers(&values.map(Some));
    let made = Made {
        variables: vec![
            ("age", some([50.0, 50.0, 121.0, 60.0]), ColumnRole::Number),
            ("time", some([10.0, 10.0, -1.0, 0.0]), ColumnRole::Duration),
            ("grade", levels(&["a", "a", "b", "c"]), ColumnRole::Category),
            ("site", levels(&["x", "x", "x", "x"]), ColumnRole::Category),
            ("size", numbers(&[Some(3.0), Some(3.0), None, None]), ColumnRole::Number),
            ("seen", days.finish(), ColumnRole::Date),
        ],
        dates: Some("kept as they are"),
        ..Made::default()
    };
    let found = report(&made);
    let counts = |id: &str, part: &str| {
        let check = find(&found, id, part);
        (check.n_violated, check.n_total, check.status)
    };
    use QualityStatus::{Fail, NotApplicable, Pass};
    assert_eq!(counts("variable_missing", "size"), (2, 4, Fail));
    assert_eq!(counts("variable_missing", "age"), (0, 4, Pass));
    // The two that have a size have the same one.
    assert_eq!(counts("variable_constant", ""), (2, 6, Fail));
    let named = [("site".to_owned(), 4), ("size".to_owned(), 2)];
    assert_eq!(find(&found, "variable_constant", "").most, named);
    assert_eq!(counts("age_outside_range", "age"), (1, 4, Fail));
    assert_eq!(counts("duration_negative", "time"), (1, 4, Fail));
    assert_eq!(counts("duration_zero", "time"), (1, 4, Fail));
    assert_eq!(counts("variable_day_in_future", "seen"), (1, 3, Fail));
    // The first two differ in one day only.
    assert_eq!(counts("row_double", ""), (0, 4, Pass));
    assert_eq!(counts("birth_year_missing", ""), (0, 0, NotApplicable));
    assert!(found.checks.iter().all(|c| c.id != "event_without_date"), "a flat file has no events to check");

    // Persons of a flat file without a sex or a year of birth: nobody is asked for them, unless somebody has them.
    let mut bare = made.clone();
    bare.persons = (0..4).map(|p| Person { key: p.to_string(), sex: None, birth_year: None, death: None }).collect();
    let found = report(&bare);
    for id in ["birth_year_missing", "sex_unknown"] {
        let check = find(&found, id, "");
        assert_eq!((check.n_total, check.status), (0, NotApplicable), "{check:?}");
        assert!(check.note.contains("one row a person"), "{}", check.note);
    }
    bare.persons[0].birth_year = Some(1950.0);
    let check = find(&report(&bare), "birth_year_missing", "");
    assert_eq!((check.n_violated, check.n_total, check.status), (3, 4, Fail));

    let mut same = made.clone();
    same.variables.pop();
    let check = find(&report(&same), "row_double", "");
    assert_eq!((check.n_violated, check.n_total, check.status), (1, 4, Fail));
    same.variables.truncate(3);
    assert_eq!(find(&report(&same), "row_double", "").status, NotApplicable);
}

#[test]
fn without_today_nothing_is_later_and_a_wrong_today_is_refused() {
    let mut host = Host::new();
    let dataset = Made::good().open(&mut host);
    let report = host.ask(CheckQuality { dataset: dataset.clone(), today: None }).unwrap();
    let check = find(&report, "event_in_future", "");
    assert_eq!((check.status, check.percent), (QualityStatus::NotApplicable, None));
    assert!(check.note.contains("today"), "{}", check.note);
    let said = words(host.ask(CheckQuality { dataset, today: Some("25.11.2026".into()) }));
    assert!(said.contains("YYYY-MM-DD"), "{said}");
}

#[test]
fn a_stop_is_heard() {
    let mut host = Host::new();
    let dataset = Made::good().open(&mut host);
    let request = protocol::Request::CheckQuality(Box::new(CheckQuality { dataset, today: None }));
    let done = engine::handle(&mut host.0, request, Vec::new(), &mut |_, _| false);
    assert_eq!(done.unwrap_err(), EngineError::Cancelled);
}
