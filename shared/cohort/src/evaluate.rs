//! Evaluates a definition: subjects, attrition, warnings.

use arrow_array::Array as _;
use columnar::{BitSet, day};
use model::cohort::{CohortDefinition, CountTest, Entry, Limit, Window};
use model::results::AttritionRow;

use crate::column_test::of_slice;
use crate::compile::{Node, Plan, compile};
use crate::entry::{Candidates, Qualifiers, all_persons, at_events, distinct, entry_words, everyone};
use crate::error::{CohortError, Problem};
use crate::names::counted;
use crate::query::EventDays;
use crate::source::Source;
use crate::subjects::{leave, merge_overlapping};
use crate::truth::Truth;

/// Told the share done (0 to 1); says whether to go on.
pub type Tick<'t> = dyn FnMut(f64) -> bool + 't;

/// A person's time in a cohort, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Row in `person`.
    pub person: u32,
    /// Index date in days since 1970-01-01; 0 in a flat dataset.
    pub start_day: i32,
    /// Last day; 0 in a flat dataset.
    pub end_day: i32,
}

/// Who is in a cohort.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// Entries, sorted by person, then start; no two of one person overlap.
    pub subjects: Vec<Subject>,
    /// Persons and entries left after each step; steps that remove nobody are kept.
    pub attrition: Vec<AttritionRow>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

impl Cohort {
    /// Number of distinct persons.
    #[must_use]
    pub fn n_persons(&self) -> u64 {
        distinct(self.subjects.iter().map(|s| s.person))
    }

    /// Number of entries.
    #[must_use]
    pub fn n_events(&self) -> u64 {
        self.subjects.len() as u64
    }
}

/// The size of a cohort, without its subjects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    /// Distinct persons.
    pub persons: u64,
    /// Entries.
    pub events: u64,
    /// As [`Cohort::attrition`].
    pub attrition: Vec<AttritionRow>,
    /// As [`Cohort::warnings`].
    pub warnings: Vec<String>,
}

/// Everything that is wrong with a definition on this dataset; empty: it can be evaluated.
#[must_use]
pub fn check(source: &Source<'_>, definition: &CohortDefinition) -> Vec<Problem> {
    compile(source, definition).err().unwrap_or_default()
}

/// Evaluates a definition.
///
/// # Errors
/// [`CohortError::Invalid`] with every problem, [`CohortError::Dataset`] if tables do not hold together,
/// [`CohortError::Cancelled`] if `tick` says stop.
pub fn evaluate(
    source: &Source<'_>,
    definition: &CohortDefinition,
    tick: &mut Tick<'_>,
) -> Result<Cohort, CohortError> {
    let run = run(source, definition, tick)?;
    let (subjects, run) = run.into_subjects(source, definition, tick)?;
    Ok(Cohort { subjects, attrition: run.attrition, warnings: run.warnings })
}

/// Counts a cohort without listing its subjects (for the live count while a definition is edited).
///
/// # Errors
/// As [`evaluate`].
pub fn count_only(
    source: &Source<'_>,
    definition: &CohortDefinition,
    tick: &mut Tick<'_>,
) -> Result<Counts, CohortError> {
    let run = run(source, definition, tick)?;
    if let Candidates::Everyone(_) = run.candidates {
        let n = run.alive.count() as u64;
        return Ok(Counts { persons: n, events: n, attrition: run.attrition, warnings: run.warnings });
    }
    let (subjects, run) = run.into_subjects(source, definition, tick)?;
    Ok(Counts {
        persons: distinct(subjects.iter().map(|s| s.person)),
        events: subjects.len() as u64,
        attrition: run.attrition,
        warnings: run.warnings,
    })
}

/// Entries after every rule, before anybody leaves.
struct Run<'a> {
    plan: Plan<'a>,
    candidates: Candidates,
    alive: BitSet,
    attrition: Vec<AttritionRow>,
    warnings: Vec<String>,
}

/// Reports progress by steps done.
struct Steps<'t, 'c> {
    tick: &'t mut Tick<'c>,
    done: usize,
    of: usize,
}

impl Steps<'_, '_> {
    #[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
    fn step(&mut self) -> Result<(), CohortError> {
        let share = self.done as f64 / self.of.max(1) as f64;
        self.done += 1;
        if (self.tick)(share.min(1.0)) { Ok(()) } else { Err(CohortError::Cancelled) }
    }
}

fn run<'a>(source: &Source<'a>, definition: &'a CohortDefinition, tick: &mut Tick<'_>) -> Result<Run<'a>, CohortError> {
    let mut plan = compile(source, definition).map_err(CohortError::Invalid)?;
    let mut warnings = std::mem::take(&mut plan.warnings);
    let mut steps = Steps { tick, done: 0, of: 1 + plan.queries.len() + plan.rules.len() };
    steps.step()?;
    let mut attrition = vec![all_persons(source, &definition.entry)];
    let candidates = match (&definition.entry, &plan.entry) {
        (Entry::Event { limit, prior_observation_days, washout_days, .. }, Some(query)) => {
            let ask = Qualifiers {
                limit: *limit,
                prior_observation_days: *prior_observation_days,
                washout_days: *washout_days,
            };
            let events = query.find(source, &mut warnings)?;
            at_events(source, &events, &entry_words(definition), &ask, &mut attrition)
        }
        _ => everyone(source, &mut attrition),
    };
    let mut found = Vec::with_capacity(plan.queries.len());
    for query in &plan.queries {
        steps.step()?;
        found.push(query.find(source, &mut warnings)?);
    }
    let rows = Rows { source, candidates: &candidates, found: &found };
    let mut alive = BitSet::full(candidates.len());
    for (name, node) in &plan.rules {
        steps.step()?;
        let truth = rows.truth(node);
        warn_missing(name, &truth, &candidates, &alive, &mut warnings);
        alive.and(&truth.value);
        attrition.push(candidates.row(name, &alive));
    }
    Ok(Run { plan, candidates, alive, attrition, warnings })
}

