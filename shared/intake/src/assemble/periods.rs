//! The observation periods: given, or made from what is known of somebody.

use columnar::Table;
use columnar::build::{DayBuilder, IndexBuilder};
use model::tables;

use super::{Core, table};
use crate::IntakeError;

/// First and last day of each person's events.
pub(crate) struct Spans(Vec<Option<(i32, i32)>>);

impl Spans {
    pub(crate) fn new(n_persons: usize) -> Self {
        Self(vec![None; n_persons])
    }

    /// Takes an event.
    pub(crate) fn add(&mut self, person: u32, start: i32, end: Option<i32>) {
        if let Some(span) = self.0.get_mut(person as usize) {
            let end = end.unwrap_or(start);
            let (first, last) = span.unwrap_or((start, end));
            *span = Some((first.min(start), last.max(end)));
        }
    }
}

/// How many periods were made, and how many persons have none for want of an event.
pub(crate) struct MadeUp {
    pub(crate) n_made: u64,
    pub(crate) n_never: u64,
}

/// Adds a period from the first to the last event for each person without one; sorts them by person and start.
pub(crate) fn made_up(periods: &mut Vec<(u32, i32, i32)>, spans: Spans) -> MadeUp {
    let mut has = vec![false; spans.0.len()];
    for (person, ..) in periods.iter() {
        if let Some(flag) = has.get_mut(*person as usize) {
            *flag = true;
        }
    }
    let mut done = MadeUp { n_made: 0, n_never: 0 };
    for (person, (has, span)) in (0u32..).zip(has.into_iter().zip(spans.0)) {
        match (has, span) {
            (true, _) => {}
            (false, Some((first, last))) => {
                periods.push((person, first, last));
                done.n_made += 1;
            }
            (false, None) => done.n_never += 1,
        }
    }
    crate::order::sort(periods);
    done
}

/// Makes the table.
pub(crate) fn period_table(core: &mut Core, periods: &[(u32, i32, i32)]) -> Result<Table, IntakeError> {
    let (mut person, mut start, mut end) = (IndexBuilder::new(), DayBuilder::new(), DayBuilder::new());
    for &(p, first, last) in periods {
        person.push(p);
        start.push(Some(core.moved(p, first)));
        end.push(Some(core.moved(p, last)));
    }
    table(vec![
        (tables::PERIOD_PERSON, person.finish()),
        (tables::PERIOD_START_DAY, start.finish()),
        (tables::PERIOD_END_DAY, end.finish()),
    ])
}
