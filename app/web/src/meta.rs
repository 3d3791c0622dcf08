//! Small settings by key: the device's secrets, the invite token, the theme, the last backup.

use wasm_bindgen::JsValue;

use crate::{WebError, database};

/// Key of the device's intake secret (person keys, date shifts).
pub const INTAKE_SECRET: &str = "intake-secret";
/// Key of the device's signing key.
pub const SIGNING_KEY: &str = "signing-key";
/// Key of the day and dataset of the last backup.
pub const LAST_BACKUP: &str = "last-backup";

/// Reads a setting.
///
/// # Errors
/// If storage refuses.
pub async fn get(key: &str) -> Result<Option<String>, WebError> {
    Ok(database::get(database::META, key).await?.and_then(|v| v.as_string()))
}

/// Writes a setting.
///
/// # Errors
/// If storage refuses.
pub async fn set(key: &str, value: &str) -> Result<(), WebError> {
    database::put(database::META, key, JsValue::from_str(value)).await
}

/// Forgets a setting.
///
/// # Errors
/// If storage refuses.
pub async fn remove(key: &str) -> Result<(), WebError> {
    database::delete(database::META, key).await
}

/// A 32-byte secret in hex, made on first use and kept on this device. Two tabs that ask at once get the same one.
///
/// # Errors
/// If storage refuses.
pub async fn secret(key: &str) -> Result<String, WebError> {
    let _lock = crate::locks::acquire("rounds-secret").await?;
    if let Some(found) = get(key).await? {
        return Ok(found);
    }
    let made = crate::random::bytes32_hex()?;
    set(key, &made).await?;
    Ok(made)
}
