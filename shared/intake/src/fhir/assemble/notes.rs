//! The note table, after the identifier screen.

use ::notes::KnownIdentifiers;
use columnar::Table as Columns;

use super::super::store::{Patient, Store};
use super::Assembly;
use crate::assemble::{Findings, NoteRow, Notes, Title};
use crate::{IntakeError, NoteBatch, Tick};

/// What is known of a person.
pub(super) fn identifiers(patient: &Patient) -> KnownIdentifiers {
    KnownIdentifiers { names: patient.names.clone(), numbers: patient.numbers.clone() }
}

/// Puts the notes in order: by person, day and text.
pub(super) fn order(a: &mut Assembly) -> Notes {
    let mut all = std::mem::take(&mut a.store.notes);
    crate::order::sort_by(&mut all, |x, y| (x.resource, x.day, &x.text).cmp(&(y.resource, y.day, &y.text)));
    let (texts, sources) = (&a.store.lists.texts, &a.sources);
    let rows = all.into_iter().map(|note| NoteRow {
        person: note.resource,
        day: note.day,
        title: match texts.get(note.title) {
            None => Title::None,
            Some(words) if texts.is_free(note.title) => Title::Free(words.to_owned()),
            Some(words) => Title::Coded(words.to_owned()),
        },
        source: sources.get(note.of as usize).copied().flatten(),
        text: note.text,
    });
    Notes::new(rows.collect())
}

/// What is known of the person of a row.
fn known<'a>(store: &'a Store, persons: &'a [u32]) -> impl Fn(u32) -> KnownIdentifiers + use<'a> {
    |row| {
        let patient = persons.get(row as usize).and_then(|i| store.patients.get(*i as usize));
        patient.map(identifiers).unwrap_or_default()
    }
}

/// Makes the table.
pub(super) fn make(a: &mut Assembly, notes: Notes, tick: &mut Tick<'_>) -> Result<(Columns, Findings), IntakeError> {
    notes.table(&mut a.core, known(&a.store, &a.persons), tick)
}

/// The next notes for another worker.
pub(super) fn next(a: &Assembly, notes: &mut Notes) -> Result<Option<NoteBatch>, IntakeError> {
    notes.hand_out(&a.core, known(&a.store, &a.persons))
}
