//! The order in which people read the levels of a category.
//!
//! Columns store levels in the order of their bytes (by value where all are numbers): that order decides codes and reference
//! levels and stays. Shown, `2` comes before `10`, `stage II` before `stage IX`, `mild` before `severe`.

use std::cmp::Ordering;

/// Scales that data use in words, from their low end up. Two words at one place are two spellings of it.
const SCALES: [&[&[&str]]; 12] = [
    &[
        &["none", "no", "absent", "normal"],
        &["minimal", "trace", "slight"],
        &["mild"],
        &["moderate"],
        &["marked"],
        &["severe"],
        &["very severe", "critical", "life-threatening"],
        &["fatal", "death"],
    ],
    &[
        &["very low"],
        &["low"],
        &["medium", "middle", "moderate", "intermediate", "normal", "average"],
        &["high"],
        &["very high"],
    ],
    &[&["very small"], &["small"], &["medium"], &["large"], &["very large"]],
    &[&["never"], &["former", "ex", "past", "previous"], &["current", "present"]],
    &[&["never"], &["rarely"], &["sometimes", "occasionally"], &["often", "frequently"], &["always"]],
    &[&["very poor"], &["poor"], &["fair"], &["good"], &["very good"], &["excellent"]],
    &[
        &["well differentiated", "well"],
        &["moderately differentiated", "moderate", "moderately"],
        &["poorly differentiated", "poor", "poorly"],
        &["undifferentiated", "anaplastic"],
    ],
    &[
        &["negative", "neg"],
        &["weak", "weakly positive", "equivocal"],
        &["positive", "pos"],
        &["strong", "strongly positive"],
    ],
    &[&["first"], &["second"], &["third"], &["fourth"], &["fifth"], &["sixth"]],
    &[&["primary"], &["secondary"], &["tertiary"], &["quaternary"]],
    &[&["monday"], &["tuesday"], &["wednesday"], &["thursday"], &["friday"], &["saturday"], &["sunday"]],
    &[
        &["january", "jan"],
        &["february", "feb"],
        &["march", "mar"],
        &["april", "apr"],
        &["may"],
        &["june", "jun"],
        &["july", "jul"],
        &["august", "aug"],
        &["september", "sep"],
        &["october", "oct"],
        &["november", "nov"],
        &["december", "dec"],
    ],
];

/// What says that a value is not known or not one of the others: it comes last.
const OUTSIDE: [&str; 12] = [
    "other",
    "others",
    "unknown",
    "not known",
    "not stated",
    "not reported",
    "not recorded",
    "not applicable",
    "missing",
    "n/a",
    "na",
    "unk",
];

/// The places of the levels in the order in which people read them. All of one known scale: from its low end up. Else
/// numbers within the text count by their value, and Roman numerals where every level ends in one; the rest goes by its
/// letters. `unknown`, `other` and the like come last.
#[must_use]
pub fn in_order(levels: &[&str]) -> Vec<usize> {
    let texts: Vec<String> = levels.iter().map(|level| level.trim().to_lowercase()).collect();
    let is_outside = |text: &String| OUTSIDE.contains(&text.as_str());
    let within: Vec<&String> = texts.iter().filter(|text| !is_outside(text)).collect();
    let scale = SCALES.iter().find(|scale| within.len() > 1 && within.iter().all(|text| place(scale, text).is_some()));
    let number = |text: &String| text.parse::<f64>().ok().filter(|x| x.is_finite());
    let numbers = within.iter().all(|text| number(text).is_some());
    let romans = within.len() > 1 && within.iter().all(|text| roman(text).is_some());
    let compare = |a: &String, b: &String| match scale {
        Some(scale) => place(scale, a).cmp(&place(scale, b)),
        None if numbers => number(a).unwrap_or(0.0).total_cmp(&number(b).unwrap_or(0.0)),
        None if romans => roman(a).cmp(&roman(b)),
        None => natural(a, b),
    };
    let mut order: Vec<usize> = (0..levels.len()).collect();
    order.sort_by(|&i, &j| {
        let (Some(a), Some(b)) = (texts.get(i), texts.get(j)) else { return i.cmp(&j) };
        is_outside(a).cmp(&is_outside(b)).then_with(|| compare(a, b)).then(i.cmp(&j))
    });
    order
}

/// Puts what has levels into the order of [`in_order`].
pub fn put_in_order<T>(items: Vec<T>, level: impl Fn(&T) -> &str) -> Vec<T> {
    let order = in_order(&items.iter().map(&level).collect::<Vec<_>>());
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    order.into_iter().filter_map(|place| items.get_mut(place).and_then(Option::take)).collect()
}

fn place(scale: &[&[&str]], text: &str) -> Option<usize> {
    scale.iter().position(|words| words.contains(&text))
}

/// Words before a Roman numeral up to 20, its value and letters behind it: `stage iib` is (`stage`, 2, `b`). Nothing for an
/// Arabic number or another word.
fn roman(text: &str) -> Option<(&str, u32, &str)> {
    let (words, last) = text.rsplit_once([' ', '_', '-']).unwrap_or(("", text));
    let end = last.find(|c| !matches!(c, 'i' | 'v' | 'x')).unwrap_or(last.len());
    let (numeral, behind) = last.split_at(end);
    if behind.chars().count() > 2 || !behind.chars().all(|c| matches!(c, 'a'..='d' | '1'..='9')) {
        return None;
    }
    const NUMERALS: [&str; 20] = [
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii",
        "xviii", "xix", "xx",
    ];
    let value = NUMERALS.iter().position(|known| *known == numeral)?;
    Some((words, u32::try_from(value + 1).ok()?, behind))
}

