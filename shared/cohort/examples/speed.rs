//! Times the live count of a cohort of 1,000,000 persons and prints one JSON line.

use std::time::Instant;

use cohort::{Index, Source, count_only, evaluate};
use columnar::build::{CategoryBuilder, NumberBuilder};
use columnar::{Dataset, Table};
use model::cohort::{CohortDefinition, Condition, InclusionRule, NumberRange, Test};

const PERSONS: u32 = 1_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = dataset()?;
    let started = Instant::now();
    let index = Index::new(&data)?;
    let index_ms = ms(started);
    let source = Source::new(&data, &index);
    let definition = definition();
    let mut count_ms = Vec::new();
    let mut persons = 0;
    for _ in 0..9 {
        let started = Instant::now();
        persons = count_only(&source, &definition, &mut |_| true)?.persons;
        count_ms.push(ms(started));
    }
    let started = Instant::now();
    let subjects = evaluate(&source, &definition, &mut |_| true)?.n_events();
    let evaluate_ms = ms(started);
    count_ms.sort_by(f64::total_cmp);
    println!(
        r#"{{"bench":"cohort_count","persons":{PERSONS},"rules":3,"in_cohort":{persons},"subjects":{subjects},"index_ms":{index_ms:.2},"count_ms_median":{:.2},"evaluate_ms":{evaluate_ms:.2}}}"#,
        count_ms[4]
    );
    Ok(())
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// Age, a score, a grade (category) and a marker, each missing here and there; the same every time.
fn dataset() -> Result<Dataset, Box<dyn std::error::Error>> {
    let (mut age, mut marker) = (NumberBuilder::new(), NumberBuilder::new());
    let mut grade = CategoryBuilder::new();
    for row in 0..PERSONS {
        let mixed = row.wrapping_mul(2_654_435_761);
        age.push((mixed % 50 != 0).then(|| f64::from(20 + mixed % 71)));
        marker.push((mixed % 31 != 0).then(|| f64::from(mixed % 10_000) / 10.0));
        grade.push(Some(["I", "II", "III", "IV"][(mixed >> 8) as usize % 4]));
    }
    let columns = [("age", age.finish()), ("marker", marker.finish()), ("grade", grade.finish())];
    let mut data = Dataset::default();
    let table = Table::new(columns.into_iter().map(|(n, c)| (n.to_owned(), c)).collect())?;
    data.tables.insert("variable".to_owned(), table);
    Ok(data)
}

fn definition() -> CohortDefinition {
    let variable = |name: &str, test: Test| Condition::Variable { name: name.to_owned(), test };
    let rule = |name: &str, condition: Condition| InclusionRule { name: name.to_owned(), condition };
    let range = |min, max| Test::Range { range: NumberRange { min, max, ..NumberRange::default() } };
    let levels = vec!["II".to_owned(), "III".to_owned()];
    CohortDefinition {
        inclusion_rules: vec![
            rule("40 to 75", variable("age", range(Some(40.0), Some(75.0)))),
            rule("grade II or III", variable("grade", Test::OneOf { levels })),
            rule("marker not high", Condition::Not { of: Box::new(variable("marker", range(Some(900.0), None))) }),
        ],
        ..CohortDefinition::everyone("speed")
    }
}
