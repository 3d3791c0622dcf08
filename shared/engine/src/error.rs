//! Errors of the rooms below, in the protocol's words. Each is handled once: here it is passed on.

use cohort::CohortError;
#[cfg(feature = "import")]
use intake::IntakeError;
use intake::UnpackError;
use protocol::EngineError;

/// A sentence: first letter large, unless the first word is a name (of a file or a place in a document).
pub(crate) fn sentence(text: &str) -> String {
    let first_word = text.split_whitespace().next().unwrap_or_default();
    if !first_word.chars().all(|c| c.is_alphabetic() || c == ',') {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(feature = "import")]
pub(crate) fn intake(error: &IntakeError) -> EngineError {
    match error {
        IntakeError::Stopped => EngineError::Cancelled,
        _ => EngineError::invalid(sentence(&error.to_string())),
    }
}

pub(crate) fn unpack(error: &UnpackError) -> EngineError {
    EngineError::Storage { message: sentence(&error.to_string()) }
}

pub(crate) fn cohort(error: CohortError) -> EngineError {
    match error {
        CohortError::Invalid(problems) => {
            EngineError::Invalid { problems: problems.iter().map(|p| sentence(&p.to_string())).collect() }
        }
        CohortError::Dataset(_) => EngineError::Storage { message: sentence(&error.to_string()) },
        CohortError::Cancelled => EngineError::Cancelled,
    }
}

/// 64 hex digits as bytes.
pub(crate) fn bytes32(hex_text: &str, what: &str) -> Result<[u8; 32], EngineError> {
    let wrong = || EngineError::invalid(format!("{what} is not 64 hexadecimal digits."));
    if hex_text.len() != 64 {
        return Err(wrong());
    }
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        let digits = hex_text.get(2 * i..2 * i + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_not_hex| wrong())?;
    }
    Ok(bytes)
}
