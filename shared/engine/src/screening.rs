//! Clinic notes: the identifier screen. No dataset is needed.

use notes::{KnownIdentifiers, Screener, Style};
use protocol::{EngineError, NoteIdentifier, NoteScreened, ScreenNotes, SurrogatesFor};

use crate::error;
use crate::note_text::CodePoints;

/// Notes with identifiers replaced.
pub(crate) fn screen(request: &ScreenNotes) -> Result<Vec<NoteScreened>, EngineError> {
    let screener = Screener::new(Style::Surrogates, &[], &[]);
    let screened = request.notes.iter().map(|note| {
        let known = KnownIdentifiers { names: note.names.clone(), numbers: note.numbers.clone() };
        // Without a person tags stand in the text.
        let person = note.surrogates.as_ref().map(person).transpose()?;
        let screened = screener.screen(&note.text, &known, person.as_ref());
        let points = CodePoints::new(&note.text);
        let identifiers = screened.identifiers.iter();
        let identifiers = identifiers
            .map(|i| NoteIdentifier { class: i.class.name().to_owned(), span: points.span(&i.span) })
            .collect();
        Ok(NoteScreened { identifiers, text: screened.text })
    });
    screened.collect()
}

fn person(of: &SurrogatesFor) -> Result<notes::Person, EngineError> {
    let secret = error::bytes32(&of.secret, "The secret of this device")?;
    let dates = if of.years_only { intake::DatePolicy::YearsOnly } else { intake::DatePolicy::Shift };
    Ok(intake::text_person(&secret, of.person.as_bytes(), dates))
}
