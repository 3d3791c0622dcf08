//! Tests on the values of a column, checked once and then run over whole columns.

use arrow_array::Array as _;
use columnar::{BitSet, Category, Column};
use model::cohort::{NumberRange, Test};

use crate::error::Problems;
use crate::names::{hint, short_list};
use crate::truth::Truth;

/// A test that fits its column.
#[derive(Clone, Debug)]
pub(crate) struct ColumnTest<'a> {
    column: &'a Column,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Missing,
    NotMissing,
    /// Both bounds included.
    Between(f64, f64),
    /// Sorted.
    Numbers(Vec<f64>),
    /// By code: whether the level meets the test.
    Levels(Vec<bool>),
    /// Sorted.
    Texts(Vec<String>),
}

impl<'a> ColumnTest<'a> {
    /// A test on a column, or words on why it does not fit. Levels that are only partly there become a warning.
    pub(crate) fn new(
        name: &str,
        column: &'a Column,
        test: &Test,
        path: &str,
        problems: &mut Problems,
        warnings: &mut Vec<String>,
    ) -> Option<Self> {
        let kind = match test {
            Test::Missing => Kind::Missing,
            Test::NotMissing => Kind::NotMissing,
            Test::Range { range } => range_kind(name, column, range, path, problems)?,
            Test::OneOf { levels } => match column {
                Column::Category(c) => levels_kind(name, c, levels, path, problems, warnings)?,
                Column::Number(_) => numbers_kind(name, levels, path, problems)?,
                Column::Text(_) => {
                    let mut texts = levels.clone();
                    texts.sort_unstable();
                    Kind::Texts(texts)
                }
                Column::Day(_) | Column::Index(_) => {
                    problems.add(path, format!("'{name}' is a date and has no levels; ask only whether it is missing"));
                    return None;
                }
            },
        };
        Some(Self { column, kind })
    }

    /// A test for levels that are known to be right, whether or not the column has them.
    pub(crate) fn levels(column: &'a Column, category: &Category, levels: &[String]) -> Self {
        Self { column, kind: Kind::Levels(category.levels.iter().map(|l| levels.contains(l)).collect()) }
    }

    /// Where the test is met.
    pub(crate) fn run(&self) -> Truth {
        let valid = valid_rows(self.column);
        let n_rows = self.column.len();
        let mut value = match (&self.kind, self.column) {
            (Kind::Missing, _) => {
                return Truth::known(valid.map_or_else(
                    || BitSet::empty(n_rows),
                    |mut v| {
                        v.not();
                        v
                    },
                ));
            }
            (Kind::NotMissing, _) => {
                return Truth::known(valid.unwrap_or_else(|| BitSet::full(n_rows)));
            }
            (Kind::Between(low, high), Column::Number(a)) => {
                let (low, high) = (*low, *high);
                of_slice(a.values(), |x| (x >= low) & (x <= high))
            }
            (Kind::Numbers(numbers), Column::Number(a)) => numbers_in(a.values(), numbers),
            (Kind::Levels(table), Column::Category(c)) => codes_in(c.codes.values(), table),
            (Kind::Texts(texts), Column::Text(a)) => of_slice(
                &(0..a.len()).map(|row| a.is_valid(row) && has_text(texts, a.value(row))).collect::<Vec<_>>(),
                |met| met,
            ),
            _ => BitSet::empty(n_rows),
        };
        let Some(mut missing) = valid else {
            return Truth::known(value);
        };
        value.and(&missing);
        missing.not();
        Truth::with_missing(value, Some(&missing))
    }
}

fn has_text(sorted: &[String], text: &str) -> bool {
    sorted.binary_search_by(|t| t.as_str().cmp(text)).is_ok()
}

/// Rows with a value; `None` if every row has one.
fn valid_rows(column: &Column) -> Option<BitSet> {
    (column.n_missing() > 0).then(|| BitSet::from_validity(column))
}

/// Rows whose value meets a test.
pub(crate) fn of_slice<T: Copy>(values: &[T], test: impl Fn(T) -> bool) -> BitSet {
    BitSet::from_fn(values.len(), |row| test(values[row]))
}

