//! The lexicons: `lexicon/problems.tsv`, `drugs.tsv`, `measurements.tsv`, `doses.tsv`, each with its source and version.

use super::measures::Measure;
use super::phrases::{self, Phrases};
use super::vocabulary::Vocabulary;

const PROBLEMS: &str = include_str!("../../lexicon/problems.tsv");
const DRUGS: &str = include_str!("../../lexicon/drugs.tsv");
const MEASUREMENTS: &str = include_str!("../../lexicon/measurements.tsv");
const DOSES: &str = include_str!("../../lexicon/doses.tsv");

/// What a concept is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Domain {
    /// A disease or another problem.
    Condition,
    /// What a patient tells.
    Symptom,
    /// What an examination shows.
    Finding,
    /// What was done.
    Procedure,
    /// Smoking, alcohol, drugs.
    Habit,
    /// What a patient can do without help.
    Function,
    /// A medicine.
    Drug,
    /// A number.
    Measurement,
}

impl Domain {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Domain::Condition => "condition",
            Domain::Symptom => "symptom",
            Domain::Finding => "finding",
            Domain::Procedure => "procedure",
            Domain::Habit => "habit",
            Domain::Function => "function",
            Domain::Drug => "drug",
            Domain::Measurement => "measurement",
        }
    }

    fn read(text: &str) -> Option<Self> {
        [Domain::Condition, Domain::Symptom, Domain::Finding, Domain::Procedure, Domain::Habit, Domain::Function]
            .into_iter()
            .find(|d| d.name() == text)
    }
}

/// A concept of the lexicons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept {
    /// Stable identifier.
    pub id: &'static str,
    /// What is shown.
    pub display: &'static str,
    /// What it is about.
    pub domain: Domain,
    /// Code system and code (`SCT:38341003`, `RXN:6809`, `LNC:8480-6`), where we are sure of one.
    pub code: Option<&'static str>,
}

/// Words of a prescription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DoseWord {
    Unit(&'static str),
    Route(&'static str),
    Frequency(&'static str),
    Needed,
    Between,
}

/// All lexicons.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    /// Concepts by number.
    pub(crate) concepts: Vec<Concept>,
    /// Phrases: twice the concept's number, and one more where only capitals count.
    pub(crate) phrases: Phrases,
    /// How numbers are read.
    pub(crate) measures: Vec<Measure>,
    /// Words of prescriptions by number.
    pub(crate) dose_words: Vec<DoseWord>,
    /// Their phrases.
    pub(crate) doses: Phrases,
    /// Lines that could not be read. A test holds that there are none.
    pub(crate) problems: Vec<String>,
}

impl Lexicon {
    /// Reads the files.
    pub(crate) fn read(vocabulary: &mut Vocabulary) -> Self {
        let mut lexicon = Lexicon::default();
        each_row(PROBLEMS, |fields| match fields {
            [id, domain, code, terms] => match Domain::read(domain) {
                Some(domain) => lexicon.add(id, domain, code, terms, vocabulary),
                None => lexicon.problem("problems.tsv", id),
            },
            _ => lexicon.problem("problems.tsv", fields.first().copied().unwrap_or_default()),
        });
        each_row(DRUGS, |fields| match fields {
            [id, code, terms] => lexicon.add(id, Domain::Drug, code, terms, vocabulary),
            _ => lexicon.problem("drugs.tsv", fields.first().copied().unwrap_or_default()),
        });
        each_row(MEASUREMENTS, |fields| match fields {
            [id, code, bare, units, terms] => {
                let concept = u32::try_from(lexicon.concepts.len()).unwrap_or(u32::MAX);
                lexicon.add(id, Domain::Measurement, code, terms, vocabulary);
                match Measure::read(concept, bare, units, vocabulary) {
                    Some(measure) => lexicon.measures.push(measure),
                    None => lexicon.problem("measurements.tsv", id),
                }
            }
            _ => lexicon.problem("measurements.tsv", fields.first().copied().unwrap_or_default()),
        });
        each_row(DOSES, |fields| match fields {
            [kind, printed, terms] => lexicon.add_dose(kind, printed, terms, vocabulary),
            _ => lexicon.problem("doses.tsv", fields.first().copied().unwrap_or_default()),
        });
        lexicon
    }

    fn problem(&mut self, file: &str, row: &str) {
        self.problems.push(format!("lexicon/{file}: the row '{row}' cannot be read"));
    }

    fn add(
        &mut self,
        id: &'static str,
        domain: Domain,
        code: &'static str,
        terms: &'static str,
        vocabulary: &mut Vocabulary,
    ) {
        let number = u32::try_from(self.concepts.len()).unwrap_or(u32::MAX);
        let mut display = "";
        for term in terms.split('|').map(str::trim) {
            let (term, capitals) = term.strip_prefix('!').map_or((term, 0), |t| (t, 1));
            if display.is_empty() {
                display = term;
            }
            let words = phrases::words(term, vocabulary);
            if !self.phrases.add(&words, number * 2 + capitals) {
                self.problem("", id);
            }
        }
        self.concepts.push(Concept { id, display, domain, code: (code != "-").then_some(code) });
    }

    fn add_dose(&mut self, kind: &str, printed: &'static str, terms: &str, vocabulary: &mut Vocabulary) {
        let word = match kind {
            "unit" => DoseWord::Unit(printed),
            "route" => DoseWord::Route(printed),
            "frequency" => DoseWord::Frequency(printed),
            "needed" => DoseWord::Needed,
            "between" => DoseWord::Between,
            _ => return self.problem("doses.tsv", kind),
        };
        let number = u32::try_from(self.dose_words.len()).unwrap_or(u32::MAX);
        for term in terms.split('|').map(str::trim) {
            let words = phrases::words(term, vocabulary);
            if !self.doses.add(&words, number) {
                self.problem("doses.tsv", term);
            }
        }
        self.dose_words.push(word);
    }

    /// A concept by its number.
    pub(crate) fn concept(&self, number: u32) -> Option<&Concept> {
        self.concepts.get(number as usize)
    }

    /// How the numbers of a concept are read.
    pub(crate) fn measure(&self, concept: u32) -> Option<&Measure> {
        let at = self.measures.binary_search_by_key(&concept, |m| m.concept).ok()?;
        self.measures.get(at)
    }
}

fn each_row(file: &'static str, mut call: impl FnMut(&[&'static str])) {
    for line in file.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        let fields: Vec<&'static str> = line.split('\t').collect();
        call(&fields);
    }
}
