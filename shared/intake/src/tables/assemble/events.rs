//! The event table and the concepts that it refers to.

use std::collections::BTreeMap;

use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, NumberBuilder, TextBuilder};
use model::tables;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::store::{Concept, Event, SOURCE};
use super::Assembly;
use crate::IntakeError;
use crate::assemble::{Answers, Core, EventRow, EventTable, Findings, Provenance, clean_words, nameless, table};
use crate::report::counted;
use crate::units::{self, How};

/// Makes both: events by person, start, then what they say, so that the order of the files does not matter.
pub(super) fn make(a: &mut Assembly, findings: Findings) -> Result<(Columns, Columns), IntakeError> {
    let concepts = a.store.concepts();
    settle(a, &concepts);
    let (rows, of_findings, concept_table) = concept_table(a, &concepts, &findings)?;
    let mut all = std::mem::take(&mut a.store.events);
    let mut table = EventTable::new(all.len(), findings, of_findings)?;
    let texts = |number: u32| a.store.texts.get(number).unwrap_or_default();
    let row = |e: &Event| rows.get(e.concept as usize).copied().unwrap_or(0);
    crate::order::sort_by(&mut all, |x, y| {
        let key = |e: &Event| (e.person, e.start, e.more, row(e), e.last(), e.value().map(f64::to_bits));
        let words = |e: &Event| (texts(e.text), texts(e.unit));
        key(x).cmp(&key(y)).then_with(|| words(x).cmp(&words(y)))
    });
    let files = provenance(a);
    let (names, mut are_words) = (names(a), FxHashMap::default());
    let mut answers = Answers::default();
    for e in &all {
        let (persons, all_known) = (&a.persons, &a.known);
        let known = || persons.known(e.person, all_known);
        let text = a.store.texts.get(e.text).map(|text| {
            let as_it_is = *are_words.entry(e.text).or_insert_with(|| is_word(text, &names, &a.core));
            if as_it_is { text.to_owned() } else { answers.clean(&mut a.core, (e.text, text), e.person, known) }
        });
        let event = EventRow {
            person: e.person,
            domain: Some(e.more),
            concept: row(e),
            start: e.start,
            end: e.end(),
            value: e.value(),
            text: text.map(|text| table.text_of(&text)),
            unit: table.unit(e.unit, || a.store.texts.get(e.unit).map(str::to_owned)),
            provenance: Provenance::File(files.get(e.place.file as usize).map_or("", String::as_str)),
            source: None,
        };
        table.push(&mut a.core, &event);
    }
    Ok((table.finish(&mut a.core)?, concept_table))
}

/// Words of the names that the tables have of anybody, in small letters.
fn names(a: &Assembly) -> FxHashSet<String> {
    let names = a.known.values().flat_map(|of| &of.names);
    names.flat_map(|name| name.split(|c: char| !c.is_alphabetic())).map(str::to_lowercase).collect()
}

/// Whether an answer is one word with accents that is nobody's name: the screen takes every such word for a name from abroad, 'Négatif' too.
/// It is asked without them, and whether anybody here is called so.
fn is_word(text: &str, names: &FxHashSet<String>, core: &Core) -> bool {
    let is_one = !text.is_ascii() && text.chars().all(char::is_alphabetic);
    if !is_one || names.contains(&text.to_lowercase()) {
        return false;
    }
    let mut plain = crate::csv::names::words(text).concat();
    if let Some(first) = plain.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    // One word could be anything to the screen; of what does something it looks whether it is a name.
    plain.is_ascii() && core.free.finds_nobody(&format!("{plain} reports pain."))
}

/// The names of the tables as they may be stored.
fn provenance(a: &Assembly) -> Vec<String> {
    let mut files: Vec<String> = a.files.iter().map(|f| f.file.clone()).chain(a.of_tables.iter().cloned()).collect();
    if a.core.settings.safe_harbor {
        nameless(&mut files, a.known.values().flat_map(|of| &of.names));
    }
    files
}

/// The concepts that events and findings use, by system and code, and the row of each by its number.
fn concept_table(
    a: &mut Assembly,
    concepts: &[Concept],
    findings: &Findings,
) -> Result<(Vec<u32>, Vec<u32>, Columns), IntakeError> {
    let mut used = vec![false; concepts.len()];
    for event in &a.store.events {
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
        let code = if own { clean_words(&mut a.core, &concept.code) } else { concept.code.clone() };
        let display =
            if concept.display == concept.code { code.clone() } else { clean_words(&mut a.core, &concept.display) };
        let name = (concept.system.clone(), code);
        // Words of one table, or of a dictionary, go before the code for itself.
        let shown = rows.entry(name.clone()).or_insert_with(|| display.clone());
        if *shown == name.1 {
            *shown = display;
        }
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
        let (Some(value), Some(Some(quantity))) = (event.value(), quantities.get(event.concept as usize)) else {
            continue;
        };
        let rule = quantity.rule(texts.get(event.unit));
        let settled = rule.apply(value);
        match rule.how {
            How::Same | How::Converted if settled.is_finite() => {
                n_converted += u64::from(rule.how == How::Converted);
                n_implausible += u64::from(!quantity.plausible(settled));
                event.set_value(Some(settled));
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
