//! Archives unpacked as they stream by: `.gz`, `.zip`, `.tar`, `.tar.gz`, within one another, cut anywhere.
//!
//! Start with [`Unpacker`]: it is fed with the bytes of a file and hands the files inside to a [`Files`]. What is no archive
//! goes through untouched. Nothing is held but a piece of 64 KB and the headers.
//!
//! Zip files are read by their local headers, front to back, since a file that streams by has no end to look at yet: its
//! central directory is not needed. What cannot be read that way (encrypted entries, entries of unknown length that are
//! not compressed, other methods than deflate) is refused by name.
//!
//! **Safety:** nothing is ever written by a name of an archive; names with `..` or a root are refused all the same. An
//! archive that unpacks to more than [`MAX_RATIO`] times its size (beyond the first 64 MB) or [`MAX_TOTAL`] bytes is
//! refused, so are archives more than [`MAX_DEPTH`] deep.

mod gzip;
mod inflate;
#[cfg(feature = "fhir")]
mod set;
mod tar;
mod zip;
pub mod zip_parts;

#[cfg(feature = "fhir")]
pub(crate) use set::files_of_a_set;

use crate::IntakeError;

/// Bytes unpacked for one byte of the file, at most.
pub const MAX_RATIO: u64 = 300;
/// Bytes unpacked from one file, at most: 32 GB.
pub const MAX_TOTAL: u64 = 32 << 30;
/// Archives within one another, at most.
pub const MAX_DEPTH: usize = 3;
/// Bytes that may be unpacked whatever the ratio.
const FREE_BYTES: u64 = 64 << 20;
/// Bytes that tell what a file is: up to the mark of a tar header.
const HEAD_BYTES: usize = 512;

/// Takes files, one after the other.
pub trait Files {
    /// A file begins.
    ///
    /// # Errors
    /// If it cannot be taken and the import is to end.
    fn begin(&mut self, name: &str) -> Result<(), IntakeError>;

    /// The next bytes of the file.
    ///
    /// # Errors
    /// If they cannot be taken and the import is to end.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IntakeError>;

    /// The file is over.
    ///
    /// # Errors
    /// If the import is to end.
    fn end(&mut self) -> Result<(), IntakeError>;

    /// A file, or the rest of it, cannot be unpacked: in words that say what to do.
    ///
    /// # Errors
    /// If the import is to end.
    fn damaged(&mut self, name: &str, reason: &str) -> Result<(), IntakeError>;
}

/// What goes wrong within an archive.
#[derive(Debug)]
enum Fault {
    /// The archive cannot be read on; one that it stands in can.
    Archive(String),
    /// Nothing of the file is read on.
    Bomb(String),
    /// The import ends.
    Import(IntakeError),
}

impl From<IntakeError> for Fault {
    fn from(error: IntakeError) -> Self {
        Fault::Import(error)
    }
}

fn fault<T>(reason: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Archive(reason.into()))
}

/// Bytes in and out of the file that the host gave.
#[derive(Debug, Default)]
struct Budget {
    n_in: u64,
    n_out: u64,
}

impl Budget {
    /// Counts bytes that were unpacked.
    fn spend(&mut self, n: usize) -> Result<(), Fault> {
        self.n_out += n as u64;
        if self.n_out > MAX_TOTAL {
            return Err(Fault::Bomb(
                "it unpacks to more than 32 GB; give the files inside in several parts".to_owned(),
            ));
        }
        if self.n_out > FREE_BYTES && self.n_out / MAX_RATIO > self.n_in {
            return Err(Fault::Bomb(format!(
                "it unpacks to more than {MAX_RATIO} times its size, as archives do that are made to fill up a machine; \
                 if it is what you expect, unpack it and give the files inside"
            )));
        }
        Ok(())
    }
}

/// One layer: a file, or an archive with a layer for what is inside.
enum Layer {
    /// Not known yet: the name and the first bytes.
    Head(String, Vec<u8>),
    Plain,
    Gzip(Box<gzip::Gzip>),
    Zip(Box<zip::Zip>),
    Tar(Box<tar::Tar>),
    /// Broken: what follows is not looked at.
    Broken,
}

/// Where a layer puts what it unpacks.
struct Context<'a> {
    files: &'a mut dyn Files,
    budget: &'a mut Budget,
    depth: usize,
}

impl Context<'_> {
    fn deeper(&mut self) -> Context<'_> {
        Context { files: &mut *self.files, budget: &mut *self.budget, depth: self.depth + 1 }
    }
}

impl Layer {
    /// Feeds a file inside of an archive: if it is a damaged archive itself, the others can still be read.
    fn feed(&mut self, name: &str, bytes: &[u8], context: &mut Context<'_>) -> Result<(), Fault> {
        let done = self.push(bytes, context);
        self.contain(name, done, context)
    }

    /// Ends a file inside of an archive.
    fn finish(&mut self, name: &str, context: &mut Context<'_>) -> Result<(), Fault> {
        let done = self.end(context);
        self.contain(name, done, context)
    }

    fn contain(&mut self, name: &str, done: Result<(), Fault>, context: &mut Context<'_>) -> Result<(), Fault> {
        match done {
            Err(Fault::Archive(reason)) => {
                self.give_up(context.files)?;
                Ok(context.files.damaged(name, &reason)?)
            }
            other => other,
        }
    }

