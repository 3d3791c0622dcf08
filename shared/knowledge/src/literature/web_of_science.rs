//! Web of Science's tagged format ('Plain text' and 'EndNote desktop', `.ciw`): two letters, a blank, the value; wrapped
//! lines begin with three blanks; `PT` begins a record and `ER` ends it.

use model::citation::Citation;

use super::fields::{doi, plain, pmid, year};
use super::medline::retraction_of_words;
use super::sections::sections;
use super::tagged::Raw;

/// Tags that are read.
pub(super) const USED: &[&str] =
    &["PT", "TI", "AF", "AU", "CA", "SO", "JI", "PY", "PD", "EY", "EA", "DI", "PM", "AB", "DT", "DE", "ID"];

/// Tag and value of a line.
pub(super) fn tag_of(line: &str) -> Option<(&str, &str)> {
    let tag = line.get(..2)?;
    let mut letters = tag.bytes();
    let is_tag = letters.next().is_some_and(|b| b.is_ascii_uppercase())
        && letters.next().is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let rest = line.get(2..)?;
    (is_tag && (rest.is_empty() || rest.starts_with(' '))).then_some((tag, rest))
}

/// Whether a line begins such a file.
pub(super) fn is_start(line: &str) -> bool {
    line.starts_with("FN Clarivate")
        || line.starts_with("FN Thomson")
        || line.starts_with("FN ISI")
        || ["PT J", "PT B", "PT S", "PT P"].contains(&line.trim_end())
}

/// Whether each line of a field is a value of its own.
pub(super) fn a_line_each(tag: &str) -> bool {
    ["AU", "AF", "CA"].contains(&tag)
}

/// A record as a citation; what is missing is empty.
pub(super) fn citation(raw: &Raw) -> Citation {
    let each_line = |tag: &'static str| -> Vec<String> {
        raw.all(tag).flat_map(str::lines).map(plain).filter(|v| !v.is_empty()).collect()
    };
    let listed = |tag: &'static str| -> Vec<String> {
        raw.all(tag).flat_map(|v| v.split(';')).map(plain).filter(|v| !v.is_empty()).collect()
    };
    let mut authors = each_line("AF");
    if authors.is_empty() {
        authors = each_line("AU");
    }
    authors.extend(each_line("CA"));
    let types = listed("DT");
    let title = raw.first("TI").map(plain).unwrap_or_default();
    Citation {
        retraction: retraction_of_words(&types, &title),
        title,
        authors,
        journal: raw.either(&["SO", "JI"]).map(plain).unwrap_or_default(),
        year: raw.either(&["PY", "EY", "EA", "PD"]).and_then(year),
        pmid: raw.first("PM").and_then(pmid),
        doi: raw.first("DI").and_then(doi),
        abstract_sections: sections(&raw.first("AB").map(plain).unwrap_or_default()),
        publication_types: types,
        keywords: listed("DE").into_iter().chain(listed("ID")).collect(),
        ..Citation::default()
    }
}
