//! Randomness from the browser's cryptographic generator.

use crate::{WebError, scope};
use js_sys::Uint8Array;

/// Random bytes as hex.
///
/// # Errors
/// If the browser has no generator.
pub fn hex(n_bytes: u32) -> Result<String, WebError> {
    let array = Uint8Array::new_with_length(n_bytes);
    scope::call_method(&scope::global("crypto"), "getRandomValues", &[array.clone().into()])?;
    Ok(array.to_vec().iter().map(|b| format!("{b:02x}")).collect())
}

/// 32 random bytes as 64 hex digits.
///
/// # Errors
/// If the browser has no generator.
pub fn bytes32_hex() -> Result<String, WebError> {
    hex(32)
}

/// A local id: 16 hex digits.
///
/// # Errors
/// If the browser has no generator.
pub fn id() -> Result<String, WebError> {
    hex(8)
}
