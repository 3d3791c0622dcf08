//! Every record is counted: kept, rejected, or not used. Duplicates are recognized by PubMed number and DOI.

use std::collections::BTreeMap;

use model::citation::{
    CITATION_SCHEMA_VERSION, Citation, CitationFile, CitationFormat, CitationReport, CitationSource, FieldCount,
    RecordNote,
};

use super::effects;
use super::reader::CitationsRead;

/// Notes on single records, at most.
const MAX_NOTES: usize = 1000;
/// Letters of a title in a note.
const MAX_TITLE: usize = 120;

/// What a format finds in a file.
pub(super) enum Entry {
    /// A record.
    Citation { line: u64, citation: Box<Citation> },
    /// A record that cannot be read.
    Rejected { line: u64, record: String, reason: String },
    /// A record that is in order and of no use.
    Unused { line: u64, record: String, reason: String },
    /// Tags of fields that citations have no place for.
    Fields(Vec<String>),
    /// The record that begins at this line has no end mark.
    Unended { line: u64 },
}

/// The records of all files.
#[derive(Default)]
pub(super) struct Book {
    limit: Option<usize>,
    citations: Vec<Kept>,
    by_pmid: BTreeMap<String, usize>,
    by_doi: BTreeMap<String, usize>,
    report: CitationReport,
    fields: BTreeMap<String, u64>,
    unended: u64,
    first_unended: Option<(String, u64)>,
}

struct Kept {
    citation: Citation,
    /// Place of its file in the report.
    file_idx: usize,
}

impl Book {
    pub(super) fn new(limit: Option<usize>) -> Self {
        Self { limit, ..Self::default() }
    }

    /// A file begins whose format is known.
    pub(super) fn begin_file(&mut self, name: &str, format: CitationFormat) {
        self.report.files.push(CitationFile { file: name.to_owned(), format, ..CitationFile::default() });
    }

    /// Something the reader must know.
    pub(super) fn warn(&mut self, words: &str) {
        let words = match self.report.files.last() {
            Some(file) => format!("{}: {words}", file.file),
            None => words.to_owned(),
        };
        self.report.warnings.push(words);
    }

    /// Takes what a format found.
    pub(super) fn take(&mut self, entry: Entry) {
        match entry {
            Entry::Fields(tags) => {
                for tag in tags {
                    *self.fields.entry(tag).or_default() += 1;
                }
            }
            Entry::Unended { line } => {
                self.unended += 1;
                let file = self.report.files.last().map(|f| f.file.clone()).unwrap_or_default();
                self.first_unended.get_or_insert((file, line));
            }
            Entry::Rejected { line, record, reason } => {
                self.count_read();
                self.reject(line, record, reason);
            }
            Entry::Unused { line, record, reason } => {
                self.count_read();
                let at = self.report.files.len().saturating_sub(1);
                self.leave(at, line, record, reason);
            }
            Entry::Citation { line, citation } => {
                self.count_read();
                self.keep(line, *citation);
            }
        }
    }

    fn count_read(&mut self) {
        self.report.records_read += 1;
        if let Some(file) = self.report.files.last_mut() {
            file.records_read += 1;
        }
    }

    fn reject(&mut self, line: u64, record: String, reason: String) {
        self.report.rejected += 1;
        let Some(file) = self.report.files.last_mut() else { return };
        file.rejected += 1;
        let note = RecordNote { file: file.file.clone(), line, record, reason };
        if self.report.rejections.len() < MAX_NOTES {
            self.report.rejections.push(note);
        }
    }

    fn leave(&mut self, file_idx: usize, line: u64, record: String, reason: String) {
        self.report.not_used += 1;
        let Some(file) = self.report.files.get_mut(file_idx) else { return };
        file.not_used += 1;
        let note = RecordNote { file: file.file.clone(), line, record, reason };
        if self.report.unused.len() < MAX_NOTES {
            self.report.unused.push(note);
        }
    }

    fn keep(&mut self, line: u64, mut citation: Citation) {
        let file_idx = self.report.files.len().saturating_sub(1);
        let Some(file) = self.report.files.get(file_idx) else { return };
        citation.schema_version = CITATION_SCHEMA_VERSION;
        citation.source = CitationSource { file: file.file.clone(), line, format: file.format };
        if citation.title.is_empty() {
            let known = citation.pmid.as_ref().map(|pmid| format!("PMID {pmid}")).unwrap_or_default();
            let reason = "it has no title: export the record again, or add its title".to_owned();
            return self.reject(line, known, reason);
        }
        if let Some((at, why)) = self.twin(&citation) {
            return self.duplicate(at, &why, file_idx, citation);
        }
        if self.limit.is_some_and(|limit| self.citations.len() >= limit) {
            let limit = self.limit.unwrap_or_default();
            let reason = format!("{limit} records are kept at most: export fewer at a time");
            return self.leave(file_idx, line, short(&citation.title), reason);
        }
        self.index(&citation, self.citations.len());
        self.citations.push(Kept { citation, file_idx });
        self.count_kept(file_idx, 1);
    }

