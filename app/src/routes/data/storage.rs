//! How much room there is, whether the browser promised to keep the data, and when they were last saved elsewhere.

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{EngineError, StorageInfo};

use crate::components::*;
use crate::format::bytes;
use crate::stores::engine::{Load, storage_error};

/// The state of storage; copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct StorageWatch {
    /// What is known.
    pub(crate) load: RwSignal<Load<StorageInfo>>,
}

/// Reads the state of storage.
pub(crate) fn use_storage_watch() -> StorageWatch {
    let watch = StorageWatch { load: RwSignal::new(Load::loading()) };
    watch.read(false);
    watch
}

impl StorageWatch {
    /// Reads anew; with `ask`, the browser is asked to keep the data first.
    pub(crate) fn read(self, ask: bool) {
        spawn_local(async move {
            let info = web::storage::info(ask).await;
            self.load.try_set(info.map_err(|error| storage_error(&error)).into());
        });
    }
}

/// Asks the browser to keep the data and says the answer. After the first import.
pub(crate) async fn ask_to_keep() -> Result<Option<bool>, EngineError> {
    let before = web::storage::info(false).await.map_err(|error| storage_error(&error))?;
    if before.persistent == Some(true) {
        return Ok(Some(true));
    }
    let after = web::storage::info(true).await.map_err(|error| storage_error(&error))?;
    Ok(after.persistent)
}

/// What the answer means.
pub(crate) fn kept_words(persistent: Option<bool>) -> (&'static str, &'static str) {
    match persistent {
        Some(true) => ("Kept", "The browser promised to keep these data until you delete them."),
        Some(false) => (
            "Not promised",
            "If the disk runs full, the browser may throw these data away. Save a backup, or ask it to keep them.",
        ),
        None => ("Unknown", "This browser cannot say whether it keeps the data. Save a backup."),
    }
}

/// The state of storage as a card.
#[component]
pub(crate) fn StorageCard() -> impl IntoView {
    let watch = use_storage_watch();
    let retry = move || watch.read(false);
    view! {
        <Card>
            <AsyncPanel load=watch.load full=move |info| view! { <Info info=info watch=watch/> } retry=retry/>
        </Card>
    }
}

#[component]
fn Info(info: StorageInfo, watch: StorageWatch) -> impl IntoView {
    let (kept, meaning) = kept_words(info.persistent);
    let size = |n: Option<f64>| n.map_or_else(|| "unknown".to_owned(), bytes);
    let fraction = match (info.used_bytes, info.quota_bytes) {
        (Some(used), Some(quota)) if quota > 0.0 => Some((used / quota).clamp(0.0, 1.0)),
        _ => None,
    };
    let is_kept = info.persistent == Some(true);
    view! {
        <dl class="stats">
            <Stat label="Kept for good?" value=kept/>
            <Stat label="Used" value=size(info.used_bytes)/>
            <Stat label="Room in all" value=size(info.quota_bytes)/>
            <Stat label="Last backup" value=info.last_backup.unwrap_or_else(|| "never".to_owned())/>
        </dl>
        {fraction
            .map(|fraction| {
                view! {
                    <div class="meter" aria-hidden="true">
                        <div class="meter__fill" style:--fraction=fraction.to_string()></div>
                    </div>
                }
            })}
        <p class="muted">{meaning}</p>
        <Show when=move || !is_kept>
            <div class="row">
                <Button label="Ask the browser to keep the data" on_click=move || watch.read(true)/>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_told_apart() {
        let words: Vec<&str> = [Some(true), Some(false), None].map(|p| kept_words(p).0).to_vec();
        assert_eq!(words, ["Kept", "Not promised", "Unknown"]);
    }
}
