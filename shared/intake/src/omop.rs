//! A folder of OMOP CDM tables (5.3 and 5.4) as delimited files.

use crate::{Imported, IntakeError, Settings};

/// The OMOP table a file name stands for (any case, any folder, `.csv`, `.tsv`, `.txt`); nothing for files not used.
#[must_use]
pub fn table_of(file_name: &str) -> Option<&'static str> {
    file_name.contains("person").then_some("person")
}

/// Reads a folder of OMOP tables, file by file in any order, each in pieces of any size.
#[derive(Debug)]
pub struct OmopImport {
    settings: Settings,
}

impl OmopImport {
    /// Begins an import.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// Begins a file.
    ///
    /// # Errors
    /// If the file before was not ended.
    pub fn begin_file(&mut self, name: &str) -> Result<(), IntakeError> {
        self.settings.name.push_str(name);
        Ok(())
    }

    /// Takes the next piece of the file.
    ///
    /// # Errors
    /// If it is no delimited text, or a row does not end.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.settings.expected_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// If no file was begun.
    pub fn end_file(&mut self) -> Result<(), IntakeError> {
        Ok(())
    }

    /// Rows read so far, for progress.
    #[must_use]
    pub fn rows_read(&self) -> u64 {
        0
    }

    /// Ends the import.
    ///
    /// # Errors
    /// If there is no person table or no person in it.
    pub fn finish(self) -> Result<Imported, IntakeError> {
        Err(IntakeError::Omop(self.settings.name))
    }
}
