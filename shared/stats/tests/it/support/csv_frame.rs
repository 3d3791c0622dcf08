//! Just enough of an R data frame for tests: CSV columns, factors, derived columns, complete rows.

use std::collections::BTreeMap;

/// A CSV file's columns as text.
pub struct Frame {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
    levels: BTreeMap<String, Vec<String>>,
}

/// `factor(x)` is ("factor", "x"), `x` is ("", "x").
pub fn inner(term: &str) -> (&str, &str) {
    match term.split_once('(') {
        Some((function, rest)) => (function, rest.trim_end_matches(')')),
        None => ("", term),
    }
}

impl Frame {
    pub fn new(text: &str) -> Self {
        let mut lines = text
            .lines()
            .map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect::<Vec<String>>());
        let names = lines.next().expect("a header");
        Self { names, rows: lines.collect(), levels: BTreeMap::new() }
    }

    fn index(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no column {name}"))
    }

    pub fn levels(&mut self, name: &str, levels: &[&str]) {
        self.levels.insert(name.to_owned(), levels.iter().map(ToString::to_string).collect());
    }

    pub fn lower_case(&mut self) {
        self.names.iter_mut().for_each(|name| *name = name.to_lowercase());
    }

    fn value(names: &[String], row: &[String], name: &str) -> f64 {
        let at = names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no column {name}"));
        row[at].parse().unwrap_or(f64::NAN)
    }

    pub fn keep(&mut self, f: impl Fn(&dyn Fn(&str) -> f64) -> bool) {
        let names = self.names.clone();
        self.rows.retain(|row| f(&|name| Self::value(&names, row, name)));
    }

    pub fn derive(&mut self, name: &str, f: impl Fn(&dyn Fn(&str) -> f64) -> f64) {
        let names = self.names.clone();
        for row in &mut self.rows {
            let value = f(&|name| Self::value(&names, row, name));
            row.push(if value.is_nan() { String::new() } else { value.to_string() });
        }
        self.names.push(name.to_owned());
    }

    /// Rows without a missing value in the named columns.
    pub fn complete(&self, names: &[&str]) -> Vec<usize> {
        let columns: Vec<usize> = names.iter().map(|name| self.index(name)).collect();
        let missing = |cell: &str| cell.is_empty() || cell == "NA";
        (0..self.rows.len()).filter(|&row| columns.iter().all(|&c| !missing(&self.rows[row][c]))).collect()
    }

    pub fn numbers(&self, name: &str, rows: &[usize]) -> Vec<f64> {
        let column = self.index(name);
        let number = |row: &usize| match self.rows[*row][column].as_str() {
            "TRUE" => 1.0,
            "FALSE" => 0.0,
            cell => cell.parse().unwrap_or_else(|_| panic!("{name}: {cell} is no number")),
        };
        rows.iter().map(number).collect()
    }

    fn is_text(&self, name: &str) -> bool {
        let column = self.index(name);
        let missing = |cell: &str| cell.is_empty() || cell == "NA";
        self.rows.iter().any(|r| !missing(&r[column]) && r[column].parse::<f64>().is_err())
    }

    /// Codes by level: the given order, or sorted as numbers or text.
    pub fn codes(&self, name: &str, rows: &[usize]) -> (Vec<u32>, u32) {
        let column = self.index(name);
        let mut levels: Vec<String> = rows.iter().map(|&r| self.rows[r][column].clone()).collect();
        // as in R, whose collation does not mind case and puts signs before digits
        levels.sort_by_key(|level| (level.starts_with(|c: char| c.is_ascii_digit()), level.to_lowercase()));
        levels.dedup();
        if !self.is_text(name) {
            levels.sort_by(|a, b| {
                let (a, b): (f64, f64) = (a.parse().expect("number"), b.parse().expect("number"));
                a.total_cmp(&b)
            });
        }
        if let Some(given) = self.levels.get(name).filter(|_| self.is_text(name)) {
            levels = given.iter().filter(|level| levels.contains(level)).cloned().collect();
        }
        let code = |row: &usize| {
            let cell = &self.rows[*row][column];
            levels.iter().position(|level| level == cell).expect("a level") as u32
        };
        (rows.iter().map(code).collect(), levels.len() as u32)
    }

    /// Columns of a term of a model: a number, its logarithm, or indicators of a factor.
    pub fn design(&self, function: &str, name: &str, rows: &[usize]) -> Vec<Vec<f64>> {
        if function == "factor" || self.is_text(name) {
            let (codes, n) = self.codes(name, rows);
            let indicator = |level| codes.iter().map(|&c| f64::from(c == level)).collect();
            return (1..n).map(indicator).collect();
        }
        let numbers = self.numbers(name, rows);
        match function {
            "log" => vec![numbers.iter().map(|x| x.ln()).collect()],
            _ => vec![numbers],
        }
    }
}
