//! Findings of notes, as events.
//!
//! A finding that a note names several times in the same way is one event of that note: a cohort that asks for two records
//! of a cough means two notes. Of a range (`EF 55-60%`) the middle is the value and the range its text; of a limit
//! (`< 0.01`) the limit is the value and the sign its text; of a drug the dose is the value, and route and frequency the
//! text.

use std::borrow::Cow;

use ::notes::{Concept, Context, Experiencer, NoteFinding, Polarity, Reader, Temporality};
use model::cohort::NoteContext;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::report::{Reporter, counted};

/// Code system of what the lexicon has no code of a standard system for: the lexicon's own ids.
const OWN_SYSTEM: &str = "Rounds note lexicon";

/// A finding as it waits for the event table.
pub(crate) struct Finding {
    /// Row of `person`.
    pub(crate) person: u32,
    /// The note's day, as it stands in the source.
    pub(crate) day: i32,
    /// Row of `note`.
    pub(crate) note: u32,
    /// Key of the note's resource.
    pub(crate) source: Option<f64>,
    pub(crate) what: Found,
}

/// What was found in a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Found {
    /// Number in [`Names`].
    pub(crate) concept: u32,
    pub(crate) context: ContextOf,
    pub(crate) value: Option<f64>,
    pub(crate) unit: Option<Cow<'static, str>>,
    pub(crate) text: Option<String>,
}

/// What the note says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct ContextOf {
    polarity: Polarity,
    temporality: Temporality,
    experiencer: Experiencer,
}

impl ContextOf {
    fn new(context: &Context) -> Self {
        Self { polarity: context.polarity, temporality: context.temporality, experiencer: context.experiencer }
    }

    /// Whether the patient has it now, as far as the note goes.
    pub(crate) fn is_present(self) -> bool {
        (self.polarity, self.temporality, self.experiencer)
            == (Polarity::Affirmed, Temporality::Recent, Experiencer::Patient)
    }

    /// The level of the qualifier.
    pub(crate) fn level(self) -> String {
        NoteContext::level(self.polarity.name(), self.temporality.name(), self.experiencer.name())
    }
}

/// Concepts of findings, each once, numbered.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) all: Vec<Named>,
    numbers: FxHashMap<Cow<'static, str>, u32>,
}

/// A concept of the lexicon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Named {
    id: Cow<'static, str>,
    display: Cow<'static, str>,
    code: Option<Cow<'static, str>>,
}

impl Names {
    /// The number of a concept.
    pub(crate) fn number(&mut self, id: Cow<'static, str>, named: impl FnOnce(Cow<'static, str>) -> Named) -> u32 {
        if let Some(&number) = self.numbers.get(&id) {
            return number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(named(id.clone()));
        self.numbers.insert(id, number);
        number
    }

    /// The number of a concept that was numbered elsewhere.
    pub(crate) fn number_of(&mut self, named: Named) -> u32 {
        let Named { id, display, code } = named;
        self.number(id, |id| Named { id, display, code })
    }

    fn number_in_lexicon(&mut self, concept: Concept) -> u32 {
        let Concept { id, display, code, .. } = concept;
        self.number(id.into(), |id| Named { id, display: display.into(), code: code.map(Cow::Borrowed) })
    }

    /// What a text says, each thing once, and how often it says any.
    pub(crate) fn read(&mut self, text: &str) -> (Vec<Found>, u64) {
        let mentions = Reader::built_in().findings(text);
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        for finding in &mentions {
            let concept = self.number_in_lexicon(finding.concept);
            let context = ContextOf::new(&finding.context);
            let (value, unit, text) = value(finding);
            if seen.insert((concept, context, value.map(f64::to_bits), unit, text.clone())) {
                found.push(Found { concept, context, value, unit: unit.map(Cow::Borrowed), text });
            }
        }
        (found, mentions.len() as u64)
    }
}

/// Findings of all notes, by person and day where the notes came so.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) rows: Vec<Finding>,
    pub(crate) names: Names,
    n_notes: u64,
    n_mentions: u64,
}

/// Where a note stands.
#[derive(Clone, Copy)]
pub(crate) struct OfNote {
    pub(crate) person: u32,
    pub(crate) day: i32,
    pub(crate) note: u32,
    pub(crate) source: Option<f64>,
}

