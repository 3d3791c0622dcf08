//! What a record holds year by year, or month by month.

use std::collections::BTreeMap;

use cohort::Source;
use columnar::{Category, Column, Table, day};
use model::concept::Domain;
use model::tables;
use protocol::{DescribeOverTime, DomainOverTime, EngineError, OverTime, PersonsInBrief, TimeStep};

use crate::columns::{category, index};
use crate::{Engine, Tick};

/// More months than these are told as years.
const MAX_MONTHS: i32 = 600;
/// More years than these are told without the empty ones.
const MAX_YEARS: i32 = 400;
/// Rows between two looks at whether to go on.
const STRIDE: usize = 65_536;
/// The name of notes among the domains.
const NOTE: &str = "note";

/// Rows with a person and a day.
struct Dated<'a> {
    name: String,
    person: &'a [u32],
    day: &'a Column,
    /// Only rows of this code of the domain.
    of: Option<(&'a Category, u32)>,
}

impl Dated<'_> {
    fn day_at(&self, row: usize) -> Option<i32> {
        match self.day {
            Column::Day(days) if !self.day.is_missing(row) => Some(days.value(row)),
            _ => None,
        }
    }
}

/// Counts over time.
pub(crate) fn over_time(
    engine: &Engine,
    request: &DescribeOverTime,
    tick: &mut Tick<'_>,
) -> Result<OverTime, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let source = open.source();
    if !source.is_record() {
        return Err(EngineError::invalid("A flat file has no dated events: there is nothing to show over time."));
    }
    let parts = parts(&source);
    let bins = Bins::of(&source, &parts, request.step);
    let mut domains = Vec::new();
    for part in &parts {
        if let Some(counted) = count(part, &bins, tick)? {
            domains.push(counted);
        }
    }
    let observed = observed(&source, &bins);
    Ok(OverTime {
        step: bins.step,
        bins: bins.labels(),
        gaps_left_out: bins.sparse,
        domains,
        observed,
        persons: persons(&source),
    })
}

fn parts<'a>(source: &Source<'a>) -> Vec<Dated<'a>> {
    let mut parts = Vec::new();
    if let Some(table) = source.data.table(tables::EVENT)
        && let (Some(person), Some(domain), Some(day)) = (
            index(table, tables::EVENT_PERSON),
            category(table, tables::EVENT_DOMAIN),
            table.column(tables::EVENT_START_DAY),
        )
    {
        let mut levels: Vec<(u32, &String)> = (0..).zip(domain.levels.iter()).collect();
        levels.sort_by_key(|(_, name)| {
            let known = Domain::from_name(name);
            (known.is_none(), known, (*name).clone())
        });
        parts.extend(levels.into_iter().map(|(code, name)| Dated {
            name: name.clone(),
            person,
            day,
            of: Some((domain, code)),
        }));
    }
    if let Some(table) = source.data.table(tables::NOTE)
        && let (Some(person), Some(day)) = (index(table, tables::NOTE_PERSON), table.column(tables::NOTE_DAY))
    {
        parts.push(Dated { name: NOTE.to_owned(), person, day, of: None });
    }
    parts
}

/// Steps of time, numbered from 0.
struct Bins {
    step: TimeStep,
    /// Number of a step since year 0, by place.
    steps: Vec<i32>,
    sparse: bool,
}

fn step_of(day: i32, step: TimeStep) -> i32 {
    let (year, month, _) = day::to_ymd(day);
    match step {
        TimeStep::Year => year,
        TimeStep::Month => year.saturating_mul(12).saturating_add(i32::try_from(month).unwrap_or(1) - 1),
    }
}

impl Bins {
    fn of(source: &Source<'_>, parts: &[Dated<'_>], step: TimeStep) -> Self {
        // Each day once: a table of events has far fewer days than rows.
        let mut days: Vec<i32> = Vec::new();
        let mut seen: Option<*const Column> = None;
        for part in parts {
            if seen == Some(std::ptr::from_ref(part.day)) {
                continue;
            }
            seen = Some(std::ptr::from_ref(part.day));
            days.extend((0..part.person.len()).filter_map(|row| part.day_at(row)));
        }
        let n_persons = u32::try_from(source.index.n_persons()).unwrap_or(u32::MAX);
        for person in 0..n_persons {
            days.extend(source.index.periods(person).iter().flat_map(|p| [p.start_day, p.end_day]));
        }
        days.sort_unstable();
        days.dedup();
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Self { step, steps: Vec::new(), sparse: false };
        };
        let too_many = step_of(*last, TimeStep::Month) - step_of(*first, TimeStep::Month) >= MAX_MONTHS;
        let step = if step == TimeStep::Month && too_many { TimeStep::Year } else { step };
        let (low, high) = (step_of(*first, step), step_of(*last, step));
        if step == TimeStep::Year && high - low >= MAX_YEARS {
            let mut steps: Vec<i32> = days.iter().map(|day| step_of(*day, step)).collect();
            steps.dedup();
            return Self { step, steps, sparse: true };
        }
        Self { step, steps: (low..=high).collect(), sparse: false }
    }

    fn place(&self, day: i32) -> Option<usize> {
        let step = step_of(day, self.step);
        if self.sparse {
            return self.steps.binary_search(&step).ok();
        }
        let first = self.steps.first()?;
        usize::try_from(step - first).ok().filter(|at| *at < self.steps.len())
    }

    fn labels(&self) -> Vec<String> {
        let label = |step: &i32| match self.step {
            TimeStep::Year => step.to_string(),
            TimeStep::Month => format!("{:04}-{:02}", step.div_euclid(12), step.rem_euclid(12) + 1),
        };
        self.steps.iter().map(label).collect()
    }
}

