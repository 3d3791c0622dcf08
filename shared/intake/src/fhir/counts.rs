//! Resources by file and type, and why they were not used.

use std::collections::BTreeMap;

use model::intake::FileCount;

use super::store::Place;
use crate::report::{Reporter, counted};

/// Types told apart in one import; further ones are counted together.
const MAX_TYPES: usize = 300;
/// Rows of the list by file and type, at most; more are counted by type only.
const MAX_LISTED: usize = 2000;
/// Name of the count of what is no resource.
pub(super) const UNREAD: &str = "unreadable";

/// Resources of one file and type.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    file: u32,
    name: u32,
    read: u64,
    kept: u64,
    rejected: u64,
    not_used: u64,
}

/// The counts of an import.
#[derive(Debug, Default)]
pub(super) struct Counts {
    files: Vec<String>,
    names: Vec<String>,
    counts: Vec<Count>,
    /// Counts of the file that is being read begin here.
    current: usize,
    /// Why resources of a type were not used.
    why: BTreeMap<(String, String), u64>,
    /// Resources of types that are not read.
    unread: BTreeMap<String, u64>,
    pub(super) n_read: u64,
    pub(super) n_late: u64,
    pub(super) n_superseded: u64,
}

impl Counts {
    pub(super) fn begin_file(&mut self, name: &str) {
        self.files.push(name.to_owned());
        self.current = self.counts.len();
    }

    pub(super) fn file(&self) -> &str {
        self.files.last().map_or("", String::as_str)
    }

    /// The file ended: it stands in the report even if nothing was in it.
    pub(super) fn end_file(&mut self) {
        if self.current == self.counts.len() {
            self.of("not used");
        }
    }

    /// The count of a type in the file that is being read.
    pub(super) fn of(&mut self, name: &str) -> u32 {
        let name = self.name(name);
        let here = self.counts.iter().enumerate().skip(self.current).find(|(_, c)| c.name == name);
        let i = here.map_or(self.counts.len(), |(i, _)| i);
        if i == self.counts.len() {
            let file = u32::try_from(self.files.len().saturating_sub(1)).unwrap_or(0);
            self.counts.push(Count { file, name, ..Count::default() });
        }
        u32::try_from(i).unwrap_or(0)
    }

    fn name(&mut self, name: &str) -> u32 {
        // What is no type's name is not repeated in a report: it may be anything.
        let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ');
        let name = if plain && !name.is_empty() { name } else { "of an unknown type" };
        let at = self.names.iter().position(|n| n == name);
        let name = if at.is_none() && self.names.len() >= MAX_TYPES { "of other types" } else { name };
        let at = at.or_else(|| self.names.iter().position(|n| n == name)).unwrap_or(self.names.len());
        if at == self.names.len() {
            self.names.push(name.to_owned());
        }
        u32::try_from(at).unwrap_or(0)
    }

    fn add(&mut self, count: u32, f: impl FnOnce(&mut Count)) {
        if let Some(count) = self.counts.get_mut(count as usize) {
            f(count);
        }
    }

    /// Resources read by type, the most frequent first.
    pub(super) fn types(&self) -> Vec<(&str, u64)> {
        let mut by_name: BTreeMap<&str, u64> = BTreeMap::new();
        for count in self.counts.iter().filter(|count| count.read > 0) {
            let name = self.names.get(count.name as usize).map_or("", String::as_str);
            *by_name.entry(name).or_default() += count.read;
        }
        let mut types: Vec<_> = by_name.into_iter().collect();
        crate::order::sort_by_key(&mut types, |(_, n)| std::cmp::Reverse(*n));
        types
    }

    pub(super) fn kept(&mut self, count: u32) {
        self.n_read += 1;
        self.add(count, |c| (c.read, c.kept) = (c.read + 1, c.kept + 1));
    }

    pub(super) fn rejected(&mut self, count: u32) {
        self.n_read += 1;
        self.add(count, |c| (c.read, c.rejected) = (c.read + 1, c.rejected + 1));
    }

    /// A resource of a type that is not read.
    pub(super) fn other_type(&mut self, count: u32) {
        self.n_read += 1;
        self.add(count, |c| (c.read, c.not_used) = (c.read + 1, c.not_used + 1));
        let name = self.name_of(count);
        *self.unread.entry(name).or_default() += 1;
    }

    /// A resource that is not used for a reason.
    pub(super) fn not_used(&mut self, count: u32, why: &str) {
        self.n_read += 1;
        self.add(count, |c| (c.read, c.not_used) = (c.read + 1, c.not_used + 1));
        let name = self.name_of(count);
        *self.why.entry((name, why.to_owned())).or_default() += 1;
    }

    fn name_of(&self, count: u32) -> String {
        let name = self.counts.get(count as usize).and_then(|c| self.names.get(c.name as usize));
        name.cloned().unwrap_or_default()
    }

    /// A resource that was kept is rejected after all.
    pub(super) fn take_back(&mut self, place: Place) {
        self.add(place.count, |c| (c.kept, c.rejected) = (c.kept.saturating_sub(1), c.rejected + 1));
    }

    /// A resource that was kept is not used after all.
    pub(super) fn leave_out(&mut self, place: Place, why: Option<&str>) {
        self.add(place.count, |c| (c.kept, c.not_used) = (c.kept.saturating_sub(1), c.not_used + 1));
        if let Some(why) = why {
            let name = self.name_of(place.count);
            *self.why.entry((name, why.to_owned())).or_default() += 1;
        }
    }

    pub(super) fn file_of(&self, place: Place) -> &str {
        let file = self.counts.get(place.count as usize).and_then(|c| self.files.get(c.file as usize));
        file.map_or("", String::as_str)
    }

    /// The order of the report: by file.
    pub(super) fn order(&self, place: Place) -> (u32, u64, u32) {
        (self.counts.get(place.count as usize).map_or(0, |c| c.file), place.line, place.entry)
    }

    /// Puts counts and reasons into the report.
    pub(super) fn report(self, reporter: &mut Reporter) {
        for ((name, why), n) in &self.why {
            reporter.warn(format!("{name}: {} not used: {why}.", counted(*n, "resource", "resources")));
        }
        if !self.unread.is_empty() {
            let all: Vec<String> = self.unread.iter().map(|(name, n)| counted(*n, name, name)).collect();
            reporter.warn(format!("Resources that Rounds has no use for: {}.", all.join(", ")));
        }
        let together = self.counts.len() > MAX_LISTED;
        let mut rows: Vec<FileCount> = Vec::new();
        let mut row_of: BTreeMap<u32, usize> = BTreeMap::new();
        for c in &self.counts {
            let file = if together { format!("{} files", self.files.len()) } else { self.file_name(c) };
            let table = self.names.get(c.name as usize).cloned().unwrap_or_default();
            let row = FileCount {
                file,
                table,
                rows_read: c.read,
                rows_kept: c.kept,
                rows_rejected: c.rejected,
                rows_not_used: c.not_used,
            };
            match row_of.get(&c.name).and_then(|i| rows.get_mut(*i)).filter(|_| together) {
                Some(there) => {
                    there.rows_read += row.rows_read;
                    there.rows_kept += row.rows_kept;
                    there.rows_rejected += row.rows_rejected;
                    there.rows_not_used += row.rows_not_used;
                }
                None => {
                    row_of.insert(c.name, rows.len());
                    rows.push(row);
                }
            }
        }
        rows.into_iter().for_each(|row| reporter.file(row));
    }

    fn file_name(&self, count: &Count) -> String {
        self.files.get(count.file as usize).cloned().unwrap_or_default()
    }
}