/// Compares texts with the numbers in them by value: `2 mg` before `10 mg`, `<5` before `5-9`. A total order, as sorting
/// needs it: texts are compared as rows of pieces.
fn natural(a: &str, b: &str) -> Ordering {
    let is_more = |text: &str| !text.starts_with(['<', '\u{2264}']);
    if is_more(a) != is_more(b) {
        return is_more(a).cmp(&is_more(b));
    }
    let (mut a, mut b) = (a, b);
    loop {
        let (first, second) = (piece(a), piece(b));
        let (Some((x, rest_a)), Some((y, rest_b))) = (first, second) else {
            return first.is_some().cmp(&second.is_some());
        };
        let ordering = match (digits(x), digits(y)) {
            (Some(x), Some(y)) => x.len().cmp(&y.len()).then_with(|| x.cmp(y)),
            _ => x.cmp(y),
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
        (a, b) = (rest_a, rest_b);
    }
}

/// The first run of digits or of anything else, and what follows.
fn piece(text: &str) -> Option<(&str, &str)> {
    let is_digit = text.bytes().next()?.is_ascii_digit();
    let end = text.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(text.len());
    Some(text.split_at(end))
}

/// A run of digits without leading zeros.
fn digits(piece: &str) -> Option<&str> {
    piece.bytes().next()?.is_ascii_digit().then(|| piece.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(levels: &[&str]) -> Vec<String> {
        let mut stored: Vec<String> = levels.iter().map(|level| (*level).to_owned()).collect();
        stored.sort();
        put_in_order(stored, |level| level.as_str())
    }

    #[test]
    fn numbers_count_by_their_value() {
        for expected in [
            &["1", "2", "9", "10", "x"][..],
            &["-3", "-1.5", "0", "2.5", "10", "unknown"],
            &["2 mg", "10 mg", "100 mg"],
            &["0-9", "10-19", "20-29", "100+"],
            &["<5", "5-9", "10-19", "100+"],
            &["T1", "T1a", "T2", "T10"],
            &["grade 1", "grade 2", "grade 10", "Other"],
            &["v1.2", "v1.10", "v2.1"],
        ] {
            assert_eq!(sorted(expected), expected);
        }
    }

    #[test]
    fn scales_go_from_their_low_end_up() {
        for expected in [
            &["none", "mild", "moderate", "severe"][..],
            &["Low", "Medium", "High", "Unknown"],
            &["never", "former", "current"],
            &["poor", "fair", "good", "excellent"],
            &["negative", "weak", "positive", "strong"],
            &["Jan", "Feb", "Mar", "Dec"],
            &["no", "yes"],
            &["female", "male", "other", "unknown"],
        ] {
            assert_eq!(sorted(expected), expected);
        }
        assert_eq!(sorted(&["low", "high", "purple"]), ["high", "low", "purple"], "no scale that is known: by letters");
        assert_eq!(sorted(&["high"]), ["high"]);
    }

    #[test]
    fn roman_numerals_count_where_all_are() {
        assert_eq!(sorted(&["IX", "V", "X", "I", "IV"]), ["I", "IV", "V", "IX", "X"]);
        assert_eq!(
            sorted(&["Stage IIB", "Stage IIA", "Stage IV", "Stage I", "unknown"]),
            ["Stage I", "Stage IIA", "Stage IIB", "Stage IV", "unknown"]
        );
        assert_eq!(sorted(&["i", "x", "mixed"]), ["i", "mixed", "x"]);
        assert_eq!(sorted(&["vice", "iceberg"]), ["iceberg", "vice"]);
    }

    #[test]
    fn every_level_keeps_its_one_place() {
        // "1e3" is more than "2" as a number and less than "1x" as a text: it must not be both
        let levels =
            ["2", "1x", "007", "7", "07", "", "é", " 7", "10", "unknown", "Unknown", "9999999999999999999999", "1e3"];
        let mut order = in_order(&levels);
        assert_eq!(order.len(), levels.len());
        order.sort_unstable();
        assert_eq!(order, (0..levels.len()).collect::<Vec<_>>());
        assert_eq!(in_order(&[]), Vec::<usize>::new());
    }

    #[test]
    fn texts_are_in_a_total_order() {
        let texts = [
            "",
            "0",
            "00",
            "1",
            "1e3",
            "1x",
            "2",
            "10",
            "-1",
            "-1.5",
            "<5",
            "<10",
            "\u{2264}3",
            ">5",
            "a",
            "a1",
            "a01",
            "a10",
            "ab",
            "\u{e9}1",
        ];
        for a in texts {
            for b in texts {
                assert_eq!(natural(a, b), natural(b, a).reverse(), "{a} {b}");
                for c in texts {
                    let both = natural(a, b) != Ordering::Greater && natural(b, c) != Ordering::Greater;
                    assert!(!both || natural(a, c) != Ordering::Greater, "{a} {b} {c}");
                }
            }
        }
    }
}
