//! How much room there is and whether the browser promised to keep it.

use protocol::StorageInfo;
use wasm_bindgen::JsValue;

use crate::{WebError, meta, scope};

/// Storage in plain numbers. With `ask`, the browser is asked to keep the data for good first. Works in page and
/// worker; only the page may ask (browsers refuse it in a worker).
///
/// # Errors
/// If settings cannot be read.
pub async fn info(ask: bool) -> Result<StorageInfo, WebError> {
    let manager = scope::property(&scope::navigator(), "storage");
    let mut info = StorageInfo { last_backup: meta::get(meta::LAST_BACKUP).await?, ..StorageInfo::default() };
    if manager.is_undefined() {
        return Ok(info);
    }
    if ask {
        info.persistent = scope::call_async(&manager, "persist", &[]).await.ok().and_then(|v| v.as_bool());
    }
    if info.persistent.is_none() {
        info.persistent = scope::call_async(&manager, "persisted", &[]).await.ok().and_then(|v| v.as_bool());
    }
    if let Ok(estimate) = scope::call_async(&manager, "estimate", &[]).await {
        let number = |name: &str| -> Option<f64> {
            let value: JsValue = scope::property(&estimate, name);
            value.as_f64()
        };
        info.used_bytes = number("usage");
        info.quota_bytes = number("quota");
    }
    Ok(info)
}
