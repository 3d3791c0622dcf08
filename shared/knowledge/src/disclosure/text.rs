//! Small counts of people in words: a screen over every text of a finding, not a proof.
//!
//! A number alone says nothing ('grade 3', '5 years'). It is a count where the words around it make it one: people or what
//! befalls people after it ('4 died', '3 of the women'), a whole after it ('3 of 40', '3/100'), a label before it ('n = 4'),
//! or a percentage of so few people that it comes to a small count.

mod tokens;

use model::finding::{Cell, Disclosure, Finding};
use serde_json::Value;

use tokens::{Token, tokens};

/// Words that make a number before them a count of people or of what happened to them.
const COUNTED: [&str; 44] = [
    "patient",
    "patients",
    "person",
    "persons",
    "people",
    "subject",
    "subjects",
    "participant",
    "participants",
    "individual",
    "individuals",
    "man",
    "men",
    "woman",
    "women",
    "child",
    "children",
    "boys",
    "girls",
    "adults",
    "death",
    "deaths",
    "event",
    "events",
    "case",
    "cases",
    "recurrence",
    "recurrences",
    "relapse",
    "relapses",
    "survivor",
    "survivors",
    "stroke",
    "strokes",
    "infarction",
    "infarctions",
    "bleed",
    "bleeds",
    "fracture",
    "fractures",
    "outcome",
    "outcomes",
    "record",
    "records",
];
/// Those of them that are people: 'one' before them is a count, and 'one' elsewhere rarely is.
const PEOPLE: [&str; 9] =
    ["patient", "person", "subject", "participant", "individual", "man", "woman", "child", "survivor"];
/// What people do or suffer: a number at the beginning of a clause before it is a count.
const BEFALLS: [&str; 19] = [
    "died",
    "had",
    "have",
    "were",
    "developed",
    "suffered",
    "relapsed",
    "recurred",
    "experienced",
    "survived",
    "bled",
    "progressed",
    "withdrew",
    "dropped",
    "recovered",
    "lack",
    "lacked",
    "received",
    "took",
];
/// Words after which a clause begins, or that stress a number.
const BEFORE: [&str; 15] = [
    "and", "but", "only", "just", "exactly", "about", "that", "whereas", "while", "these", "all", "another", "or",
    "whom", "which",
];
/// Words between a number and what it counts.
const BETWEEN: [&str; 11] =
    ["of", "the", "these", "those", "our", "female", "male", "treated", "untreated", "more", "other"];
/// Words that make a number an amount of something else.
const UNITS: [&str; 27] = [
    "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "minute", "minutes", "mg",
    "g", "kg", "ml", "l", "cm", "mm", "mmhg", "mmol", "units", "iu", "digits", "decimals", "times", "x",
];

/// Adds each text that names a small count, wherever it stands in the finding.
pub(super) fn check(finding: &Finding, threshold: u32, found: &mut Vec<Disclosure>) {
    let shown = |cell: Cell| match cell {
        Cell::Count(n) => Some(n),
        Cell::Hidden => None,
    };
    let wholes: Vec<u64> =
        finding.arms.iter().map(|arm| arm.n).chain([finding.population.n]).filter_map(shown).collect();
    match serde_json::to_value(finding) {
        Ok(value) => look(&value, "$", &Screen { threshold, wholes: &wholes }, found),
        Err(error) => found
            .push(Disclosure { path: "$".to_owned(), reason: format!("this finding cannot be written down: {error}") }),
    }
}

/// What a text is held against.
struct Screen<'a> {
    threshold: u32,
    /// Numbers of people that the finding shows.
    wholes: &'a [u64],
}

