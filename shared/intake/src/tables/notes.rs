//! The note table, after the identifier screen.

use std::collections::BTreeMap;

use ::notes::{Class, KnownIdentifiers};
use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, TextBuilder};
use model::tables;

use super::store::Note;
use crate::IntakeError;
use crate::csv::joined::KnownOf;
use crate::report::Reporter;

/// Makes the table of notes that are sorted by person. `days` are moved already; `known` is by person: the names and numbers
/// of the tables are looked for in the person's notes.
pub(super) fn table(
    all: &[Note],
    days: &[i32],
    known: &[KnownOf],
    safe_harbor: bool,
    reporter: &mut Reporter,
) -> Result<Columns, IntakeError> {
    let (mut person, mut day) = (IndexBuilder::new(), DayBuilder::new());
    let (mut title, mut text) = (CategoryBuilder::new(), TextBuilder::new());
    let mut found = BTreeMap::<Class, u64>::new();
    let mut of: Option<(u32, KnownIdentifiers)> = None;
    for (note, moved) in all.iter().zip(days) {
        let of_person = match &of {
            Some((row, known)) if *row == note.person => known,
            _ => {
                let KnownOf { names, numbers } = known.get(note.person as usize).cloned().unwrap_or_default();
                &of.insert((note.person, KnownIdentifiers { names, numbers })).1
            }
        };
        let mut screened = |raw: &str| {
            if !safe_harbor {
                return raw.to_owned();
            }
            let screened = ::notes::screen(raw, of_person);
            screened.identifiers.iter().for_each(|i| *found.entry(i.class).or_default() += 1);
            screened.text
        };
        let (clean_title, clean) = (screened(&note.title), screened(&note.text));
        person.push(note.person);
        day.push(Some(*moved));
        title.push(Some(clean_title.as_str()).filter(|t| !t.is_empty()));
        text.push(Some(&clean))
            .map_err(|e| IntakeError::TooLarge { file: "note".to_owned(), detail: e.to_string() })?;
    }
    for (class, n) in found {
        reporter.identifiers(class.safe_harbor(), n, format!("replaced by {} in notes", class.tag()));
    }
    let columns = vec![
        (tables::NOTE_PERSON.to_owned(), person.finish()),
        (tables::NOTE_DAY.to_owned(), day.finish()),
        (tables::NOTE_TITLE.to_owned(), title.finish()),
        (tables::NOTE_TEXT.to_owned(), text.finish()),
    ];
    Columns::new(columns).map_err(|e| IntakeError::Pack(e.to_string()))
}
