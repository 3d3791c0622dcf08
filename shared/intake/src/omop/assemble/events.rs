//! The event table.

use columnar::Table as Columns;

use super::super::layout::Table;
use super::Assembly;
use super::concepts::Concepts;
use super::order::order;
use super::seen::Seen;
use super::words::{answer_of, unit_of};
use crate::IntakeError;
use crate::assemble::{EventRow, EventTable, Findings, Provenance};

/// Makes the table: by person, start, then domain, concept and end, so that the order of the files does not matter.
pub(super) fn make(
    a: &mut Assembly,
    concepts: &Concepts,
    seen: &Seen,
    findings: Findings,
    of_findings: Vec<u32>,
) -> Result<Columns, IntakeError> {
    let all = std::mem::take(&mut a.records.events);
    let mut table = EventTable::new(all.len(), findings, of_findings)?;
    screen_answers(a, seen, &mut table);
    let Assembly { core, records, vocabulary, sources } = a;
    let records = &*records;
    let order = order(&all, |e| (records.table(e.place), concepts.row(e.concept)), &seen.counts);
    // What the events of a table have in common.
    let kinds: Vec<_> = Table::all().map(|table| (table.name(), table.domain())).collect();
    for e in order.filter_map(|i| all.get(i)) {
        let Some((name, domain)) = kinds.get(records.table(e.place) as usize) else { continue };
        let row = EventRow {
            person: e.person,
            domain: *domain,
            concept: concepts.row(e.concept),
            start: e.start,
            end: e.end(),
            value: e.value(),
            text: table.text(e.text, || answer(records.answers.get(e.text).0, vocabulary)),
            unit: table.unit(e.unit, || unit_of(records, vocabulary, e.unit)),
            provenance: Provenance::Kind(name),
            source: records.row_ids.full(e.more).map(|id| sources.key(name, id.0)),
        };
        table.push(core, &row);
    }
    table.finish(core)
}

/// Answers given as text, after the identifier screen: each once, in the order in which they came.
fn screen_answers(a: &mut Assembly, seen: &Seen, table: &mut EventTable) {
    for number in &seen.answers {
        let (_, text) = a.records.answers.get(*number);
        let Some(text) = a.records.texts.get(text) else { continue };
        let clean = a.core.free.shared("values given as text", &notes::KnownIdentifiers::default(), text);
        table.text(*number, || Some(clean));
    }
}

/// A coded answer; those in words are in the table already.
fn answer(concept: i64, vocabulary: &super::Vocabulary) -> Option<String> {
    (concept != 0).then(|| answer_of(vocabulary, concept))
}