fn warn_missing(name: &str, truth: &Truth, candidates: &Candidates, alive: &BitSet, warnings: &mut Vec<String>) {
    let Some((met, failed)) = truth.hanging(alive) else {
        return;
    };
    let n_met = candidates.persons(&met);
    if n_met > 0 {
        let n = counted(n_met, "person meets", "persons meet");
        warnings.push(format!("{n} '{name}' only because a value is missing (a 'not' of a test it cannot pass)"));
    }
    let n_failed = candidates.persons(&failed);
    if n_failed > 0 {
        let n = counted(n_failed, "person does", "persons do");
        warnings.push(format!("{n} not meet '{name}' because a value is missing"));
    }
}

impl Run<'_> {
    fn into_subjects(
        mut self,
        source: &Source<'_>,
        definition: &CohortDefinition,
        tick: &mut Tick<'_>,
    ) -> Result<(Vec<Subject>, Self), CohortError> {
        if !tick(1.0) {
            return Err(CohortError::Cancelled);
        }
        let mut censoring = Vec::with_capacity(self.plan.censoring.len());
        for query in &self.plan.censoring {
            censoring.push(query.find(source, &mut self.warnings)?);
        }
        let end = definition.end_strategy;
        let mut subjects = leave(source, &self.candidates, &self.alive, end, &censoring, &mut self.warnings);
        if let Entry::Event { limit: Limit::All, .. } = definition.entry {
            subjects = merge_overlapping(subjects);
            self.attrition.push(AttritionRow {
                rule: "overlapping entries of a person merged".to_owned(),
                persons: distinct(subjects.iter().map(|s| s.person)),
                events: subjects.len() as u64,
            });
        }
        let mut seen = std::collections::BTreeSet::new();
        self.warnings.retain(|warning| seen.insert(warning.clone()));
        Ok((subjects, self))
    }
}

/// Evaluates conditions over all entries at once.
struct Rows<'r> {
    source: &'r Source<'r>,
    candidates: &'r Candidates,
    found: &'r [EventDays],
}

impl Rows<'_> {
    fn truth(&self, node: &Node<'_>) -> Truth {
        let n_rows = self.candidates.len();
        match node {
            Node::All(parts) => self.fold(parts, Truth::known(BitSet::full(n_rows)), Truth::and),
            Node::Any(parts) => self.fold(parts, Truth::known(BitSet::empty(n_rows)), Truth::or),
            Node::AtLeast(n, parts) => {
                let parts: Vec<Truth> = parts.iter().map(|p| self.truth(p)).collect();
                Truth::at_least(*n, &parts, n_rows)
            }
            Node::Not(part) => self.truth(part).not(),
            Node::Person(test) => test.run().map(|persons| self.candidates.of_persons(persons)),
            Node::Age(low, high) => self.age(*low, *high),
            Node::Events { query, window, count } => {
                let events = &self.found[*query];
                Truth::known(match self.candidates {
                    Candidates::Everyone(n) => BitSet::empty(*n),
                    Candidates::Listed(list) => of_slice(list, |c| {
                        let (from, to) = window_days(*window, c.day, c.period.start_day, c.period.end_day);
                        meets(*count, events.count(c.person, from, to))
                    }),
                })
            }
        }
    }

    fn fold(&self, parts: &[Node<'_>], start: Truth, join: impl Fn(&mut Truth, &Truth)) -> Truth {
        parts.iter().fold(start, |mut truth, part| {
            join(&mut truth, &self.truth(part));
            truth
        })
    }

    fn age(&self, low: f64, high: f64) -> Truth {
        let (Candidates::Listed(list), Some(births)) = (self.candidates, self.source.birth_year()) else {
            return Truth::known(BitSet::empty(self.candidates.len()));
        };
        let known = |person: u32| births.is_valid(person as usize);
        let value = of_slice(list, |c| {
            let age = f64::from(day::year_of(c.day)) - births.value(c.person as usize);
            known(c.person) && low <= age && age <= high
        });
        Truth::with_missing(value, Some(&of_slice(list, |c| !known(c.person))))
    }
}

/// First and last day of a window around an index date, kept within the observation period.
pub(crate) fn window_days(window: Window, day: i32, first: i32, last: i32) -> (i32, i32) {
    let from = window.start_days.map_or(first, |d| day.saturating_add(d).max(first));
    let to = window.end_days.map_or(last, |d| day.saturating_add(d).min(last));
    (from, to)
}

fn meets(count: CountTest, n_events: u32) -> bool {
    match count {
        CountTest::AtLeast { n } => n_events >= n,
        CountTest::AtMost { n } => n_events <= n,
        CountTest::Exactly { n } => n_events == n,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_stay_within_the_observation_period() {
        let window = |start_days, end_days| Window { start_days, end_days };
        assert_eq!(window_days(window(None, None), 100, 50, 200), (50, 200));
        assert_eq!(window_days(window(Some(-365), Some(-1)), 100, 50, 200), (50, 99));
        assert_eq!(window_days(window(Some(0), Some(30)), 190, 50, 200), (190, 200));
        assert_eq!(window_days(window(Some(i32::MIN), Some(i32::MAX)), 190, 50, 200), (50, 200));
    }
}