    fn count_kept(&mut self, file_idx: usize, n: i64) {
        self.report.kept = self.report.kept.saturating_add_signed(n);
        if let Some(file) = self.report.files.get_mut(file_idx) {
            file.kept = file.kept.saturating_add_signed(n);
        }
    }

    fn index(&mut self, citation: &Citation, at: usize) {
        if let Some(pmid) = &citation.pmid {
            self.by_pmid.entry(pmid.clone()).or_insert(at);
        }
        if let Some(doi) = &citation.doi {
            self.by_doi.entry(doi.to_lowercase()).or_insert(at);
        }
    }

    /// The kept record that this one is the same as, and why.
    fn twin(&self, citation: &Citation) -> Option<(usize, String)> {
        if let Some(pmid) = &citation.pmid
            && let Some(&at) = self.by_pmid.get(pmid)
        {
            return Some((at, format!("the same PubMed number ({pmid})")));
        }
        let doi = citation.doi.as_ref()?;
        let &at = self.by_doi.get(&doi.to_lowercase())?;
        let other = &self.citations.get(at)?.citation;
        // One DOI and two PubMed numbers: an article and its notice; both are kept.
        let differ = matches!((&other.pmid, &citation.pmid), (Some(a), Some(b)) if a != b);
        (!differ).then(|| (at, format!("the same DOI ({doi})")))
    }

    /// Of two records of one article the one with an abstract is kept, else the first.
    fn duplicate(&mut self, at: usize, why: &str, file_idx: usize, citation: Citation) {
        let Some(kept) = self.citations.get_mut(at) else { return };
        let better = kept.citation.abstract_sections.is_empty() && !citation.abstract_sections.is_empty();
        let place = |c: &Citation| format!("{}, line {}", c.source.file, c.source.line);
        if better {
            let mut old = std::mem::replace(kept, Kept { citation, file_idx });
            // What only the other record knows is kept.
            kept.citation.pmid = kept.citation.pmid.take().or_else(|| old.citation.pmid.clone());
            kept.citation.doi = kept.citation.doi.take().or_else(|| old.citation.doi.clone());
            merge_retraction(&mut kept.citation, &mut old.citation);
            let reason = format!("it has {why} as {}, which has the abstract", place(&kept.citation));
            let now = kept.citation.clone();
            self.index(&now, at);
            self.count_kept(old.file_idx, -1);
            self.count_kept(file_idx, 1);
            self.leave(old.file_idx, old.citation.source.line, short(&old.citation.title), reason);
        } else {
            let mut citation = citation;
            kept.citation.pmid = kept.citation.pmid.take().or_else(|| citation.pmid.clone());
            kept.citation.doi = kept.citation.doi.take().or_else(|| citation.doi.clone());
            merge_retraction(&mut kept.citation, &mut citation);
            let reason = format!("it has {why} as {}", place(&kept.citation));
            let now = kept.citation.clone();
            self.index(&now, at);
            self.leave(file_idx, citation.source.line, short(&citation.title), reason);
        }
    }

    /// Ends the reading.
    pub(super) fn finish(mut self) -> CitationsRead {
        if let Some((file, line)) = &self.first_unended {
            let words = if self.unended == 1 {
                format!(
                    "{file}: the record at line {line} has no end mark (ER); it was read up to where the next begins."
                )
            } else {
                format!(
                    "{} records have no end mark (ER), the first in {file} at line {line}; each was read up to where the next begins.",
                    self.unended
                )
            };
            self.report.warnings.push(words);
        }
        let mut fields: Vec<FieldCount> = self.fields.into_iter().map(|(field, n)| FieldCount { field, n }).collect();
        fields.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.field.cmp(&b.field)));
        self.report.fields_not_used = fields;
        let citations = self
            .citations
            .into_iter()
            .map(|mut kept| {
                kept.citation.effects = effects::find(&kept.citation.abstract_sections);
                kept.citation
            })
            .collect();
        CitationsRead { citations, report: self.report }
    }
}

/// A retraction that either record knows of is known.
fn merge_retraction(kept: &mut Citation, other: &mut Citation) {
    if kept.retraction == model::citation::Retraction::NoneKnown {
        kept.retraction = other.retraction;
        kept.notices.append(&mut other.notices);
    }
}

fn short(title: &str) -> String {
    match title.char_indices().nth(MAX_TITLE) {
        Some((cut, _)) => format!("{}\u{2026}", &title[..cut]),
        None => title.to_owned(),
    }
}
