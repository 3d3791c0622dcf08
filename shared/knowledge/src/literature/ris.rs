//! RIS, with the ways of EndNote, Zotero, Web of Science, publishers and databases.
//!
//! Two letters or digits, two blanks, a hyphen, a blank, the value; `TY` begins a record and `ER` ends it. Tags: Reference
//! Manager's description of the format; which tag holds what differs by maker, see `docs/literature.md`.

use model::citation::{Citation, MeshTerm};

use super::fields::{doi, plain, pmid, pmid_named, year};
use super::medline::{mesh, retraction_of_words};
use super::sections::sections;
use super::tagged::Raw;

/// Tags that are read.
pub(super) const USED: &[&str] = &[
    "TY", "TI", "T1", "CT", "BT", "AU", "A1", "JF", "JO", "JA", "J1", "J2", "T2", "PY", "Y1", "DA", "DO", "DI", "UR",
    "L3", "M3", "AN", "DB", "DP", "C2", "ID", "N1", "AB", "N2", "KW",
];

/// Tag and value of a line; `loose`: one blank before the hyphen will do.
pub(super) fn tag_of(line: &str, loose: bool) -> Option<(&str, &str)> {
    let line = line.trim_start_matches([' ', '\t', '\u{feff}']);
    let tag = line.get(..2)?;
    let mut letters = tag.bytes();
    let is_tag = letters.next().is_some_and(|b| b.is_ascii_uppercase())
        && letters.next().is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !is_tag {
        return None;
    }
    let rest = line.get(2..)?;
    let value = match rest.strip_prefix("  -") {
        Some(value) => value,
        None if loose => rest.strip_prefix(" -")?,
        None => return None,
    };
    (value.is_empty() || value.starts_with(' ')).then_some((tag, value))
}

/// A record as a citation; what is missing is empty.
pub(super) fn citation(raw: &Raw) -> Citation {
    let kind = raw.first("TY").unwrap_or_default();
    let types = publication_types(raw, kind);
    let title = raw.either(&["TI", "T1", "CT"]).or_else(|| book_title(raw, kind)).map(plain).unwrap_or_default();
    // N2 is the older tag of the abstract; some write it into both.
    let text = raw.either(&["AB", "N2"]).map(plain).unwrap_or_default();
    let (keywords, mesh) = subjects(raw);
    Citation {
        retraction: retraction_of_words(&types, &title),
        title,
        authors: raw.any(&["AU", "A1"]),
        journal: raw.either(&["JF", "T2", "JO", "JA", "J2", "J1"]).map(plain).unwrap_or_default(),
        year: raw.either(&["PY", "Y1", "DA"]).and_then(year).or_else(|| raw.first("DA").and_then(year)),
        pmid: number_of(raw),
        doi: doi_of(raw),
        abstract_sections: sections(&text),
        publication_types: types,
        mesh,
        keywords,
        ..Citation::default()
    }
}

fn book_title<'a>(raw: &'a Raw, kind: &str) -> Option<&'a str> {
    // The title of a whole book stands where that of a series may.
    ["BOOK", "EDBOOK", "CONF"].contains(&kind).then(|| raw.either(&["BT", "T2"])).flatten()
}

fn publication_types(raw: &Raw, kind: &str) -> Vec<String> {
    let words = match kind {
        "JOUR" | "EJOUR" | "JFULL" => "Journal Article",
        "ABST" => "Abstract",
        "BOOK" | "EDBOOK" | "EBOOK" => "Book",
        "CHAP" | "ECHAP" => "Book Chapter",
        "CONF" | "CPAPER" => "Conference Paper",
        "INPR" => "In Press",
        "MGZN" => "Magazine Article",
        "NEWS" => "News",
        "RPRT" => "Report",
        "THES" => "Thesis",
        "UNPB" => "Preprint or Unpublished Work",
        "CTLG" | "DATA" | "DBASE" => "Data",
        other => other,
    };
    let mut types = vec![words.to_owned()];
    // Type of work, unless a maker put the DOI there.
    types.extend(raw.all("M3").filter(|value| doi(value).is_none()).map(plain));
    types.retain(|t| !t.is_empty());
    types.dedup();
    types
}

fn doi_of(raw: &Raw) -> Option<String> {
    let tags = ["DO", "DI", "L3", "M3"].into_iter().flat_map(|tag| raw.all(tag)).find_map(doi);
    let address = || raw.all("UR").filter(|url| url.contains("doi.org/")).find_map(doi);
    let note = || raw.all("N1").filter(|note| note.to_ascii_lowercase().contains("doi")).find_map(doi);
    tags.or_else(address).or_else(note)
}

/// The PubMed number: in AN where the database is PubMed, or named as one elsewhere.
fn number_of(raw: &Raw) -> Option<String> {
    let database: Vec<String> =
        ["DB", "DP"].into_iter().filter_map(|tag| raw.first(tag)).map(str::to_lowercase).collect();
    let is_pubmed =
        database.is_empty() || database.iter().any(|d| ["pubmed", "medline", "nlm"].iter().any(|w| d.contains(w)));
    let accession = raw.first("AN").filter(|_| is_pubmed).and_then(pmid).filter(|digits| digits.len() >= 5);
    let named = || ["AN", "C2", "ID", "N1", "UR", "DB"].into_iter().flat_map(|tag| raw.all(tag)).find_map(pmid_named);
    accession.or_else(named)
}

/// Keywords, those in the manner of MeSH (a star, or a heading with a qualifier) apart.
fn subjects(raw: &Raw) -> (Vec<String>, Vec<MeshTerm>) {
    let mut keywords = Vec::new();
    let mut headings = Vec::new();
    for value in raw.all("KW").map(plain).filter(|v| !v.is_empty()) {
        if value.starts_with('*') || value.contains("/*") {
            headings.push(mesh(&value));
        } else {
            keywords.push(value);
        }
    }
    (keywords, headings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_text() {
        assert_eq!(tag_of("TY  - JOUR", false), Some(("TY", " JOUR")));
        assert_eq!(tag_of("ER  -", false), Some(("ER", "")));
        assert_eq!(tag_of("TY - JOUR", true), Some(("TY", " JOUR")));
        for text in ["TY - JOUR", "OR  -0.5", "ab  - x", "T", "\u{e9}\u{e9}  - x", "1A  - x"] {
            assert_eq!(tag_of(text, false), None, "{text}");
        }
    }
}
