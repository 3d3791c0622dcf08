//! Event queries: checked once, then found in one scan of the event table.

use std::collections::BTreeMap;

use arrow_array::{Array as _, Date32Array, Float64Array};
use columnar::{BitSet, Category, Column, Table};
use model::cohort::EventQuery;
use model::concept::{ConceptSet, Domain};
use model::tables;

use crate::column_test::inclusive;
use crate::concepts::Concepts;
use crate::describe::describe_query;
use crate::error::{CohortError, Problems};
use crate::names::{counted, short_list};
use crate::source::{Source, day_column, index_column};

/// The days on which matching events start, sorted within each person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventDays {
    /// Person `p` has `days[offsets[p]..offsets[p + 1]]`.
    offsets: Vec<u32>,
    days: Vec<i32>,
    /// Row in `event` of each day; empty where events are read from the day of death.
    rows: Vec<u32>,
}

impl EventDays {
    fn range(&self, person: u32) -> std::ops::Range<usize> {
        let at = person as usize;
        match (self.offsets.get(at), self.offsets.get(at + 1)) {
            (Some(&from), Some(&to)) => from as usize..to as usize,
            _ => 0..0,
        }
    }

    /// A person's days, in order.
    #[must_use]
    pub fn of(&self, person: u32) -> &[i32] {
        &self.days[self.range(person)]
    }

    /// Number of a person's events from a day to a day, both included.
    #[must_use]
    pub fn count(&self, person: u32, from: i32, to: i32) -> u32 {
        let days = self.of(person);
        let below = days.partition_point(|&d| d < from);
        let upto = days.partition_point(|&d| d <= to);
        u32::try_from(upto.saturating_sub(below)).unwrap_or(u32::MAX)
    }

    /// A person's first event from a day to a day, both included.
    #[must_use]
    pub fn first(&self, person: u32, from: i32, to: i32) -> Option<i32> {
        let days = self.of(person);
        days.get(days.partition_point(|&d| d < from)).copied().filter(|&d| d <= to)
    }

    /// Row in the event table of a person's last event from a day to a day, both included.
    #[must_use]
    pub fn last_row(&self, person: u32, from: i32, to: i32) -> Option<u32> {
        let range = self.range(person);
        let days = &self.days[range.clone()];
        let upto = days.partition_point(|&d| d <= to);
        let last = upto.checked_sub(1)?;
        (days[last] >= from).then(|| self.rows.get(range.start + last).copied()).flatten()
    }

    /// Number of persons with such an event.
    #[must_use]
    pub fn n_persons(&self) -> u64 {
        self.offsets.windows(2).filter(|w| w[0] < w[1]).count() as u64
    }

    /// Number of events.
    #[must_use]
    pub fn n_events(&self) -> u64 {
        self.days.len() as u64
    }
}

/// What notes must say of their findings.
#[derive(Clone, Debug)]
enum Said {
    /// Not asked: findings said to be present count like events; this is the domain code of the others, if there are any.
    Present { others: Option<u32> },
    /// Only findings said in one of these ways, by code of the qualifier.
    Only(Vec<bool>),
}

impl Said {
    fn new(query: &EventQuery, table: Option<&Table>, words: &str, warnings: &mut Vec<String>) -> Self {
        let category = |name: &str| match table.and_then(|t| t.column(name)) {
            Some(Column::Category(c)) => Some(c),
            _ => None,
        };
        let Some(context) = &query.context else {
            let code = |c: &Category| c.code_of(tables::DOMAIN_NOTE_NOT_PRESENT);
            return Self::Present { others: category(tables::EVENT_DOMAIN).and_then(code) };
        };
        let levels = category(tables::EVENT_QUALIFIER).map_or(&[][..], |c| &c.levels);
        let asked: Vec<bool> = levels.iter().map(|level| context.takes(level)).collect();
        if !asked.contains(&true) {
            warnings.push(format!("no note of this dataset says such a thing, so there is no {words}"));
        }
        Self::Only(asked)
    }

    fn takes(&self, columns: &EventColumns<'_>, domain: Option<u32>, row: usize) -> bool {
        match self {
            Self::Present { others } => others.is_none() || domain != *others,
            Self::Only(asked) => {
                let code = columns.qualifier.and_then(|c| code_at(c, row));
                code.is_some_and(|code| asked.get(code as usize) == Some(&true))
            }
        }
    }
}

/// An event query that fits the dataset.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    words: String,
    /// Code of the domain; `Some(None)`: asked for, but not in this dataset.
    domain: Option<Option<u32>>,
    concepts: Option<BitSet>,
    range: Option<(f64, f64)>,
    unit: Option<Option<u32>>,
    needs_value: bool,
    context: Said,
    /// Deaths are read from the person table: the event table holds none.
    from_deaths: bool,
}

