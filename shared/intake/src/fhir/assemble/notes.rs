//! The note table, after the identifier screen.

use ::notes::KnownIdentifiers;
use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, TextBuilder};
use model::tables;

use super::{Assembly, table};
use crate::IntakeError;

/// What is known of a person, ready to be looked for.
pub(super) struct Known {
    pub(super) identifiers: KnownIdentifiers,
    /// Words of the names and the numbers, in small letters.
    lower: Vec<String>,
}

impl Known {
    /// What is known of the person of a row.
    pub(super) fn of(a: &Assembly, row: u32) -> Self {
        let mut identifiers = KnownIdentifiers::default();
        if let Some(patient) = a.patient(row) {
            identifiers.names.clone_from(&patient.names);
            identifiers.numbers.clone_from(&patient.numbers);
        }
        let words = identifiers.names.iter().flat_map(|n| n.split(|c: char| !c.is_alphabetic()));
        let words = words.filter(|w| w.chars().count() >= 2).map(str::to_lowercase);
        let lower = words.chain(identifiers.numbers.iter().map(|n| n.to_lowercase())).collect();
        Self { identifiers, lower }
    }

    /// Whether a text may hold something of it.
    pub(super) fn is_mentioned(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.lower.iter().any(|word| text.contains(word.as_str()))
    }
}

/// Makes the table: by person, day and text.
pub(super) fn make(a: &mut Assembly) -> Result<Columns, IntakeError> {
    let mut all = std::mem::take(&mut a.store.notes);
    all.sort_unstable_by(|x, y| (x.resource, x.day, &x.text).cmp(&(y.resource, y.day, &y.text)));
    let (mut person, mut day) = (IndexBuilder::new(), DayBuilder::new());
    let (mut title, mut text) = (CategoryBuilder::new(), TextBuilder::new());
    let mut known: Option<(u32, Known)> = None;
    for note in all {
        let of_person = match &known {
            Some((row, known)) if *row == note.resource => known,
            _ => &known.insert((note.resource, Known::of(a, note.resource))).1,
        };
        let key = a.keys.get(note.resource as usize).copied().unwrap_or_default();
        let mut screened = |raw: &str| a.free.clean("notes", key, &of_person.identifiers, raw);
        let words = a.store.lists.texts.get(note.title);
        let free = a.settings.safe_harbor && a.store.lists.texts.is_free(note.title);
        let clean_title = words.filter(|_| free).map(&mut screened);
        let clean = screened(&note.text);
        title.push(clean_title.as_deref().or(words));
        person.push(note.resource);
        text.push(Some(&clean))
            .map_err(|e| IntakeError::TooLarge { file: "note".to_owned(), detail: e.to_string() })?;
        day.push(Some(a.moved(note.resource, note.day)));
    }
    table(vec![
        (tables::NOTE_PERSON, person.finish()),
        (tables::NOTE_DAY, day.finish()),
        (tables::NOTE_TITLE, title.finish()),
        (tables::NOTE_TEXT, text.finish()),
    ])
}
