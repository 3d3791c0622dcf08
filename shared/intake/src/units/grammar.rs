//! Whether a unit is written as UCUM asks.
//!
//! The grammar of the Unified Code for Units of Measure (<https://ucum.org/ucum>, section 3): terms of components joined
//! by `.` and `/`; a component is a number, or a unit atom with an optional prefix and exponent, or a term in
//! parentheses, each with an optional annotation in braces. Atoms are those that medicine uses; special units in brackets
//! are taken as they stand.

/// Atoms that take a prefix.
const METRIC: [&str; 45] = [
    "m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb",
    "Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "l", "L", "t", "bar", "u", "eV", "kat", "U", "eq", "osm", "cal",
    "B", "Ci", "R", "REM", "dyn", "P",
];
/// Atoms without a prefix.
const PLAIN: [&str; 17] =
    ["10*", "10^", "%", "min", "h", "d", "a", "wk", "mo", "deg", "'", "''", "bit", "By", "G", "erg", "att"];
const PREFIXES: [&str; 20] =
    ["da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y"];

/// Whether a text is a unit of UCUM.
#[must_use]
pub fn is_ucum(text: &str) -> bool {
    let mut rest = text;
    if rest.is_empty() || rest.len() > 64 || !rest.is_ascii() {
        return false;
    }
    // Parentheses nest no deeper than the text is long, which is little.
    term(&mut rest) && rest.is_empty()
}

fn term(rest: &mut &str) -> bool {
    if let Some(after) = rest.strip_prefix('/') {
        *rest = after;
    }
    loop {
        if !component(rest) {
            return false;
        }
        match rest.strip_prefix(['.', '/']) {
            Some(after) => *rest = after,
            None => return true,
        }
    }
}

fn component(rest: &mut &str) -> bool {
    if let Some(after) = rest.strip_prefix('(') {
        *rest = after;
        if !term(rest) {
            return false;
        }
        let Some(after) = rest.strip_prefix(')') else { return false };
        *rest = after;
        return true;
    }
    if annotation(rest) {
        return true;
    }
    // A power of ten begins like a number.
    if !(rest.starts_with("10*") || rest.starts_with("10^")) {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            *rest = rest.get(digits..).unwrap_or("");
            annotation(rest);
            return true;
        }
    }
    if !atom(rest) {
        return false;
    }
    exponent(rest);
    annotation(rest);
    true
}

/// An annotation in braces, if one stands here.
fn annotation(rest: &mut &str) -> bool {
    let Some((inside, after)) = rest.strip_prefix('{').and_then(|r| r.split_once('}')) else { return false };
    if inside.contains('{') {
        return false;
    }
    *rest = after;
    true
}

fn exponent(rest: &mut &str) {
    let sign = usize::from(rest.starts_with(['+', '-']));
    let digits = rest.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        *rest = rest.get(sign + digits..).unwrap_or("");
    }
}

/// The longest atom here, with a prefix where it takes one.
fn atom(rest: &mut &str) -> bool {
    let text: &str = rest;
    let mut longest = 0;
    for prefix in std::iter::once("").chain(PREFIXES) {
        let Some(after) = text.strip_prefix(prefix) else { continue };
        let metric = METRIC.iter().filter(|a| after.starts_with(**a)).map(|a| a.len());
        let bracketed = bracketed(after);
        if let Some(len) = metric.chain(bracketed).max() {
            longest = longest.max(prefix.len() + len);
        }
    }
    for plain in PLAIN {
        if text.starts_with(plain) {
            longest = longest.max(plain.len());
        }
    }
    *rest = text.get(longest..).unwrap_or("");
    longest > 0
}

/// The length of a unit with brackets: `[iU]`, `[in_i]`, `m[Hg]`, `m[H2O]`, `Cel` not.
fn bracketed(text: &str) -> Option<usize> {
    let head = usize::from(text.starts_with("m[") || text.starts_with("B["));
    let inside = text.get(head..)?.strip_prefix('[')?;
    let end = inside.find(']')?;
    let fine = |b: u8| b.is_ascii_alphanumeric() || b"_'/.%-".contains(&b);
    (end > 0 && inside.bytes().take(end).all(fine)).then_some(head + end + 2)
}

#[cfg(test)]
mod tests {
    use super::is_ucum;

    #[test]
    fn units_of_laboratories_and_wards() {
        for unit in [
            "mg/dL",
            "mmol/L",
            "g/dL",
            "10*3/uL",
            "10*12/L",
            "/min",
            "{beats}/min",
            "mm[Hg]",
            "kg/m2",
            "kg.m-2",
            "%",
            "Cel",
            "[degF]",
            "[in_i]",
            "[lb_av]",
            "m[IU]/L",
            "u[IU]/mL",
            "mL/min/{1.73_m2}",
            "{score}",
            "1",
            "fL",
            "mosm/kg",
            "meq/L",
            "ug/(24.h)",
            "10*6.L-1",
            "{#}",
            "mL/(min.m2)",
            "cm[H2O]",
            "{INR}",
            "d",
            "a",
            "mo",
            "/[HPF]",
            "nmol/min/mL",
            "k[IU]/L",
        ] {
            assert!(is_ucum(unit), "{unit}");
        }
    }

    #[test]
    fn what_is_none() {
        for unit in [
            "",
            "furlong",
            "mg/dl ",
            "mmHg",
            "MG/DL",
            "mg//dL",
            "(mg",
            "mg)",
            "{open",
            "units",
            "cells",
            "\u{b5}mol/L",
            "per minute",
            "((((",
            "/",
            "mg/",
            "x10^9/l",
        ] {
            assert!(!is_ucum(unit), "{unit}");
        }
    }
}
