//! PubMed XML cut into articles as it streams by. Each is read by itself ([`super::xml_article`]): one that is broken is
//! rejected with its line, and the next is read all the same.

use memchr::memmem;

use super::book::{Book, Entry};
use super::xml_article;

/// Bytes of one article, at most.
const MAX_ARTICLE: usize = 16 << 20;
/// Elements that are records.
const RECORDS: [&str; 3] = ["PubmedArticle", "PubmedBookArticle", "DeleteCitation"];

/// Cuts PubMed XML into articles.
#[derive(Default)]
pub(super) struct Articles {
    pending: Vec<u8>,
    /// Bytes of `pending` in which no end was found yet.
    searched: usize,
    /// Lines before `pending`.
    n_lines: u64,
    is_closed: bool,
    n_replaced: u64,
}

impl Articles {
    /// The next bytes.
    pub(super) fn push(&mut self, bytes: &[u8], book: &mut Book) {
        self.pending.extend_from_slice(bytes);
        while self.step(book) {}
    }

    /// The file is over.
    pub(super) fn end(mut self, book: &mut Book) {
        if let Some((at, name)) = first_record(&self.pending) {
            self.drop_front(at);
            let reason = format!("the file ends before its </{name}>: it is cut off. Fetch it again");
            book.take(Entry::Rejected { line: self.n_lines + 1, record: number_in(&self.pending), reason });
        } else if !self.is_closed && memmem::find(&self.pending, b"</PubmedArticleSet").is_none() {
            book.warn("the file has no end (</PubmedArticleSet>): articles may be missing. Fetch it again.");
        }
        if self.n_replaced > 0 {
            book.warn(&format!(
                "{} articles have letters that are no UTF-8; they were replaced by \u{fffd}.",
                self.n_replaced
            ));
        }
    }

    /// Takes one record out of what is pending; nothing where it is not there as a whole.
    fn step(&mut self, book: &mut Book) -> bool {
        let Some((at, name)) = first_record(&self.pending) else {
            self.is_closed |= memmem::find(&self.pending, b"</PubmedArticleSet").is_some();
            // What cannot be the beginning of a record is let go.
            let keep = self.pending.len().min(32);
            self.drop_front(self.pending.len() - keep);
            return false;
        };
        if at > 0 {
            self.drop_front(at);
            self.searched = 0;
        }
        let end = end_of(&self.pending, name, self.searched);
        // A record that begins within this one: this one was never closed.
        let upto = end.unwrap_or(self.pending.len());
        let next = first_record(self.pending.get(1..upto).unwrap_or_default()).map(|(i, _)| i + 1);
        match (end, next) {
            (_, Some(next)) => {
                let reason = format!("another record begins before its </{name}>: it is cut off. Fetch it again");
                let record = number_in(&self.pending[..next]);
                book.take(Entry::Rejected { line: self.n_lines + 1, record, reason });
                self.drop_front(next);
                true
            }
            (Some(end), None) => {
                self.read(end, book);
                self.drop_front(end);
                true
            }
            (None, None) if self.pending.len() > MAX_ARTICLE => {
                let reason = "it is larger than 16 MB: this is no citation".to_owned();
                book.take(Entry::Rejected { line: self.n_lines + 1, record: number_in(&self.pending), reason });
                // Its opening tag goes, so that it is not found again.
                self.drop_front(1);
                true
            }
            (None, None) => {
                self.searched = self.pending.len();
                false
            }
        }
    }

    fn read(&mut self, end: usize, book: &mut Book) {
        let line = self.n_lines + 1;
        let text = String::from_utf8_lossy(&self.pending[..end]);
        self.n_replaced += u64::from(matches!(text, std::borrow::Cow::Owned(_)));
        xml_article::read(&text, line, &mut |entry| book.take(entry));
    }

    fn drop_front(&mut self, n: usize) {
        self.n_lines += memchr::memchr_iter(b'\n', &self.pending[..n]).count() as u64;
        self.pending.drain(..n);
        self.searched = 0;
    }
}

/// Where the first record begins, and its element.
fn first_record(bytes: &[u8]) -> Option<(usize, &'static str)> {
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'<', bytes.get(from..)?).map(|i| from + i) {
        let rest = &bytes[at + 1..];
        let found = RECORDS.into_iter().find(|name| {
            rest.starts_with(name.as_bytes())
                && matches!(rest.get(name.len()), Some(b'>' | b' ' | b'\t' | b'\n' | b'\r' | b'/'))
        });
        if let Some(name) = found {
            return Some((at, name));
        }
        from = at + 1;
    }
    None
}

/// Where the first closing tag of a record ends, looked for from `searched` on.
fn end_of(bytes: &[u8], name: &str, searched: usize) -> Option<usize> {
    let close = format!("</{name}");
    // A tag may have been cut at the end of what was searched.
    let mut from = searched.saturating_sub(close.len() + 64);
    loop {
        let at = from + memmem::find(bytes.get(from..)?, close.as_bytes())? + close.len();
        let rest = bytes.get(at..)?;
        let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
        match rest.get(blanks) {
            Some(b'>') => return Some(at + blanks + 1),
            // `</PubmedArticleSet>` is another element.
            Some(_) => from = at,
            None => return None,
        }
    }
}

/// The PubMed number in a broken record, for the report.
fn number_in(bytes: &[u8]) -> String {
    let number = memmem::find(bytes, b"<PMID").and_then(|at| {
        let from = at + memchr::memchr(b'>', &bytes[at..])? + 1;
        let digits: String =
            bytes[from..].iter().take(8).take_while(|b| b.is_ascii_digit()).map(|&b| char::from(b)).collect();
        (!digits.is_empty()).then_some(digits)
    });
    number.map(|n| format!("PMID {n}")).unwrap_or_default()
}
