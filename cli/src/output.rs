//! Printing, and writing files whole or not at all.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;

/// Prints one JSON document.
pub fn print<T: Serialize>(value: &T) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    // A reader that went away (`| head`) is no failure of ours.
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Writes a file beside its place, then renames it: nobody ever sees half a file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = std::fs::write(&beside, bytes).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // The half file is of no use; that it cannot be removed either is not what the user must hear.
        drop(std::fs::remove_file(&beside));
    }
    written.with_context(|| format!("{} cannot be written", path.display()))
}

/// Writes files into a folder: every one beside its place first, then each renamed, so that none is ever half written, and
/// none is written where one cannot be (a full disk, a folder of its name). Answers what was written.
pub fn write_all(folder: &Path, names: &[String], contents: &[Vec<u8>]) -> anyhow::Result<Vec<serde_json::Value>> {
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    if let Some(name) = names.iter().find(|name| folder.join(name).is_dir()) {
        anyhow::bail!("{} is a folder: nothing was written", folder.join(name).display());
    }
    let beside = |name: &String| folder.join(format!(".{name}.{}.part", std::process::id()));
    let staged = names
        .iter()
        .zip(contents)
        .try_for_each(|(name, bytes)| std::fs::write(beside(name), bytes))
        .and_then(|()| names.iter().try_for_each(|name| std::fs::rename(beside(name), folder.join(name))));
    if staged.is_err() {
        for name in names {
            // what was never written or already renamed is not there to remove
            drop(std::fs::remove_file(beside(name)));
        }
    }
    staged.with_context(|| format!("{} cannot be written into", folder.display()))?;
    let written = |(name, bytes): (&String, &Vec<u8>)| serde_json::json!({"file": folder.join(name).display().to_string(), "bytes": bytes.len()});
    Ok(names.iter().zip(contents).map(written).collect())
}

/// A file's bytes.
pub fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}
