//! Whether something must be built again: a fingerprint of the files that it is made of.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::Path;

use crate::run::root;

fn add(path: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    if path.is_dir() {
        let mut entries = std::fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(std::fs::DirEntry::path);
        for entry in entries {
            add(&entry.path(), hasher)?;
        }
    } else if path.exists() {
        path.hash(hasher);
        std::fs::read(path)?.hash(hasher);
    }
    Ok(())
}

/// A fingerprint of the contents of files and folders.
pub fn of(paths: &[&str]) -> anyhow::Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        add(&root().join(path), &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn stamp(name: &str) -> std::path::PathBuf {
    root().join(format!("target/xtask/{name}.fingerprint"))
}

/// Whether what was built under this name was built from the same files.
pub fn is_current(name: &str, fingerprint: &str) -> bool {
    std::fs::read_to_string(stamp(name)).is_ok_and(|found| found == fingerprint)
}

/// Remembers what was built.
pub fn remember(name: &str, fingerprint: &str) -> anyhow::Result<()> {
    std::fs::create_dir_all(root().join("target/xtask"))?;
    Ok(std::fs::write(stamp(name), fingerprint)?)
}
