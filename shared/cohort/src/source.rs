//! A dataset with what is looked up in it again and again.

use arrow_array::Array as _;
use columnar::{Column, Dataset, Table};
use model::dataset::DatasetHeader;
use model::tables;

use crate::error::CohortError;
use crate::names::counted;

/// What kind of dataset it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One row a person, no dates.
    Flat,
    /// Persons with observation periods and dated events.
    Record,
}

/// An observation period, both ends included, in days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day observed.
    pub start_day: i32,
    /// Last day observed.
    pub end_day: i32,
}

impl Period {
    /// Whether a day is observed.
    #[must_use]
    pub fn contains(&self, day: i32) -> bool {
        self.start_day <= day && day <= self.end_day
    }
}

/// Where each person's rows are; made once a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    shape: Shape,
    n_persons: usize,
    /// Person `p` has the events `event_offsets[p]..event_offsets[p + 1]`.
    event_offsets: Vec<u32>,
    period_offsets: Vec<u32>,
    periods: Vec<Period>,
    /// Day of death a person, empty where the dataset has none.
    deaths: Vec<Option<i32>>,
    warnings: Vec<String>,
}

/// A dataset, its index and, where known, its header (for labels and units).
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The tables.
    pub data: &'a Dataset,
    /// The index of these tables.
    pub index: &'a Index,
    /// The header, for words only.
    pub header: Option<&'a DatasetHeader>,
}

impl Index {
    /// The index of a dataset.
    ///
    /// # Errors
    /// [`CohortError::Dataset`] if a table lacks a column, a row points at no person, or events are not sorted by person
    /// and day.
    pub fn new(data: &Dataset) -> Result<Self, CohortError> {
        let n_persons = count_persons(data)?;
        let mut index = Self {
            shape: Shape::Flat,
            n_persons,
            event_offsets: Vec::new(),
            period_offsets: Vec::new(),
            periods: Vec::new(),
            deaths: Vec::new(),
            warnings: Vec::new(),
        };
        if let Some(deaths) = optional_days(data.table(tables::PERSON), tables::PERSON_DEATH_DAY)? {
            index.deaths = deaths;
        }
        if let Some(table) = data.table(tables::OBSERVATION_PERIOD) {
            index.shape = Shape::Record;
            index.read_periods(table)?;
        }
        if let Some(table) = data.table(tables::EVENT) {
            index.shape = Shape::Record;
            index.read_events(table)?;
        } else {
            index.event_offsets = vec![0; n_persons + 1];
        }
        if index.period_offsets.is_empty() {
            index.period_offsets = vec![0; n_persons + 1];
        }
        Ok(index)
    }

    fn read_periods(&mut self, table: &Table) -> Result<(), CohortError> {
        let persons = index_column(table, tables::OBSERVATION_PERIOD, tables::PERIOD_PERSON)?;
        let start = day_column(table, tables::OBSERVATION_PERIOD, tables::PERIOD_START_DAY)?;
        let end = day_column(table, tables::OBSERVATION_PERIOD, tables::PERIOD_END_DAY)?;
        let mut rows: Vec<(u32, Period)> = Vec::with_capacity(persons.len());
        let mut n_unusable = 0;
        for (row, &person) in persons.iter().enumerate() {
            check_person(person, self.n_persons, tables::OBSERVATION_PERIOD, row)?;
            if start.is_null(row) || end.is_null(row) || start.value(row) > end.value(row) {
                n_unusable += 1;
                continue;
            }
            rows.push((person, Period { start_day: start.value(row), end_day: end.value(row) }));
        }
        if n_unusable > 0 {
            self.warnings.push(format!(
                "{} without a start or an end, or ending before the start, not used",
                counted(n_unusable, "observation period", "observation periods")
            ));
        }
        rows.sort_unstable();
        self.period_offsets = offsets_of(rows.iter().map(|r| r.0), self.n_persons);
        self.periods = rows.into_iter().map(|r| r.1).collect();
        Ok(())
    }

    fn read_events(&mut self, table: &Table) -> Result<(), CohortError> {
        let persons = index_column(table, tables::EVENT, tables::EVENT_PERSON)?;
        let start = day_column(table, tables::EVENT, tables::EVENT_START_DAY)?;
        let mut last = (0, i32::MIN);
        for (row, &person) in persons.iter().enumerate() {
            check_person(person, self.n_persons, tables::EVENT, row)?;
            let day =
                if start.is_null(row) { if person == last.0 { last.1 } else { i32::MIN } } else { start.value(row) };
            if (person, day) < last {
                return Err(CohortError::Dataset(format!(
                    "row {} of table 'event' is out of order (events are sorted by person, then day)",
                    row + 1
                )));
            }
            last = (person, day);
        }
        if start.null_count() > 0 {
            self.warnings.push(format!(
                "{} without a date cannot be placed in time and never match",
                counted(start.null_count() as u64, "event", "events")
            ));
        }
        self.event_offsets = offsets_of(persons.iter().copied(), self.n_persons);
        Ok(())
    }

    /// What kind of dataset it is.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Number of persons.
    #[must_use]
    pub fn n_persons(&self) -> usize {
        self.n_persons
    }

