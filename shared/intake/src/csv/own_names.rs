//! Levels in which a person's own name stands: 'Smith' in a column of contacts, in the row of somebody called so.
//!
//! One word without digits is no name to the screen, since 'Smith' cannot be told from any other word. The names that the same row gives
//! are known, though. A level is taken for a name where at least half of its rows are of persons who are called so: the race of one Mr
//! White stays what it is.

use std::collections::BTreeSet;

use model::dataset::ColumnRole;
use model::intake::CsvMapping;
use rustc_hash::FxHashMap;

use super::known::{Tells, tells};
use super::sink::Missing;
use crate::free_text::KnownIdentifiers;
use crate::scanner::Fields;

/// Shortest word of a name that is looked for.
const SHORTEST: usize = 2;

/// Rows of a level in which the row's own name stands, and these names.
#[derive(Default)]
struct Hits {
    n: u64,
    names: BTreeSet<String>,
}

/// What was seen of own names in levels.
#[derive(Default)]
pub(super) struct OwnNames {
    names: Vec<usize>,
    levels: Vec<usize>,
    hits: FxHashMap<(usize, Box<[u8]>), Hits>,
}

impl OwnNames {
    /// Looks into the columns of levels of a plan, if one of its columns is a name.
    pub(super) fn new(mapping: &CsvMapping, screens: bool) -> Self {
        let mut out = Self::default();
        if screens {
            for (i, column) in mapping.columns.iter().enumerate() {
                if tells(column) == Some(Tells::Name) {
                    out.names.push(i);
                } else if column.role == ColumnRole::Category && column.identifier_class.is_none() {
                    out.levels.push(i);
                }
            }
        }
        if out.names.is_empty() || out.levels.is_empty() { Self::default() } else { out }
    }

    /// Finds the places of the columns again, when the plan was put into the order of the file.
    pub(super) fn again(&mut self, mapping: &CsvMapping) {
        if !self.names.is_empty() {
            *self = Self::new(mapping, true);
        }
    }

    /// Takes a row that is kept.
    #[inline]
    pub(super) fn row(&mut self, buffer: &[u8], fields: &Fields, missing: &Missing) {
        if !self.names.is_empty() {
            self.look(buffer, fields, missing);
        }
    }

    fn look(&mut self, buffer: &[u8], fields: &Fields, missing: &Missing) {
        let field = |i: usize| fields.get(buffer, i).trim_ascii();
        let given = || self.names.iter().map(|i| field(*i)).filter(|f| !missing.is(f));
        let mut names = given().flat_map(words).filter(|w| w.len() >= SHORTEST).peekable();
        if names.peek().is_none() {
            return;
        }
        let names: Vec<&[u8]> = names.collect();
        for place in &self.levels {
            let level = field(*place);
            if level.len() < SHORTEST || missing.is(level) {
                continue;
            }
            let mut found =
                words(level).filter_map(|word| names.iter().find(|name| same(name, word))).copied().peekable();
            if found.peek().is_none() {
                continue;
            }
            let hits = self.hits.entry((*place, level.into())).or_default();
            hits.n += 1;
            hits.names.extend(found.map(|name| String::from_utf8_lossy(name).into_owned()));
        }
    }

    /// The names that are to be looked for in a level of a column, which stands in `n_rows` rows.
    pub(super) fn known(&self, place: usize, level: &str, n_rows: u64) -> Option<KnownIdentifiers> {
        let hits = self.hits.get(&(place, level.as_bytes().into())).filter(|hits| hits.n * 2 >= n_rows)?;
        Some(KnownIdentifiers { names: hits.names.iter().cloned().collect(), numbers: Vec::new() })
    }
}

/// The words of a text: its letters, all bytes of other scripts among them.
fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|b| !(b.is_ascii_alphabetic() || *b >= 0x80)).filter(|w| !w.is_empty())
}

fn same(a: &[u8], b: &[u8]) -> bool {
    a.eq_ignore_ascii_case(b)
}
