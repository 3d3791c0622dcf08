//! What an import of full records is to a host, whichever format the files are in.

use crate::archive::{Files, Unpacker};
use crate::{Imported, IntakeError, Tick};

/// An import of persons with dated events: it takes files, and makes a dataset at the end.
pub trait RecordImport: Files {
    /// Ends the import.
    ///
    /// # Errors
    /// If there is no person, more than a dataset can hold, or it was stopped.
    fn finish(self: Box<Self>, tick: &mut Tick<'_>) -> Result<Imported, IntakeError>;

    /// Gives the last bytes of the file that begins next, as many as [`crate::footer_bytes`] asks for. Formats that are
    /// not described at their end need none.
    fn expect_tail(&mut self, _tail: Vec<u8>) {}

    /// Takes what a reader beside the import read of files: see [`crate::fhir::FhirReader`].
    ///
    /// # Errors
    /// If the format has no such readers, or it is not of one of them.
    fn absorb(&mut self, _parcel: &[u8]) -> Result<(), IntakeError> {
        Err(IntakeError::Pack("this format is read by the import alone".to_owned()))
    }
}

/// An import whose files may be archives.
pub struct Unpacked {
    import: Box<dyn RecordImport>,
    file: Option<Unpacker>,
}

impl Unpacked {
    /// Begins an import.
    #[must_use]
    pub fn new(import: impl RecordImport + 'static) -> Self {
        Self { import: Box::new(import), file: None }
    }

    /// Gives the last bytes of the file that begins next, where it is described there. One that is still open is ended first.
    ///
    /// # Errors
    /// As [`Unpacked::end_file`].
    pub fn expect_tail(&mut self, tail: Vec<u8>) -> Result<(), IntakeError> {
        self.end_file()?;
        self.import.expect_tail(tail);
        Ok(())
    }

    /// Begins a file. One that is still open is ended first.
    ///
    /// # Errors
    /// As [`Unpacked::end_file`].
    pub fn begin_file(&mut self, name: &str) -> Result<(), IntakeError> {
        self.end_file()?;
        self.file = Some(Unpacker::new(name));
        Ok(())
    }

    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// If what it holds cannot be taken and the import is to end.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        match &mut self.file {
            Some(file) => file.push(bytes, &mut *self.import),
            None => self.import.bytes(bytes),
        }
    }

    /// Takes what a reader beside the import read of files.
    ///
    /// # Errors
    /// As [`RecordImport::absorb`].
    pub fn absorb(&mut self, parcel: &[u8]) -> Result<(), IntakeError> {
        self.end_file()?;
        self.import.absorb(parcel)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// If what it holds cannot be taken and the import is to end.
    pub fn end_file(&mut self) -> Result<(), IntakeError> {
        self.file.take().map_or(Ok(()), |file| file.end(&mut *self.import))
    }

    /// Ends the import.
    ///
    /// # Errors
    /// As [`RecordImport::finish`].
    pub fn finish(mut self, tick: &mut Tick<'_>) -> Result<Imported, IntakeError> {
        self.end_file()?;
        self.import.finish(tick)
    }
}
