//! Synthetic cohorts with a known truth, written as text that intake then reads like anybody's.
//!
//! Start with [`make`]. The same name, size and seed give the same bytes on every machine: random numbers come from
//! ChaCha and every transcendental function from `libm`, not from the platform.

mod random;
mod two_drugs;

/// What a sample is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Number of persons, 1 to 1,000,000.
    pub persons: u32,
    /// Seed.
    pub seed: u64,
    /// As what it is written.
    pub format: Format,
}

/// As what a sample is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OMOP CDM 5.4 tables as CSV files.
    Omop,
    /// One flat CSV file, a row a person.
    Csv,
}

/// A sample: files and the truth behind them.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// File name and text, in the order of their names.
    pub files: Vec<(String, String)>,
    /// The truth it was made with, in names and values.
    pub truth: Vec<(String, String)>,
}

/// Why a sample cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// No such sample.
    #[error("There is no sample called '{0}'. Known samples: two-drugs.")]
    Unknown(String),
    /// Too small or too large.
    #[error("A sample has 1 to 1,000,000 persons, not {0}.")]
    Size(u32),
}

/// Makes a sample by name (`two-drugs`).
///
/// # Errors
/// If there is no such sample or the size is out of range.
pub fn make(name: &str, settings: Settings) -> Result<Sample, SampleError> {
    if settings.persons == 0 || settings.persons > 1_000_000 {
        return Err(SampleError::Size(settings.persons));
    }
    match name {
        "two-drugs" => Ok(two_drugs::make(settings)),
        other => Err(SampleError::Unknown(other.to_owned())),
    }
}