impl Findings {
    /// Takes what a note says, and how often it says any of it.
    pub(crate) fn add(&mut self, of: OfNote, found: Vec<Found>, n_mentions: u64) {
        self.n_notes += u64::from(n_mentions > 0);
        self.n_mentions += n_mentions;
        let OfNote { person, day, note, source } = of;
        self.rows.extend(found.into_iter().map(|what| Finding { person, day, note, source, what }));
    }

    /// System, code and words of each concept.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.names.all.iter().map(|c| {
            let coded = c.code.as_deref().and_then(|code| code.split_once(':')).and_then(|(system, code)| {
                let system = match system {
                    "SCT" => "SNOMED",
                    "RXN" => "RxNorm",
                    "LNC" => "LOINC",
                    _ => return None,
                };
                Some((system, code))
            });
            let (system, code) = coded.unwrap_or((OWN_SYSTEM, c.id.as_ref()));
            (system, code, c.display.as_ref())
        })
    }

    /// Counts the findings, and says what became of them.
    pub(crate) fn say(&self, reporter: &mut Reporter) {
        let n = self.rows.len() as u64;
        reporter.report.note_findings = n;
        if n == 0 {
            return;
        }
        let present = self.rows.iter().filter(|f| f.what.context.is_present()).count() as u64;
        let mentions = match self.n_mentions - n {
            0 => String::new(),
            more => format!(" (said {} more in the same notes)", counted(more, "time", "times")),
        };
        reporter.warn(format!(
            "{} read from {}{mentions}: {} said to be present in the patient and stand as events of the domain 'note finding'; \
             the other {} negated, possible, of the past, planned or of somebody else. These stand apart and count in no cohort that \
             does not ask for them. They were read by a program: look at the notes before you rely on them.",
            counted(n, "finding was", "findings were"),
            counted(self.n_notes, "note", "notes"),
            counted(present, "is", "are"),
            counted(n - present, "is", "are"),
        ));
    }
}

/// Value, unit and words of a finding.
fn value(finding: &NoteFinding) -> (Option<f64>, Option<&'static str>, Option<String>) {
    if let Some(quantity) = &finding.value {
        let (value, words) = match (quantity.high, quantity.comparator) {
            (Some(high), _) => (f64::midpoint(quantity.low, high), Some(format!("{} to {high}", quantity.low))),
            (None, sign) => (quantity.low, sign.map(String::from)),
        };
        return (Some(value).filter(|v| v.is_finite()), quantity.unit, words);
    }
    let Some(drug) = &finding.drug else { return (None, None, None) };
    let high = drug.dose_high.map(|high| format!("to {high}"));
    let needed = drug.as_needed.then(|| "as needed".to_owned());
    let parts = [high, drug.route.map(str::to_owned), drug.frequency.map(str::to_owned), needed];
    let words = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (drug.dose.filter(|v| v.is_finite()), drug.unit, Some(words).filter(|w| !w.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Findings {
        let mut findings = Findings::default();
        let (found, n_mentions) = findings.names.read(text);
        findings.add(OfNote { person: 0, day: 10, note: 0, source: None }, found, n_mentions);
        findings
    }

    fn levels(findings: &Findings, words: &str) -> Vec<(String, Option<f64>, Option<String>)> {
        let names: Vec<_> = findings.names().map(|(.., display)| display).collect();
        let of = |f: &&Finding| names.get(f.what.concept as usize).is_some_and(|n| n.to_lowercase().contains(words));
        findings.rows.iter().filter(of).map(|f| (f.what.context.level(), f.what.value, f.what.text.clone())).collect()
    }

    #[test]
    fn what_is_said_twice_is_one_event_and_what_is_denied_stays_apart() {
        let found = read("Cough for two days. The cough is dry. Denies fever. EF 55-60%. Metoprolol 50 mg po bid.");
        assert_eq!(levels(&found, "cough"), [("affirmed, recent, patient".to_owned(), None, None)]);
        let fever = levels(&found, "fever");
        assert_eq!(fever, [("negated, recent, patient".to_owned(), None, None)]);
        let ef = levels(&found, "ejection fraction");
        assert_eq!(ef, [("affirmed, recent, patient".to_owned(), Some(57.5), Some("55 to 60".to_owned()))]);
        let drug = levels(&found, "metoprolol");
        assert_eq!(drug.first().and_then(|d| d.1), Some(50.0));
        assert!(found.rows.iter().any(|f| f.what.unit.as_deref() == Some("mg")));
        assert_eq!(found.rows.iter().filter(|f| f.what.context.is_present()).count() + 1, found.rows.len());
        assert!(found.n_mentions > found.rows.len() as u64, "the second cough is counted");
    }
}
