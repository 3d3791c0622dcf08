//! The note table, after the identifier screen.

use ::notes::KnownIdentifiers;
use columnar::Table as Columns;

use super::super::store::Patient;
use super::Assembly;
use crate::assemble::{Findings, NoteRow, Title, note_table};
use crate::{IntakeError, Tick};

/// What is known of a person.
pub(super) fn identifiers(patient: &Patient) -> KnownIdentifiers {
    KnownIdentifiers { names: patient.names.clone(), numbers: patient.numbers.clone() }
}

/// Makes the table: by person, day and text.
pub(super) fn make(a: &mut Assembly, tick: &mut Tick<'_>) -> Result<(Columns, Findings), IntakeError> {
    let mut all = std::mem::take(&mut a.store.notes);
    crate::order::sort_by(&mut all, |x, y| (x.resource, x.day, &x.text).cmp(&(y.resource, y.day, &y.text)));
    let (texts, patients, persons, sources) = (&a.store.lists.texts, &a.store.patients, &a.persons, &a.sources);
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
    let known = |row: u32| persons.get(row as usize).and_then(|i| patients.get(*i as usize)).map(identifiers);
    note_table(&mut a.core, rows, |row| known(row).unwrap_or_default(), tick)
}