fn look(value: &Value, path: &str, screen: &Screen<'_>, found: &mut Vec<Disclosure>) {
    match value {
        Value::String(text) => {
            if let Some(words) = small_count(text, screen) {
                let reason = format!(
                    "the text says '{words}', and counts of 1 to {} have to stay hidden: leave it out",
                    screen.threshold
                );
                found.push(Disclosure { path: path.to_owned(), reason });
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                look(value, &format!("{path}[{index}]"), screen, found);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                look(value, &format!("{path}.{name}"), screen, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The words of the first small count in a text.
fn small_count(text: &str, screen: &Screen<'_>) -> Option<String> {
    let tokens = tokens(text);
    (0..tokens.len()).find_map(|at| {
        let end = counts_few(&tokens, at, screen)?;
        let (first, last) = (tokens.get(at)?, tokens.get(end)?);
        text.get(first.start..last.end).map(str::to_lowercase)
    })
}

/// The last of the words that make the number at this place a small count of people.
fn counts_few(tokens: &[Token<'_>], at: usize, screen: &Screen<'_>) -> Option<usize> {
    let few = 1..=u64::from(screen.threshold);
    let word = |i: usize| tokens.get(i).map_or("", |t| t.word.as_ref());
    if word(at + 1) == "%" {
        return percentage(tokens, at, screen);
    }
    if (word(at) == "one" || word(at) == "single") && PEOPLE.contains(&word(at + 1)) {
        return Some(at + 1);
    }
    let n = tokens.get(at)?.number.filter(|n| few.contains(n))?;
    // '3 to 4 patients': what is said of the last number is said of the first.
    let mut next = at + 1;
    if ["-", "to", "or"].contains(&word(next)) && tokens.get(next + 1).is_some_and(|t| t.number.is_some()) {
        next += 2;
    }
    if UNITS.contains(&word(next)) {
        return None;
    }
    let noun = next + (next..next + 3).take_while(|i| BETWEEN.contains(&word(*i))).count();
    if COUNTED.contains(&word(noun)) {
        return Some(noun);
    }
    let begins = at == 0 || BEFORE.contains(&word(at - 1)) || [".", ";", ":", ",", "("].contains(&word(at - 1));
    if begins && BEFALLS.contains(&word(next)) {
        return Some(next);
    }
    if labelled(tokens, at) {
        return Some(at);
    }
    part_of_a_whole(tokens, next, n, screen.threshold)
}

/// '3 of 40', '3/100', '3 out of the 40 women': the place where it ends.
fn part_of_a_whole(tokens: &[Token<'_>], next: usize, n: u64, threshold: u32) -> Option<usize> {
    let word = |i: usize| tokens.get(i).map_or("", |t| t.word.as_ref());
    let mut whole = match (word(next), word(next + 1)) {
        ("out", "of") => next + 2,
        ("of" | "/", _) => next + 1,
        _ => return None,
    };
    whole += usize::from(word(whole) == "the");
    let m = tokens.get(whole)?.number.filter(|m| *m > n)?;
    let year = word(next) == "/" && (1900..2100).contains(&m);
    let amount = UNITS.contains(&word(whole + 1)) || word(whole + 1) == "/";
    (m > u64::from(threshold) && !year && !amount).then_some(whole)
}

/// 'n = 4', 'deaths: 3'.
fn labelled(tokens: &[Token<'_>], at: usize) -> bool {
    let word = |back: usize| at.checked_sub(back).and_then(|i| tokens.get(i)).map_or("", |t| t.word.as_ref());
    // The singular is a column's name as well ('death = 1'); the plural counts.
    let counts = |word: &str| word == "n" || (word.ends_with('s') && COUNTED.contains(&word)) || word == "people";
    ["=", ":"].contains(&word(1)) && counts(word(2))
}

/// '4% of the 100 people', '4% of the women' where a shown number of people makes it few.
fn percentage(tokens: &[Token<'_>], at: usize, screen: &Screen<'_>) -> Option<usize> {
    let percent: f64 = tokens.get(at)?.word.parse().ok()?;
    let word = |i: usize| tokens.get(i).map_or("", |t| t.word.as_ref());
    let of = at + 2;
    if word(of) != "of" {
        return None;
    }
    let few = |n: u64| {
        let count = (percent * n as f64 / 100.0).round();
        count >= 1.0 && count <= f64::from(screen.threshold)
    };
    for i in of + 1..of + 5 {
        if let Some(n) = tokens.get(i).and_then(|t| t.number) {
            return few(n).then_some(i);
        }
        if COUNTED.contains(&word(i)) {
            return screen.wholes.iter().any(|n| few(*n)).then_some(i);
        }
    }
    None
}

/// A sentence that the program made, with every small number in it that is not an amount put as 'fewer than'.
///
/// Names of variables and levels stand in quotes and are left as they are.
pub(crate) fn without_small_numbers(text: &str, threshold: u32) -> String {
    let tokens = tokens(text);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    let mut quoted = false;
    for (at, token) in tokens.iter().enumerate() {
        quoted ^= token.word == "'";
        let small = token.number.is_some_and(|n| (1..=u64::from(threshold)).contains(&n));
        let amount = tokens.get(at + 1).is_some_and(|t| UNITS.contains(&t.word.as_ref()) || t.word == "%");
        if small && !quoted && !amount {
            out.push_str(text.get(from..token.start).unwrap_or_default());
            out.push_str(&format!("fewer than {}", u64::from(threshold) + 1));
            from = token.end;
        }
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCREEN: Screen<'_> = Screen { threshold: 10, wholes: &[100, 40] };

    #[test]
    fn counts_of_few_people_are_seen_however_they_are_said() {
        for (text, said) in [
            ("4 died", "4 died"),
            ("Of these, 4 died", "4 died"),
            ("all well (n=4)", "4"),
            ("N = 4", "4"),
            ("3/100 had a stroke", "3/100"),
            ("3 of 40 patients died", "3 of 40"),
            ("three out of the 40", "three out of the 40"),
            ("patients: 3", "3"),
            ("3-4 patients", "3-4 patients"),
            ("3 to 4 of the women", "3 to 4 of the women"),
            ("5 strokes", "5 strokes"),
            ("Only one patient died", "one patient"),
            ("4% of the 100 people with A had a stroke", "4% of the 100"),
            ("2.5 % of the women", "2.5 % of the women"),
            ("we saw Three of the women again", "three of the women"),
            ("2 of 228 subjects lack a value", "2 of 228"),
        ] {
            assert_eq!(small_count(text, &SCREEN).as_deref(), Some(said), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_no_counts() {
        for text in [
            "within 5 years",
            "686 patients",
            "grade 3 had a higher rate than grade 1",
            "2 groups of patients",
            "95% confidence interval 0.55 to 0.91",
            "5% higher",
            "since 3/2024",
            "5/325 mg",
            "hormon = 1",
            "death = 1",
            "50% of the patients",
            "one more year",
            "CHA2DS2-VASc 2 or more",
            "5 to 10 years",
            "2026-11-23",
            "fewer than 11 of 228 subjects",
        ] {
            assert_eq!(small_count(text, &SCREEN), None, "{text}");
        }
    }

    #[test]
    fn the_programs_own_sentences_lose_their_small_numbers() {
        for (text, rest) in [
            ("2 of 228 subjects lack a value of 'x=3'", "fewer than 11 of 228 subjects lack a value of 'x=3'"),
            ("at risk 5 days after, 1 person", "at risk 5 days after, fewer than 11 person"),
            ("the p of 0.05 and 1,204 persons", "the p of 0.05 and 1,204 persons"),
        ] {
            assert_eq!(without_small_numbers(text, 10), rest);
        }
    }
}
