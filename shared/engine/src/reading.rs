//! Clinic notes: findings with their context. No dataset is needed.

use std::ops::Range;

use notes::{Context, Reader};
use protocol::{EngineError, FoundInNote, NoteDrug, NoteQuantity, NoteRead, NoteToRead, NoteTrigger, ReadNotes};

use crate::note_text::CodePoints;

/// A text and the places in it.
struct Places<'a> {
    text: &'a str,
    points: CodePoints,
}

impl Places<'_> {
    fn span(&self, bytes: &Range<usize>) -> [usize; 2] {
        self.points.span(bytes)
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
    let places = Places { text: &note.text, points: CodePoints::new(&note.text) };
    let reader = Reader::built_in();
    let Some(target) = &note.target else {
        let findings = reader.findings(&note.text).iter().map(|f| of_lexicon(&places, f)).collect();
        return NoteRead { findings, target_found: None };
    };
    let found = reader.context_of(&note.text, target);
    let target_found = Some(found.is_some());
    let findings = found.map(|(span, context)| bare(&places, target, &span, &context));
    NoteRead { findings: findings.into_iter().collect(), target_found }
}

/// A finding with nothing but its place and its context.
fn bare(places: &Places<'_>, concept: &str, span: &Range<usize>, context: &Context) -> FoundInNote {
    let triggers: Vec<NoteTrigger> = context
        .triggers
        .iter()
        .map(|t| NoteTrigger {
            text: places.piece(&t.span),
            span: places.span(&t.span),
            rule: t.rule.to_owned(),
            scope: places.span(&t.scope),
        })
        .collect();
    FoundInNote {
        concept: concept.to_owned(),
        display: concept.to_owned(),
        domain: None,
        code: None,
        text: places.piece(span),
        span: places.span(span),
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

fn of_lexicon(places: &Places<'_>, finding: &notes::NoteFinding) -> FoundInNote {
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
            span: places.span(&v.span),
        }),
        drug: finding.drug.as_ref().map(|d| NoteDrug {
            dose: d.dose,
            dose_high: d.dose_high,
            unit: d.unit.map(owned),
            route: d.route.map(owned),
            frequency: d.frequency.map(owned),
            as_needed: d.as_needed,
            span: places.span(&d.span),
        }),
        section: finding.heading.as_ref().map(|h| places.piece(h)),
        ..bare(places, finding.concept.id, &finding.span, &finding.context)
    }
}
