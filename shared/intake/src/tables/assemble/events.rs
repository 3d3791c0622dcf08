//! The event table and the concepts that it refers to.

use std::collections::BTreeMap;

use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, NumberBuilder, TextBuilder};
use model::tables;
use notes::{Class, KnownIdentifiers};
use rustc_hash::FxHashMap;

use super::super::store::{Concept, Event, SOURCE};
use super::Assembly;
use crate::IntakeError;
use crate::assemble::{EventRow, EventTable, Findings, table};
use crate::report::counted;
use crate::units::{self, How};

/// Makes both: events by person, start, then what they say, so that the order of the files does not matter.
pub(super) fn make(a: &mut Assembly, findings: Findings) -> Result<(Columns, Columns), IntakeError> {
    let concepts = a.store.concepts();
    settle(a, &concepts);
    let mut screen = Screen { on: a.core.settings.safe_harbor, found: BTreeMap::new(), done: FxHashMap::default() };
    let (rows, of_findings, concept_table) = concept_table(&a.store.events, &concepts, &findings, &mut screen)?;
    let mut all = std::mem::take(&mut a.store.events);
    let mut table = EventTable::new(all.len(), findings, of_findings)?;
    let texts = |number: u32| a.store.texts.get(number).unwrap_or_default();
    let row = |e: &Event| rows.get(e.concept as usize).copied().unwrap_or(0);
    all.sort_by(|x, y| {
        let key =
            |e: &Event| (e.person, e.start, e.domain, row(e), e.end.unwrap_or(e.start), e.value.map(f64::to_bits));
        let words = |e: &Event| (texts(e.text), texts(e.unit));
        key(x).cmp(&key(y)).then_with(|| words(x).cmp(&words(y)))
    });
    for e in &all {
        let text = a.store.texts.get(e.text).map(|text| screen.clean(e.text, text));
        let event = EventRow {
            person: e.person,
            domain: Some(e.domain),
            concept: row(e),
            start: e.start,
            end: e.end,
            value: e.value,
            text: text.as_deref(),
            unit: a.store.texts.get(e.unit),
            provenance: a.files.get(e.place.file as usize).map_or("", |f| f.file.as_str()),
            source: None,
        };
        table.push(&mut a.core, &event);
    }
    a.core.say_found(screen.found, "values given as text");
    Ok((table.finish(&mut a.core)?, concept_table))
}

/// The identifier screen for words in columns; each text once.
struct Screen {
    on: bool,
    found: BTreeMap<Class, u64>,
    done: FxHashMap<u32, String>,
}

impl Screen {
    fn clean(&mut self, number: u32, text: &str) -> String {
        if let Some(done) = self.done.get(&number) {
            return done.clone();
        }
        let clean = self.screened(text);
        self.done.insert(number, clean.clone());
        clean
    }

    fn screened(&mut self, text: &str) -> String {
        if !self.on {
            return text.to_owned();
        }
        let screened = notes::screen(text, &KnownIdentifiers::default());
        screened.identifiers.iter().for_each(|i| *self.found.entry(i.class).or_default() += 1);
        screened.text
    }

    /// What names a concept in the file's own words: of several words it may say who somebody is.
    fn named(&mut self, text: &str) -> String {
        if text.contains([' ', '@']) { self.screened(text) } else { text.to_owned() }
    }
}

/// The concepts that events and findings use, by system and code, and the row of each by its number.
fn concept_table(
    events: &[Event],
    concepts: &[Concept],
    findings: &Findings,
    screen: &mut Screen,
) -> Result<(Vec<u32>, Vec<u32>, Columns), IntakeError> {
    let mut used = vec![false; concepts.len()];
    for event in events {
        if let Some(flag) = used.get_mut(event.concept as usize) {
            *flag = true;
        }
    }
    let mut rows: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut names: Vec<Option<(String, String)>> = Vec::with_capacity(concepts.len());
    for (concept, used) in concepts.iter().zip(used) {
        if !used {
            names.push(None);
            continue;
        }
        let own = concept.system == SOURCE;
        let code = if own { screen.named(&concept.code) } else { concept.code.clone() };
        let display =
            if own && concept.display == concept.code { code.clone() } else { screen.named(&concept.display) };
        let name = (concept.system.clone(), code);
        rows.entry(name.clone()).or_insert(display);
        names.push(Some(name));
    }
    let found: Vec<(String, String)> =
        findings.names().map(|(system, code, _)| (system.to_owned(), code.to_owned())).collect();
    for (name, (.., display)) in found.iter().zip(findings.names()) {
        rows.entry(name.clone()).or_insert_with(|| display.to_owned());
    }
    let row_of: BTreeMap<&(String, String), u32> = rows.keys().zip(0u32..).collect();
    let of_findings = found.iter().map(|name| row_of.get(name).copied().unwrap_or(0)).collect();
    let numbers = names.iter().map(|n| n.as_ref().and_then(|n| row_of.get(n)).copied().unwrap_or(0)).collect();
    let (mut system, mut code, mut display) = (CategoryBuilder::new(), TextBuilder::new(), TextBuilder::new());
    let mut id = NumberBuilder::new();
    let full = |e: columnar::build::TooMuchText| IntakeError::Pack(e.to_string());
    for ((of, letters), words) in &rows {
        system.push(Some(of));
        code.push(Some(letters)).map_err(full)?;
        display.push(Some(words)).map_err(full)?;
        id.push(None);
    }
    let made = table(vec![
        (tables::CONCEPT_SYSTEM, system.finish()),
        (tables::CONCEPT_CODE, code.finish()),
        (tables::CONCEPT_DISPLAY, display.finish()),
        (tables::CONCEPT_OMOP_ID, id.finish()),
    ])?;
    Ok((numbers, of_findings, made))
}

/// Values of LOINC codes that [`units`] knows come to the unit of their quantity.
fn settle(a: &mut Assembly, concepts: &[Concept]) {
    let of = |c: &Concept| (c.system == "LOINC").then(|| units::find(&c.code)).flatten();
    let quantities: Vec<Option<&'static units::Quantity>> = concepts.iter().map(of).collect();
    if quantities.iter().all(Option::is_none) {
        return;
    }
    let (mut n_converted, mut n_odd, mut n_implausible) = (0, 0, 0);
    let texts = &mut a.store.texts;
    for event in &mut a.store.events {
        let (Some(value), Some(Some(quantity))) = (event.value, quantities.get(event.concept as usize)) else {
            continue;
        };
        let rule = quantity.rule(texts.get(event.unit));
        let settled = rule.apply(value);
        match rule.how {
            How::Same | How::Converted if settled.is_finite() => {
                n_converted += u64::from(rule.how == How::Converted);
                n_implausible += u64::from(!quantity.plausible(settled));
                event.value = Some(settled);
                event.unit = texts.intern(quantity.unit());
            }
            How::NoUnit => {}
            _ => n_odd += 1,
        }
    }
    for (n, words) in [
        (n_converted, "converted to the unit of the quantity (UCUM)"),
        (n_odd, "in a unit that could not be converted, and kept as they are"),
        (n_implausible, "such as no living person can have; look at their units. They were kept"),
    ] {
        if n > 0 {
            a.core.reporter.warn(format!("{} {words}.", counted(n, "value is", "values are")));
        }
    }
}
