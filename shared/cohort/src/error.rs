//! What is wrong with a definition or a dataset.

use std::fmt;

/// One thing wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where in the document: `inclusion_rules[2].condition.of[0]`.
    pub path: String,
    /// What is wrong and what to do, in words.
    pub text: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.text)
    }
}

/// Why a cohort cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CohortError {
    /// The definition cannot be evaluated on this dataset; every problem is listed.
    #[error("the definition cannot be used on this dataset: {}", list(.0))]
    Invalid(Vec<Problem>),
    /// The dataset does not hold together.
    #[error("the dataset is damaged: {0}; import the data again")]
    Dataset(String),
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Cancelled,
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Collects problems while walking a document.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    pub(crate) fn add(&mut self, path: &str, text: impl Into<String>) {
        let problem = Problem { path: path.to_owned(), text: text.into() };
        if !self.found.contains(&problem) {
            self.found.push(problem);
        }
    }

    pub(crate) fn into_vec(self) -> Vec<Problem> {
        self.found
    }
}
