//! Reading the files of the page, from the binary or from a folder.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use axum::body::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::{File, Page};

/// The page as it was when the server was built; empty where it was not.
#[derive(rust_embed::RustEmbed)]
#[folder = "../dist"]
struct Embedded;

/// A file whose name holds the hash of its content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Any other: kept, but asked about each time, so that a new page is seen at once and a worker never meets an older
/// page's engine.
const ASK_EACH_TIME: &str = "no-cache";

impl Page {
    /// The page inside this binary.
    #[must_use]
    pub fn embedded() -> Self {
        let mut page = Self::default();
        for name in Embedded::iter() {
            if let Some(file) = Embedded::get(&name) {
                page.add(&name, Bytes::from(file.data.into_owned()));
            }
        }
        page
    }

    /// The page in a folder. Hidden files and links are left out.
    ///
    /// # Errors
    /// The folder or a file cannot be read, or there is no `index.html`.
    pub fn from_folder(folder: &Path) -> anyhow::Result<Self> {
        let mut page = Self::default();
        page.add_folder(folder, "").with_context(|| format!("cannot read the page in {}", folder.display()))?;
        anyhow::ensure!(
            page.is_built(),
            "there is no index.html in {}: build the page first (cargo xtask serve does)",
            folder.display()
        );
        Ok(page)
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str) -> std::io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.add_folder(&entry.path(), &format!("{prefix}{name}/"))?;
            } else if kind.is_file() {
                self.add(&format!("{prefix}{name}"), Bytes::from(std::fs::read(entry.path())?));
            }
        }
        Ok(())
    }

    fn add(&mut self, name: &str, bytes: Bytes) {
        let (mime, is_text) = mime(name);
        let gzipped = if is_text { gzip(&bytes) } else { None };
        let mut etag = hex::encode(Sha256::digest(&bytes));
        etag.truncate(32);
        let cache_control = if has_hash(name) { FOR_EVER } else { ASK_EACH_TIME };
        self.files.insert(name.to_owned(), File { mime, cache_control, etag, bytes, gzipped });
    }
}

/// The type of a file by its name, and whether compressing it helps.
fn mime(name: &str) -> (&'static str, bool) {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => ("text/html; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "json" | "map" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "svg" => ("image/svg+xml", true),
        "csv" => ("text/csv; charset=utf-8", true),
        "txt" | "md" | "LICENSE" => ("text/plain; charset=utf-8", true),
        "png" => ("image/png", false),
        "ico" => ("image/x-icon", false),
        "webp" => ("image/webp", false),
        "woff2" => ("font/woff2", false),
        _ => ("application/octet-stream", true),
    }
}

/// Whether Trunk put the hash of the content in the name: `app-0123456789abcdef.js`, `app-0123456789abcdef_bg.wasm`.
fn has_hash(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    let Some((_, after)) = last.rsplit_once('-') else { return false };
    let n_hex = after.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')).count();
    n_hex >= 12 && after[n_hex..].starts_with(['.', '_'])
}

/// The bytes compressed, where that is shorter.
fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::new(9));
    encoder.write_all(bytes).ok()?;
    let gzipped = encoder.finish().ok()?;
    (gzipped.len() < bytes.len()).then(|| Bytes::from(gzipped))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_told_from_others() {
        for name in ["app-0123456789abcdef.js", "app-0123456789abcdef_bg.wasm", "css/tokens-89abcdef0123456.css"] {
            assert!(has_hash(name), "{name}");
        }
        for name in
            ["index.html", "engine_loader.js", "engine_bg.wasm", "a-b.js", "deadbeef-readme.md", "x-0123456789abcdef"]
        {
            assert!(!has_hash(name), "{name}");
        }
    }

    #[test]
    fn what_does_not_shrink_is_sent_as_it_is() {
        assert!(gzip(b"").is_none());
        let long = "abc".repeat(1_000);
        assert!(gzip(long.as_bytes()).is_some_and(|gzipped| gzipped.len() < 100));
    }
}
