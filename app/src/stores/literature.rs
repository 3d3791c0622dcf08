//! Citations on this device, and the way files of citations take to their screen.
//!
//! [`merge`] is pure: what is new, what is known, what is known better now. The rest reads and writes. Nothing is deleted but
//! by the user's own click.

pub mod pooling;
mod recognize;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::*;
use model::citation::{Citation, EffectMeasure, Retraction};
use send_wrapper::SendWrapper;
use web::WebError;
use web::files::DroppedFile;

pub use recognize::{SortedOut, sort_out};

/// Kind of the stored documents.
pub const KIND: &str = "citation";

/// A citation with the id it is stored under.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedCitation {
    /// Local id.
    pub id: String,
    /// Revision: another one says something else.
    pub revision: u32,
    /// The citation.
    pub citation: Citation,
    /// What a search looks through, in small letters.
    haystack: String,
}

impl SavedCitation {
    /// A citation under its id.
    #[must_use]
    pub fn new(id: String, citation: Citation) -> Self {
        let mut parts = vec![citation.title.as_str(), citation.journal.as_str()];
        parts.extend(citation.authors.iter().map(String::as_str));
        parts.extend(citation.abstract_sections.iter().map(|s| s.text.as_str()));
        parts.extend(citation.publication_types.iter().chain(&citation.keywords).map(String::as_str));
        parts.extend(citation.mesh.iter().map(|m| m.term.as_str()));
        parts.extend(citation.pmid.as_deref());
        parts.extend(citation.doi.as_deref());
        let year = citation.year.map(|y| y.to_string()).unwrap_or_default();
        parts.push(&year);
        let haystack = parts.join(" ").to_lowercase();
        Self { id, revision: 0, citation, haystack }
    }

    /// Whether it has every word of a search (in small letters already).
    #[must_use]
    pub fn matches(&self, words: &[String]) -> bool {
        words.iter().all(|word| self.haystack.contains(word.as_str()))
    }

    /// Whether it holds an estimate of a measure; of any without one.
    #[must_use]
    pub fn has_effect(&self, measure: Option<EffectMeasure>) -> bool {
        self.citation.effects.iter().any(|e| measure.is_none_or(|m| e.measure == m))
    }
}

/// The citations on this device, newest first, and what cannot be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shelf {
    /// Citations.
    pub citations: Vec<SavedCitation>,
    /// Records that cannot be read, in words. They are left as they are.
    pub problems: Vec<String>,
}

/// All citations on this device.
///
/// # Errors
/// If storage refuses.
pub async fn list() -> Result<Shelf, WebError> {
    let mut shelf = Shelf::default();
    for stored in web::documents::list(KIND).await? {
        match model::json::read(&stored.json) {
            Ok(citation) => {
                let saved = SavedCitation::new(stored.id, citation);
                shelf.citations.push(SavedCitation { revision: stored.revision, ..saved });
            }
            Err(problem) => shelf
                .problems
                .push(format!("A citation that this version of Rounds cannot read ({problem}). It was left as it is.")),
        }
    }
    sort(&mut shelf.citations);
    Ok(shelf)
}

