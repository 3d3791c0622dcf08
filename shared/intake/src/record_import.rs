//! What an import of full records is to a host, whichever format the files are in.

use crate::archive::{Files, Unpacker};
use crate::{Imported, IntakeError, Tick};

/// Notes that another worker may screen and read.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteBatch {
    /// For [`crate::read_notes`].
    pub batch: Vec<u8>,
    /// Share of the notes that were given out with it and before.
    pub share: f64,
}

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

    /// After the last file: notes that another worker may screen and read with [`crate::read_notes`] before the import ends, as
    /// many as are worth a message; nothing when there are no more. Those that are not given out are read by the import.
    ///
    /// # Errors
    /// As [`RecordImport::finish`].
    fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        Ok(None)
    }

    /// Takes what became of such notes, in the order in which they were given out.
    ///
    /// # Errors
    /// If it is not what [`crate::read_notes`] made.
    fn take_notes(&mut self, _done: &[u8]) -> Result<(), IntakeError> {
        Err(IntakeError::Pack("the import gave no notes out".to_owned()))
    }

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

    /// Notes that another worker may read: see [`RecordImport::next_notes`].
    ///
    /// # Errors
    /// As [`RecordImport::next_notes`].
    pub fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        self.end_file()?;
        self.import.next_notes()
    }

    /// Takes what became of them.
    ///
    /// # Errors
    /// As [`RecordImport::take_notes`].
    pub fn take_notes(&mut self, done: &[u8]) -> Result<(), IntakeError> {
        self.import.take_notes(done)
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
