//! Variable columns as slices: numbers, events and codes, each with the rows that have a value.

use arrow_array::Array as _;
use cohort::Source;
use columnar::Column;

/// Numbers with the rows that have one.
pub(crate) struct Numbers {
    pub(crate) values: Vec<f64>,
    pub(crate) valid: Vec<bool>,
}

/// Codes with the rows that have one, and what each code means.
pub(crate) struct Codes {
    pub(crate) codes: Vec<u32>,
    pub(crate) valid: Vec<bool>,
    pub(crate) names: Vec<String>,
}

fn column<'a>(source: &Source<'a>, name: &str, what: &str) -> Result<&'a Column, String> {
    source.variable(name).ok_or_else(|| {
        let names: Vec<&str> = source.variables().map(|(name, _)| name).collect();
        format!("there is no column '{name}' for the {what} (columns: {})", names.join(", "))
    })
}

/// A column of numbers; a category whose levels are all numbers will do.
pub(crate) fn numbers(source: &Source<'_>, name: &str, what: &str) -> Result<Numbers, String> {
    let refused = || format!("column '{name}' holds no numbers, so it cannot be the {what}");
    match column(source, name, what)? {
        Column::Number(a) => {
            let mut values = a.values().to_vec();
            let valid = valid_rows(a);
            // what stands under a missing value is not to be relied on
            if a.null_count() > 0 {
                values.iter_mut().zip(&valid).filter(|(_, v)| !**v).for_each(|(x, _)| *x = 0.0);
            }
            Ok(Numbers { values, valid })
        }
        Column::Category(c) => {
            let levels: Option<Vec<f64>> = c.levels.iter().map(|l| l.trim().parse().ok()).collect();
            let levels = levels.filter(|l| l.iter().all(|x: &f64| x.is_finite())).ok_or_else(refused)?;
            let value = |code: Option<u32>| code.and_then(|c| levels.get(c as usize).copied());
            Ok(Numbers {
                values: c.codes.iter().map(|code| value(code).unwrap_or(0.0)).collect(),
                valid: c.codes.iter().map(|code| value(code).is_some()).collect(),
            })
        }
        _ => Err(refused()),
    }
}

fn valid_rows(array: &dyn arrow_array::Array) -> Vec<bool> {
    match array.nulls().filter(|n| n.null_count() > 0) {
        Some(nulls) => nulls.iter().collect(),
        None => vec![true; array.len()],
    }
}

/// Whether the event was observed: 1 or 0, or a category of two such words.
pub(crate) fn events(source: &Source<'_>, name: &str) -> Result<(Vec<bool>, Vec<bool>), String> {
    yes_and_no(source, name, "event", ["censored", "observed"])
}

/// A column of 0 and 1, which have these `meanings`, or of two such words; and the rows that have a value.
pub(crate) fn yes_and_no(
    source: &Source<'_>,
    name: &str,
    what: &str,
    meanings: [&str; 2],
) -> Result<(Vec<bool>, Vec<bool>), String> {
    let must = format!("the {what} column '{name}' must hold 0 ({}) and 1 ({})", meanings[0], meanings[1]);
    let found: Vec<Option<bool>> = match column(source, name, what)? {
        Column::Number(a) => {
            let valid = valid_rows(a);
            let odd = |(x, v): (&f64, &bool)| *v && *x != 0.0 && *x != 1.0;
            let n_odd = a.values().iter().zip(&valid).filter(|&(x, v)| odd((x, v))).count();
            if n_odd > 0 {
                let first = a.values().iter().zip(&valid).find(|&(x, v)| odd((x, v))).map_or(0.0, |(x, _)| *x);
                return Err(format!("{must}; {n_odd} rows hold something else, the first {first}"));
            }
            let event = a.values().iter().zip(&valid).map(|(x, v)| *v && *x == 1.0).collect();
            return Ok((event, valid));
        }
        Column::Category(c) => {
            let meaning: Vec<Option<bool>> = c.levels.iter().map(|l| yes_or_no(l)).collect();
            let unknown = c.levels.iter().zip(&meaning).find(|(_, m)| m.is_none());
            if let Some((level, _)) = unknown {
                return Err(format!("{must}; it has the level '{level}'"));
            }
            c.codes.iter().map(|code| code.and_then(|c| meaning.get(c as usize).copied().flatten())).collect()
        }
        _ => return Err(must),
    };
    Ok((found.iter().map(|v| v.unwrap_or(false)).collect(), found.iter().map(Option::is_some).collect()))
}