/// Counts a part; nothing where it has no rows.
fn count(part: &Dated<'_>, bins: &Bins, tick: &mut Tick<'_>) -> Result<Option<DomainOverTime>, EngineError> {
    let n = bins.steps.len();
    let (mut events, mut persons, mut last) = (vec![0_u64; n], vec![0_u64; n], vec![None::<u32>; n]);
    let (mut n_rows, mut n_undated) = (0_u64, 0_u64);
    for (row, person) in part.person.iter().enumerate() {
        if row % STRIDE == 0 && !tick(0.5, "Counting over time") {
            return Err(EngineError::Cancelled);
        }
        if part.of.is_some_and(|(domain, code)| domain.codes.value(row) != code || domain.level(row).is_none()) {
            continue;
        }
        n_rows += 1;
        let Some(at) = part.day_at(row).and_then(|day| bins.place(day)) else {
            n_undated += 1;
            continue;
        };
        events[at] += 1;
        // Rows are sorted by person: a person is new to a bin if it was not the last one there.
        if last[at] != Some(*person) {
            last[at] = Some(*person);
            persons[at] += 1;
        }
    }
    Ok((n_rows > 0).then(|| DomainOverTime { domain: part.name.clone(), events, persons, n_undated }))
}

/// Persons observed for at least a day of each bin.
fn observed(source: &Source<'_>, bins: &Bins) -> Vec<u64> {
    let n = bins.steps.len();
    let mut change = vec![0_i64; n + 1];
    let n_persons = u32::try_from(source.index.n_persons()).unwrap_or(u32::MAX);
    for person in 0..n_persons {
        // A person with two periods in a bin counts once.
        let mut from_place = 0;
        for period in source.index.periods(person) {
            let (Some(start), Some(end)) = (bins.place(period.start_day), bins.place(period.end_day)) else { continue };
            let start = start.max(from_place);
            if start <= end {
                change[start] += 1;
                change[end + 1] -= 1;
                from_place = end + 1;
            }
        }
    }
    let mut now = 0;
    change
        .into_iter()
        .take(n)
        .map(|step| {
            now += step;
            u64::try_from(now).unwrap_or(0)
        })
        .collect()
}

fn persons(source: &Source<'_>) -> PersonsInBrief {
    let n_persons = u32::try_from(source.index.n_persons()).unwrap_or(u32::MAX);
    let mut brief = PersonsInBrief { n: u64::from(n_persons), ..PersonsInBrief::default() };
    if let Some(table) = source.data.table(tables::PERSON) {
        brief.sexes = sexes(table);
        let mut decades: BTreeMap<i32, u64> = BTreeMap::new();
        for row in 0..table.n_rows() {
            match birth_year(table, row) {
                Some(year) => *decades.entry(year.div_euclid(10) * 10).or_default() += 1,
                None => brief.n_birth_unknown += 1,
            }
        }
        brief.births = decades.into_iter().collect();
    }
    let mut observed = Vec::new();
    for person in 0..n_persons {
        brief.n_died += u64::from(source.index.death_day(person).is_some());
        let periods = source.index.periods(person);
        brief.n_periods += periods.len() as u64;
        brief.periods_a_person[periods.len().min(2)] += 1;
        let days: u32 = periods.iter().map(|p| p.end_day.abs_diff(p.start_day) + 1).fold(0, u32::saturating_add);
        if days > 0 {
            observed.push(days);
        }
    }
    observed.sort_unstable();
    brief.days_observed = five(&observed);
    brief
}

fn sexes(table: &Table) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let column = category(table, tables::PERSON_SEX);
    for row in 0..table.n_rows() {
        *counts.entry(column.and_then(|c| c.level(row)).unwrap_or("unknown")).or_default() += 1;
    }
    counts.into_iter().map(|(name, n)| (name.to_owned(), n)).collect()
}

/// Year of birth of a row.
pub(super) fn birth_year(table: &Table, row: usize) -> Option<i32> {
    match table.column(tables::PERSON_BIRTH_YEAR) {
        #[expect(clippy::cast_possible_truncation, reason = "years")]
        Some(column @ Column::Number(years)) if !column.is_missing(row) => Some(years.value(row).floor() as i32),
        _ => None,
    }
}

/// Smallest, quartiles (the value at that place in order, rounded down) and largest of sorted numbers.
pub(super) fn five<T: Copy>(sorted: &[T]) -> Option<[T; 5]> {
    let last = sorted.len().checked_sub(1)?;
    let at = |quarter: usize| sorted.get(last * quarter / 4).copied();
    Some([at(0)?, at(1)?, at(2)?, at(3)?, at(4)?])
}
