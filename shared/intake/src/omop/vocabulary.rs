//! Concepts and their ancestors: kept as far as the records use them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::layout::Layout;
use super::reader::Row;
use crate::report::Fate;

/// A concept's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Concept {
    pub(super) system: String,
    pub(super) code: String,
    pub(super) display: String,
}

/// The vocabulary tables.
#[derive(Default)]
pub(super) struct Vocabulary {
    concepts: FxHashMap<i64, Concept>,
    /// (ancestor, descendant).
    ancestors: Vec<(i64, i64)>,
    /// What the records use, once they are complete.
    used: Option<FxHashSet<i64>>,
    has_ancestors: bool,
}

impl Vocabulary {
    /// From now on keeps only what is about these concepts.
    pub(super) fn only(&mut self, used: FxHashSet<i64>) {
        self.used.get_or_insert_default().extend(used);
    }

    pub(super) fn concept(&mut self, layout: &Layout, row: &Row<'_>) -> Fate {
        let Some(id) = integer(row.bytes(layout.extra(0))) else { return Fate::NotUsed };
        if self.used.as_ref().is_some_and(|used| !used.contains(&id)) {
            return Fate::NotUsed;
        }
        let text = |i| row.text(layout.extra(i)).into_owned();
        self.concepts.insert(id, Concept { system: text(2), code: text(3), display: text(1) });
        Fate::Kept
    }

    pub(super) fn ancestor(&mut self, layout: &Layout, row: &Row<'_>) -> Fate {
        self.has_ancestors = true;
        let (Some(ancestor), Some(descendant)) =
            (integer(row.bytes(layout.extra(0))), integer(row.bytes(layout.extra(1))))
        else {
            return Fate::NotUsed;
        };
        if let Some(used) = &mut self.used {
            if !used.contains(&descendant) {
                return Fate::NotUsed;
            }
            // So that its words are kept too: people choose an ancestor by its name.
            used.insert(ancestor);
        }
        self.ancestors.push((ancestor, descendant));
        Fate::Kept
    }

    pub(super) fn get(&self, id: i64) -> Option<&Concept> {
        self.concepts.get(&id)
    }

    /// Forgets ancestors of concepts that are not `events`', and words of what is neither `used` nor such an ancestor. Gives
    /// the numbers of concepts and of ancestor rows that are left.
    pub(super) fn prune(&mut self, used: &FxHashSet<i64>, events: &FxHashSet<i64>) -> (u64, u64) {
        self.ancestors.retain(|(_, descendant)| events.contains(descendant));
        self.ancestors.sort_unstable();
        self.ancestors.dedup();
        let ancestors: FxHashSet<i64> = self.ancestors.iter().map(|(a, _)| *a).collect();
        self.concepts.retain(|id, _| used.contains(id) || ancestors.contains(id));
        (self.concepts.len() as u64, self.ancestors.len() as u64)
    }

    /// Ancestor and descendant, sorted; nothing where no ancestor table was read.
    pub(super) fn ancestors(&self) -> Option<&[(i64, i64)]> {
        self.has_ancestors.then_some(self.ancestors.as_slice())
    }
}

/// A whole number as OMOP's ids are.
pub(super) fn integer(bytes: &[u8]) -> Option<i64> {
    // Exports through spreadsheets and pandas write 8507.0.
    let bytes = bytes.strip_suffix(b".0").unwrap_or(bytes);
    std::str::from_utf8(bytes).ok()?.parse().ok()
}