fn yes_or_no(level: &str) -> Option<bool> {
    match level.trim().to_lowercase().as_str() {
        "1" | "1.0" | "true" | "t" | "yes" | "y" => Some(true),
        "0" | "0.0" | "false" | "f" | "no" | "n" => Some(false),
        _ => None,
    }
}

/// A column as groups: the levels of a category as stored, or the different numbers in order (`1`, not `1.0`); only
/// those that occur.
pub(crate) fn codes(source: &Source<'_>, name: &str, what: &str) -> Result<Codes, String> {
    match column(source, name, what)? {
        Column::Category(c) => {
            let mut used = vec![false; c.levels.len()];
            for code in c.codes.iter().flatten() {
                if let Some(slot) = used.get_mut(code as usize) {
                    *slot = true;
                }
            }
            let mut place = vec![0; used.len()];
            let mut names = Vec::new();
            for (code, level) in c.levels.iter().enumerate().filter(|(code, _)| used[*code]) {
                place[code] = small(names.len());
                names.push(level.clone());
            }
            Ok(Codes {
                codes: c.codes.iter().map(|code| code.map_or(0, |c| place[c as usize])).collect(),
                valid: c.codes.iter().map(|code| code.is_some()).collect(),
                names,
            })
        }
        Column::Number(a) => {
            let valid = valid_rows(a);
            if let Some((codes, distinct)) = few_numbers(a.values(), &valid) {
                return Ok(Codes { codes, valid, names: distinct.iter().map(ToString::to_string).collect() });
            }
            let values: Vec<Option<f64>> = a.iter().map(|v| v.map(|x| x + 0.0)).collect();
            Ok(of_sorted(&values, f64::total_cmp, ToString::to_string))
        }
        Column::Text(a) => {
            let values: Vec<Option<&str>> = a.iter().collect();
            Ok(of_sorted(&values, Ord::cmp, |t| (*t).to_owned()))
        }
        Column::Day(_) | Column::Index(_) => Err(format!("column '{name}' is a date and cannot be the {what}")),
    }
}

/// Distinct numbers above which sorting is faster than looking through a list.
const FEW: usize = 32;

/// Codes of numbers of which there are few, without sorting the rows; `None` if there are many.
///
/// Both passes compare with every distinct number instead of stopping at the first match: a stop at a place that chance
/// decides costs more than the comparisons.
fn few_numbers(values: &[f64], valid: &[bool]) -> Option<(Vec<u32>, Vec<f64>)> {
    let mut distinct: Vec<f64> = Vec::new();
    for (x, valid) in values.iter().zip(valid) {
        let known = distinct.iter().fold(!valid, |known, d| known | (d == x));
        if !known {
            if distinct.len() == FEW {
                return None;
            }
            distinct.push(x + 0.0);
        }
    }
    distinct.sort_by(f64::total_cmp);
    let code = |x: &f64| distinct.iter().map(|d| u32::from(d < x)).sum();
    let codes: Vec<u32> = match distinct.as_slice() {
        [] | [_] => vec![0; values.len()],
        [low, _] => values.iter().map(|x| u32::from(x > low)).collect(),
        _ => values.iter().map(code).collect(),
    };
    // what stands under a missing value may be any number
    let codes = codes.into_iter().zip(valid).map(|(code, valid)| if *valid { code } else { 0 }).collect();
    Some((codes, distinct))
}

fn of_sorted<T: Copy>(
    values: &[Option<T>],
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
    name: impl Fn(&T) -> String,
) -> Codes {
    let mut distinct: Vec<T> = values.iter().flatten().copied().collect();
    distinct.sort_by(&order);
    distinct.dedup_by(|a, b| order(a, b).is_eq());
    let code = |v: &Option<T>| v.and_then(|x| distinct.binary_search_by(|d| order(d, &x)).ok()).map_or(0, small);
    Codes {
        codes: values.iter().map(code).collect(),
        valid: values.iter().map(Option::is_some).collect(),
        names: distinct.iter().map(name).collect(),
    }
}

pub(crate) fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
