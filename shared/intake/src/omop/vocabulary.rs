//! Concepts, their ancestors and what is mapped to what: kept as far as the records use them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::layout::Layout;
use super::row::Row;
use crate::report::Fate;

/// The relationship that leads from a source code to the standard concept for it.
const MAPS_TO: &str = "Maps to";

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
    /// (mapped, standard): which concept a concept is mapped to.
    maps: Vec<(i64, i64)>,
    /// What the records use, once they are complete.
    used: Option<FxHashSet<i64>>,
    /// What they are mapped to or from.
    mapped: FxHashSet<i64>,
    has_ancestors: bool,
    has_maps: bool,
}

/// Rows that are left after [`Vocabulary::prune`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) n_concepts: u64,
    pub(super) n_ancestors: u64,
    pub(super) n_maps: u64,
}

impl Vocabulary {
    /// From now on keeps only what is about these concepts.
    pub(super) fn only(&mut self, used: FxHashSet<i64>) {
        self.used.get_or_insert_default().extend(used);
    }

    pub(super) fn concept(&mut self, layout: &Layout, row: Row<'_>) -> Fate {
        let Some(id) = row.integer(layout.extra(0)).value() else { return Fate::NotUsed };
        if self.used.as_ref().is_some_and(|used| !used.contains(&id) && !self.mapped.contains(&id)) {
            return Fate::NotUsed;
        }
        let text = |i| row.text(layout.extra(i)).into_owned();
        self.concepts.insert(id, Concept { system: text(2), code: text(3), display: text(1) });
        Fate::Kept
    }

    pub(super) fn ancestor(&mut self, layout: &Layout, row: Row<'_>) -> Fate {
        self.has_ancestors = true;
        let (Some(ancestor), Some(descendant)) =
            (row.integer(layout.extra(0)).value(), row.integer(layout.extra(1)).value())
        else {
            return Fate::NotUsed;
        };
        if let Some(used) = &mut self.used {
            if !used.contains(&descendant) && !self.mapped.contains(&descendant) {
                return Fate::NotUsed;
            }
            // So that its words are kept too: people choose an ancestor by its name.
            used.insert(ancestor);
        }
        self.ancestors.push((ancestor, descendant));
        Fate::Kept
    }

    /// Takes a relationship: of those that are valid, what is mapped to what.
    pub(super) fn relationship(&mut self, layout: &Layout, row: Row<'_>) -> Fate {
        self.has_maps = true;
        let ends = (row.integer(layout.extra(0)).value(), row.integer(layout.extra(1)).value());
        let (Some(mapped), Some(standard)) = ends else { return Fate::NotUsed };
        // Every standard concept is mapped to itself, which says nothing.
        if mapped == standard || !row.is_missing(layout.extra(3)) || row.text(layout.extra(2)) != MAPS_TO {
            return Fate::NotUsed;
        }
        if let Some(used) = &self.used {
            if !used.contains(&mapped) && !used.contains(&standard) {
                return Fate::NotUsed;
            }
            self.mapped.extend([mapped, standard]);
        }
        self.maps.push((mapped, standard));
        Fate::Kept
    }

    pub(super) fn get(&self, id: i64) -> Option<&Concept> {
        self.concepts.get(&id)
    }

    /// Forgets maps that do not begin or end at a concept of `events`; ancestors of what is neither one of these nor what one
    /// is mapped to; words of what is neither `used`, nor such an ancestor, nor an end of such a map.
    pub(super) fn prune(&mut self, used: &FxHashSet<i64>, events: &FxHashSet<i64>) -> Left {
        self.maps.retain(|(mapped, standard)| events.contains(mapped) || events.contains(standard));
        self.maps.sort_unstable();
        self.maps.dedup();
        let targets: FxHashSet<i64> =
            self.maps.iter().filter(|(mapped, _)| events.contains(mapped)).map(|(_, standard)| *standard).collect();
        self.ancestors.retain(|(_, descendant)| events.contains(descendant) || targets.contains(descendant));
        self.ancestors.sort_unstable();
        self.ancestors.dedup();
        let mut worded: FxHashSet<i64> = self.ancestors.iter().map(|(a, _)| *a).collect();
        worded.extend(self.maps.iter().flat_map(|(mapped, standard)| [*mapped, *standard]));
        self.concepts.retain(|id, _| used.contains(id) || worded.contains(id));
        Left {
            n_concepts: self.concepts.len() as u64,
            n_ancestors: self.ancestors.len() as u64,
            n_maps: self.maps.len() as u64,
        }
    }

    /// Ancestor and descendant, sorted; nothing where no ancestor table was read.
    pub(super) fn ancestors(&self) -> Option<&[(i64, i64)]> {
        self.has_ancestors.then_some(self.ancestors.as_slice())
    }

    /// Mapped and standard concept, sorted; nothing where no table of relationships was read.
    pub(super) fn maps(&self) -> Option<&[(i64, i64)]> {
        self.has_maps.then_some(self.maps.as_slice())
    }
}
