//! One person's record: the only rows that reach the page.

use std::collections::BTreeMap;

use columnar::{Category, Column, Table};
use model::tables;
use protocol::{
    EngineError, NoteToRead, NoteWithFindings, PersonNote, PersonTimeline, ReadNotes, Timeline, TimelineEvent,
    TimelineNote,
};

use super::over_time::birth_year;
use super::persons::{key_of, row_of};
use super::values::flag;
use crate::columns::{category, concept_at, index};
use crate::datasets::OpenDataset;
use crate::{Engine, reading};

/// Events that are sent of a person; there are hardly ever more.
const MOST_EVENTS: usize = 20_000;

/// A person's record.
pub(crate) fn timeline(engine: &Engine, request: &PersonTimeline) -> Result<Timeline, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    if !open.source().is_record() {
        return Err(EngineError::invalid(
            "A flat file has one row a person and no dated events: there is no timeline to show.",
        ));
    }
    let row = row_of(open, &request.person)?;
    let person = open.data.table(tables::PERSON);
    let (concepts, events) = events(open, row);
    Ok(Timeline {
        person: key_of(open, row),
        sex: person.and_then(|t| category(t, tables::PERSON_SEX)).and_then(|c| level(c, row as usize)),
        birth_year: person.and_then(|t| birth_year(t, row as usize)),
        death_day: open.index.death_day(row),
        periods: open.index.periods(row).iter().map(|p| (p.start_day, p.end_day)).collect(),
        facts: facts(open, row as usize),
        concepts,
        n_events: open.index.event_rows(row).len() as u64,
        events,
        notes: notes(open, row),
    })
}

fn level(category: &Category, row: usize) -> Option<String> {
    category.level(row).map(str::to_owned)
}

fn day_at(column: Option<&Column>, row: usize) -> Option<i32> {
    match column {
        Some(column @ Column::Day(days)) if !column.is_missing(row) => Some(days.value(row)),
        _ => None,
    }
}

/// Values of the variables, as text.
fn facts(open: &OpenDataset, row: usize) -> Vec<(String, String)> {
    let Some(table) = open.data.table(tables::VARIABLE) else { return Vec::new() };
    let value = |column: &Column| {
        if row >= column.len() || column.is_missing(row) {
            return None;
        }
        Some(match column {
            Column::Number(numbers) => numbers.value(row).to_string(),
            Column::Day(days) => columnar::day::format_iso(days.value(row)),
            Column::Category(category) => category.level(row).unwrap_or_default().to_owned(),
            Column::Text(texts) => texts.value(row).to_owned(),
            Column::Index(_) => return None,
        })
    };
    let columns = table.columns().iter();
    columns.filter_map(|(name, column)| Some((name.clone(), value(column)?))).collect()
}

fn events(open: &OpenDataset, person: u32) -> (Vec<model::concept::ConceptRef>, Vec<TimelineEvent>) {
    let (mut concepts, mut places) = (Vec::new(), BTreeMap::<u32, u32>::new());
    let Some(table) = open.data.table(tables::EVENT) else { return (concepts, Vec::new()) };
    let concept_table = open.data.table(tables::CONCEPT);
    let concept = index(table, tables::EVENT_CONCEPT).unwrap_or(&[]);
    let (start, end) = (table.column(tables::EVENT_START_DAY), table.column(tables::EVENT_END_DAY));
    let words = |name: &str, row: usize| category(table, name).and_then(|c| level(c, row));
    let events = open.index.event_rows(person).take(MOST_EVENTS).map(|row| {
        let of = concept.get(row).copied().unwrap_or(u32::MAX);
        let place = *places.entry(of).or_insert_with(|| {
            concepts.push(named(concept_table, of));
            u32::try_from(concepts.len() - 1).unwrap_or(u32::MAX)
        });
        let value = match table.column(tables::EVENT_VALUE) {
            Some(column @ Column::Number(numbers)) if !column.is_missing(row) => Some(numbers.value(row)),
            _ => None,
        };
        let unit = words(tables::EVENT_UNIT, row);
        let named = concepts.get(place as usize);
        let flag = named.zip(value).and_then(|(concept, value)| flag(concept, value, unit.as_deref()));
        TimelineEvent {
            domain: words(tables::EVENT_DOMAIN, row).unwrap_or_default(),
            concept: place,
            start_day: day_at(start, row),
            end_day: day_at(end, row),
            value,
            value_text: words(tables::EVENT_VALUE_TEXT, row),
            unit,
            provenance: words(tables::EVENT_PROVENANCE, row),
            flag,
        }
    });
    let events = events.collect();
    (concepts, events)
}

fn named(table: Option<&Table>, row: u32) -> model::concept::ConceptRef {
    match table.filter(|t| (row as usize) < t.n_rows()) {
        Some(table) => concept_at(table, row as usize),
        None => model::concept::ConceptRef {
            system: String::new(),
            code: "unknown".to_owned(),
            display: "a concept that is not in the dataset".to_owned(),
            omop_id: None,
        },
    }
}

/// Rows of a person's notes, by day.
fn note_rows(open: &OpenDataset, person: u32) -> Vec<usize> {
    let Some(table) = open.data.table(tables::NOTE) else { return Vec::new() };
    let persons = index(table, tables::NOTE_PERSON).unwrap_or(&[]);
    let mut rows: Vec<usize> = persons.iter().enumerate().filter(|(_, p)| **p == person).map(|(row, _)| row).collect();
    rows.sort_by_key(|row| day_at(table.column(tables::NOTE_DAY), *row));
    rows
}

fn note_text(open: &OpenDataset, row: usize) -> &str {
    match open.data.table(tables::NOTE).and_then(|t| t.column(tables::NOTE_TEXT)) {
        Some(column @ Column::Text(texts)) if row < column.len() && !column.is_missing(row) => texts.value(row),
        _ => "",
    }
}

fn notes(open: &OpenDataset, person: u32) -> Vec<TimelineNote> {
    let Some(table) = open.data.table(tables::NOTE) else { return Vec::new() };
    let title = category(table, tables::NOTE_TITLE);
    (0..)
        .zip(note_rows(open, person))
        .map(|(note, row)| TimelineNote {
            note,
            day: day_at(table.column(tables::NOTE_DAY), row),
            title: title.and_then(|t| level(t, row)).unwrap_or_default(),
            n_chars: note_text(open, row).chars().count() as u64,
        })
        .collect()
}

/// A person's note with what is read in it.
pub(crate) fn note(engine: &Engine, request: &PersonNote) -> Result<NoteWithFindings, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let person = row_of(open, &request.person)?;
    let rows = note_rows(open, person);
    let row = rows.get(request.note as usize).ok_or_else(|| EngineError::NotFound { what: "This note".to_owned() })?;
    let text = note_text(open, *row).to_owned();
    let read = reading::read(&ReadNotes { notes: vec![NoteToRead { text: text.clone(), target: None }] })?;
    let read = read.into_iter().next().ok_or_else(|| EngineError::NotFound { what: "This note".to_owned() })?;
    Ok(NoteWithFindings { text, read })
}
