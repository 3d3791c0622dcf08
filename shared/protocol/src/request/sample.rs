//! Synthetic samples.

use serde::{Deserialize, Serialize};

/// Make a synthetic sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MakeSample {
    /// Key of the sample.
    pub name: String,
    /// Persons.
    pub persons: u32,
    /// Seed.
    pub seed: u64,
    /// As what.
    pub format: SampleFormat,
}

/// As what a synthetic sample is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleFormat {
    /// OMOP CDM tables.
    #[default]
    Omop,
    /// One flat file.
    Csv,
}

/// A sample as files. Attachments: their bytes, in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeSample {
    /// File names.
    pub names: Vec<String>,
    /// The truth it was made with.
    pub truth: Vec<model::results::Setting>,
}
