//! Lines with tags into records: MEDLINE, RIS, Web of Science.

use model::citation::CitationFormat;

use super::book::Entry;
use super::{medline, ris, web_of_science};

/// Bytes of one record, at most: beyond them it is rejected.
const MAX_RECORD: usize = 16 << 20;

/// A record as it stands in the file.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// Line at which it begins.
    pub(super) line: u64,
    /// Tags and values, in order.
    pub(super) fields: Vec<(String, String)>,
    n_bytes: usize,
}

impl Raw {
    /// The first value of a tag that holds something.
    pub(super) fn first<'a>(&'a self, tag: &'a str) -> Option<&'a str> {
        self.all(tag).next()
    }

    /// Every value of a tag that holds something.
    pub(super) fn all<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(t, v)| t == tag && !v.trim().is_empty()).map(|(_, v)| v.trim())
    }

    /// The first value of the first tag that has one.
    pub(super) fn either<'a>(&'a self, tags: &[&'a str]) -> Option<&'a str> {
        tags.iter().find_map(|tag| self.first(tag))
    }

    /// The values of the first tag that has any.
    pub(super) fn any(&self, tags: &[&str]) -> Vec<String> {
        tags.iter()
            .map(|tag| self.all(tag).map(super::fields::plain).filter(|v| !v.is_empty()).collect::<Vec<_>>())
            .find(|values| !values.is_empty())
            .unwrap_or_default()
    }

    /// Tags that a format has no use for.
    pub(super) fn unused(&self, used: &[&str]) -> Vec<String> {
        self.fields.iter().filter(|(t, _)| !used.contains(&t.as_str())).map(|(t, _)| t.clone()).collect()
    }
}

/// Puts lines together.
pub(super) struct Tagged {
    format: CitationFormat,
    record: Option<Raw>,
    /// A blank line came since the last field.
    gap: bool,
    /// RIS with one blank before the hyphen.
    loose: bool,
    /// The record under way was given up: its size, and it is over at the next beginning.
    too_large: bool,
    outside: u64,
    first_outside: u64,
}

/// Whether a line begins a record of RIS.
pub(super) fn is_ris_start(line: &str) -> bool {
    ris::tag_of(line, true).is_some_and(|(tag, _)| tag == "TY")
}

impl Tagged {
    pub(super) fn new(format: CitationFormat) -> Self {
        Self { format, record: None, gap: false, loose: false, too_large: false, outside: 0, first_outside: 0 }
    }

    /// Lines that belong to no record, and the first of them.
    pub(super) fn lines_outside(&self) -> Option<(u64, u64)> {
        (self.outside > 0).then_some((self.outside, self.first_outside))
    }

    /// The next line.
    pub(super) fn line(&mut self, number: u64, text: &str, each: &mut dyn FnMut(Entry)) {
        if text.trim().is_empty() {
            self.gap = true;
            return;
        }
        let tagged = match self.format {
            CitationFormat::Ris => ris::tag_of(text, self.loose),
            CitationFormat::WebOfScience => web_of_science::tag_of(text),
            CitationFormat::Medline | CitationFormat::PubmedXml => medline::tag_of(text),
        };
        let start_of_loose = self.format == CitationFormat::Ris && tagged.is_none() && is_ris_start(text);
        if start_of_loose {
            self.loose = true;
            return self.line(number, text, each);
        }
        match tagged {
            Some((tag, value)) => self.field(number, tag, value, each),
            None => self.more(number, text, each),
        }
        self.gap = false;
    }

    /// The file is over.
    pub(super) fn end(&mut self, each: &mut dyn FnMut(Entry)) {
        if self.record.is_some() && self.format != CitationFormat::Medline {
            // Without an end mark the record may be cut off; what is there is kept and said.
            let line = self.record.as_ref().map_or(0, |r| r.line);
            each(Entry::Unended { line });
        }
        self.flush(each);
    }

    fn field(&mut self, number: u64, tag: &str, value: &str, each: &mut dyn FnMut(Entry)) {
        let (start, end): (&[&str], Option<&str>) = match self.format {
            CitationFormat::Ris => (&["TY"], Some("ER")),
            CitationFormat::WebOfScience => (&["PT"], Some("ER")),
            CitationFormat::Medline | CitationFormat::PubmedXml => (&["PMID"], None),
        };
        if end == Some(tag) {
            if self.record.is_none() && !self.too_large {
                self.is_outside(number);
            }
            self.flush(each);
            return;
        }
        let begins = start.contains(&tag) || (self.format == CitationFormat::Medline && self.begins_anew(tag));
        if begins {
            if let (Some(open), true) = (&self.record, end.is_some()) {
                each(Entry::Unended { line: open.line });
            }
            self.flush(each);
            self.record = Some(Raw { line: number, ..Raw::default() });
        }
        if self.record.is_none() {
            let is_frame = self.format == CitationFormat::WebOfScience && ["FN", "VR", "EF"].contains(&tag);
            if !is_frame && !self.too_large {
                self.is_outside(number);
            }
            return;
        }
        self.add(value.len(), each);
        if let Some(record) = &mut self.record {
            record.fields.push((tag.to_owned(), value.trim().to_owned()));
        }
    }

    /// A record of MEDLINE without a PubMed number begins after a blank line, with a field that the last one has already.
    fn begins_anew(&self, tag: &str) -> bool {
        match &self.record {
            None => !self.too_large,
            Some(record) => {
                self.gap && record.fields.iter().any(|(t, _)| t == tag) && ["TI", "BTI", "OWN", "STAT"].contains(&tag)
            }
        }
    }

    /// A line without a tag goes on with the field before it.
    fn more(&mut self, number: u64, text: &str, each: &mut dyn FnMut(Entry)) {
        self.add(text.len(), each);
        let several = self.format == CitationFormat::WebOfScience;
        match self.record.as_mut().and_then(|record| record.fields.last_mut()) {
            // Web of Science writes a further author on a line of its own.
            Some((tag, value)) if several && web_of_science::a_line_each(tag) => {
                value.push('\n');
                value.push_str(text.trim());
            }
            Some((_, value)) => {
                value.push(' ');
                value.push_str(text.trim());
            }
            None if self.too_large => {}
            None => self.is_outside(number),
        }
    }

    fn add(&mut self, n: usize, each: &mut dyn FnMut(Entry)) {
        let Some(record) = &mut self.record else { return };
        record.n_bytes += n;
        if record.n_bytes > MAX_RECORD {
            let line = record.line;
            let reason = "it is larger than 16 MB: this is no citation".to_owned();
            each(Entry::Rejected { line, record: String::new(), reason });
            self.record = None;
            self.too_large = true;
        }
    }

    fn is_outside(&mut self, number: u64) {
        self.outside += 1;
        if self.first_outside == 0 {
            self.first_outside = number;
        }
    }

    fn flush(&mut self, each: &mut dyn FnMut(Entry)) {
        self.too_large = false;
        let Some(raw) = self.record.take() else { return };
        let (citation, used) = match self.format {
            CitationFormat::Ris => (ris::citation(&raw), ris::USED),
            CitationFormat::WebOfScience => (web_of_science::citation(&raw), web_of_science::USED),
            CitationFormat::Medline | CitationFormat::PubmedXml => (medline::citation(&raw), medline::USED),
        };
        each(Entry::Fields(raw.unused(used)));
        each(Entry::Citation { line: raw.line, citation: Box::new(citation) });
    }
}