    fn new(name: &str) -> Self {
        Layer::Head(name.to_owned(), Vec::new())
    }

    fn push(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Result<(), Fault> {
        match self {
            Layer::Head(name, head) => {
                head.extend_from_slice(bytes);
                if head.len() < HEAD_BYTES {
                    return Ok(());
                }
                let (name, head) = (std::mem::take(name), std::mem::take(head));
                self.begin(&name, &head, context)
            }
            Layer::Plain => Ok(context.files.bytes(bytes)?),
            Layer::Gzip(gzip) => gzip.push(bytes, context),
            Layer::Zip(zip) => zip.push(bytes, context),
            Layer::Tar(tar) => tar.push(bytes, context),
            Layer::Broken => Ok(()),
        }
    }

    fn begin(&mut self, name: &str, head: &[u8], context: &mut Context<'_>) -> Result<(), Fault> {
        let archive = if head.starts_with(b"\x1f\x8b") {
            Layer::Gzip(Box::new(gzip::Gzip::new(name)))
        } else if head.starts_with(b"PK\x03\x04") && !is_document(name, head) {
            Layer::Zip(Box::new(zip::Zip::new(name)))
        } else if tar::is_header(head) {
            Layer::Tar(Box::new(tar::Tar::new(name)))
        } else {
            *self = Layer::Plain;
            context.files.begin(name)?;
            return Ok(context.files.bytes(head)?);
        };
        if context.depth >= MAX_DEPTH {
            *self = Layer::Broken;
            return fault("archives stand within one another more than three deep; unpack the outer ones");
        }
        *self = archive;
        self.push(head, context)
    }

    fn end(&mut self, context: &mut Context<'_>) -> Result<(), Fault> {
        if let Layer::Head(name, head) = self {
            let (name, head) = (std::mem::take(name), std::mem::take(head));
            self.begin(&name, &head, context)?;
        }
        match self {
            Layer::Head(..) | Layer::Broken => Ok(()),
            Layer::Plain => Ok(context.files.end()?),
            Layer::Gzip(gzip) => gzip.end(context),
            Layer::Zip(zip) => zip.end(),
            Layer::Tar(tar) => tar.end(),
        }
    }

    /// After a fault: a file that is open is ended, so that what came of it is taken.
    fn give_up(&mut self, files: &mut dyn Files) -> Result<(), IntakeError> {
        match std::mem::replace(self, Layer::Broken) {
            Layer::Plain => files.end(),
            Layer::Gzip(mut gzip) => gzip.inner().give_up(files),
            Layer::Zip(mut zip) => zip.inner().map_or(Ok(()), |inner| inner.give_up(files)),
            Layer::Tar(mut tar) => tar.inner().map_or(Ok(()), |inner| inner.give_up(files)),
            Layer::Head(..) | Layer::Broken => Ok(()),
        }
    }
}

/// Zip files that are one document: they are handed on as they are.
fn is_document(name: &str, head: &[u8]) -> bool {
    let first = head.get(30..).unwrap_or_default();
    let named = [".xlsx", ".rounds", ".docx", ".ods"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    named || first.starts_with(b"[Content_Types].xml") || first.starts_with(b"header.json")
}

/// The name of a file inside of an archive, as it stands in reports.
fn inside(archive: &str, name: &str) -> String {
    format!("{archive}/{name}")
}

/// Why a name of an archive is refused.
fn bad_name(name: &str) -> Option<&'static str> {
    let parts = || name.split(['/', '\\']);
    let rooted = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
    if name.is_empty() {
        Some("it has no name")
    } else if rooted || parts().any(|p| p == "..") || name.contains('\0') {
        Some("its name points out of the archive, as no honest archive's does; it was not read")
    } else {
        None
    }
}

/// Files that operating systems put into archives beside what people put in.
fn is_litter(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/") || base.starts_with("._") || matches!(base, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// Unpacks a file as it streams by.
pub struct Unpacker {
    layer: Layer,
    budget: Budget,
    name: String,
}

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacker").field("name", &self.name).field("budget", &self.budget).finish_non_exhaustive()
    }
}

impl Unpacker {
    /// For a file of a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { layer: Layer::new(name), budget: Budget::default(), name: name.to_owned() }
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// What `files` gives; an archive that is damaged is no error: [`Files::damaged`] is told.
    pub fn push(&mut self, bytes: &[u8], files: &mut dyn Files) -> Result<(), IntakeError> {
        self.budget.n_in += bytes.len() as u64;
        let mut context = Context { files, budget: &mut self.budget, depth: 0 };
        let done = self.layer.push(bytes, &mut context);
        self.settle(done, files)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As [`Unpacker::push`].
    pub fn end(mut self, files: &mut dyn Files) -> Result<(), IntakeError> {
        let mut context = Context { files, budget: &mut self.budget, depth: 0 };
        let done = self.layer.end(&mut context);
        self.settle(done, files)
    }

    fn settle(&mut self, done: Result<(), Fault>, files: &mut dyn Files) -> Result<(), IntakeError> {
        match done {
            Ok(()) => Ok(()),
            Err(Fault::Import(error)) => Err(error),
            Err(Fault::Archive(reason) | Fault::Bomb(reason)) => {
                self.layer.give_up(files)?;
                files.damaged(&self.name, &reason)
            }
        }
    }
}
