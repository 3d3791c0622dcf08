//! Files of citations, piece by piece.

use model::citation::{Citation, CitationFormat, CitationReport};

use super::book::{Book, Entry};
use super::lines::Lines;
use super::tagged::{Tagged, is_ris_start};
use super::xml::Articles;

/// Lines without a known tag before the first record, at most: some exports begin with a word about their maker.
const MAX_LINES_BEFORE: u64 = 60;
/// Bytes looked at for the format, at most.
const MAX_HEAD: usize = 1 << 16;

/// Why a file of citations cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LiteratureError {
    /// Nothing in it.
    #[error("{file} is empty: export the citations again")]
    Empty {
        /// File.
        file: String,
    },
    /// A file of another kind.
    #[error("{file} is {what}. {advice}")]
    OtherKind {
        /// File.
        file: String,
        /// What it seems to be.
        what: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// Bytes without a file.
    #[error("no file was begun before its bytes came")]
    NoFile,
}

/// Citations, and what came of every record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CitationsRead {
    /// The citations, in the order of the files.
    pub citations: Vec<Citation>,
    /// The counts.
    pub report: CitationReport,
}

enum Format {
    /// Not told yet: the first bytes.
    Unknown(Vec<u8>),
    Lines {
        lines: Lines,
        tagged: Box<Tagged>,
    },
    Xml(Articles),
}

struct Open {
    name: String,
    format: Format,
}

/// Reads files of citations: [`begin`](Self::begin), [`push`](Self::push) and [`end`](Self::end) for each, then
/// [`finish`](Self::finish).
pub struct CitationReader {
    book: Book,
    open: Option<Open>,
}

impl CitationReader {
    /// An empty reader that keeps so many records at most; further ones are counted as not used.
    #[must_use]
    pub fn new(limit: Option<usize>) -> Self {
        Self { book: Book::new(limit), open: None }
    }

    /// A file begins.
    pub fn begin(&mut self, name: &str) {
        self.open = Some(Open { name: name.to_owned(), format: Format::Unknown(Vec::new()) });
    }

    /// The next bytes of the file, as UTF-8 (what is no UTF-8 is replaced and said).
    ///
    /// # Errors
    /// If the file is none of citations.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), LiteratureError> {
        let Some(open) = &mut self.open else { return Err(LiteratureError::NoFile) };
        if let Format::Unknown(head) = &mut open.format {
            head.extend_from_slice(bytes);
            let (name, head) = (open.name.clone(), std::mem::take(head));
            return self.tell(&name, head, false);
        }
        self.take(bytes);
        Ok(())
    }

    /// The file is over.
    ///
    /// # Errors
    /// If the file is none of citations.
    pub fn end(&mut self) -> Result<(), LiteratureError> {
        let Some(open) = &mut self.open else { return Err(LiteratureError::NoFile) };
        if let Format::Unknown(head) = &mut open.format {
            let (name, head) = (open.name.clone(), std::mem::take(head));
            self.tell(&name, head, true)?;
        }
        let Some(Open { format, .. }) = self.open.take() else { return Ok(()) };
        match format {
            Format::Unknown(_) => {}
            Format::Lines { mut lines, mut tagged } => {
                let book = &mut self.book;
                lines.end(&mut |number, text| tagged.line(number, text, &mut |entry| book.take(entry)));
                tagged.end(&mut |entry| book.take(entry));
                tell_of_lines(book, &lines, &tagged);
            }
            Format::Xml(articles) => articles.end(&mut self.book),
        }
        Ok(())
    }

    /// The citations, with the effect estimates of their abstracts.
    #[must_use]
    pub fn finish(self) -> CitationsRead {
        self.book.finish()
    }

    /// Tells the format as soon as the first bytes do, or the file is over.
    fn tell(&mut self, name: &str, head: Vec<u8>, last: bool) -> Result<(), LiteratureError> {
        let format = match sniff(&head, last) {
            Sniffed::Format(format) => format,
            Sniffed::NotYet => {
                if let Some(open) = &mut self.open {
                    open.format = Format::Unknown(head);
                }
                return Ok(());
            }
            Sniffed::Nothing => return Err(LiteratureError::Empty { file: name.to_owned() }),
            Sniffed::Other(what, advice) => {
                return Err(LiteratureError::OtherKind { file: name.to_owned(), what, advice });
            }
        };
        self.book.begin_file(name, format);
        if let Some(open) = &mut self.open {
            open.format = match format {
                CitationFormat::PubmedXml => Format::Xml(Articles::default()),
                _ => Format::Lines { lines: Lines::default(), tagged: Box::new(Tagged::new(format)) },
            };
        }
        self.take(&head);
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) {
        let book = &mut self.book;
        match self.open.as_mut().map(|open| &mut open.format) {
            Some(Format::Lines { lines, tagged }) => {
                lines.push(bytes, &mut |number, text| {
                    tagged.line(number, text, &mut |entry: Entry| book.take(entry));
                });
            }
            Some(Format::Xml(articles)) => articles.push(bytes, book),
            Some(Format::Unknown(_)) | None => {}
        }
    }
}

