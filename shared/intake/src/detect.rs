//! What format files are in, by their names and first bytes, also within archives.

use crate::archive::{Files, Unpacker};
use crate::{FileKind, IntakeError, fhir, kind_of, omop};

/// Files by format, those in archives included as far as the bytes given reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// FHIR resources as JSON.
    pub n_fhir: u64,
    /// OMOP tables, by their names.
    pub n_omop: u64,
    /// JSON that does not say in its first part whether it is FHIR.
    pub n_json: u64,
    /// Other text, workbooks, notes as JSON lines.
    pub n_text: u64,
    /// What is neither text nor an archive.
    pub n_other: u64,
    /// Archives that cannot be unpacked, or whose files the first bytes do not reach.
    pub n_archives: u64,
}

/// Looks at files: the name and the first bytes of each (64 KB are enough; none: the name alone counts).
#[must_use]
pub fn detect<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Found {
    let mut probe = Probe::default();
    for (name, head) in files {
        if head.is_empty() {
            probe.by_name(name);
            continue;
        }
        let before = probe.found;
        let mut unpacker = Unpacker::new(name);
        // A head is cut off: that an archive ends too early is no news.
        let done = unpacker.push(head, &mut probe).and_then(|()| unpacker.end(&mut probe));
        probe.close();
        if done.is_err() || probe.found == before {
            probe.found.n_archives += 1;
        }
    }
    probe.found
}

/// Keeps the first bytes of each file.
#[derive(Default)]
struct Probe {
    found: Found,
    open: Option<(String, Vec<u8>)>,
}

/// Bytes looked at.
const HEAD_BYTES: usize = 1 << 16;

impl Probe {
    fn close(&mut self) {
        if let Some((name, head)) = self.open.take() {
            self.take(&name, &head);
        }
    }

    fn by_name(&mut self, name: &str) {
        let lower = name.to_ascii_lowercase();
        match lower.rsplit('.').next() {
            _ if omop::table_of(name).is_some() => self.found.n_omop += 1,
            Some("ndjson" | "jsonl" | "json") => self.found.n_json += 1,
            _ => {}
        }
    }

    fn take(&mut self, name: &str, head: &[u8]) {
        let found = &mut self.found;
        match kind_of(head) {
            _ if fhir::looks_like(head) => found.n_fhir += 1,
            #[cfg(feature = "tables")]
            FileKind::Json if crate::tables::looks_like_notes(head) => found.n_text += 1,
            #[cfg(feature = "tables")]
            FileKind::Xlsx => found.n_text += 1,
            FileKind::Json => found.n_json += 1,
            FileKind::Text
                if omop::table_of(name).is_some() && (is_omop_header(head) || omop::has_no_header(name, head)) =>
            {
                found.n_omop += 1;
            }
            FileKind::Parquet if omop::table_of(name).is_some() => found.n_omop += 1,
            FileKind::Text => found.n_text += 1,
            _ => found.n_other += 1,
        }
    }
}

/// Whether a header has a column that tables of OMOP have: a name alone (`death.csv`, `note.csv`) is anybody's.
fn is_omop_header(head: &[u8]) -> bool {
    let header = head.split(|&b| b == b'\n' || b == b'\r').next().unwrap_or_default().to_ascii_lowercase();
    [b"person_id".as_slice(), b"concept_id", b"vocabulary_id", b"domain_id", b"_source_"]
        .iter()
        .any(|column| memchr::memmem::find(&header, column).is_some())
}

impl Files for Probe {
    fn begin(&mut self, name: &str) -> Result<(), IntakeError> {
        self.close();
        self.open = Some((name.to_owned(), Vec::new()));
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        if let Some((_, head)) = &mut self.open {
            let room = HEAD_BYTES.saturating_sub(head.len());
            head.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), IntakeError> {
        self.close();
        Ok(())
    }

    fn damaged(&mut self, _: &str, _: &str) -> Result<(), IntakeError> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_apart() {
        let patient = b"{\"resourceType\":\"Patient\"}".as_slice();
        let found = detect([("a.json", patient), ("person.csv", b"person_id\n1\n"), ("b.csv", b"a,b\n1,2\n")]);
        assert_eq!(found, Found { n_fhir: 1, n_omop: 1, n_text: 1, ..Found::default() });
        let found = detect([
            ("death.csv", &b"1,2020-01-01,2020-01-01 00:00:00,32817,0,,0\n"[..]),
            ("death.csv", b"id,died\n1,2\n"),
        ]);
        assert_eq!(found, Found { n_omop: 1, n_text: 1, ..Found::default() });
        let found = detect([("x/Death.csv", &b""[..]), ("x.ndjson", b""), ("l.ndjson", b"{\"exportId\":1}\n")]);
        assert_eq!(found, Found { n_omop: 1, n_json: 2, ..Found::default() });
    }
}
