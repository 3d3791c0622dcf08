//! Datasets at rest: headers and column chunks. Chunks are written first and the header last, so that a dataset either
//! is there whole or is not there; chunks that a crash left behind are swept at the next import.

use js_sys::Uint8Array;
use model::dataset::{ColumnHeader, DatasetHeader, DatasetId};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::{WebError, database, documents, locks};

/// Name of the lock that every import, deletion and renaming holds.
pub const WRITER: &str = "rounds-datasets";

/// Bytes written in one transaction at most: larger ones make the browser hold everything in memory twice.
const BATCH_BYTES: usize = 24 << 20;

fn chunk_prefix(id: &DatasetId) -> String {
    format!("{id}/")
}

/// Headers of all datasets on this device, by name.
///
/// # Errors
/// If storage refuses or a header is damaged.
pub async fn list_headers() -> Result<Vec<DatasetHeader>, WebError> {
    let mut headers = database::get_all(database::DATASETS, "")
        .await?
        .iter()
        .map(|v| {
            let text = v.as_string().ok_or_else(|| WebError::Damaged("a dataset header".into()))?;
            model::json::read::<DatasetHeader>(&text)
                .map_err(|error| WebError::Damaged(format!("a dataset header: {error}")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    headers.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(headers)
}

/// One header.
///
/// # Errors
/// If storage refuses or the header is damaged.
pub async fn header(id: &DatasetId) -> Result<Option<DatasetHeader>, WebError> {
    let Some(text) = database::get(database::DATASETS, &id.0).await?.and_then(|v| v.as_string()) else {
        return Ok(None);
    };
    let header = model::json::read(&text).map_err(|e| WebError::Damaged(format!("a dataset header: {e}")))?;
    Ok(Some(header))
}

/// Keys of a dataset's chunks, in the order of its header.
#[must_use]
pub fn chunk_keys(header: &DatasetHeader) -> Vec<String> {
    header
        .tables
        .iter()
        .flat_map(|table| table.columns.iter())
        .flat_map(|column: &ColumnHeader| column.chunks.iter().map(|chunk| chunk.key.clone()))
        .collect()
}

/// The bytes of a dataset's chunks, in the order of its header.
///
/// # Errors
/// If storage refuses or a chunk is missing.
pub async fn chunks(header: &DatasetHeader) -> Result<Vec<Vec<u8>>, WebError> {
    let database = database::open().await?;
    let transaction = database.transaction(&[database::CHUNKS], idb::TransactionMode::ReadOnly)?;
    let store = transaction.object_store(database::CHUNKS)?;
    // All reads are issued before the first is awaited: one round trip instead of one a chunk.
    let mut requests = Vec::new();
    for key in chunk_keys(header) {
        let at = format!("{}{key}", chunk_prefix(&header.id));
        requests.push((key, store.get(idb::Query::Key(database::key(&at)))?));
    }
    let mut found = Vec::with_capacity(requests.len());
    for (key, request) in requests {
        let value = request.await?.ok_or_else(|| {
            WebError::Damaged(format!("part '{key}' of the dataset '{}' is missing. Import it again.", header.name))
        })?;
        found.push(Uint8Array::new(&value).to_vec());
    }
    Ok(found)
}

/// Stores a dataset: chunks first, header last. Where the same one is on this device already, nothing is written and its
/// header is the answer.
///
/// # Errors
/// If storage refuses; what was written is taken away again and the device is as before.
pub async fn store(header: &DatasetHeader, chunks: Vec<Vec<u8>>) -> Result<Option<DatasetHeader>, WebError> {
    let _lock = locks::try_acquire(WRITER).await?;
    // Only under the lock: another tab may have stored the same files a moment ago, and a failure below would delete them.
    if let Some(there) = self::header(&header.id).await? {
        return Ok(Some(there));
    }
    sweep().await?;
    let done = write(header, chunks).await;
    if done.is_err() {
        // The first error is the one to report; the sweep at the next import finishes what fails here.
        drop(database::delete_prefix(database::CHUNKS, &chunk_prefix(&header.id)).await);
    }
    documents::tell_others("dataset");
    done.map(|()| None)
}

async fn write(header: &DatasetHeader, chunks: Vec<Vec<u8>>) -> Result<(), WebError> {
    let mut batch: Vec<(String, JsValue)> = Vec::new();
    let mut n_bytes = 0;
    for (key, bytes) in chunk_keys(header).into_iter().zip(chunks) {
        n_bytes += bytes.len();
        let array = Uint8Array::from(bytes.as_slice());
        batch.push((format!("{}{key}", chunk_prefix(&header.id)), array.unchecked_into()));
        if n_bytes >= BATCH_BYTES {
            database::put_all(database::CHUNKS, &batch).await?;
            batch.clear();
            n_bytes = 0;
        }
    }
    // The last chunks and the header in one transaction: in a small dataset, everything.
    let database = database::open().await?;
    let transaction = database.transaction(&[database::CHUNKS, database::DATASETS], idb::TransactionMode::ReadWrite)?;
    let store = transaction.object_store(database::CHUNKS)?;
    for (at, value) in &batch {
        // The result arrives with the transaction.
        drop(store.put(value, Some(&database::key(at)))?);
    }
    let (at, text) = (database::key(&header.id.0), JsValue::from_str(&text_of(header)?));
    drop(transaction.object_store(database::DATASETS)?.put(&text, Some(&at))?);
    database::finish(transaction).await
}

fn text_of(header: &DatasetHeader) -> Result<String, WebError> {
    serde_json::to_string(header).map_err(|error| WebError::Other(error.to_string()))
}

/// Takes away chunks that belong to no dataset (an import that was cut off). Only under the writer's lock.
async fn sweep() -> Result<(), WebError> {
    let [known, chunks] = database::get_all_keys_of([database::DATASETS, database::CHUNKS]).await?;
    let mut orphans: Vec<String> = chunks
        .iter()
        .filter_map(|key| key.split_once('/'))
        .filter(|(id, _)| known.binary_search_by(|there| there.as_str().cmp(id)).is_err())
        .map(|(id, _)| format!("{id}/"))
        .collect();
    orphans.dedup();
    for prefix in orphans {
        database::delete_prefix(database::CHUNKS, &prefix).await?;
    }
    Ok(())
}

/// Gives a dataset another name.
///
/// # Errors
/// If there is no such dataset or storage refuses.
pub async fn rename(id: &DatasetId, name: &str) -> Result<(), WebError> {
    let _lock = locks::try_acquire(WRITER).await?;
    let mut found = header(id).await?.ok_or_else(|| WebError::Damaged(format!("the dataset {id} is gone")))?;
    name.clone_into(&mut found.name);
    database::put(database::DATASETS, &id.0, JsValue::from_str(&text_of(&found)?)).await?;
    documents::tell_others("dataset");
    Ok(())
}

/// Deletes a dataset: header first, so that a crash in between leaves no half dataset.
///
/// # Errors
/// If storage refuses.
pub async fn delete(id: &DatasetId) -> Result<(), WebError> {
    let _lock = locks::try_acquire(WRITER).await?;
    database::delete(database::DATASETS, &id.0).await?;
    database::delete_prefix(database::CHUNKS, &chunk_prefix(id)).await?;
    documents::tell_others("dataset");
    Ok(())
}
