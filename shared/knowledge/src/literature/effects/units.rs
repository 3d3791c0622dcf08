//! Units behind a number.

use super::tokens::{Kind, Token};

/// Words of units.
const WORDS: &[&str] = &[
    "mm",
    "cm",
    "m",
    "km",
    "hg",
    "mmhg",
    "kg",
    "g",
    "mg",
    "mcg",
    "ug",
    "\u{3bc}g",
    "\u{b5}g",
    "ng",
    "pg",
    "l",
    "dl",
    "ml",
    "\u{3bc}l",
    "mol",
    "mmol",
    "umol",
    "\u{3bc}mol",
    "\u{b5}mol",
    "nmol",
    "pmol",
    "s",
    "sec",
    "seconds",
    "second",
    "min",
    "minute",
    "minutes",
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "wk",
    "month",
    "months",
    "mo",
    "year",
    "years",
    "yr",
    "yrs",
    "point",
    "points",
    "percentage",
    "percent",
    "unit",
    "units",
    "iu",
    "u",
    "miu",
    "beats",
    "bpm",
    "breaths",
    "ms",
    "kcal",
    "kpa",
    "pa",
    "hz",
    "db",
    "letters",
    "steps",
    "per",
    "person",
    "patient",
    "patients",
    "people",
    "persons",
    "cases",
    "events",
    "episodes",
    "visits",
    "cells",
    "copies",
    "c",
    "k",
    "kj",
    "meq",
    "mv",
    "w",
    "watts",
    "eur",
    "usd",
    "dollars",
    "times",
    "fold",
];

/// Whether a word is one of a unit.
pub(super) fn is_unit(word: &str) -> bool {
    WORDS.contains(&word.to_lowercase().as_str())
}

/// The unit that begins at a token: its tokens end at the second value. `%`, `mm Hg`, `kg/m2`, `percentage points`.
pub(super) fn unit_at(tokens: &[Token<'_>], at: usize) -> Option<(String, usize)> {
    let mut i = at;
    let mut text = String::new();
    let mut has_word = false;
    while let Some(token) = tokens.get(i) {
        let takes = match token.kind {
            Kind::Sign('%') => i == at || token.glued,
            Kind::Sign('\u{b0}') => true,
            Kind::Sign('/' | '\u{b7}' | '\u{2215}' | '^' | '*' | '\u{d7}') => has_word && next_is_unit(tokens, i + 1),
            Kind::Sign('\u{b2}' | '\u{b3}') => has_word && token.glued,
            Kind::Number { .. } => has_word && token.glued && i > at,
            // `-1` and `-2` of `mL min-1`.
            Kind::Sign('-' | '\u{2212}') => {
                has_word && token.glued && tokens.get(i + 1).is_some_and(|t| t.glued && t.number().is_some())
            }
            Kind::Word => is_unit(token.text) && !(has_word && i - at > 6),
            Kind::Sign(_) => false,
        };
        if !takes {
            break;
        }
        if !text.is_empty() && !token.glued {
            text.push(' ');
        }
        text.push_str(token.text);
        has_word |= token.kind == Kind::Word;
        i += 1;
    }
    (i > at).then_some((text, i))
}

fn next_is_unit(tokens: &[Token<'_>], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| (t.is_any_word() && is_unit(t.text)) || t.number().is_some())
}
