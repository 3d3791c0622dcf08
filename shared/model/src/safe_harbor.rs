//! The eighteen classes of identifiers of HIPAA's Safe Harbor rule, and the table of what an import found of each.
//!
//! Source: 45 CFR 164.514(b)(2)(i)(A)-(R).

use serde::{Deserialize, Serialize};

use crate::intake::IdentifierFound;

/// Letter in the rule and name of each class, in the rule's order.
pub const CLASSES: [(char, &str); 18] = [
    ('A', "names"),
    ('B', "geographic subdivisions smaller than a state"),
    ('C', "dates more exact than the year, and ages over 89"),
    ('D', "telephone numbers"),
    ('E', "fax numbers"),
    ('F', "e-mail addresses"),
    ('G', "social security numbers"),
    ('H', "medical record numbers"),
    ('I', "health plan beneficiary numbers"),
    ('J', "account numbers"),
    ('K', "certificate and licence numbers"),
    ('L', "vehicle identifiers and licence plates"),
    ('M', "device identifiers and serial numbers"),
    ('N', "web addresses"),
    ('O', "IP addresses"),
    ('P', "biometric identifiers"),
    ('Q', "full-face photographs"),
    ('R', "other unique identifying numbers or codes"),
];

/// Said of an import whose files were declared to hold no identifiers: no screen ran, so nothing was looked for.
pub const DECLARED_NONE: &str = "the data were declared to hold no identifiers of anybody";

/// A row of the table: one class, found or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafeHarborRow {
    /// Letter in 45 CFR 164.514(b)(2)(i).
    pub letter: char,
    /// Name of the class.
    pub class: String,
    /// Values found; nothing where none was looked for, which is not the same as none.
    pub found: Option<u64>,
    /// Whether it was looked for: files that were declared to hold no identifiers are not screened.
    #[serde(default = "yes")]
    pub looked_for: bool,
    /// Where: file and field, notes, text; with counts.
    pub places: Vec<String>,
    /// What was done, each once.
    pub actions: Vec<String>,
}

/// Older reports do not say it, and are of files that were screened.
fn yes() -> bool {
    true
}

/// The letter of a class as intake and screen name it; what is none of the others is R.
#[must_use]
pub fn letter(class: &str) -> char {
    match class {
        "dates" | "ages over 89" => 'C',
        // As older builds say it.
        "telephone and fax numbers" => 'D',
        "vehicle identifiers" => 'L',
        "photographs" => 'Q',
        _ => CLASSES.iter().find(|(_, name)| *name == class).map_or('R', |(letter, _)| *letter),
    }
}

/// The table of all eighteen classes. `looked_for` says that the files were screened; what was found all the same is counted.
#[must_use]
pub fn table(found: &[IdentifierFound], looked_for: bool) -> Vec<SafeHarborRow> {
    let row = |(of, name): (char, &str)| {
        let is_any = looked_for || found.iter().any(|i| letter(&i.class) == of);
        let mut row = SafeHarborRow {
            letter: of,
            class: name.to_owned(),
            found: is_any.then_some(0),
            looked_for: is_any,
            places: Vec::new(),
            actions: Vec::new(),
        };
        for identifier in found.iter().filter(|i| letter(&i.class) == of) {
            row.found = row.found.map(|n| n + identifier.found);
            if !identifier.place.is_empty() {
                row.places.push(format!("{} ({})", identifier.place, identifier.found));
            }
            if !row.actions.contains(&identifier.action) {
                row.actions.push(identifier.action.clone());
            }
        }
        row
    };
    CLASSES.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eighteen_rows_and_every_find_in_one() {
        let found = |class: &str, found, place: &str| IdentifierFound {
            class: class.to_owned(),
            found,
            place: place.to_owned(),
            action: "dropped".to_owned(),
        };
        let all = [
            found("names", 3, "ward.csv: surname"),
            found("names", 2, "notes"),
            found("ages over 89", 1, ""),
            found("something new", 4, "x"),
        ];
        let table = super::table(&all, true);
        assert_eq!(table.iter().map(|r| r.letter).collect::<String>(), "ABCDEFGHIJKLMNOPQR");
        assert_eq!((table[0].found, table[0].actions.len()), (Some(5), 1));
        assert_eq!(table[0].places, ["ward.csv: surname (3)", "notes (2)"]);
        assert_eq!((table[2].found, table[17].found), (Some(1), Some(4)));
        assert_eq!(table.iter().filter_map(|r| r.found).sum::<u64>(), all.iter().map(|i| i.found).sum::<u64>());
        assert!(table.iter().all(|r| r.looked_for));
    }

    #[test]
    fn what_was_not_looked_for_is_not_none() {
        let found = [IdentifierFound {
            class: "medical record numbers".to_owned(),
            found: 40,
            place: "a.csv: id".to_owned(),
            action: "re-keyed".to_owned(),
        }];
        let table = super::table(&found, false);
        assert_eq!((table[0].found, table[0].looked_for), (None, false));
        assert_eq!((table[7].found, table[7].looked_for), (Some(40), true));
    }
}
