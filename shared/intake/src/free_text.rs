//! Free text of a flat file through the identifier screen (feature `screen`).
//!
//! The worker that every visitor waits for opens published samples only and is built without the screen: there free text
//! of persons is not taken at all, so that none is ever stored unscreened.

/// A kind of what was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TakenOut {
    /// Class of the Safe Harbor list, in words.
    pub(crate) class: &'static str,
    /// What stands in its place.
    pub(crate) tag: &'static str,
}

/// Text as it may be stored, and what was taken out, one an identifier.
#[cfg(feature = "screen")]
pub(crate) fn screen(text: &str) -> (String, Vec<TakenOut>) {
    let screened = notes::screen(text, &notes::KnownIdentifiers::default());
    let taken = screened.identifiers.iter().map(|i| TakenOut { class: i.class.safe_harbor(), tag: i.class.tag() });
    (screened.text, taken.collect())
}

/// Without the screen nothing of it is stored.
#[cfg(not(feature = "screen"))]
pub(crate) fn screen(_text: &str) -> (String, Vec<TakenOut>) {
    (String::new(), vec![TakenOut { class: "free text that this program cannot screen", tag: "nothing" }])
}
