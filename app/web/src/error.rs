//! What the browser can refuse, in the user's words.

use wasm_bindgen::{JsCast as _, JsValue};

/// What the browser can refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebError {
    /// The disk quota is used up.
    #[error(
        "This browser has no room left for Rounds. Nothing was changed. Delete a dataset you no longer need, or free \
         disk space, and try again."
    )]
    Quota,
    /// Storage is switched off (some private windows, some policies).
    #[error(
        "This browser does not let Rounds keep data (often in a private window, or by a policy of your site). Open \
         Rounds in an ordinary window. Technical detail: {0}"
    )]
    StorageRefused(String),
    /// Another tab holds an older or newer version open.
    #[error("Rounds is open in another tab with another version. Close the other tabs and reload this one.")]
    Blocked,
    /// Somebody else wrote the same document.
    #[error(
        "This was changed in another tab (revision {found}, yours was made from {expected}). Reload to see that \
         version; yours was not saved over it."
    )]
    Conflict {
        /// Revision the caller knew.
        expected: u32,
        /// Revision found.
        found: u32,
    },
    /// Another tab is writing.
    #[error("Another tab of Rounds is importing or deleting data. Wait until it has finished and try again.")]
    Busy,
    /// What is stored cannot be read.
    #[error("Something stored on this device cannot be read: {0}")]
    Damaged(String),
    /// Anything else.
    #[error("The browser refused: {0}")]
    Other(String),
}

impl WebError {
    /// From whatever JavaScript threw.
    #[must_use]
    pub fn from_js(value: &JsValue) -> Self {
        if let Some(exception) = value.dyn_ref::<web_sys::DomException>() {
            return Self::from_exception(exception);
        }
        Self::Other(describe(value))
    }

    fn from_exception(exception: &web_sys::DomException) -> Self {
        match exception.name().as_str() {
            "QuotaExceededError" => Self::Quota,
            "SecurityError" | "InvalidStateError" | "UnknownError" => {
                Self::StorageRefused(format!("{}: {}", exception.name(), exception.message()))
            }
            "VersionError" => Self::Blocked,
            name => Self::Other(format!("{name}: {}", exception.message())),
        }
    }
}

impl From<JsValue> for WebError {
    fn from(value: JsValue) -> Self {
        Self::from_js(&value)
    }
}

impl From<idb::Error> for WebError {
    fn from(error: idb::Error) -> Self {
        use idb::Error as E;
        match error {
            E::DomException(exception) => Self::from_exception(&exception),
            E::IndexedDbNotFound(value) | E::IndexedDbOpenFailed(value) => Self::StorageRefused(describe(&value)),
            E::AddFailed(value)
            | E::UpdateFailed(value)
            | E::GetFailed(value)
            | E::DeleteFailed(value)
            | E::TransactionOpenFailed(value) => Self::from_js(&value),
            other => Self::Other(other.to_string()),
        }
    }
}

/// A thrown value as text.
#[must_use]
pub fn describe(value: &JsValue) -> String {
    if let Some(error) = value.dyn_ref::<js_sys::Error>() {
        return String::from(error.message());
    }
    value.as_string().unwrap_or_else(|| format!("{value:?}"))
}
