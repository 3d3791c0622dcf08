//! From entries that met every rule to subjects: when each leaves, and overlapping entries merged.

use columnar::BitSet;
use model::cohort::EndStrategy;

use crate::entry::{Candidate, Candidates};
use crate::evaluate::Subject;
use crate::names::counted;
use crate::query::EventDays;
use crate::source::Source;

/// Subjects of the entries in `alive`, sorted by person, then start, overlapping ones not yet merged.
pub(crate) fn leave(
    source: &Source<'_>,
    candidates: &Candidates,
    alive: &BitSet,
    end_strategy: EndStrategy,
    censoring: &[EventDays],
    warnings: &mut Vec<String>,
) -> Vec<Subject> {
    let list = match candidates {
        Candidates::Everyone(_) => {
            return alive
                .iter()
                .filter_map(|row| u32::try_from(row).ok())
                .map(|person| Subject { person, start_day: 0, end_day: 0 })
                .collect();
        }
        Candidates::Listed(list) => list,
    };
    let mut n_after_death = 0;
    let subjects = alive
        .iter()
        .filter_map(|row| list.get(row))
        .map(|candidate| {
            let death = source.index.death_day(candidate.person);
            n_after_death += u64::from(death.is_some_and(|d| d < candidate.day));
            let end_day = end_day(candidate, death, end_strategy, censoring);
            Subject { person: candidate.person, start_day: candidate.day, end_day }
        })
        .collect();
    if n_after_death > 0 {
        let n = counted(n_after_death, "entry lies", "entries lie");
        warnings.push(format!("{n} after the recorded day of death; they end on the day they start"));
    }
    subjects
}

fn end_day(candidate: &Candidate, death: Option<i32>, end: EndStrategy, censoring: &[EventDays]) -> i32 {
    let Candidate { person, day, period } = *candidate;
    let mut end_day = match end {
        EndStrategy::EndOfObservation => period.end_day,
        EndStrategy::FixedDays { days } => {
            day.saturating_add(i32::try_from(days).unwrap_or(i32::MAX)).min(period.end_day)
        }
    };
    end_day = end_day.min(death.unwrap_or(i32::MAX));
    for events in censoring {
        end_day = end_day.min(events.first(person, day, period.end_day).unwrap_or(i32::MAX));
    }
    end_day.max(day)
}

/// Merges entries of one person that share a day, as OHDSI does (eras without a gap allowed).
pub(crate) fn merge_overlapping(subjects: Vec<Subject>) -> Vec<Subject> {
    let mut merged: Vec<Subject> = Vec::with_capacity(subjects.len());
    for subject in subjects {
        match merged.last_mut() {
            Some(last) if last.person == subject.person && subject.start_day <= last.end_day => {
                last.end_day = last.end_day.max(subject.end_day);
            }
            _ => merged.push(subject),
        }
    }
    merged
}
