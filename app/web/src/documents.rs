//! Documents people save: cohorts, studies, findings, decisions. Each write has a revision, so two tabs cannot
//! overwrite each other unseen; other tabs are told by a broadcast. While one is being written, the browser asks before
//! the page is left.

use js_sys::Reflect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::{WebError, clock, database, locks, page};

const CHANNEL: &str = "rounds-documents";

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its kind (`cohort`, `study`, `finding`, `decision`).
    pub kind: String,
    /// Its id, unique within the kind.
    pub id: String,
    /// Counts writes, from 1.
    pub revision: u32,
    /// Its JSON.
    pub json: String,
    /// Moment of the last write (ISO).
    pub changed_on: String,
}

impl Stored {
    fn from_js(value: &JsValue) -> Result<Self, WebError> {
        let text = |name: &str| {
            Reflect::get(value, &name.into())
                .ok()
                .and_then(|v| v.as_string())
                .ok_or_else(|| WebError::Damaged(format!("a document without '{name}'")))
        };
        let revision = Reflect::get(value, &"revision".into()).ok().and_then(|v| v.as_f64()).unwrap_or(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
        Ok(Self {
            kind: text("kind")?,
            id: text("id")?,
            revision: revision as u32,
            json: text("json")?,
            changed_on: text("changed_on")?,
        })
    }

    fn to_js(&self) -> Result<JsValue, WebError> {
        let object = js_sys::Object::new();
        for (name, value) in [
            ("kind", JsValue::from_str(&self.kind)),
            ("id", JsValue::from_str(&self.id)),
            ("revision", JsValue::from_f64(f64::from(self.revision))),
            ("json", JsValue::from_str(&self.json)),
            ("changed_on", JsValue::from_str(&self.changed_on)),
        ] {
            Reflect::set(&object, &name.into(), &value)?;
        }
        Ok(object.into())
    }
}

fn key(kind: &str, id: &str) -> String {
    format!("{kind}/{id}")
}

/// Every document of a kind, in order of id.
///
/// # Errors
/// If storage refuses or a record is damaged.
pub async fn list(kind: &str) -> Result<Vec<Stored>, WebError> {
    let values = database::get_all(database::DOCUMENTS, &format!("{kind}/")).await?;
    values.iter().map(Stored::from_js).collect()
}

/// One document.
///
/// # Errors
/// If storage refuses or the record is damaged.
pub async fn get(kind: &str, id: &str) -> Result<Option<Stored>, WebError> {
    match database::get(database::DOCUMENTS, &key(kind, id)).await? {
        Some(value) if !value.is_undefined() => Ok(Some(Stored::from_js(&value)?)),
        _ => Ok(None),
    }
}

/// Writes a document and returns its new revision. With `expected_revision` (0: it must be new) the write is refused
/// if another tab wrote in between.
///
/// # Errors
/// [`WebError::Conflict`], or if storage refuses; nothing is written then.
pub async fn put(kind: &str, id: &str, json: &str, expected_revision: Option<u32>) -> Result<u32, WebError> {
    let _open = page::stay_open();
    // Read and write under one lock across tabs: the check and the write are one step.
    let _lock = locks::acquire("rounds-documents").await?;
    let found = get(kind, id).await?.map_or(0, |s| s.revision);
    if let Some(expected) = expected_revision
        && expected != found
    {
        return Err(WebError::Conflict { expected, found });
    }
    let stored = Stored {
        kind: kind.to_owned(),
        id: id.to_owned(),
        revision: found + 1,
        json: json.to_owned(),
        changed_on: clock::now_iso(),
    };
    database::put(database::DOCUMENTS, &key(kind, id), stored.to_js()?).await?;
    tell_others(kind);
    Ok(stored.revision)
}

/// Writes documents of a kind, all or none, whatever was there under their ids.
///
/// # Errors
/// If storage refuses; nothing is written then.
pub async fn put_many(kind: &str, documents: &[(String, String)]) -> Result<(), WebError> {
    let _open = page::stay_open();
    let _lock = locks::acquire("rounds-documents").await?;
    let known: std::collections::BTreeMap<String, u32> =
        list(kind).await?.into_iter().map(|stored| (stored.id, stored.revision)).collect();
    let mut entries = Vec::with_capacity(documents.len());
    for (id, json) in documents {
        let stored = Stored {
            kind: kind.to_owned(),
            id: id.clone(),
            revision: known.get(id).copied().unwrap_or(0) + 1,
            json: json.clone(),
            changed_on: clock::now_iso(),
        };
        entries.push((key(kind, id), stored.to_js()?));
    }
    database::put_all(database::DOCUMENTS, &entries).await?;
    tell_others(kind);
    Ok(())
}

/// Deletes every document of a kind (by the user's own click only).
///
/// # Errors
/// If storage refuses.
pub async fn delete_all(kind: &str) -> Result<(), WebError> {
    let _open = page::stay_open();
    let _lock = locks::acquire("rounds-documents").await?;
    database::delete_prefix(database::DOCUMENTS, &format!("{kind}/")).await?;
    tell_others(kind);
    Ok(())
}

/// Deletes a document (by the user's own click only).
///
/// # Errors
/// If storage refuses.
pub async fn delete(kind: &str, id: &str) -> Result<(), WebError> {
    let _open = page::stay_open();
    // A write of another tab that is under way ends first: it would bring the document back.
    let _lock = locks::acquire("rounds-documents").await?;
    database::delete(database::DOCUMENTS, &key(kind, id)).await?;
    tell_others(kind);
    Ok(())
}

/// Tells other tabs that something of a kind changed (`dataset` for datasets).
pub fn tell_others(kind: &str) {
    // Without a channel other tabs see the change at their next load: nothing is lost.
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        drop(channel.post_message(&JsValue::from_str(kind)));
        channel.close();
    }
}

/// Listens until it is dropped.
#[derive(Debug)]
pub struct Subscription {
    channel: Option<BroadcastChannel>,
    _callback: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.set_onmessage(None);
            channel.close();
        }
    }
}

/// Calls back with the kind whenever another tab changed something.
pub fn on_change(mut changed: impl FnMut(String) + 'static) -> Subscription {
    let callback = Closure::new(move |event: MessageEvent| {
        if let Some(kind) = event.data().as_string() {
            changed(kind);
        }
    });
    let channel = BroadcastChannel::new(CHANNEL).ok();
    if let Some(channel) = &channel {
        channel.set_onmessage(Some(callback.as_ref().unchecked_ref()));
    }
    Subscription { channel, _callback: callback }
}
