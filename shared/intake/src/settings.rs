//! What the host decides about an import.

use model::dataset::{ColumnRole, DatasetSource};

/// What happens to calendar dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DatePolicy {
    /// All dates of a person move by the same number of days, between 1 and 365 in either direction: lengths of time
    /// stay as they are, calendar dates do not.
    #[default]
    Shift,
    /// Every date becomes the first of January of its year: what Safe Harbor allows, at the price of lengths of time.
    YearsOnly,
    /// Dates stay as they are. Only for data that hold no real person's dates.
    Keep,
}

/// What happens to free text: notes, and columns of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPolicy {
    /// Whether what is found is replaced by something made up of the same kind (the default), or by a tag such as `[NAME]`. Texts that
    /// several persons share have tags always.
    pub surrogates: bool,
    /// Words and phrases that are taken out too, in any case.
    pub remove: Vec<String>,
    /// Words that stay though they look like identifiers, unless they are the person's own.
    pub keep: Vec<String>,
}

impl Default for TextPolicy {
    fn default() -> Self {
        Self { surrogates: true, remove: Vec::new(), keep: Vec::new() }
    }
}

impl DatePolicy {
    /// Its name in a header.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shift => "shift",
            Self::YearsOnly => "years_only",
            Self::Keep => "keep",
        }
    }
}

/// What the host decides about an import.
#[derive(Clone)]
pub struct Settings {
    /// Name of the dataset for people.
    pub name: String,
    /// Secret of this device: identifiers are re-keyed and dates are shifted by it. The same secret gives the same
    /// dataset from the same file. It is never stored in a dataset.
    pub secret: [u8; 32],
    /// Where the data come from; format and file names are filled in by the import where they are empty.
    pub source: DatasetSource,
    /// What happens to dates.
    pub dates: DatePolicy,
    /// What happens to free text.
    pub text: TextPolicy,
    /// Whether what the screen replaces is gathered for review ([`crate::Imported::review`]).
    pub review: bool,
    /// Year of the import, where known: up to it an age is reckoned where a flat file holds a birth date and no other date.
    pub this_year: Option<i32>,
    /// Whether ages above 89 become 90, ZIP codes three digits and identifier columns keyed hashes or nothing (the
    /// default). Without, only columns with the role `Drop` go, and identifiers are re-keyed: for data that hold no real
    /// persons, such as samples.
    pub safe_harbor: bool,
    /// Whether findings of the notes become events.
    pub note_findings: bool,
    /// Keys of the persons of the dataset that the import is added to, in order ([`crate::person_keys`]): an update may be about them
    /// without holding them.
    pub known: Vec<u64>,
    /// Variables of the dataset that the import is added to, and their roles: what a column was then it is again.
    pub variables: Vec<(String, ColumnRole)>,
    /// Bytes of all files together where known: makes room in time, changes no result.
    pub expected_bytes: u64,
    /// Whether the tables stay in memory beside their chunks ([`crate::Imported::dataset`]). Without, an import needs half
    /// of the memory at its end.
    pub keep_tables: bool,
}

impl Settings {
    /// Settings with every protection on.
    #[must_use]
    pub fn new(name: impl Into<String>, secret: [u8; 32]) -> Self {
        Self {
            name: name.into(),
            secret,
            source: DatasetSource::default(),
            dates: DatePolicy::default(),
            text: TextPolicy::default(),
            review: false,
            this_year: None,
            safe_harbor: true,
            note_findings: true,
            known: Vec::new(),
            variables: Vec::new(),
            expected_bytes: 0,
            keep_tables: true,
        }
    }
}

impl std::fmt::Debug for Settings {
    /// Leaves the secret out, so that it gets into no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("source", &self.source)
            .field("dates", &self.dates)
            .field("text", &self.text)
            .field("safe_harbor", &self.safe_harbor)
            .field("note_findings", &self.note_findings)
            .finish_non_exhaustive()
    }
}

/// Told how far the work is (0 to 1) and what is being done; says whether to go on.
pub type Tick<'a> = dyn FnMut(f64, &str) -> bool + 'a;
