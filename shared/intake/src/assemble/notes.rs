//! The note table, after the identifier screen.
//!
//! Notes are most of the work at the end of an import, and none asks for another: [`Notes`] hands them out in batches that
//! other workers screen and read ([`read_batch`]), and takes what they made of them. Whatever was not handed out is read here.

mod batch;

use columnar::Table;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use model::tables;
use serde::{Deserialize, Serialize};

use super::findings::{Findings, Found, Names, OfNote};
use super::{Core, table};
use crate::free_text::{FreeText, KnownIdentifiers};
use crate::key::PersonKey;
use crate::{IntakeError, Tick};

pub use batch::read_batch;

/// Where the texts stand, in the account of identifiers.
const PLACE: &str = "notes";
/// Notes between two reports of progress: some 10 ms.
const NOTES_A_TICK: usize = 64;

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn share(done: usize, of: usize) -> f64 {
    done as f64 / of.max(1) as f64
}

/// A title of a note.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Title {
    None,
    /// From a list of types.
    Coded(String),
    /// Written by hand: to be screened.
    Free(String),
}

/// A note, its day as it stands in the source.
pub(crate) struct NoteRow {
    /// Row of `person`.
    pub(crate) person: u32,
    pub(crate) day: i32,
    pub(crate) title: Title,
    pub(crate) text: String,
    /// Key of the resource or row it came from, where that has an id.
    pub(crate) source: Option<f64>,
}

/// A note that was screened and read.
#[derive(Serialize, Deserialize)]
struct ReadNote {
    title: Option<String>,
    text: String,
    found: Vec<Found>,
    n_mentions: u64,
}

/// Screens a note, and reads its findings into `names` where there are any to be read into.
fn read_note(
    free: &mut FreeText,
    names: Option<&mut Names>,
    (key, known): (PersonKey, &KnownIdentifiers),
    (title, text): (&Title, &str),
) -> ReadNote {
    let title = match title {
        Title::None => None,
        Title::Coded(words) => Some(words.clone()),
        Title::Free(words) => Some(free.clean(PLACE, key, known, words)),
    };
    let (text, tagged) = free.clean_and_tagged(PLACE, key, known, text);
    let read = names.map(|names| names.read(tagged.as_deref().unwrap_or(&text)));
    let (found, n_mentions) = read.unwrap_or_default();
    ReadNote { title, text, found, n_mentions }
}

/// The notes of an import, by person and day.
#[derive(Default)]
pub(crate) struct Notes {
    rows: Vec<NoteRow>,
    /// The first that was not handed out.
    next: usize,
    /// What was made of the first ones.
    read: Vec<ReadNote>,
    findings: Findings,
}

impl Notes {
    pub(crate) fn new(rows: Vec<NoteRow>) -> Self {
        Self { rows, ..Self::default() }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Makes the table, and the findings where the settings ask for them. `known` gives what is known of a person, to be looked for.
    pub(crate) fn table(
        self,
        core: &mut Core,
        known: impl Fn(u32) -> KnownIdentifiers,
        tick: &mut Tick<'_>,
    ) -> Result<(Table, Findings), IntakeError> {
        let (mut person, mut day) = (IndexBuilder::new(), DayBuilder::new());
        let (mut title, mut text) = (CategoryBuilder::new(), TextBuilder::new());
        let mut source = NumberBuilder::new();
        let mut findings = self.findings;
        let mut of_person: Option<(u32, KnownIdentifiers)> = None;
        let n_notes = self.rows.len();
        let mut read = self.read.into_iter();
        for (i, note) in self.rows.into_iter().enumerate() {
            if i % NOTES_A_TICK == 0 && !tick(share(i, n_notes), "Screening and reading notes") {
                return Err(IntakeError::Stopped);
            }
            let made = read.next().unwrap_or_else(|| {
                if of_person.as_ref().is_none_or(|(row, _)| *row != note.person) {
                    of_person = Some((note.person, known(note.person)));
                }
                let key = core.keys.get(note.person as usize).copied().unwrap_or_default();
                let nothing = KnownIdentifiers::default();
                let known = of_person.as_ref().map_or(&nothing, |(_, known)| known);
                let names = core.settings.note_findings.then_some(&mut findings.names);
                read_note(&mut core.free, names, (key, known), (&note.title, &note.text))
            });
            let row = u32::try_from(i).unwrap_or(u32::MAX);
            let of = OfNote { person: note.person, day: note.day, note: row, source: note.source };
            findings.add(of, made.found, made.n_mentions);
            source.push(note.source);
            person.push(note.person);
            title.push(made.title.as_deref().filter(|t| !t.is_empty()));
            text.push(Some(&made.text))
                .map_err(|e| IntakeError::TooLarge { file: "note".to_owned(), detail: e.to_string() })?;
            day.push(Some(core.moved(note.person, note.day)));
        }
        findings.say(&mut core.reporter);
        let mut columns = vec![
            (tables::NOTE_PERSON, person.finish()),
            (tables::NOTE_DAY, day.finish()),
            (tables::NOTE_TITLE, title.finish()),
            (tables::NOTE_TEXT, text.finish()),
        ];
        if source.n_missing() < source.len() {
            columns.push((tables::NOTE_SOURCE, source.finish()));
        }
        Ok((table(columns)?, findings))
    }
}
