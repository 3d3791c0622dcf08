//! Files in and out: chosen, dropped (folders too), downloaded, copied.

use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, DragEvent, File, HtmlAnchorElement, HtmlInputElement, Url};

use crate::{WebError, scope};

/// A file that the user chose or dropped.
#[derive(Clone, Debug)]
pub struct DroppedFile {
    /// File name.
    pub name: String,
    /// Path within the dropped folder (the name where there is no folder).
    pub path: String,
    /// Bytes.
    pub n_bytes: f64,
    /// The browser's handle: to be sent to the worker, which reads it piece by piece.
    pub handle: File,
}

impl DroppedFile {
    fn new(handle: File, path: Option<String>) -> Self {
        let name = handle.name();
        let path = path.filter(|p| !p.is_empty()).unwrap_or_else(|| name.clone());
        Self { name, path, n_bytes: handle.size(), handle }
    }
}

/// The files of an `<input type=file>`.
#[must_use]
pub fn from_input(input: &HtmlInputElement) -> Vec<DroppedFile> {
    let Some(list) = input.files() else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|i| list.get(i))
        .map(|file| {
            let path = scope::property(&file, "webkitRelativePath").as_string();
            DroppedFile::new(file, path)
        })
        .collect()
}

/// The files of a drop, walking folders.
///
/// # Errors
/// If a folder cannot be read.
pub async fn from_drop(event: &DragEvent) -> Result<Vec<DroppedFile>, WebError> {
    let Some(transfer) = event.data_transfer() else {
        return Ok(Vec::new());
    };
    let items = transfer.items();
    // Entries must be taken before the first await: the browser empties the list after the event.
    let mut entries: Vec<JsValue> = Vec::new();
    for i in 0..items.length() {
        if let Some(item) = items.get(i)
            && let Ok(Some(entry)) = item.webkit_get_as_entry()
        {
            entries.push(entry.into());
        }
    }
    if entries.is_empty() {
        let list = transfer.files();
        let all = list.iter().flat_map(|list| (0..list.length()).filter_map(|i| list.get(i)));
        return Ok(all.map(|f| DroppedFile::new(f, None)).collect());
    }
    // All are asked for before the first is waited for: a folder may hold thousands.
    let mut asked = Vec::new();
    while let Some(entry) = entries.pop() {
        if scope::property(&entry, "isDirectory").is_truthy() {
            entries.extend(read_directory(&entry).await?);
        } else {
            let path = scope::property(&entry, "fullPath").as_string().map(|p| p.trim_start_matches('/').to_owned());
            asked.push((path, with_callbacks(&entry, "file")?));
        }
    }
    let mut files = Vec::with_capacity(asked.len());
    for (path, asked) in asked {
        let file = JsFuture::from(asked).await?.dyn_into();
        let file: File = file.map_err(|_found| WebError::Other("a dropped entry is no file".into()))?;
        files.push(DroppedFile::new(file, path));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

async fn read_directory(entry: &JsValue) -> Result<Vec<JsValue>, WebError> {
    let reader = scope::call_method(entry, "createReader", &[])?;
    let mut found = Vec::new();
    loop {
        // A reader gives at most 100 entries at a time and an empty list at the end.
        let batch = Array::from(&JsFuture::from(with_callbacks(&reader, "readEntries")?).await?);
        if batch.length() == 0 {
            return Ok(found);
        }
        found.extend(batch.iter());
    }
}

/// Calls `object.method(success, failure)`: a promise of whichever is called.
fn with_callbacks(object: &JsValue, method: &str) -> Result<Promise, WebError> {
    let mut failed = None;
    let promise = Promise::new(&mut |resolve, reject| {
        if let Err(error) = scope::call_method(object, method, &[resolve.into(), reject.into()]) {
            failed = Some(error);
        }
    });
    match failed {
        Some(error) => Err(error),
        None => Ok(promise),
    }
}

/// Offers a file to be saved.
///
/// # Errors
/// If the browser refuses.
pub fn download(name: &str, bytes: &[u8], mime: &str) -> Result<(), WebError> {
    download_buffer(name, &Uint8Array::from(bytes).buffer(), mime)
}

/// Offers a buffer to be saved as a file.
///
/// # Errors
/// If the browser refuses.
pub fn download_buffer(name: &str, buffer: &ArrayBuffer, mime: &str) -> Result<(), WebError> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_buffer_source_sequence_and_options(&Array::of1(buffer), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window()
        .and_then(|w| w.document())
        .ok_or_else(|| WebError::Other("there is no page to save from".into()))?;
    let anchor: HtmlAnchorElement =
        document.create_element("a")?.dyn_into().map_err(|_found| WebError::Other("no link can be made".into()))?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // Revoked later: some browsers read the address after the click has returned.
    wasm_bindgen_futures::spawn_local(async move {
        crate::clock::sleep_ms(60_000).await;
        drop(Url::revoke_object_url(&url));
    });
    Ok(())
}

/// Copies text to the clipboard.
///
/// # Errors
/// If the browser refuses (no permission).
pub async fn copy_text(text: &str) -> Result<(), WebError> {
    let clipboard = scope::property(&scope::navigator(), "clipboard");
    scope::call_async(&clipboard, "writeText", &[text.into()]).await?;
    Ok(())
}

/// Begins to read a piece of a file, in page and worker alike. The read runs on while the caller does other work,
/// until it awaits the bytes.
///
/// # Errors
/// The future: if the file cannot be read any more (moved, changed or deleted since it was chosen).
pub fn start_read(file: &File, start: f64, end: f64) -> impl Future<Output = Result<Vec<u8>, WebError>> + use<> {
    let name = file.name();
    let started = file
        .slice_with_f64_and_f64(start, end)
        .map_err(WebError::from)
        .and_then(|blob| scope::call_method(&blob, "arrayBuffer", &[]));
    async move {
        let refused = |error: WebError| {
            WebError::Other(format!(
                "the file '{name}' cannot be read any more; it was moved, changed or deleted since you chose it. \
                 Choose it again. ({error})"
            ))
        };
        let promise: Promise = started.map_err(refused)?.unchecked_into();
        let buffer = JsFuture::from(promise).await.map_err(|e| refused(e.into()))?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}
