//! Flat datasets out of CSV text without commas in quotes; empty and `NA` are missing, a column with a word is a
//! category whose levels keep the order of `levels` where given.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use columnar::build::{CategoryBuilder, NumberBuilder};
use columnar::{Dataset, Table};

pub fn flat(csv: &str) -> Dataset {
    let unquoted = |cell: &str| cell.trim().trim_matches('"').to_owned();
    let mut lines = csv.lines().filter(|l| !l.trim().is_empty());
    let names: Vec<String> = lines.next().unwrap().split(',').map(unquoted).collect();
    let rows: Vec<Vec<String>> = lines.map(|l| l.split(',').map(unquoted).collect()).collect();
    let columns = names.iter().enumerate().map(|(i, name)| {
        let cells: Vec<Option<&str>> =
            rows.iter().map(|r| Some(r[i].as_str()).filter(|c| !c.is_empty() && *c != "NA")).collect();
        let column = if cells.iter().flatten().all(|c| c.parse::<f64>().is_ok()) {
            let mut builder = NumberBuilder::new();
            cells.iter().for_each(|c| builder.push(c.map(|c| c.parse().unwrap())));
            builder.finish()
        } else {
            let mut builder = CategoryBuilder::new();
            cells.iter().for_each(|c| builder.push(*c));
            builder.finish()
        };
        (name.clone(), column)
    });
    let mut data = Dataset::default();
    data.tables.insert("variable".to_owned(), Table::new(columns.collect()).unwrap());
    data
}
