//! Rows that came more than once: the same extract under two names, extracts that overlap.
//!
//! A row is known by its table, primary key and person. The same row again is not used; another row under the same key is an
//! update, and the later one counts. Rows without a key are the same where every field that is used is; within one file they
//! all count, since two doses on one day are two rows, and of several files the one that has the row most often.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::ids::RowId;
use super::super::record::{Event, Note, Period, Records};
use super::{Assembly, FileCount, Table};
use crate::event::Place;
use crate::report::counted;

/// Leaves repeated rows out; each counts as not used in its file.
pub(super) fn leave_out(a: &mut Assembly, files: &mut [FileCount]) {
    let mut out = LeftOut::default();
    let several = |table: Table| files.iter().filter(|f| f.table == table.name()).count() > 1;
    let in_several: Vec<Table> = Table::all().filter(|table| several(*table)).collect();
    let notes_in_several = several(Table::Note);

    let Records { events, spans, tables, row_ids, .. } = &mut a.records;
    let table_of = |e: &Event| tables.of(e.place);
    for events in [events, spans] {
        let keep = known(
            events.iter().map(|e| (table_of(e) as u8, row_ids.full(e.more), e.person)),
            |i, j| events.get(i).map(content) == events.get(j).map(content),
            &mut out,
        );
        retain(events, &keep, |e| e.place, files);
        if in_several.is_empty() {
            continue;
        }
        let anonymous = |e: &Event| row_ids.full(e.more).is_none() && in_several.contains(&table_of(e));
        let content = |e: &Event| (table_of(e) as u8, content(e));
        let keep = unknown(events, anonymous, content, |e| e.place, &mut out);
        retain(events, &keep, |e| e.place, files);
    }

    // A period that stands twice is one, wherever it stands.
    let periods = &mut a.records.periods;
    let mut seen = FxHashSet::default();
    let keep: Vec<bool> = periods.iter().map(|p: &Period| seen.insert((p.person, p.start, p.end))).collect();
    out.n_same += keep.iter().filter(|k| !**k).count() as u64;
    retain(periods, &keep, |p| p.place, files);

    let notes = &mut a.records.notes;
    let is_same = |i: usize, j: usize| {
        let of = |i: usize| notes.get(i).map(|n| (n.day, &n.title, &n.text));
        of(i) == of(j)
    };
    let keep = known(notes.iter().map(|n| (0, n.id, n.person)), is_same, &mut out);
    retain(notes, &keep, |n| n.place, files);
    let text = |n: &Note| (n.person, n.day, n.title.clone(), n.text.clone());
    let keep = unknown(notes, |n| n.id.is_none() && notes_in_several, text, |n| n.place, &mut out);
    retain(notes, &keep, |n| n.place, files);
    out.n_same += a.records.n_repeated;
    out.say(a);
}

/// What was left out.
#[derive(Default)]
struct LeftOut {
    n_same: u64,
    n_updated: u64,
}

impl LeftOut {
    fn say(&self, a: &mut Assembly) {
        if self.n_same > 0 {
            a.core.reporter.warn(format!(
                "{} more than once (the same row of the same table): each is kept once, the copies are not used.",
                counted(self.n_same, "row came", "rows came")
            ));
        }
        if self.n_updated > 0 {
            a.core.reporter.warn(format!(
                "{} under the primary key of the same person's row before: the later row counts, the earlier one is not used.",
                counted(self.n_updated, "row came", "rows came")
            ));
        }
    }
}

/// Which rows with a primary key stay: of several of one key the last.
fn known(
    rows: impl Iterator<Item = (u8, Option<RowId>, u32)> + Clone,
    same: impl Fn(usize, usize) -> bool,
    out: &mut LeftOut,
) -> Vec<bool> {
    // Keys that only rise are all different: so they are in most tables of an extract, which need no sorting then.
    let mut tables = vec![(None::<RowId>, false); 256];
    let mut n = 0;
    for (table, id, _) in rows.clone() {
        n += 1;
        if let (Some(id), Some((last, falls))) = (id, tables.get_mut(usize::from(table))) {
            *falls |= last.replace(id).is_some_and(|before| before >= id);
        }
    }
    let mut keep = vec![true; n];
    let falls = |table: u8| tables.get(usize::from(table)).is_some_and(|(_, falls)| *falls);
    let in_doubt = (0u32..).zip(rows).filter(|(_, (table, ..))| falls(*table));
    let mut order: Vec<_> = in_doubt.filter_map(|(i, (table, id, person))| Some(((table, id?, person), i))).collect();
    order.sort_unstable();
    for pair in order.windows(2) {
        let [(before, i), (after, j)] = pair else { continue };
        let (i, j) = (*i as usize, *j as usize);
        if before == after {
            if let Some(flag) = keep.get_mut(i) {
                *flag = false;
            }
            if same(i, j) {
                out.n_same += 1;
            } else {
                out.n_updated += 1;
            }
        }
    }
    keep
}

/// Which rows without a key stay: of each content as many as the file with most of them has.
fn unknown<T, K: Eq + Hash>(
    rows: &[T],
    of: impl Fn(&T) -> bool,
    content: impl Fn(&T) -> K,
    place: impl Fn(&T) -> Place,
    out: &mut LeftOut,
) -> Vec<bool> {
    let mut keep = vec![true; rows.len()];
    let mut kept: FxHashMap<K, u32> = FxHashMap::default();
    let mut here: FxHashMap<K, u32> = FxHashMap::default();
    let mut file = u32::MAX;
    for (row, keep) in rows.iter().zip(&mut keep) {
        if !of(row) {
            continue;
        }
        if place(row).file != file {
            file = place(row).file;
            here.clear();
        }
        let n_here = here.entry(content(row)).or_default();
        *n_here += 1;
        let n_kept = kept.entry(content(row)).or_default();
        if *n_here > *n_kept {
            *n_kept += 1;
        } else {
            *keep = false;
            out.n_same += 1;
        }
    }
    keep
}

fn retain<T>(rows: &mut Vec<T>, keep: &[bool], place: impl Fn(&T) -> Place, files: &mut [FileCount]) {
    if keep.iter().all(|keep| *keep) {
        return;
    }
    let mut flags = keep.iter();
    rows.retain(|row| {
        let keep = flags.next().copied().unwrap_or(true);
        if !keep && let Some(file) = files.get_mut(place(row).file as usize) {
            file.rows_kept = file.rows_kept.saturating_sub(1);
            file.rows_not_used += 1;
        }
        keep
    });
}

/// What a row says, but for its table.
fn content(e: &Event) -> (u32, u32, i32, Option<i32>, Option<u64>, u32, u32) {
    (e.person, e.concept, e.start, e.end(), e.value().map(f64::to_bits), e.text, e.unit)
}
