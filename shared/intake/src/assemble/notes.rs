//! The note table, after the identifier screen.

use columnar::Table;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use model::tables;

use super::findings::{Findings, OfNote};
use super::{Core, table};
use crate::free_text::KnownIdentifiers;
use crate::{IntakeError, Tick};

/// Where the texts stand, in the account of identifiers.
const PLACE: &str = "notes";
/// Notes between two reports of progress: some 10 ms.
const NOTES_A_TICK: usize = 64;

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn share(done: usize, of: usize) -> f64 {
    done as f64 / of.max(1) as f64
}

/// A title of a note.
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

/// Makes the table of notes that come by person and day, and reads their findings where the settings say so. `known` gives
/// what is known of a person, to be looked for.
pub(crate) fn note_table(
    core: &mut Core,
    all: impl ExactSizeIterator<Item = NoteRow>,
    known: impl Fn(u32) -> KnownIdentifiers,
    tick: &mut Tick<'_>,
) -> Result<(Table, Findings), IntakeError> {
    let (mut person, mut day) = (IndexBuilder::new(), DayBuilder::new());
    let (mut title, mut text) = (CategoryBuilder::new(), TextBuilder::new());
    let mut source = NumberBuilder::new();
    let mut findings = Findings::default();
    let mut of_person: Option<(u32, KnownIdentifiers)> = None;
    let n_notes = all.len();
    for (i, note) in all.enumerate() {
        if i % NOTES_A_TICK == 0 && !tick(share(i, n_notes), "Screening and reading notes") {
            return Err(IntakeError::Stopped);
        }
        if of_person.as_ref().is_none_or(|(row, _)| *row != note.person) {
            of_person = Some((note.person, known(note.person)));
        }
        let key = core.keys.get(note.person as usize).copied().unwrap_or_default();
        let nothing = KnownIdentifiers::default();
        let known = of_person.as_ref().map_or(&nothing, |(_, known)| known);
        let clean_title = match note.title {
            Title::None => None,
            Title::Coded(words) => Some(words),
            Title::Free(words) => Some(core.free.clean(PLACE, key, known, &words)),
        };
        let (clean, tagged) = core.free.clean_and_tagged(PLACE, key, known, &note.text);
        if core.settings.note_findings {
            let row = u32::try_from(i).unwrap_or(u32::MAX);
            let of = OfNote { person: note.person, day: note.day, note: row, source: note.source };
            findings.read(of, tagged.as_deref().unwrap_or(&clean));
        }
        source.push(note.source);
        person.push(note.person);
        title.push(clean_title.as_deref().filter(|t| !t.is_empty()));
        text.push(Some(&clean))
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
