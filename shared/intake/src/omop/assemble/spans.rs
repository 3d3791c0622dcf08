//! Eras and details of visits: kept apart from the events that they say again.

use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder};
use model::tables;

use super::Assembly;
use super::concepts::Concepts;
use super::words::unit_of;
use crate::IntakeError;
use crate::assemble::table;

/// Makes the table: by person, start, kind, concept and end; nothing where there is none.
pub(super) fn make(a: &mut Assembly, concepts: &Concepts) -> Result<Option<Columns>, IntakeError> {
    let all = std::mem::take(&mut a.records.spans);
    if all.is_empty() {
        return Ok(None);
    }
    let table_of = |e: &super::Event| a.records.table(e.place);
    let mut order: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(i, e)| (e.person, e.start, table_of(e) as u8, concepts.row(e.concept), e.end(), e.place.line(), i))
        .collect();
    order.sort_unstable();
    let (mut person, mut concept) = (IndexBuilder::new(), IndexBuilder::new());
    let (mut start, mut end, mut value) = (DayBuilder::new(), DayBuilder::new(), NumberBuilder::new());
    let (mut kind, mut unit) = (CategoryBuilder::new(), CategoryBuilder::new());
    for (_, _, _, row, _, _, i) in order {
        let Some(e) = all.get(i) else { continue };
        person.push(e.person);
        concept.push(row);
        kind.push(Some(a.records.table(e.place).name()));
        start.push(Some(a.core.moved(e.person, e.start)));
        end.push(e.end().map(|day| a.core.moved(e.person, day)));
        value.push(e.value());
        unit.push(unit_of(&a.records, &a.vocabulary, e.unit).as_deref());
    }
    let made = table(vec![
        (tables::SPAN_PERSON, person.finish()),
        (tables::SPAN_KIND, kind.finish()),
        (tables::SPAN_CONCEPT, concept.finish()),
        (tables::SPAN_START_DAY, start.finish()),
        (tables::SPAN_END_DAY, end.finish()),
        (tables::SPAN_VALUE, value.finish()),
        (tables::SPAN_UNIT, unit.finish()),
    ])?;
    Ok(Some(made))
}
