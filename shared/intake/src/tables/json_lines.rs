//! JSON lines: an object a line, its members are columns.

use model::import_mapping::TablePlan;

use super::cell_rows::CellRows;
use super::store::Store;
use crate::IntakeError;
use crate::fhir::json_line;
use crate::report::{Flaw, Reporter};
use crate::scanner::{Fields, MAX_RECORD};

/// Whether a name is one of JSON lines.
pub(super) fn is_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".jsonl", ".ndjson", ".json"].iter().any(|end| lower.ends_with(end))
}

/// Whether a file begins with a line of JSON that is a note: with a text and somebody's.
#[must_use]
pub fn looks_like_notes(head: &[u8]) -> bool {
    let mut lines = head.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or_default();
    let first = first.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(first);
    let Ok(members) = json_line(first) else { return false };
    let has = |names: &[&str]| members.iter().any(|(key, _)| names.contains(&key.to_ascii_lowercase().as_str()));
    has(&TEXT) && has(&PERSON)
}

/// Names that members with a text go by.
pub(super) const TEXT: [&str; 7] = ["text", "note", "note_text", "notetext", "body", "report", "narrative"];
/// Names that members with a person go by.
const PERSON: [&str; 8] = ["person", "patient", "id", "person_id", "patient_id", "subject_id", "mrn", "patientid"];

/// The first objects as records: the names of the members in the order in which they come first, then the values.
pub(super) fn records(head: &[u8], complete: bool, most: usize) -> Vec<Vec<String>> {
    let head = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head);
    let mut lines: Vec<&[u8]> = head.split(|&b| b == b'\n').collect();
    if !complete && lines.len() > 1 {
        lines.pop();
    }
    let parsed: Vec<_> = lines
        .into_iter()
        .map(<[u8]>::trim_ascii)
        .filter(|l| !l.is_empty())
        .filter_map(|l| json_line(l).ok())
        .take(most)
        .collect();
    let mut header: Vec<String> = Vec::new();
    for (key, _) in parsed.iter().flatten() {
        if !header.contains(key) && header.len() < 1000 {
            header.push(key.clone());
        }
    }
    let row = |members: &Vec<(String, String)>| {
        header.iter().map(|name| members.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v).to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = parsed.iter().map(row).collect();
    let names = header.iter().map(|name| name.trim().to_owned()).collect();
    std::iter::once(names).chain(rows).collect()
}

/// Finds the lines of a file that comes in pieces.
pub(super) struct Lines {
    file: String,
    names: Vec<String>,
    carry: Vec<u8>,
    line: u64,
    fields: Fields,
    begun: bool,
    unknown: std::collections::BTreeSet<String>,
}

impl Lines {
    pub(super) fn new(plan: &TablePlan) -> Self {
        Self {
            file: plan.name(),
            names: plan.mapping.columns.iter().map(|c| c.name.clone()).collect(),
            carry: Vec::new(),
            line: 0,
            fields: Fields::default(),
            begun: false,
            unknown: std::collections::BTreeSet::new(),
        }
    }

    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        rows: &mut CellRows,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        if !self.begun {
            self.begun = true;
            self.fields.of_cells(0, self.names.iter().map(String::as_bytes));
            rows.header(&self.fields, store, reporter)?;
        }
        let from = self.carry.len();
        self.carry.extend_from_slice(bytes);
        let mut buffer = std::mem::take(&mut self.carry);
        let (mut at, mut search) = (0, from);
        while let Some(end) = memchr::memchr(b'\n', buffer.get(search..).unwrap_or_default()) {
            self.line(buffer.get(at..search + end).unwrap_or_default(), rows, store, reporter)?;
            at = search + end + 1;
            search = at;
        }
        buffer.drain(..at);
        if buffer.len() > MAX_RECORD {
            return Err(IntakeError::RowTooLong { file: self.file.clone(), line: self.line + 1 });
        }
        self.carry = buffer;
        Ok(())
    }

    pub(super) fn end(
        &mut self,
        rows: &mut CellRows,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        self.push(&[], rows, store, reporter)?;
        let last = std::mem::take(&mut self.carry);
        self.line(&last, rows, store, reporter)?;
        if !self.unknown.is_empty() {
            let names: Vec<String> = self.unknown.iter().map(|n| format!("'{n}'")).collect();
            let (file, names) = (&self.file, names.join(", "));
            reporter.warn(format!("{file} has members that the plan does not know; they were left out: {names}."));
        }
        Ok(())
    }

    fn line(
        &mut self,
        bytes: &[u8],
        rows: &mut CellRows,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        self.line += 1;
        let bytes = if self.line == 1 { bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes) } else { bytes };
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            return Ok(());
        }
        let members = match json_line(bytes) {
            Ok(members) => members,
            Err(what) => {
                let reason = format!("the line is no JSON object: {what}");
                rows.reject(self.line, Flaw { field: String::new(), reason }, reporter);
                return Ok(());
            }
        };
        let twice = members.iter().enumerate().find(|(i, (key, _))| members.iter().take(*i).any(|(k, _)| k == key));
        if let Some((_, (key, _))) = twice {
            let reason = "the line has two members of this name".to_owned();
            rows.reject(self.line, Flaw { field: key.clone(), reason }, reporter);
            return Ok(());
        }
        for (key, _) in &members {
            if self.unknown.len() < 20 && !self.names.iter().any(|n| n == key.trim()) {
                self.unknown.insert(key.trim().to_owned());
            }
        }
        let of = |name: &String| members.iter().find(|(k, _)| k.trim() == name).map_or(&[][..], |(_, v)| v.as_bytes());
        self.fields.of_cells(self.line, self.names.iter().map(of));
        rows.row(&self.fields, store, reporter)
    }
}
