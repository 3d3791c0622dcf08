//! The `.rounds` file: a zip without compression, `header.json` first, then one entry a chunk.
//!
//! Times in it are fixed, so that the same dataset is the same file. Every checksum is verified on reading.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Name of the first entry.
pub const HEADER: &str = "header.json";

/// Largest header taken: the header of a dataset with ten thousand columns has about 10 MB.
const MAX_HEADER: u64 = 256 << 20;

/// Why a file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Something else.
    #[error("this is not a .rounds file: {0}")]
    NotRounds(String),
    /// Cut.
    #[error("the .rounds file is cut short or damaged: {0}; copy or export it again")]
    Truncated(String),
    /// A checksum does not fit.
    #[error("'{0}' in the .rounds file is damaged (its checksum does not fit); copy or export the file again")]
    Damaged(String),
    /// An entry that the header names is not there.
    #[error("'{0}' is missing from the .rounds file; copy or export the file again")]
    Missing(String),
    /// Reading or writing failed.
    #[error("the file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// Writing the archive failed.
    #[error("the .rounds file cannot be written: {0}")]
    Write(String),
}

/// Writes a `.rounds` file: the header, then the entries in the order given.
pub struct Writer<W: Write + Seek> {
    zip: ZipWriter<W>,
}

impl<W: Write + Seek> Writer<W> {
    /// Begins a file with its header.
    ///
    /// # Errors
    /// If writing fails.
    pub fn new(out: W, header: &[u8]) -> Result<Self, FileError> {
        let mut writer = Self { zip: ZipWriter::new(out) };
        writer.add(HEADER, header)?;
        Ok(writer)
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// If writing fails or the name comes twice.
    pub fn add(&mut self, key: &str, bytes: &[u8]) -> Result<(), FileError> {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644)
            .large_file(bytes.len() > 0xFFFF_0000);
        self.zip.start_file(key, options).map_err(|e| FileError::Write(e.to_string()))?;
        self.zip.write_all(bytes)?;
        Ok(())
    }

    /// Ends the file and gives back what was written to.
    ///
    /// # Errors
    /// If writing fails.
    pub fn finish(self) -> Result<W, FileError> {
        self.zip.finish().map_err(|e| FileError::Write(e.to_string()))
    }
}

/// Writes a whole `.rounds` file.
///
/// # Errors
/// If writing fails or a key comes twice.
pub fn write<'a, W: Write + Seek>(
    out: W,
    header: &[u8],
    entries: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<W, FileError> {
    let mut writer = Writer::new(out, header)?;
    for (key, bytes) in entries {
        writer.add(key, bytes)?;
    }
    writer.finish()
}

/// The bytes of a whole `.rounds` file.
///
/// # Errors
/// If a key comes twice.
pub fn to_bytes<'a>(
    header: &[u8],
    entries: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, FileError> {
    Ok(write(Cursor::new(Vec::new()), header, entries)?.into_inner())
}

/// An opened `.rounds` file: the header is read, entries are read when asked for.
pub struct Reader<R: Read + Seek> {
    zip: ZipArchive<R>,
    header: Vec<u8>,
    n_bytes: u64,
}

impl<R: Read + Seek> Reader<R> {
    /// The bytes of the header.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// The names of the entries, header first.
    pub fn keys(&self) -> Vec<String> {
        let name = |i| self.zip.name_for_index(i).and_then(Result::ok).map(std::borrow::Cow::into_owned);
        (0..self.zip.len()).filter_map(name).collect()
    }

    /// The bytes of an entry, its checksum verified.
    ///
    /// # Errors
    /// If it is missing, damaged or cut.
    pub fn entry(&mut self, key: &str) -> Result<Vec<u8>, FileError> {
        read_entry(&mut self.zip, key, self.n_bytes)
    }
}

/// Opens a `.rounds` file.
///
/// # Errors
/// If it is another kind of file, cut or damaged.
pub fn read<R: Read + Seek>(mut from: R) -> Result<Reader<R>, FileError> {
    let n_bytes = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(0))?;
    let mut magic = Vec::new();
    from.by_ref().take(4).read_to_end(&mut magic)?;
    if magic.is_empty() {
        return Err(FileError::NotRounds("it is empty".to_owned()));
    }
    if magic != b"PK\x03\x04" {
        return Err(FileError::NotRounds("it does not begin as one (a zip file) does".to_owned()));
    }
    from.seek(SeekFrom::Start(0))?;
    let mut zip = ZipArchive::new(from).map_err(|e| FileError::Truncated(e.to_string()))?;
    let first = zip.name_for_index(0).and_then(Result::ok).map(std::borrow::Cow::into_owned);
    if first.as_deref() != Some(HEADER) {
        return Err(FileError::NotRounds("it is a zip file without header.json as its first entry".to_owned()));
    }
    let header = read_entry(&mut zip, HEADER, n_bytes.min(MAX_HEADER))?;
    Ok(Reader { zip, header, n_bytes })
}

fn read_entry<R: Read + Seek>(zip: &mut ZipArchive<R>, key: &str, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut entry = zip.by_name(key).map_err(|e| match e {
        ZipError::FileNotFound => FileError::Missing(key.to_owned()),
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            FileError::NotRounds(format!("'{key}' is compressed; a .rounds file is written without compression"))
        }
        ZipError::Io(source) => FileError::Io(source),
        other => FileError::Truncated(format!("{key}: {other}")),
    })?;
    // A claimed size is believed only as far as the file can hold it.
    if entry.size() > limit {
        return Err(FileError::Truncated(format!("'{key}' claims {} bytes", entry.size())));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(entry.size()).unwrap_or(0));
    match entry.read_to_end(&mut bytes) {
        Ok(n) if n as u64 == entry.size() => Ok(bytes),
        Ok(_) => Err(FileError::Truncated(format!("'{key}' ends early"))),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            Err(FileError::Truncated(format!("'{key}' ends early")))
        }
        Err(e) if matches!(e.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::Other) => {
            Err(FileError::Damaged(key.to_owned()))
        }
        Err(e) => Err(FileError::Io(e)),
    }
}