impl Query {
    /// A query with a name for warnings, or words on why it does not fit.
    pub(crate) fn new(
        query: &EventQuery,
        concepts: &mut Concepts<'_>,
        sets: &[ConceptSet],
        source: &Source<'_>,
        path: &str,
        problems: &mut Problems,
        warnings: &mut Vec<String>,
    ) -> Option<Self> {
        if !source.is_record() {
            problems.add(path, "this dataset has one row a person and no dated events; use a condition on a variable");
            return None;
        }
        let table = source.data.table(tables::EVENT);
        let category = |name: &str| match table.and_then(|t| t.column(name)) {
            Some(Column::Category(c)) => Some(c),
            _ => None,
        };
        let words = describe_query(query, sets);
        let mut from_deaths = false;
        let context = Said::new(query, table, &words, warnings);
        // What notes say in another way than 'it is there' stands in a domain of its own; the context tells them apart.
        let asked = query.domain.filter(|_| query.context.is_none());
        let domain = asked.map(|domain| {
            let code = category(tables::EVENT_DOMAIN).and_then(|c| used_code(c, domain.name()));
            from_deaths = code.is_none() && domain == Domain::Death && source.index.has_deaths();
            if code.is_none() && !from_deaths {
                let name = domain.name().replace('_', " ");
                warnings.push(format!("this dataset has no events of the domain '{name}', so there is no {words}"));
            }
            code
        });
        let rows = match &query.concept_set {
            Some(id) => Some(concepts.rows(id, &format!("{path}.concept_set"), problems, warnings)?),
            None => None,
        };
        let unit = query.unit.as_ref().map(|unit| {
            let units = category(tables::EVENT_UNIT);
            let code = units.and_then(|c| c.code_of(unit));
            if code.is_none() {
                let known: Vec<&str> = units.map_or(Vec::new(), |c| c.levels.iter().map(String::as_str).collect());
                warnings.push(format!("no value is in the unit '{unit}' (units here: {})", short_list(&known, 12)));
            }
            code
        });
        let value = query.value.as_ref().map(inclusive);
        let plain = query.concept_set.is_none() && value.is_none() && unit.is_none() && query.context.is_none();
        if from_deaths && !plain {
            warnings.push(format!(
                "deaths have neither a concept nor a value in this dataset, only a day, so there is no {words}: ask for a \
                 death without them"
            ));
        }
        Some(Self {
            words,
            domain,
            concepts: rows,
            range: value,
            unit,
            needs_value: value.is_some(),
            context,
            from_deaths: from_deaths && plain,
        })
    }

    /// Only events with a numeric value.
    pub(crate) fn with_value(mut self) -> Self {
        self.needs_value = true;
        self.from_deaths = false;
        self
    }

    /// The matching events, and in `warnings` how many could not be judged.
    pub(crate) fn find(&self, source: &Source<'_>, warnings: &mut Vec<String>) -> Result<EventDays, CohortError> {
        if self.from_deaths {
            return Ok(deaths(source));
        }
        let n_persons = source.index.n_persons();
        let Some(table) = source.data.table(tables::EVENT) else {
            return Ok(EventDays { offsets: vec![0; n_persons + 1], ..EventDays::default() });
        };
        let columns = EventColumns::new(table)?;
        let mut tally = Tally::default();
        let mut found = EventDays::default();
        found.offsets.reserve(n_persons + 1);
        found.offsets.push(0);
        let mut row = 0;
        for person in 0..n_persons {
            while columns.persons.get(row).is_some_and(|&p| p as usize == person) {
                if columns.starts.is_valid(row) && self.matches(&columns, row, &mut tally) {
                    found.days.push(columns.starts.value(row));
                    found.rows.push(row_number(row));
                }
                row += 1;
            }
            found.offsets.push(row_number(found.days.len()));
        }
        tally.warn(self, &columns, warnings);
        Ok(found)
    }

    fn matches(&self, columns: &EventColumns<'_>, row: usize, tally: &mut Tally) -> bool {
        let here = columns.domain.and_then(|c| code_at(c, row));
        if let Some(domain) = self.domain
            && (domain.is_none() || here != domain)
        {
            return false;
        }
        if !self.context.takes(columns, here, row) {
            return false;
        }
        if let Some(concepts) = &self.concepts
            && !columns.concepts.get(row).is_some_and(|&c| concepts.get(c as usize))
        {
            return false;
        }
        let unit = columns.unit.and_then(|c| code_at(c, row));
        if let Some(wanted) = self.unit
            && (wanted.is_none() || unit != wanted)
        {
            *tally.other_units.entry(unit).or_default() += 1;
            return false;
        }
        if !self.needs_value {
            return true;
        }
        let Some(value) = columns.value.filter(|v| v.is_valid(row)).map(|v| v.value(row)) else {
            tally.without_value += 1;
            return false;
        };
        *tally.units.entry(unit).or_default() += 1;
        self.range.is_none_or(|(low, high)| low <= value && value <= high)
    }
}

fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn code_at(category: &Category, row: usize) -> Option<u32> {
    category.codes.is_valid(row).then(|| category.codes.value(row))
}

/// The code of a level that occurs: a level without rows does not count as there.
fn used_code(category: &Category, level: &str) -> Option<u32> {
    let code = category.code_of(level)?;
    category.codes.iter().flatten().any(|c| c == code).then_some(code)
}

fn deaths(source: &Source<'_>) -> EventDays {
    let mut found = EventDays { offsets: vec![0], ..EventDays::default() };
    for person in 0..row_number(source.index.n_persons()) {
        found.days.extend(source.index.death_day(person));
        found.offsets.push(row_number(found.days.len()));
    }
    found
}

struct EventColumns<'a> {
    persons: &'a [u32],
    starts: &'a Date32Array,
    concepts: &'a [u32],
    domain: Option<&'a Category>,
    unit: Option<&'a Category>,
    value: Option<&'a Float64Array>,
    qualifier: Option<&'a Category>,
}

impl<'a> EventColumns<'a> {
    fn new(table: &'a Table) -> Result<Self, CohortError> {
        let category = |name: &str| match table.column(name) {
            Some(Column::Category(c)) => Some(c),
            _ => None,
        };
        Ok(Self {
            persons: index_column(table, tables::EVENT, tables::EVENT_PERSON)?,
            starts: day_column(table, tables::EVENT, tables::EVENT_START_DAY)?,
            concepts: index_column(table, tables::EVENT, tables::EVENT_CONCEPT)?,
            domain: category(tables::EVENT_DOMAIN),
            unit: category(tables::EVENT_UNIT),
            qualifier: category(tables::EVENT_QUALIFIER),
            value: match table.column(tables::EVENT_VALUE) {
                Some(Column::Number(a)) => Some(a),
                _ => None,
            },
        })
    }
}

/// Events that were meant but could not be judged.
#[derive(Default)]
struct Tally {
    without_value: u64,
    other_units: BTreeMap<Option<u32>, u64>,
    units: BTreeMap<Option<u32>, u64>,
}

impl Tally {
    fn warn(&self, query: &Query, columns: &EventColumns<'_>, warnings: &mut Vec<String>) {
        let list = |counts: &BTreeMap<Option<u32>, u64>| {
            let name = |code: &Option<u32>| {
                code.and_then(|c| columns.unit?.levels.get(c as usize)).map_or("no unit", String::as_str)
            };
            counts.iter().map(|(code, n)| format!("{}: {n}", name(code))).collect::<Vec<_>>().join(", ")
        };
        let words = &query.words;
        if self.without_value > 0 {
            let n = counted(self.without_value, "event has", "events have");
            warnings.push(format!("{n} no numeric value and did not match '{words}'"));
        }
        if !self.other_units.is_empty() {
            let n = counted(self.other_units.values().sum(), "event has", "events have");
            let units = list(&self.other_units);
            warnings.push(format!("{n} another unit ({units}) and did not match '{words}'; nothing is converted"));
        }
        if query.unit.is_none() && self.units.len() > 1 {
            let units = list(&self.units);
            warnings.push(format!("values of '{words}' are in several units ({units}) and were taken as they stand"));
        }
    }
}

/// Finds the events that a query means.
///
/// # Errors
/// [`CohortError::Invalid`] with every problem of the query, [`CohortError::Dataset`] if the event table is damaged.
pub fn find_events(
    source: &Source<'_>,
    query: &EventQuery,
    sets: &[ConceptSet],
) -> Result<(EventDays, Vec<String>), CohortError> {
    let mut problems = Problems::default();
    let mut warnings = Vec::new();
    crate::structure::check_query(query, sets, "event", &mut problems);
    let mut concepts = Concepts::new(*source, sets);
    let compiled = Query::new(query, &mut concepts, sets, source, "event", &mut problems, &mut warnings);
    let problems = problems.into_vec();
    let Some(compiled) = compiled.filter(|_| problems.is_empty()) else {
        return Err(CohortError::Invalid(problems));
    };
    let found = compiled.find(source, &mut warnings)?;
    Ok((found, warnings))
}
