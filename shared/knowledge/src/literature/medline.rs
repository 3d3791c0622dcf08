//! PubMed's tagged format (`.nbib`, 'PubMed' of PubMed's own 'Save').
//!
//! A tag of up to four letters, filled up with blanks, a hyphen, a blank, the value; wrapped lines begin with six blanks; a
//! record begins with `PMID-`. Tags: NLM, 'MEDLINE/PubMed Data Element (Field) Descriptions'.

use model::citation::{Citation, MeshTerm, Retraction};

use super::fields::{doi, plain, pmid, year};
use super::sections::sections;
use super::tagged::Raw;

/// Tags that are read.
pub(super) const USED: &[&str] = &[
    "PMID", "TI", "BTI", "TT", "FAU", "AU", "CN", "JT", "TA", "CTI", "DP", "DEP", "DA", "AID", "LID", "AB", "OAB",
    "PT", "MH", "OT", "RIN", "ROF", "PRIN", "PROF", "ECI",
];

/// Tag and value of a line.
pub(super) fn tag_of(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = (line.get(..4)?, line.get(4..)?);
    let value = rest.strip_prefix('-')?;
    let tag = tag.trim_end_matches(' ');
    let is_tag = tag.len() >= 2
        && tag.starts_with(|c: char| c.is_ascii_uppercase())
        && tag.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    (is_tag && (value.is_empty() || value.starts_with(' '))).then_some((tag, value))
}

/// Tags by which the format is told from others.
pub(super) fn is_known(tag: &str) -> bool {
    ["PMID", "OWN", "STAT", "FAU", "BTI", "JT", "LID", "DCOM"].contains(&tag)
}

/// A record as a citation; what is missing is empty.
pub(super) fn citation(raw: &Raw) -> Citation {
    let mut authors = raw.any(&["FAU", "AU"]);
    authors.extend(raw.all("CN").map(plain));
    let types = raw.any(&["PT"]);
    let text = raw.either(&["AB", "OAB"]).map(plain).unwrap_or_default();
    let title = raw.either(&["TI", "BTI", "TT"]).map(plain).unwrap_or_default();
    let notices = ["RIN", "PRIN", "ECI", "ROF", "PROF"]
        .into_iter()
        .flat_map(|tag| raw.all(tag).map(move |value| format!("{}: {}", notice_words(tag), plain(value))))
        .collect();
    Citation {
        retraction: retraction(raw, &types, &title),
        title,
        authors,
        journal: raw.either(&["JT", "TA", "CTI"]).map(plain).unwrap_or_default(),
        year: raw.either(&["DP", "DEP", "DA"]).and_then(year),
        pmid: raw.first("PMID").and_then(pmid),
        doi: raw.all("LID").chain(raw.all("AID")).filter(|id| id.contains("[doi]")).find_map(doi),
        abstract_sections: sections(&text),
        publication_types: types,
        mesh: raw.all("MH").map(|heading| mesh(&plain(heading))).collect(),
        keywords: raw.any(&["OT"]).into_iter().map(|k| k.trim_start_matches('*').to_owned()).collect(),
        notices,
        ..Citation::default()
    }
}

fn notice_words(tag: &str) -> &'static str {
    match tag {
        "RIN" => "Retraction in",
        "PRIN" => "Partial retraction in",
        "ECI" => "Expression of concern in",
        "PROF" => "Partial retraction of",
        _ => "Retraction of",
    }
}

/// A heading with a star at its major topics.
pub(super) fn mesh(heading: &str) -> MeshTerm {
    MeshTerm { term: heading.replace('*', ""), major: heading.contains('*') }
}

fn retraction(raw: &Raw, types: &[String], title: &str) -> Retraction {
    let has = |tag: &str| raw.first(tag).is_some();
    if has("RIN") {
        Retraction::Retracted
    } else if has("ROF") || has("PROF") {
        Retraction::Notice
    } else if has("PRIN") {
        Retraction::PartlyRetracted
    } else if has("ECI") {
        Retraction::Concern
    } else {
        retraction_of_words(types, title)
    }
}

/// What publication types and the title say of retraction.
pub(super) fn retraction_of_words(types: &[String], title: &str) -> Retraction {
    let is_type = |word: &str| types.iter().any(|t| t.trim().eq_ignore_ascii_case(word));
    let title = title.trim_start_matches(['[', '(', '*', ' ']).to_ascii_lowercase();
    let begins = |words: &[&str]| words.iter().any(|word| title.starts_with(word));
    if is_type("Retracted Publication")
        || begins(&["retracted:", "retracted article", "retracted]", "retracted)", "retracted -", "withdrawn:"])
    {
        Retraction::Retracted
    } else if ["Retraction of Publication", "Retraction Notice", "Expression of Concern"].into_iter().any(is_type)
        || begins(&["retraction:", "retraction note", "retraction notice", "notice of retraction", "retraction to:"])
    {
        Retraction::Notice
    } else {
        Retraction::NoneKnown
    }
}
