//! Citations of the literature: files in, records out, effect estimates found in their abstracts, pooled later.
//!
//! Start with [`CitationReader`]: it takes the bytes of files piece by piece (UTF-8, as a host hands them over) and gives
//! [`model::citation::Citation`]s with a report in which every record is counted. [`effects::find`] reads an abstract,
//! [`pool`] puts chosen estimates together.
//!
//! **Invariant:** no input makes it panic; records read = kept + rejected + not used.

mod book;
pub mod effects;
mod fields;
mod lines;
mod medline;
pub mod pool;
mod reader;
mod ris;
mod sections;
mod tagged;
mod web_of_science;
mod xml;
mod xml_article;

pub use reader::{CitationReader, CitationsRead, LiteratureError};
