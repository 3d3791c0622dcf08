//! Times a survival report of 1,000,000 rows as the command line asks for it, and prints a JSON line a measurement:
//! medians of five. `cargo run --release -p study --example survival_speed [part of a name]`.

use std::time::Instant;

use cohort::{Index, Source};
use columnar::build::NumberBuilder;
use columnar::{Dataset, Table};
use study::{Depth, SurvivalQuery, survival};

const ROWS: u32 = 1_000_000;
const COVARIATES: usize = 11;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = dataset()?;
    let index = Index::new(&data)?;
    let source = Source::new(&data, &index);
    let covariates: Vec<String> = (1..=COVARIATES).map(|i| format!("x{i}")).collect();
    for (name, time, depth) in [
        ("curves_whole_days", "days", Depth::Curves),
        ("curves_any_times", "time", Depth::Curves),
        ("cox", "days", Depth::Estimates),
    ] {
        if std::env::args().nth(1).is_some_and(|only| !name.contains(&only)) {
            continue;
        }
        let query = SurvivalQuery {
            time: time.to_owned(),
            event: "event".to_owned(),
            group: Some("arm".to_owned()),
            covariates: covariates.clone(),
            thin: true,
            depth,
            ..SurvivalQuery::default()
        };
        let (mut ms, mut cpu_ms, mut report_events) = (Vec::new(), Vec::new(), 0);
        for _ in 0..5 {
            let (started, cpu) = (Instant::now(), processor_ms());
            let report = survival(&source, &query, &mut |_| true)?;
            ms.push(started.elapsed().as_secs_f64() * 1000.0);
            cpu_ms.push(processor_ms() - cpu);
            if report.n != u64::from(ROWS) {
                return Err("rows were lost".into());
            }
            report_events = report.n_events;
        }
        ms.sort_by(f64::total_cmp);
        cpu_ms.sort_by(f64::total_cmp);
        println!(
            r#"{{"name":"survival_report_{name}","rows":{ROWS},"ms":{:.1},"cpu_ms":{:.1},"n_events":{}}}"#,
            ms[2], cpu_ms[2], report_events
        );
    }
    Ok(())
}

/// Time this thread has spent on a processor, where Linux tells: what a busy machine does not distort. Else 0.
fn processor_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

/// The same numbers every time, by a linear congruential generator.
fn dataset() -> Result<Dataset, Box<dyn std::error::Error>> {
    let mut state = 1_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 40) as u32) / f64::from(1_u32 << 24)
    };
    let names = ["days", "time", "event", "arm"].map(str::to_owned).into_iter();
    let names: Vec<String> = names.chain((1..=COVARIATES).map(|i| format!("x{i}"))).collect();
    let mut columns: Vec<NumberBuilder> = names.iter().map(|_| NumberBuilder::new()).collect();
    for _ in 0..ROWS {
        let x: Vec<f64> = (0..COVARIATES).map(|_| uniform() - 0.5).collect();
        let arm = f64::from(u8::from(uniform() < 0.5));
        let time = -3000.0 * uniform().max(1e-9).ln() * (-0.3 * arm - 0.5 * x[0]).exp();
        let observed = time < 3650.0 && uniform() < 0.6;
        let row = [time.min(3650.0).ceil(), time.min(3650.0), f64::from(u8::from(observed)), arm];
        for (column, value) in columns.iter_mut().zip(row.into_iter().chain(x)) {
            column.push(Some(value));
        }
    }
    let columns = names.into_iter().zip(columns.into_iter().map(NumberBuilder::finish)).collect();
    let mut data = Dataset::default();
    data.tables.insert("variable".to_owned(), Table::new(columns)?);
    Ok(data)
}
