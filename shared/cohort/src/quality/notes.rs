//! Clinic notes: dates, texts, doubles.

use std::hash::{Hash as _, Hasher as _};

use arrow_array::{Array as _, StringArray};
use columnar::{Column, Table};
use model::tables;
use rustc_hash::{FxHashMap, FxHasher};

use super::checks::{
    NOTE_AFTER_DEATH, NOTE_BEFORE_BIRTH, NOTE_DOUBLE, NOTE_FUTURE, NOTE_WITHOUT_DATE, NOTE_WITHOUT_TEXT,
};
use super::columns::{day_at, days};
use super::list::{List, Share};
use super::persons::{add_or_no_today, births, last_day};
use super::{DAYS_AFTER_DEATH, QualitySettings};
use crate::error::CohortError;
use crate::evaluate::Tick;
use crate::source::{Source, index_column};

/// Notes between two looks at whether to go on.
const STRIDE: usize = 4096;

/// Number of notes.
pub(super) fn n_notes(source: &Source<'_>) -> u64 {
    source.data.table(tables::NOTE).map_or(0, |t| t.n_rows() as u64)
}

pub(super) fn check(
    source: &Source<'_>,
    settings: &QualitySettings,
    list: &mut List,
    tick: &mut Tick<'_>,
) -> Result<(), CohortError> {
    let Some(table) = source.data.table(tables::NOTE).filter(|t| t.n_rows() > 0) else {
        if source.is_record() {
            list.not_applicable(&NOTE_WITHOUT_TEXT, "There are no notes.");
        }
        return Ok(());
    };
    let person = index_column(table, tables::NOTE, tables::NOTE_PERSON)?;
    dates(source, settings, table, person, list);
    texts(table, person, list, tick)
}

fn dates(source: &Source<'_>, settings: &QualitySettings, table: &Table, person: &[u32], list: &mut List) {
    let births = births(source);
    let latest = last_day(settings);
    let column = days(table, tables::NOTE_DAY);
    let (mut missing, mut early) = (Share::default(), Share::default());
    let (mut late, mut future) = (Share::default(), Share::default());
    for (row, of) in person.iter().enumerate() {
        let day = column.and_then(|c| day_at(c, row));
        missing.add(day.is_none());
        let Some(day) = day else { continue };
        if let Some(born) = births.get(*of as usize).copied().flatten() {
            early.add(day < born);
        }
        if let Some(died) = source.index.death_day(*of) {
            late.add(day > died.saturating_add(DAYS_AFTER_DEATH));
        }
        if let Some(latest) = latest {
            future.add(day > latest);
        }
    }
    list.add(&NOTE_WITHOUT_DATE, "", missing);
    list.add(&NOTE_BEFORE_BIRTH, "", early);
    list.add(&NOTE_AFTER_DEATH, "", late);
    add_or_no_today(list, &NOTE_FUTURE, "", settings, future);
}

fn texts(table: &Table, person: &[u32], list: &mut List, tick: &mut Tick<'_>) -> Result<(), CohortError> {
    let Some(Column::Text(texts)) = table.column(tables::NOTE_TEXT) else {
        let all = table.n_rows() as u64;
        list.add(&NOTE_WITHOUT_TEXT, "", Share { violated: all, total: all });
        return Ok(());
    };
    let column = days(table, tables::NOTE_DAY);
    let (mut empty, mut double) = (Share::default(), Share::default());
    // By person, day and digest of the text: the rows to compare with.
    let mut seen: FxHashMap<(u32, Option<i32>, u64), Vec<usize>> = FxHashMap::default();
    for (row, of) in person.iter().enumerate() {
        if row % STRIDE == 0 && !tick(0.9) {
            return Err(CohortError::Cancelled);
        }
        let text = text_at(texts, row);
        empty.add(text.trim().is_empty());
        if text.trim().is_empty() {
            continue;
        }
        let mut hasher = FxHasher::default();
        text.hash(&mut hasher);
        let alike = seen.entry((*of, column.and_then(|c| day_at(c, row)), hasher.finish())).or_default();
        let is_double = alike.iter().any(|other| text_at(texts, *other) == text);
        double.add(is_double);
        if !is_double {
            alike.push(row);
        }
    }
    list.add(&NOTE_WITHOUT_TEXT, "", empty);
    list.add(&NOTE_DOUBLE, "", double);
    Ok(())
}

fn text_at(texts: &StringArray, row: usize) -> &str {
    if texts.is_valid(row) { texts.value(row) } else { "" }
}
