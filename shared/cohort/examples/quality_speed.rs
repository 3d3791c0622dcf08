//! Data quality over a million made events: `cargo run --release -p cohort --example quality_speed`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "an example prints, and ends where it cannot go on")]

use std::time::Instant;

use cohort::{Conversion, Index, Limits, QualitySettings, Reference, Source, check_quality};
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use columnar::{Column, Dataset, Table};
use model::concept::ConceptRef;

const PERSONS: u32 = 20_000;
const EVENTS_A_PERSON: u32 = 50;
const CONCEPTS: u32 = 2000;

struct Table46;

impl Reference for Table46 {
    fn source(&self) -> &str {
        "made"
    }
    fn limits(&self, concept: &ConceptRef) -> Option<Limits> {
        let n: u32 = concept.code.parse().ok()?;
        n.is_multiple_of(4).then(|| Limits { name: "made".into(), unit: "mg/dL".into(), low: 0.0, high: 90.0 })
    }
    fn conversion(&self, _: &ConceptRef, unit: &str) -> Option<Conversion> {
        (unit == "mg/dL").then_some(Conversion { factor: 1.0, offset: 0.0 })
    }
    fn knows_unit(&self, unit: &str) -> bool {
        unit.starts_with('m')
    }
}

fn main() {
    let data = made();
    let start = Instant::now();
    let index = Index::new(&data).unwrap();
    println!("index {:?}", start.elapsed());
    let source = Source::new(&data, &index);
    let settings = QualitySettings { today: Some(20_000), moved_days: 366 };
    let mut seconds: Vec<f64> = (0..7)
        .map(|_| {
            let start = Instant::now();
            let report = check_quality(&source, &settings, &Table46, &mut |_| true).unwrap();
            assert_eq!(report.n_events, u64::from(PERSONS * EVENTS_A_PERSON));
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!("{} events: median of 7 {:.3} s, slowest {:.3} s", index.n_events(), seconds[3], seconds[6]);
}

fn made() -> Dataset {
    // A multiplicative generator: the same events at every run.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = move |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from((state >> 33) % u64::from(below)).unwrap()
    };
    let domains = ["visit", "condition", "drug", "measurement"];
    let units = ["mg/dL", "mmol/L", "furlong"];
    let (mut person, mut concept) = (IndexBuilder::new(), IndexBuilder::new());
    let (mut domain, mut unit) = (CategoryBuilder::new(), CategoryBuilder::new());
    let (mut start, mut end, mut value) = (DayBuilder::new(), DayBuilder::new(), NumberBuilder::new());
    let (mut sex, mut birth, mut death) = (CategoryBuilder::new(), NumberBuilder::new(), DayBuilder::new());
    let (mut who, mut from, mut to) = (IndexBuilder::new(), DayBuilder::new(), DayBuilder::new());
    for p in 0..PERSONS {
        sex.push(Some(if p % 2 == 0 { "female" } else { "male" }));
        birth.push(Some(f64::from(1930 + random(60))));
        death.push((p % 10 == 0).then_some(19_000));
        who.push(p);
        from.push(Some(10_000));
        to.push(Some(19_500));
        let mut days: Vec<i32> =
            (0..EVENTS_A_PERSON).map(|_| 10_000 + i32::try_from(random(10_000)).unwrap() / 7 * 7).collect();
        days.sort_unstable();
        for day in days {
            let kind = random(4) as usize;
            person.push(p);
            concept.push(random(CONCEPTS));
            domain.push(Some(domains[kind]));
            start.push(Some(day));
            end.push((kind < 3).then(|| day + i32::try_from(random(9)).unwrap()));
            value.push((kind == 3).then(|| f64::from(random(100))));
            unit.push((kind == 3).then(|| units[random(3) as usize]));
        }
    }
    let (mut system, mut code, mut display) = (CategoryBuilder::new(), TextBuilder::new(), TextBuilder::new());
    for c in 0..CONCEPTS {
        system.push(Some("LOINC"));
        code.push(Some(&c.to_string())).unwrap();
        display.push(Some(&format!("Concept {c}"))).unwrap();
    }
    let mut data = Dataset::default();
    let mut add = |name: &str, columns: Vec<(&str, Column)>| {
        data.insert(
            name.to_owned(),
            Table::new(columns.into_iter().map(|(n, c)| (n.to_owned(), c)).collect()).unwrap(),
        );
    };
    add("person", vec![("sex", sex.finish()), ("birth_year", birth.finish()), ("death_day", death.finish())]);
    add("observation_period", vec![("person", who.finish()), ("start_day", from.finish()), ("end_day", to.finish())]);
    add("concept", vec![("system", system.finish()), ("code", code.finish()), ("display", display.finish())]);
    add(
        "event",
        vec![
            ("person", person.finish()),
            ("domain", domain.finish()),
            ("concept", concept.finish()),
            ("start_day", start.finish()),
            ("end_day", end.finish()),
            ("value", value.finish()),
            ("unit", unit.finish()),
        ],
    );
    data
}
