//! Where what was read of files goes: into an import ([`super::keeper`]), or on its way to one ([`super::parcel`]).

use serde::{Deserialize, Serialize};

use super::store::{Draft, Lists};
use super::take::{Head, Worth};
use crate::report::Flaw;

/// Where a text stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct At {
    pub(super) line: u64,
    /// Number in its Bundle, from 0; [`super::store::NONE`] outside of one.
    pub(super) entry: u32,
}

/// Takes what was read, in the order in which it was.
pub(super) trait Sink {
    /// Texts and keys of what is read.
    fn lists(&mut self) -> &mut Lists;

    /// A file begins.
    fn begin_file(&mut self, name: &str);

    /// The file is over.
    fn end_file(&mut self);

    /// A part of the file of so many lines is over; the lines of what follows are counted from there.
    fn end_part(&mut self, n_lines: u64);

    /// A file cannot be unpacked (any further): counts as one rejected row.
    fn damaged(&mut self, name: &str, reason: &str);

    /// Something that the report has to say.
    fn warn(&mut self, text: String);

    /// A resource of a kind that is read, and what it gives.
    fn resource(&mut self, head: Head, worth: Worth, draft: &mut Draft, at: At);

    /// A request to delete a resource.
    fn withdraw(&mut self, head: Head, at: At);

    /// A resource of another type.
    fn other_type(&mut self, name: &str);

    /// So many rows that are not used.
    fn not_used(&mut self, name: &str, why: &str, n: u64);

    /// A row that is rejected.
    fn reject(&mut self, name: &str, at: At, flaw: Flaw);
}
