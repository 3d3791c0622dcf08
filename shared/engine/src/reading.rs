//! Clinic notes: findings with their context, and the identifier screen. No dataset is needed.

use std::ops::Range;

use notes::{Context, KnownIdentifiers, Reader, Screener, Style};
use protocol::{
    EngineError, FoundInNote, NoteDrug, NoteIdentifier, NoteQuantity, NoteRead, NoteScreened, NoteToRead, NoteTrigger,
    ReadNotes, ScreenNotes, SurrogatesFor,
};

use crate::error;

/// Byte spans of a text as spans of code points.
struct CodePoints<'a> {
    text: &'a str,
    /// First bytes of characters; empty for ASCII, where both are the same.
    starts: Vec<usize>,
}

impl<'a> CodePoints<'a> {
    fn new(text: &'a str) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { text, starts }
    }

    fn span(&self, bytes: &Range<usize>) -> [usize; 2] {
        let at = |byte: usize| if self.starts.is_empty() { byte } else { self.starts.partition_point(|s| *s < byte) };
        [at(bytes.start), at(bytes.end)]
    }

    fn piece(&self, bytes: &Range<usize>) -> String {
        self.text.get(bytes.clone()).unwrap_or_default().to_owned()
    }
}

/// Findings of notes, or the context of one phrase of each.
pub(crate) fn read(request: &ReadNotes) -> Result<Vec<NoteRead>, EngineError> {
    Ok(request.notes.iter().map(one).collect())
}

fn one(note: &NoteToRead) -> NoteRead {
    let points = CodePoints::new(&note.text);
    let reader = Reader::built_in();
    let Some(target) = &note.target else {
        let findings = reader.findings(&note.text).iter().map(|f| of_lexicon(&points, f)).collect();
        return NoteRead { findings, target_found: None };
    };
    let found = reader.context_of(&note.text, target);
    let target_found = Some(found.is_some());
    let findings = found.map(|(span, context)| bare(&points, target, &span, &context));
    NoteRead { findings: findings.into_iter().collect(), target_found }
}

/// A finding with nothing but its place and its context.
fn bare(points: &CodePoints<'_>, concept: &str, span: &Range<usize>, context: &Context) -> FoundInNote {
    let triggers: Vec<NoteTrigger> = context
        .triggers
        .iter()
        .map(|t| NoteTrigger {
            text: points.piece(&t.span),
            span: points.span(&t.span),
            rule: t.rule.to_owned(),
            scope: points.span(&t.scope),
        })
        .collect();
    FoundInNote {
        concept: concept.to_owned(),
        display: concept.to_owned(),
        domain: None,
        code: None,
        text: points.piece(span),
        span: points.span(span),
        polarity: context.polarity.name().to_owned(),
        temporality: context.temporality.name().to_owned(),
        experiencer: context.experiencer.name().to_owned(),
        trigger: triggers.first().cloned(),
        triggers,
        value: None,
        drug: None,
        section: None,
    }
}

fn of_lexicon(points: &CodePoints<'_>, finding: &notes::NoteFinding) -> FoundInNote {
    let owned = |text: &'static str| text.to_owned();
    FoundInNote {
        display: finding.concept.display.to_owned(),
        domain: Some(finding.concept.domain.name().to_owned()),
        code: finding.concept.code.map(owned),
        value: finding.value.as_ref().map(|v| NoteQuantity {
            value: v.low,
            high: v.high,
            comparator: v.comparator,
            unit: v.unit.map(owned),
            span: points.span(&v.span),
        }),
        drug: finding.drug.as_ref().map(|d| NoteDrug {
            dose: d.dose,
            dose_high: d.dose_high,
            unit: d.unit.map(owned),
            route: d.route.map(owned),
            frequency: d.frequency.map(owned),
            as_needed: d.as_needed,
            span: points.span(&d.span),
        }),
        section: finding.heading.as_ref().map(|h| points.piece(h)),
        ..bare(points, finding.concept.id, &finding.span, &finding.context)
    }
}

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
