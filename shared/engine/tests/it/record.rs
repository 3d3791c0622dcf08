//! A record over time, its concepts and one person's timeline, at the `handle` boundary.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use model::cohort::{CohortDefinition, Condition, InclusionRule};
use model::concept::ConceptRef;
use protocol::{
    DescribeConcept, DescribeOverTime, DomainOverTime, ListPersons, OverTime, PersonList, PersonNote, PersonOrder,
    PersonTimeline, TimeStep,
};
use support::made::{CONDITION, Event, Made, Note, Person};
use support::{Host, words};

/// A year later, month by month: 1971-01-01 is day 365.
fn two_years() -> Made {
    let mut made = Made::good();
    for day in [365, 366, 400] {
        let event = made.event(0, "condition", CONDITION, day);
        made.events.push(event);
    }
    let event = made.event(1, "condition", CONDITION, 400);
    made.events.push(event);
    made.periods[0] = (0, Some(0), Some(364));
    made.periods.push((0, Some(400), Some(420)));
    for period in &mut made.periods[1..4] {
        period.2 = Some(300);
    }
    made
}

fn over_time(made: &Made, step: TimeStep) -> OverTime {
    let mut host = Host::new();
    let dataset = made.open(&mut host);
    host.ask(DescribeOverTime { dataset, step }).unwrap()
}

fn domain<'a>(time: &'a OverTime, name: &str) -> &'a DomainOverTime {
    time.domains.iter().find(|d| d.domain == name).unwrap()
}

#[test]
fn events_and_persons_by_year() {
    let time = over_time(&two_years(), TimeStep::Year);
    assert_eq!(time.bins, ["1970", "1971"]);
    let names: Vec<&str> = time.domains.iter().map(|d| d.domain.as_str()).collect();
    assert_eq!(names, ["visit", "condition", "measurement", "note"]);
    let conditions = domain(&time, "condition");
    assert_eq!((conditions.events.as_slice(), conditions.persons.as_slice()), ([4, 4].as_slice(), [4, 2].as_slice()));
    assert_eq!(domain(&time, "note").events, [4, 0]);
    assert_eq!(time.observed, [4, 1]);
    let persons = &time.persons;
    assert_eq!(persons.sexes, [("female".to_owned(), 2), ("male".to_owned(), 2)]);
    assert_eq!(persons.births, [(1950, 4)]);
    assert_eq!((persons.n, persons.n_died, persons.n_periods, persons.periods_a_person), (4, 1, 5, [0, 3, 1]));
    // A is observed 365 + 21 days, the others 301.
    assert_eq!(persons.days_observed, Some([301, 301, 301, 301, 386]));
}

#[test]
fn events_by_month_and_what_has_no_date() {
    let mut made = two_years();
    made.of(2, "measurement").start = None;
    let time = over_time(&made, TimeStep::Month);
    assert_eq!((time.bins.len(), time.bins[0].as_str(), time.bins[14 - 1].as_str()), (14, "1970-01", "1971-02"));
    let conditions = domain(&time, "condition");
    // Day 100 is in April, days 365 and 366 in January, day 400 in February.
    assert_eq!((conditions.events[3], conditions.events[12], conditions.events[13]), (4, 2, 2));
    assert_eq!((conditions.persons[12], conditions.persons[13]), (1, 2));
    assert_eq!(domain(&time, "measurement").n_undated, 1);
    assert_eq!(domain(&time, "measurement").events.iter().sum::<u64>(), 3);
    // B, C and D until day 300 (October), A until December and again in February.
    assert_eq!((time.observed[9], time.observed[10], time.observed[12], time.observed[13]), (4, 1, 0, 1));
}

#[test]
fn a_span_of_centuries_is_told_by_year() {
    let mut made = Made::good();
    made.of(0, "condition").start = Some(-300_000);
    let time = over_time(&made, TimeStep::Month);
    assert_eq!((time.step, time.gaps_left_out), (TimeStep::Year, true));
    assert_eq!(domain(&time, "condition").events.iter().sum::<u64>(), 4);
}

fn list(made: &Made, change: impl FnOnce(&mut ListPersons)) -> PersonList {
    let mut host = Host::new();
    let dataset = made.open(&mut host);
    let mut request = ListPersons {
        dataset,
        cohort: None,
        key: String::new(),
        min_events: 0,
        order: PersonOrder::MostEvents,
        limit: 10,
    };
    change(&mut request);
    host.ask(request).unwrap()
}

fn keys(list: &PersonList) -> Vec<&str> {
    list.persons.iter().map(|p| p.person.as_str()).collect()
}