fn tell_of_lines(book: &mut Book, lines: &Lines, tagged: &Tagged) {
    if lines.n_replaced > 0 {
        book.warn(&format!(
            "{} lines have letters that cannot be read (neither UTF-8 nor what the file begins with); they were replaced by \u{fffd}. \
             Export the file as UTF-8.",
            lines.n_replaced
        ));
    }
    if let Some((n, first)) = tagged.lines_outside() {
        let words = match n {
            1 => format!("line {first} stands outside of any record and was not read."),
            _ => format!("{n} lines stand outside of any record (the first is line {first}) and were not read."),
        };
        book.warn(&words);
    }
}

enum Sniffed {
    Format(CitationFormat),
    NotYet,
    Nothing,
    Other(&'static str, &'static str),
}

const EXPORT: &str = "Export the citations as RIS or in PubMed's format (.nbib) and choose that file.";

fn sniff(head: &[u8], last: bool) -> Sniffed {
    let complete = last || head.len() >= MAX_HEAD;
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return if last { Sniffed::Nothing } else { Sniffed::NotYet };
    }
    if text.starts_with('<') {
        return sniff_xml(text, complete);
    }
    let breaks = |c: char| c == '\n' || c == '\r';
    let ended = text.rfind(breaks).unwrap_or(0);
    let whole = if complete { text } else { text.get(..ended).unwrap_or_default() };
    let mut n = 0;
    for line in whole.split(breaks).filter(|line| !line.trim().is_empty()) {
        if is_ris_start(line) {
            return Sniffed::Format(CitationFormat::Ris);
        }
        if super::medline::tag_of(line).is_some_and(|(tag, _)| super::medline::is_known(tag)) {
            return Sniffed::Format(CitationFormat::Medline);
        }
        if super::web_of_science::is_start(line) {
            return Sniffed::Format(CitationFormat::WebOfScience);
        }
        let other = match line.trim_start() {
            l if l.starts_with("%0 ") => Some("an EndNote file in the refer format"),
            l if l.starts_with('@') && l.contains('{') => Some("a BibTeX file"),
            l if l.starts_with("%PDF") => Some("a PDF"),
            l if l.starts_with("{\\rtf") => Some("a text document in RTF"),
            l if l.starts_with('{') || l.starts_with('[') => Some("JSON"),
            l if l.starts_with("PK\u{3}\u{4}") => Some("an archive"),
            _ => None,
        };
        if let Some(other) = other {
            return Sniffed::Other(other, EXPORT);
        }
        n += 1;
        if n > MAX_LINES_BEFORE {
            break;
        }
    }
    if complete || n > MAX_LINES_BEFORE {
        Sniffed::Other(
            "no file of citations: no record of RIS (TY  -), PubMed (PMID-) or Web of Science begins in it",
            EXPORT,
        )
    } else {
        Sniffed::NotYet
    }
}

fn sniff_xml(text: &str, complete: bool) -> Sniffed {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["<PubmedArticle", "<PubmedBookArticle", "<DeleteCitation"]) {
        Sniffed::Format(CitationFormat::PubmedXml)
    } else if has(&["<!DOCTYPE html", "<!doctype html", "<html", "<HTML"]) {
        Sniffed::Other("a web page", EXPORT)
    } else if has(&["<xml><records>", "<record><database"]) {
        Sniffed::Other("EndNote XML", EXPORT)
    } else if complete {
        Sniffed::Other(
            "XML, but not PubMed's: no PubmedArticle begins in its first part",
            "Save the search on PubMed in the PubMed format, or fetch it as XML with rettype=abstract&retmode=xml.",
        )
    } else {
        Sniffed::NotYet
    }
}
