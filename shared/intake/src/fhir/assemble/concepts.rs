//! The concept table: what the events refer to.

use std::collections::BTreeMap;

use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, TextBuilder};
use model::tables;

use super::super::system::visit_concept;
use super::Assembly;
use crate::IntakeError;
use crate::assemble::{Findings, clean_words, number_column, table};

/// Code system of events that have words and no code: the words are the code.
const SOURCE: &str = "source";

/// Rows of the concept table.
pub(super) struct Concepts(BTreeMap<(String, String), String>);

/// Makes the rows, by system and code, and gives each event its row; the rows of the findings' concepts come back.
pub(super) fn make(a: &mut Assembly, findings: &Findings) -> (Concepts, Vec<u32>) {
    let mut used = vec![false; a.store.lists.concepts.all.len()];
    for event in &a.store.events {
        if let Some(flag) = used.get_mut(event.concept as usize) {
            *flag = true;
        }
    }
    let all = std::mem::take(&mut a.store.lists.concepts.all);
    let mut rows: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut names: Vec<Option<(String, String)>> = Vec::with_capacity(all.len());
    for (concept, used) in all.into_iter().zip(used) {
        if !used {
            names.push(None);
            continue;
        }
        let (name, display) = if concept.system.is_empty() {
            let words = clean_words(&mut a.core, &concept.code);
            ((SOURCE.to_owned(), words.clone()), if concept.display.is_empty() { words } else { concept.display })
        } else {
            ((concept.system, concept.code), concept.display)
        };
        let there = rows.entry(name.clone()).or_default();
        if there.is_empty() {
            *there = display;
        }
        names.push(Some(name));
    }
    for (system, code, display) in findings.names() {
        let there = rows.entry((system.to_owned(), code.to_owned())).or_default();
        if there.is_empty() {
            display.clone_into(there);
        }
    }
    let row_of: BTreeMap<&(String, String), u32> = rows.keys().zip(0u32..).collect();
    let numbers: Vec<u32> =
        names.iter().map(|n| n.as_ref().and_then(|n| row_of.get(n)).copied().unwrap_or(0)).collect();
    for event in &mut a.store.events {
        event.concept = numbers.get(event.concept as usize).copied().unwrap_or(0);
    }
    let of_findings = findings.names().map(|(system, code, _)| (system.to_owned(), code.to_owned()));
    let of_findings = of_findings.map(|name| row_of.get(&name).copied().unwrap_or(0)).collect();
    (Concepts(rows), of_findings)
}

impl Concepts {
    pub(super) fn table(&self) -> Result<Columns, IntakeError> {
        let (mut system, mut code, mut display) = (CategoryBuilder::new(), TextBuilder::new(), TextBuilder::new());
        let full = |e: columnar::build::TooMuchText| IntakeError::Pack(e.to_string());
        let mut ids = Vec::with_capacity(self.0.len());
        for ((of, letters), words) in &self.0 {
            system.push(Some(of));
            code.push(Some(letters)).map_err(full)?;
            display.push(Some(words)).map_err(full)?;
            let visit = of.ends_with("/v3-ActCode").then(|| visit_concept(letters)).flatten();
            #[expect(clippy::cast_precision_loss, reason = "OMOP ids are 32-bit integers")]
            ids.push(visit.map(|id| id as f64));
        }
        table(vec![
            (tables::CONCEPT_SYSTEM, system.finish()),
            (tables::CONCEPT_CODE, code.finish()),
            (tables::CONCEPT_DISPLAY, display.finish()),
            (tables::CONCEPT_OMOP_ID, number_column(ids)),
        ])
    }
}
