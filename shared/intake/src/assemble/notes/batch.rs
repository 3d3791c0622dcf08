//! Notes on their way to another worker, and back.

use std::borrow::Cow;

use ::notes::{DateChange, Person, Screener, Style};
use serde::{Deserialize, Serialize};

use super::{Notes, ReadNote, Title, read_note};
use crate::assemble::Core;
use crate::assemble::findings::{Named, Names};
use crate::free_text::{self, FreeText, KnownIdentifiers};
use crate::key::PersonKey;
use crate::{DatePolicy, IntakeError, NoteBatch};

/// Bytes of text that are handed out in one go, about: some tens of milliseconds of work.
const BATCH: usize = 1 << 19;

/// Notes to be screened and read, and all that has to be known for it. The device's secret is not in it.
#[derive(Serialize, Deserialize)]
struct Batch<'a> {
    surrogates: bool,
    remove: Cow<'a, [String]>,
    keep: Cow<'a, [String]>,
    safe_harbor: bool,
    review: bool,
    findings: bool,
    persons: Vec<OfPerson<'a>>,
}

/// The notes of a person.
#[derive(Serialize, Deserialize)]
struct OfPerson<'a> {
    key: u64,
    /// From which surrogates are made.
    secret: [u8; 32],
    /// Days that dates in texts move by; without, only their years stay.
    shift: Option<i32>,
    names: Vec<String>,
    numbers: Vec<String>,
    notes: Vec<(Cow<'a, Title>, Cow<'a, str>)>,
}

/// What became of a batch.
#[derive(Serialize, Deserialize)]
struct Done {
    notes: Vec<ReadNote>,
    names: Vec<Named>,
    found: free_text::Found,
}

fn pack(what: &impl Serialize) -> Result<Vec<u8>, IntakeError> {
    postcard::to_stdvec(what).map_err(|e| IntakeError::Pack(e.to_string()))
}

fn unpack<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, IntakeError> {
    postcard::from_bytes(bytes)
        .map_err(|e| IntakeError::Pack(format!("notes that another worker packed cannot be understood here ({e})")))
}

/// Screens and reads a batch of [`crate::RecordImport::next_notes`]: for [`crate::RecordImport::take_notes`].
///
/// # Errors
/// If it is no batch of the same build.
pub fn read_batch(batch: &[u8]) -> Result<Vec<u8>, IntakeError> {
    let batch: Batch<'_> = unpack(batch)?;
    let style = if batch.surrogates { Style::Surrogates } else { Style::Tags };
    let screener = Screener::new(style, &batch.remove, &batch.keep);
    // What the words of the report say of dates is the import's to say.
    let mut free = FreeText::apart(screener, DatePolicy::default(), batch.safe_harbor, batch.review);
    let mut names = Names::default();
    let mut notes = Vec::new();
    for person in batch.persons {
        let key = PersonKey { key: person.key, shift: 0 };
        let dates = person.shift.map_or(DateChange::Year, DateChange::Shift);
        free.know(person.key, Person { secret: person.secret, dates });
        let known = KnownIdentifiers { names: person.names, numbers: person.numbers };
        notes.extend(person.notes.iter().map(|(title, text)| {
            read_note(&mut free, batch.findings.then_some(&mut names), (key, &known), (title.as_ref(), text.as_ref()))
        }));
    }
    pack(&Done { notes, names: names.all, found: free.found() })
}

impl Notes {
    /// The next batch; nothing when all notes were handed out.
    pub(crate) fn hand_out(
        &mut self,
        core: &Core,
        known: impl Fn(u32) -> KnownIdentifiers,
    ) -> Result<Option<NoteBatch>, IntakeError> {
        let mut persons: Vec<(u32, OfPerson<'_>)> = Vec::new();
        let (mut n_bytes, mut n_notes) = (0, 0);
        for note in self.rows.get(self.next..).unwrap_or_default() {
            if n_bytes >= BATCH {
                break;
            }
            n_bytes += note.text.len();
            n_notes += 1;
            let text = (Cow::Borrowed(&note.title), Cow::Borrowed(note.text.as_str()));
            match persons.last_mut() {
                Some((row, of)) if *row == note.person => of.notes.push(text),
                _ => persons.push((note.person, of_person(core, note.person, known(note.person), text))),
            }
        }
        if n_notes == 0 {
            return Ok(None);
        }
        let settings = &core.settings;
        let batch = pack(&Batch {
            surrogates: settings.text.surrogates,
            remove: Cow::Borrowed(&settings.text.remove),
            keep: Cow::Borrowed(&settings.text.keep),
            safe_harbor: settings.safe_harbor,
            review: settings.review,
            findings: settings.note_findings,
            persons: persons.into_iter().map(|(_, of)| of).collect(),
        })?;
        self.next += n_notes;
        Ok(Some(NoteBatch { batch, share: super::share(self.next, self.rows.len()) }))
    }

    /// Takes what became of the batches, one after the other in the order in which they were handed out.
    pub(crate) fn take(&mut self, core: &mut Core, done: &[u8]) -> Result<(), IntakeError> {
        let Done { notes, names, found } = unpack(done)?;
        let names: Vec<u32> = names.into_iter().map(|named| self.findings.names.number_of(named)).collect();
        core.free.absorb(found);
        for mut note in notes {
            for found in &mut note.found {
                found.concept = names.get(found.concept as usize).copied().unwrap_or(u32::MAX);
            }
            // The text as it was is needed no more.
            if let Some(row) = self.rows.get_mut(self.read.len()) {
                row.text = String::new();
            }
            self.read.push(note);
        }
        Ok(())
    }
}

fn of_person<'a>(
    core: &Core,
    row: u32,
    known: KnownIdentifiers,
    first: (Cow<'a, Title>, Cow<'a, str>),
) -> OfPerson<'a> {
    let key = core.keys.get(row as usize).copied().unwrap_or_default();
    let Person { secret, dates } = core.free.person(key);
    let shift = match dates {
        DateChange::Shift(days) => Some(days),
        DateChange::Year => None,
    };
    OfPerson { key: key.key, secret, shift, names: known.names, numbers: known.numbers, notes: vec![first] }
}
