//! Imports whose files are one set, as files that come out of archives.

use crate::{IntakeError, NoteBatch};

impl crate::RecordImport for crate::omop::OmopImport {
    fn finish(self: Box<Self>, tick: &mut crate::Tick<'_>) -> Result<crate::Imported, IntakeError> {
        self.finish_with(tick)
    }

    fn expect_tail(&mut self, tail: Vec<u8>) {
        crate::omop::OmopImport::expect_tail(self, tail);
    }

    fn next_notes(&mut self) -> Result<Option<NoteBatch>, IntakeError> {
        self.settle()?.next_notes()
    }

    fn take_notes(&mut self, done: &[u8]) -> Result<(), IntakeError> {
        self.settle()?.take_notes(done)
    }
}

/// [`super::Files`] of an import whose files are one set: part of a set is not the set, so that a damaged file ends the import with
/// the error that is given.
macro_rules! files_of_a_set {
    ($import:ty, $error:expr) => {
        impl $crate::archive::Files for $import {
            fn begin(&mut self, name: &str) -> Result<(), $crate::IntakeError> {
                self.begin_file(name)
            }

            fn bytes(&mut self, bytes: &[u8]) -> Result<(), $crate::IntakeError> {
                self.push(bytes)
            }

            fn end(&mut self) -> Result<(), $crate::IntakeError> {
                self.end_file()
            }

            fn damaged(&mut self, name: &str, reason: &str) -> Result<(), $crate::IntakeError> {
                let error = $error;
                Err(error(format!("{name}: {reason}")))
            }
        }
    };
}
pub(crate) use files_of_a_set;

files_of_a_set!(crate::omop::OmopImport, |what: String| IntakeError::Omop(format!("{what}.")));