    /// Number of events.
    #[must_use]
    pub fn n_events(&self) -> u64 {
        u64::from(self.event_offsets.last().copied().unwrap_or(0))
    }

    /// A person's observation periods, by start.
    #[must_use]
    pub fn periods(&self, person: u32) -> &[Period] {
        let at = person as usize;
        match (self.period_offsets.get(at), self.period_offsets.get(at + 1)) {
            (Some(&from), Some(&to)) => self.periods.get(from as usize..to as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// A person's rows in the event table.
    #[must_use]
    pub fn event_rows(&self, person: u32) -> std::ops::Range<usize> {
        let at = person as usize;
        match (self.event_offsets.get(at), self.event_offsets.get(at + 1)) {
            (Some(&from), Some(&to)) => from as usize..to as usize,
            _ => 0..0,
        }
    }

    /// The earliest-starting observation period that holds a day.
    #[must_use]
    pub fn period_at(&self, person: u32, day: i32) -> Option<Period> {
        self.periods(person).iter().copied().find(|p| p.contains(day))
    }

    /// A person's day of death, where recorded.
    #[must_use]
    pub fn death_day(&self, person: u32) -> Option<i32> {
        self.deaths.get(person as usize).copied().flatten()
    }

    pub(crate) fn has_deaths(&self) -> bool {
        self.deaths.iter().any(Option::is_some)
    }

    /// What must be said of the dataset whenever it is used.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl<'a> Source<'a> {
    /// A dataset with its index.
    #[must_use]
    pub fn new(data: &'a Dataset, index: &'a Index) -> Self {
        Self { data, index, header: None }
    }

    /// With the header, so that tables can show labels and units.
    #[must_use]
    pub fn with_header(mut self, header: &'a DatasetHeader) -> Self {
        self.header = Some(header);
        self
    }

    /// A variable's column.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&'a Column> {
        self.data.table(tables::VARIABLE)?.column(name)
    }

    /// The variables in order (none in a pure record).
    pub fn variables(&self) -> impl Iterator<Item = (&'a str, &'a Column)> + use<'a> {
        let columns = self.data.table(tables::VARIABLE).map_or(&[] as &[_], Table::columns);
        columns.iter().map(|(name, column)| (name.as_str(), column))
    }

    /// Whether there is any dated event or period.
    #[must_use]
    pub fn is_record(&self) -> bool {
        self.index.shape == Shape::Record
    }

    pub(crate) fn birth_year(&self) -> Option<&'a arrow_array::Float64Array> {
        match self.data.table(tables::PERSON)?.column(tables::PERSON_BIRTH_YEAR)? {
            Column::Number(a) => Some(a),
            _ => None,
        }
    }
}

fn count_persons(data: &Dataset) -> Result<usize, CohortError> {
    let persons = data.table(tables::PERSON).map(Table::n_rows);
    let variables = data.table(tables::VARIABLE).filter(|t| !t.columns().is_empty()).map(Table::n_rows);
    match (persons, variables) {
        (Some(p), Some(v)) if p != v => Err(CohortError::Dataset(format!(
            "table 'person' has {p} rows and table 'variable' {v}; they must have one row a person each"
        ))),
        (Some(n), _) | (None, Some(n)) if n < u32::MAX as usize => Ok(n),
        (None, None) => Err(CohortError::Dataset("it has neither a table 'person' nor a table 'variable'".to_owned())),
        _ => Err(CohortError::Dataset("it has more persons than can be numbered".to_owned())),
    }
}

fn check_person(person: u32, n_persons: usize, table: &str, row: usize) -> Result<(), CohortError> {
    if (person as usize) < n_persons {
        return Ok(());
    }
    Err(CohortError::Dataset(format!("row {} of table '{table}' belongs to a person that does not exist", row + 1)))
}

fn offsets_of(sorted_persons: impl Iterator<Item = u32>, n_persons: usize) -> Vec<u32> {
    let mut offsets = vec![0_u32; n_persons + 1];
    for person in sorted_persons {
        offsets[person as usize + 1] += 1;
    }
    let mut sum = 0;
    for offset in &mut offsets {
        sum += *offset;
        *offset = sum;
    }
    offsets
}

pub(crate) fn index_column<'a>(table: &'a Table, table_name: &str, name: &str) -> Result<&'a [u32], CohortError> {
    match table.column(name) {
        Some(Column::Index(a)) => Ok(a.values()),
        _ => Err(CohortError::Dataset(format!("table '{table_name}' has no index column '{name}'"))),
    }
}

pub(crate) fn day_column<'a>(
    table: &'a Table,
    table_name: &str,
    name: &str,
) -> Result<&'a arrow_array::Date32Array, CohortError> {
    match table.column(name) {
        Some(Column::Day(a)) => Ok(a),
        _ => Err(CohortError::Dataset(format!("table '{table_name}' has no day column '{name}'"))),
    }
}

fn optional_days(table: Option<&Table>, name: &str) -> Result<Option<Vec<Option<i32>>>, CohortError> {
    match table.and_then(|t| t.column(name)) {
        None => Ok(None),
        Some(Column::Day(a)) => Ok(Some(a.iter().collect())),
        Some(_) => Err(CohortError::Dataset(format!("column '{name}' of table 'person' is no day"))),
    }
}
