//! Datasets out of a few lines of text.
//!
//! A record has a line a person, `name sex birth-year | period period | event event`: a period is `1..100`, an event
//! `12:drug:A` or `12:lab:HBA1C=7.1%`, days count from 1970-01-01, `+40` at the end is a day of death. A flat table has a
//! line of names and a line a person, `.` where a value is missing; a column with a word in it is a category.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use columnar::{Column, Dataset, Table};

const DOMAINS: [(&str, &str); 4] = [("drug", "drug"), ("dx", "condition"), ("lab", "measurement"), ("visit", "visit")];

/// OMOP ids of the concepts A, B, C, ... are 1, 2, 3, ...; B and C are below A.
pub const CONCEPTS: [&str; 5] = ["A", "B", "C", "D", "HBA1C"];

pub fn flat(text: &str) -> Dataset {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let names: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    let rows: Vec<Vec<&str>> = lines.map(|l| l.split_whitespace().collect()).collect();
    let columns = names.iter().enumerate().map(|(i, name)| {
        let cells: Vec<Option<&str>> = rows.iter().map(|r| Some(r[i]).filter(|c| *c != ".")).collect();
        let column = if cells.iter().flatten().all(|c| c.parse::<f64>().is_ok()) {
            let mut builder = NumberBuilder::new();
            cells.iter().for_each(|c| builder.push(c.map(|c| c.parse().unwrap())));
            builder.finish()
        } else {
            let mut builder = CategoryBuilder::new();
            cells.iter().for_each(|c| builder.push(*c));
            builder.finish()
        };
        ((*name).to_owned(), column)
    });
    let mut data = Dataset::default();
    data.tables.insert("variable".to_owned(), Table::new(columns.collect()).unwrap());
    data
}

struct Event {
    person: u32,
    day: i32,
    domain: &'static str,
    concept: u32,
    value: Option<f64>,
    unit: Option<String>,
}

pub fn record(text: &str) -> Dataset {
    let (mut sex, mut birth, mut death) = (CategoryBuilder::new(), NumberBuilder::new(), DayBuilder::new());
    let (mut who, mut from, mut to) = (IndexBuilder::default(), DayBuilder::new(), DayBuilder::new());
    let mut events: Vec<Event> = Vec::new();
    for (person, line) in (0..).zip(text.lines().map(str::trim).filter(|l| !l.is_empty())) {
        let mut parts = line.split('|');
        let mut head = parts.next().unwrap().split_whitespace().skip(1);
        sex.push(head.next().filter(|s| *s != "."));
        birth.push(head.next().filter(|s| *s != ".").map(|y| y.parse().unwrap()));
        death.push(head.next().map(|d| d.trim_start_matches('+').parse().unwrap()));
        for period in parts.next().unwrap_or("").split_whitespace() {
            let (a, b) = period.split_once("..").unwrap();
            who.push(person);
            from.push(Some(a.parse().unwrap()));
            to.push(Some(b.parse().unwrap()));
        }
        events.extend(parts.next().unwrap_or("").split_whitespace().map(|e| event(person, e)));
    }
    events.sort_by_key(|e| (e.person, e.day));
    let mut data = Dataset::default();
    let mut add = |name: &str, columns: Vec<(&str, Column)>| {
        let columns = columns.into_iter().map(|(n, c)| (n.to_owned(), c)).collect();
        data.tables.insert(name.to_owned(), Table::new(columns).unwrap());
    };
    add("person", vec![("sex", sex.finish()), ("birth_year", birth.finish()), ("death_day", death.finish())]);
    add("observation_period", vec![("person", who.finish()), ("start_day", from.finish()), ("end_day", to.finish())]);
    add("event", event_columns(&events));
    add("concept", concept_columns());
    let (mut above, mut below) = (NumberBuilder::new(), NumberBuilder::new());
    for (a, b) in [(1, 1), (1, 2), (1, 3), (2, 2), (3, 3)] {
        above.push(Some(f64::from(a)));
        below.push(Some(f64::from(b)));
    }
    add("concept_ancestor", vec![("ancestor_omop_id", above.finish()), ("descendant_omop_id", below.finish())]);
    data
}

fn event(person: u32, text: &str) -> Event {
    let mut parts = text.splitn(3, ':');
    let day = parts.next().unwrap().parse().unwrap();
    let short = parts.next().unwrap();
    let domain = DOMAINS.iter().find(|d| d.0 == short).unwrap().1;
    let what = parts.next().unwrap();
    let (code, value) = what.split_once('=').map_or((what, None), |(c, v)| (c, Some(v)));
    let digits = value.map_or(0, |v| v.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(v.len()));
    Event {
        person,
        day,
        domain,
        concept: CONCEPTS.iter().position(|c| *c == code).unwrap() as u32,
        value: value.map(|v| v[..digits].parse().unwrap()),
        unit: value.map(|v| v[digits..].to_owned()).filter(|u| !u.is_empty()),
    }
}

fn event_columns(events: &[Event]) -> Vec<(&'static str, Column)> {
    let (mut person, mut concept) = (IndexBuilder::default(), IndexBuilder::default());
    let (mut domain, mut unit) = (CategoryBuilder::new(), CategoryBuilder::new());
    let (mut start, mut value) = (DayBuilder::new(), NumberBuilder::new());
    for e in events {
        person.push(e.person);
        domain.push(Some(e.domain));
        concept.push(e.concept);
        start.push(Some(e.day));
        value.push(e.value);
        unit.push(e.unit.as_deref());
    }
    vec![
        ("person", person.finish()),
        ("domain", domain.finish()),
        ("concept", concept.finish()),
        ("start_day", start.finish()),
        ("value", value.finish()),
        ("unit", unit.finish()),
    ]
}

fn concept_columns() -> Vec<(&'static str, Column)> {
    let (mut system, mut code, mut id) = (CategoryBuilder::new(), TextBuilder::new(), NumberBuilder::new());
    for (i, concept) in (1..).zip(CONCEPTS) {
        system.push(Some("TEST"));
        code.push(Some(concept)).unwrap();
        id.push(Some(f64::from(i)));
    }
    vec![("system", system.finish()), ("code", code.finish()), ("omop_id", id.finish())]
}
