//! The IndexedDB database: stores, versions, opening.
//!
//! `datasets`: id -> header JSON, written last, so a dataset without a header does not exist. `chunks`:
//! `dataset/key` -> bytes. `documents`: `kind/id` -> record. `meta`: key -> text.

use std::cell::RefCell;
use std::rc::Rc;

use idb::{Database, DatabaseEvent as _, Factory, KeyRange, ObjectStoreParams, Query, TransactionMode};
use wasm_bindgen::JsValue;

use crate::WebError;

/// Name of the database.
pub const NAME: &str = "rounds";
/// Version of its layout. A new version gets a step in [`upgrade`].
pub const VERSION: u32 = 1;

/// Store of dataset headers.
pub const DATASETS: &str = "datasets";
/// Store of column chunks.
pub const CHUNKS: &str = "chunks";
/// Store of documents.
pub const DOCUMENTS: &str = "documents";
/// Store of small settings.
pub const META: &str = "meta";

thread_local! {
    static OPEN: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

/// Brings the layout from an old version to [`VERSION`], one step a version.
fn upgrade(database: &Database, old_version: u32) -> Result<(), idb::Error> {
    if old_version < 1 {
        for store in [DATASETS, CHUNKS, DOCUMENTS, META] {
            database.create_object_store(store, ObjectStoreParams::new())?;
        }
    }
    Ok(())
}

/// The open database (opened once a thread).
///
/// # Errors
/// If the browser refuses storage or another tab blocks an upgrade.
pub async fn open() -> Result<Rc<Database>, WebError> {
    if let Some(database) = OPEN.with(|o| o.borrow().clone()) {
        return Ok(database);
    }
    let factory = Factory::new()?;
    let mut request = factory.open(NAME, Some(VERSION))?;
    let failed: Rc<RefCell<Option<idb::Error>>> = Rc::default();
    let failed_in = Rc::clone(&failed);
    request.on_upgrade_needed(move |event| {
        let old = event.old_version().unwrap_or(0);
        let done = event.database().and_then(|database| upgrade(&database, old));
        if let Err(error) = done {
            *failed_in.borrow_mut() = Some(error);
        }
    });
    let mut database = request.await?;
    if let Some(error) = failed.borrow_mut().take() {
        return Err(error.into());
    }
    // Another tab with a newer version wants to upgrade: let go, so that it is not blocked.
    database.on_version_change(|event| {
        OPEN.with(|o| {
            if let Some(database) = o.borrow_mut().take() {
                database.close();
            }
        });
        drop(event);
    });
    let database = Rc::new(database);
    OPEN.with(|o| *o.borrow_mut() = Some(Rc::clone(&database)));
    Ok(database)
}

/// A key as IndexedDB wants it.
#[must_use]
pub fn key(text: &str) -> JsValue {
    JsValue::from_str(text)
}

/// The range of keys that begin with a prefix.
///
/// # Errors
/// If the browser refuses the range.
pub fn prefix(text: &str) -> Result<KeyRange, WebError> {
    Ok(KeyRange::bound(&key(text), &key(&format!("{text}\u{ffff}")), None, None)?)
}

/// Reads one value.
///
/// # Errors
/// If storage refuses.
pub async fn get(store: &str, at: &str) -> Result<Option<JsValue>, WebError> {
    let database = open().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadOnly)?;
    Ok(transaction.object_store(store)?.get(Query::Key(key(at)))?.await?)
}

/// Reads every value whose key begins with a prefix, in key order.
///
/// # Errors
/// If storage refuses.
pub async fn get_all(store: &str, begin: &str) -> Result<Vec<JsValue>, WebError> {
    let database = open().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadOnly)?;
    let request = transaction.object_store(store)?.get_all(Some(Query::KeyRange(prefix(begin)?)), None)?;
    Ok(request.await?)
}

/// Every key of several stores, each list in the order of its keys, in one transaction.
///
/// # Errors
/// If storage refuses.
pub async fn get_all_keys_of<const N: usize>(stores: [&str; N]) -> Result<[Vec<String>; N], WebError> {
    let database = open().await?;
    let transaction = database.transaction(&stores, TransactionMode::ReadOnly)?;
    // All are asked before the first is awaited: a transaction with nothing to do would end.
    let mut requests = Vec::with_capacity(N);
    for store in stores {
        requests.push(transaction.object_store(store)?.get_all_keys(None, None)?);
    }
    let mut found = [const { Vec::new() }; N];
    for (place, request) in found.iter_mut().zip(requests) {
        *place = request.await?.into_iter().filter_map(|key| key.as_string()).collect();
    }
    Ok(found)
}

/// Writes values in one transaction: all or none.
///
/// # Errors
/// If storage refuses (quota); nothing is written then.
pub async fn put_all(store: &str, entries: &[(String, JsValue)]) -> Result<(), WebError> {
    let database = open().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite)?;
    let object_store = transaction.object_store(store)?;
    for (at, value) in entries {
        // The result arrives with the transaction: awaiting each put would be slower and say nothing more.
        drop(object_store.put(value, Some(&key(at)))?);
    }
    finish(transaction).await
}

/// Writes one value.
///
/// # Errors
/// As [`put_all`].
pub async fn put(store: &str, at: &str, value: JsValue) -> Result<(), WebError> {
    put_all(store, &[(at.to_owned(), value)]).await
}

/// Deletes one key.
///
/// # Errors
/// If storage refuses.
pub async fn delete(store: &str, at: &str) -> Result<(), WebError> {
    let database = open().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite)?;
    drop(transaction.object_store(store)?.delete(Query::Key(key(at)))?);
    finish(transaction).await
}

/// Deletes every key that begins with a prefix.
///
/// # Errors
/// If storage refuses.
pub async fn delete_prefix(store: &str, begin: &str) -> Result<(), WebError> {
    let database = open().await?;
    let transaction = database.transaction(&[store], TransactionMode::ReadWrite)?;
    drop(transaction.object_store(store)?.delete(Query::KeyRange(prefix(begin)?))?);
    finish(transaction).await
}

/// Waits until a transaction is on disk.
///
/// # Errors
/// If it was aborted: nothing of it was written.
pub async fn finish(transaction: idb::Transaction) -> Result<(), WebError> {
    let result = transaction.await?;
    if result.is_committed() { Ok(()) } else { Err(WebError::Quota) }
}