#[test]
fn persons_are_chosen_by_number_of_events_key_and_cohort() {
    let mut made = two_years();
    made.persons.push(Person { key: "E".into(), sex: None, birth_year: None, death: None });
    let all = list(&made, |_| {});
    assert_eq!((keys(&all), all.n_found), (vec!["A", "B", "C", "D", "E"], 5));
    assert_eq!((all.persons[0].n_events, all.persons[0].n_notes), (6, 1));
    assert_eq!(keys(&list(&made, |r| r.order = PersonOrder::FewestEvents)), ["E", "C", "D", "B", "A"]);
    let many = list(&made, |r| (r.min_events, r.limit) = (5, 1));
    assert_eq!((keys(&many), many.n_found), (vec!["A"], 2));
    assert_eq!(keys(&list(&made, |r| r.key = " c".into())), ["C"]);
    assert!(list(&made, |r| r.key = "zzz".into()).persons.is_empty());

    let mut females = CohortDefinition::everyone("Females");
    let condition = Condition::Sex { one_of: vec!["female".into()] };
    females.inclusion_rules.push(InclusionRule { name: String::new(), condition });
    let of_cohort = list(&made, |r| r.cohort = Some(females));
    assert_eq!(keys(&of_cohort), ["A", "B"]);
    assert_eq!(of_cohort.persons[0].index_days, [0]);
}

#[test]
fn one_persons_record_and_nobody_elses() {
    let mut made = two_years();
    made.events.push(Event { text: Some("positive"), ..made.event(0, "observation", CONDITION, 500) });
    let mut host = Host::new();
    let dataset = made.open(&mut host);
    let record = host.ask(PersonTimeline { dataset: dataset.clone(), person: "A".into() }).unwrap();
    assert_eq!((record.sex.as_deref(), record.birth_year, record.death_day), (Some("female"), Some(1950), None));
    assert_eq!(record.periods, [(0, 364), (400, 420)]);
    assert_eq!((record.n_events, record.events.len()), (7, 7));
    let days: Vec<Option<i32>> = record.events.iter().map(|e| e.start_day).collect();
    assert_eq!(days, [100, 100, 200, 365, 366, 400, 500].map(Some));
    let lab = &record.events[2];
    assert_eq!((lab.value, lab.unit.as_deref()), (Some(1.0), Some("mg/dL")));
    assert_eq!(record.concepts[lab.concept as usize].code, "2160-0");
    assert_eq!(record.events[6].value_text.as_deref(), Some("positive"));
    assert_eq!((record.notes.len(), record.notes[0].n_chars), (1, 32));
    let said = words(host.ask(PersonTimeline { dataset, person: "Z".into() }));
    assert!(said.contains("'Z'"), "{said}");
}

#[test]
fn a_note_comes_with_what_was_read_in_it() {
    let mut made = Made::good();
    made.notes.insert(0, Note { person: 0, day: Some(300), text: Some("Later.") });
    let mut host = Host::new();
    let dataset = made.open(&mut host);
    let ask = |note| PersonNote { dataset: dataset.clone(), person: "A".into(), note };
    // Notes are by day: the one of day 100 is the first.
    let first = host.ask(ask(0)).unwrap();
    assert_eq!(first.text, "Denies chest pain. Hypertension.");
    let found: Vec<(&str, &str)> = first.read.findings.iter().map(|f| (f.text.as_str(), f.polarity.as_str())).collect();
    assert_eq!(found, [("chest pain", "negated"), ("Hypertension", "affirmed")]);
    let trigger = first.read.findings[0].trigger.clone().unwrap();
    assert_eq!((trigger.text.as_str(), trigger.span), ("Denies", [0, 6]));
    assert!(trigger.scope[0] <= 7 && trigger.scope[1] >= 17, "{trigger:?}");
    assert_eq!(host.ask(ask(1)).unwrap().text, "Later.");
    assert!(words(host.ask(ask(2))).contains("note"));
}

#[test]
fn a_concept_in_counts() {
    let mut made = two_years();
    made.of(3, "measurement").value = Some(3.0);
    made.events.push(Event { value: Some(90.0), unit: Some("umol/L"), ..made.event(0, "measurement", 2, 400) });
    let mut host = Host::new();
    let dataset = made.open(&mut host);
    let of = |system: &str, code: &str| ConceptRef {
        system: system.into(),
        code: code.into(),
        display: String::new(),
        omop_id: None,
    };
    let lab = host.ask(DescribeConcept { dataset: dataset.clone(), concept: of("LOINC", "2160-0") }).unwrap();
    assert_eq!((lab.n_events, lab.n_persons, lab.by_year), (5, 4, vec![(1970, 4), (1971, 1)]));
    assert_eq!((lab.values[0].unit.as_str(), lab.values[0].n), ("mg/dL", 4));
    assert_eq!(lab.values[0].five, [1.0, 1.0, 1.0, 1.0, 3.0]);
    assert_eq!(lab.values[1].five, [90.0; 5]);
    assert!(words(host.ask(DescribeConcept { dataset, concept: of("LOINC", "0") })).contains("LOINC 0"));
}

#[test]
fn a_flat_file_has_no_timeline() {
    let mut host = Host::new();
    let (dataset, _) = host.shipped("gbsg");
    let said = words(host.ask(DescribeOverTime { dataset: dataset.clone(), step: TimeStep::Year }));
    assert!(said.contains("flat file"), "{said}");
    assert!(words(host.ask(PersonTimeline { dataset, person: "0".into() })).contains("flat file"));
}