/// Whether codes are in a set of levels, given as a table by code.
pub(crate) fn codes_in(codes: &[u32], table: &[bool]) -> BitSet {
    if table.len() <= 64 {
        let mask = table.iter().enumerate().fold(0_u64, |m, (code, &met)| m | (u64::from(met) << code));
        return of_slice(codes, |code| (code < 64) & (mask >> (code & 63) & 1 == 1));
    }
    of_slice(codes, |code| table.get(code as usize).copied().unwrap_or(false))
}

fn numbers_in(values: &[f64], numbers: &[f64]) -> BitSet {
    match *numbers {
        [a] => of_slice(values, |x| x == a),
        [a, b] => of_slice(values, |x| (x == a) | (x == b)),
        [a, b, c] => of_slice(values, |x| (x == a) | (x == b) | (x == c)),
        _ => of_slice(values, |x| numbers.binary_search_by(|n| n.total_cmp(&(x + 0.0))).is_ok()),
    }
}

fn range_kind(name: &str, column: &Column, range: &NumberRange, path: &str, problems: &mut Problems) -> Option<Kind> {
    match column {
        Column::Number(_) => {
            let (low, high) = inclusive(range);
            Some(Kind::Between(low, high))
        }
        Column::Category(c) => {
            let numbers: Option<Vec<f64>> = c.levels.iter().map(|l| number(l)).collect();
            if let Some(numbers) = numbers {
                return Some(Kind::Levels(numbers.into_iter().map(|x| range.contains(x)).collect()));
            }
            let levels: Vec<&str> = c.levels.iter().map(String::as_str).collect();
            problems.add(
                path,
                format!("'{name}' is a category, not a number; choose among its levels: {}", short_list(&levels, 12)),
            );
            None
        }
        Column::Day(_) | Column::Index(_) => {
            problems.add(path, format!("'{name}' is a date; dates are shifted, so a range of them means nothing"));
            None
        }
        Column::Text(_) => {
            problems.add(path, format!("'{name}' is free text and has no range"));
            None
        }
    }
}

/// The same range with both bounds included.
pub(crate) fn inclusive(range: &NumberRange) -> (f64, f64) {
    let low = range.min.map_or(f64::NEG_INFINITY, |m| if range.min_exclusive { m.next_up() } else { m });
    let high = range.max.map_or(f64::INFINITY, |m| if range.max_exclusive { m.next_down() } else { m });
    (low, high)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|x| x.is_finite()).map(|x| x + 0.0)
}

fn numbers_kind(name: &str, levels: &[String], path: &str, problems: &mut Problems) -> Option<Kind> {
    let mut numbers = Vec::with_capacity(levels.len());
    for level in levels {
        if let Some(x) = number(level) {
            numbers.push(x);
        } else {
            problems.add(path, format!("'{name}' holds numbers, and '{level}' is none"));
        }
    }
    numbers.sort_by(f64::total_cmp);
    (numbers.len() == levels.len()).then_some(Kind::Numbers(numbers))
}

/// The codes of asked levels: by text, else by value (`"1"` is the level `1.0`, and `1.00` beside it).
fn levels_kind(
    name: &str,
    category: &Category,
    levels: &[String],
    path: &str,
    problems: &mut Problems,
    warnings: &mut Vec<String>,
) -> Option<Kind> {
    let mut table = vec![false; category.levels.len()];
    let mut absent = Vec::new();
    for level in levels {
        let wanted = number(level);
        let by_text = category.levels.contains(level);
        let is_asked = |l: &String| if by_text { l == level } else { wanted.is_some() && number(l) == wanted };
        let mut found = false;
        for (slot, _) in table.iter_mut().zip(category.levels.iter()).filter(|(_, l)| is_asked(l)) {
            *slot = true;
            found = true;
        }
        if !found {
            absent.push(level.as_str());
        }
    }
    if absent.is_empty() {
        return Some(Kind::Levels(table));
    }
    let known = || category.levels.iter().map(String::as_str);
    if absent.len() == levels.len() {
        for level in absent {
            problems.add(path, format!("'{name}' has no level '{level}'{}", hint(level, known())));
        }
        return None;
    }
    for level in absent {
        warnings.push(format!("'{name}' has no level '{level}' here; nobody meets it{}", hint(level, known())));
    }
    Some(Kind::Levels(table))
}