fn sort(citations: &mut [SavedCitation]) {
    citations.sort_by(|a, b| {
        b.citation
            .year
            .cmp(&a.citation.year)
            .then_with(|| a.citation.title.cmp(&b.citation.title))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// How many citations were new, better known now, and known already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// New on this device.
    pub n_new: u64,
    /// There already, and the file knows more or something else.
    pub n_updated: u64,
    /// There already, just so.
    pub n_same: u64,
}

/// Keeps citations.
///
/// # Errors
/// If storage refuses; nothing is kept then.
pub async fn add(citations: Vec<Citation>) -> Result<Added, WebError> {
    let shelf = list().await?;
    let (writes, added) = merge(&shelf.citations, citations);
    let documents = writes
        .into_iter()
        .map(|(id, citation)| Ok((id, serde_json::to_string(&citation).map_err(|e| WebError::Other(e.to_string()))?)))
        .collect::<Result<Vec<_>, WebError>>()?;
    if !documents.is_empty() {
        web::documents::put_many(KIND, &documents).await?;
    }
    Ok(added)
}

/// Deletes a citation, by the user's own click.
///
/// # Errors
/// If storage refuses.
pub async fn delete(id: &str) -> Result<(), WebError> {
    web::documents::delete(KIND, id).await
}

/// Deletes every citation, by the user's own click.
///
/// # Errors
/// If storage refuses.
pub async fn delete_all() -> Result<(), WebError> {
    web::documents::delete_all(KIND).await
}

/// What is to be written, under which id. The same article is found by PubMed number and DOI, else by its title, year and
/// first author.
#[must_use]
pub fn merge(there: &[SavedCitation], incoming: Vec<Citation>) -> (Vec<(String, Citation)>, Added) {
    let mut known: BTreeMap<String, &SavedCitation> = BTreeMap::new();
    for saved in there {
        for key in keys(&saved.citation) {
            known.entry(key).or_insert(saved);
        }
    }
    let (mut writes, mut added) = (Vec::new(), Added::default());
    for citation in incoming {
        let keys = keys(&citation);
        match keys.iter().find_map(|key| known.get(key)) {
            None => {
                added.n_new += 1;
                let id = keys.into_iter().next().unwrap_or_default();
                writes.push((id, citation));
            }
            Some(saved) => match better(&saved.citation, citation) {
                Some(merged) => {
                    added.n_updated += 1;
                    writes.push((saved.id.clone(), merged));
                }
                None => added.n_same += 1,
            },
        }
    }
    (writes, added)
}

/// By what an article is known, the surest first.
fn keys(citation: &Citation) -> Vec<String> {
    let mut keys = Vec::new();
    keys.extend(citation.pmid.as_ref().map(|pmid| format!("pmid-{pmid}")));
    keys.extend(citation.doi.as_ref().map(|doi| format!("doi-{}", doi.to_lowercase())));
    if keys.is_empty() {
        let author = citation.authors.first().map_or("", String::as_str);
        let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let year = citation.year.map(|y| y.to_string()).unwrap_or_default();
        let text = format!("{}/{year}/{}", letters(&citation.title), letters(author));
        keys.push(format!("text-{:016x}", fnv(&text)));
    }
    keys
}

/// Fowler, Noll and Vo's hash (FNV-1a), 64 bits: short ids for titles.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The citation as both know it together; nothing where that is what is there.
fn better(old: &Citation, mut new: Citation) -> Option<Citation> {
    new.pmid = new.pmid.or_else(|| old.pmid.clone());
    new.doi = new.doi.or_else(|| old.doi.clone());
    // A retraction that was known stays known.
    if new.retraction == Retraction::NoneKnown {
        new.retraction = old.retraction;
        new.notices.clone_from(&old.notices);
    }
    if new.abstract_sections.is_empty() && !old.abstract_sections.is_empty() {
        let (retraction, notices, pmid, doi) = (new.retraction, new.notices, new.pmid, new.doi);
        new = Citation { retraction, notices, pmid, doi, ..old.clone() };
    }
    let source = std::mem::replace(&mut new.source, old.source.clone());
    if new == *old {
        return None;
    }
    new.source = source;
    Some(new)
}

/// Files of citations on their way from another screen. One newtype, so that the context is not mistaken for another.
#[derive(Clone)]
pub struct HandOver(SendWrapper<Rc<RefCell<Vec<DroppedFile>>>>);

impl HandOver {
    /// Leaves files for the Literature screen.
    pub fn give(&self, files: Vec<DroppedFile>) {
        *self.0.borrow_mut() = files;
    }

    /// Takes the files out, if there are any.
    #[must_use]
    pub fn take(&self) -> Vec<DroppedFile> {
        std::mem::take(&mut self.0.borrow_mut())
    }
}

/// Provides what this store needs as context; once, at the root of the page.
pub fn provide() {
    provide_context(HandOver(SendWrapper::new(Rc::new(RefCell::new(Vec::new())))));
}

/// The files handed over between screens.
///
/// # Panics
/// If [`provide`] was not called at the root.
#[must_use]
pub fn use_hand_over() -> HandOver {
    expect_context::<HandOver>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::citation::AbstractSection;

    fn citation(title: &str, pmid: Option<&str>, doi: Option<&str>) -> Citation {
        Citation {
            title: title.to_owned(),
            pmid: pmid.map(str::to_owned),
            doi: doi.map(str::to_owned),
            year: Some(2020),
            ..Citation::default()
        }
    }

    fn saved(citation: Citation) -> SavedCitation {
        SavedCitation::new(keys(&citation)[0].clone(), citation)
    }

    #[test]
    fn the_same_article_is_kept_once() {
        let there = [
            saved(citation("One", Some("1"), None)),
            saved(citation("Two", None, Some("10.1000/A"))),
            saved(citation("Three!", None, None)),
        ];
        let mut elsewhere = citation("One", Some("1"), None);
        elsewhere.source.file = "other.ris".to_owned();
        let incoming = vec![
            elsewhere,
            citation("Two", Some("2"), Some("10.1000/a")),
            citation("three", None, None),
            citation("Four", None, None),
        ];
        let (writes, added) = merge(&there, incoming);
        assert_eq!(added, Added { n_new: 1, n_updated: 2, n_same: 1 });
        assert_eq!(writes[0].0, "doi-10.1000/a");
        assert_eq!((writes[0].1.pmid.as_deref(), writes[1].0.as_str()), (Some("2"), there[2].id.as_str()));
    }

    #[test]
    fn neither_an_abstract_nor_a_retraction_is_lost() {
        let mut full = citation("One", Some("1"), None);
        full.abstract_sections = vec![AbstractSection { label: None, text: "Text".to_owned() }];
        full.retraction = Retraction::Retracted;
        let there = [saved(full.clone())];
        assert_eq!(merge(&there, vec![citation("One", Some("1"), None)]).1, Added { n_same: 1, ..Added::default() });
        let mut newer = full.clone();
        newer.retraction = Retraction::NoneKnown;
        newer.abstract_sections[0].text = "Another text".to_owned();
        let (writes, _) = merge(&there, vec![newer]);
        assert_eq!(writes[0].1.retraction, Retraction::Retracted);
        assert_eq!(writes[0].1.abstract_sections[0].text, "Another text");
    }

    #[test]
    fn a_search_wants_every_word() {
        let mut one = citation("Tirzafast in Heart Failure", Some("123"), None);
        one.authors = vec!["Doe, Jane".to_owned()];
        let one = saved(one);
        let words = |text: &str| text.to_lowercase().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(one.matches(&words("HEART doe 2020 123")) && one.matches(&[]));
        assert!(!one.matches(&words("heart insulin")));
    }
}
