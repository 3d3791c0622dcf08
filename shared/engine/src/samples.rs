//! Synthetic samples.

use model::results::Setting;
use protocol::{EngineError, MadeSample, MakeSample};

use crate::Bulk;

/// Makes a synthetic sample.
pub(crate) fn make_sample(request: &MakeSample) -> Result<(MadeSample, Bulk), EngineError> {
    let format = match request.format {
        protocol::SampleFormat::Omop => sample::Format::Omop,
        protocol::SampleFormat::Csv => sample::Format::Csv,
    };
    let settings = sample::Settings { persons: request.persons, seed: request.seed, format };
    let made = sample::make(&request.name, settings).map_err(|e| EngineError::invalid(e.to_string()))?;
    let truth = made.truth.into_iter().map(|(name, value)| Setting { name, value }).collect();
    let (names, bulk) = made.files.into_iter().map(|(name, text)| (name, text.into_bytes())).unzip();
    Ok((MadeSample { names, truth }, bulk))
}
