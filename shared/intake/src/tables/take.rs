//! Rows of a table of visits, values or notes: each to events and notes, or to a reason why not.

mod common;
mod dictionary;
mod long;
mod of_person;
mod visits;

use model::dataset::ColumnRole;
use model::import_mapping::{NoteShape, TablePlan, TableShape};
use model::intake::{ColumnPlan, FileCount};

use super::encounters::NOBODY;
use super::store::Store;
use crate::csv::apart::TOP;
use crate::csv::dialect;
use crate::csv::joined::Persons;
use crate::csv::known::tells;
use crate::csv::sink::readable;
use crate::date::{self, Written};
use crate::event::Place;
use crate::report::{Fate, Flaw, Reporter, count, counted};
use crate::safe_harbor::class_words;
use crate::scanner::Fields;
use crate::{IntakeError, Settings};
use common::{Common, NO_DAY, On, note};
use of_person::OfPerson;

/// A row at hand.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    buffer: &'a [u8],
    fields: &'a Fields,
}

impl<'a> Row<'a> {
    /// A field without the blanks around it.
    fn get(&self, i: usize) -> &'a [u8] {
        self.fields.get(self.buffer, i).trim_ascii()
    }
}

/// Why a row gives nothing.
enum No {
    Rejected(Flaw),
    NotUsed,
}

/// Takes the rows of one table.
pub(super) struct Taker {
    plan: TablePlan,
    name: String,
    columns: Columns,
    part: Part,
    /// What rows of visits say of the person.
    of_person: Option<OfPerson>,
    count: FileCount,
    common: Common,
    /// Rows above the one with the names of the columns.
    above: Vec<Vec<String>>,
    /// Columns of identifiers, which are dropped, and the values seen in them.
    dropped: Vec<(usize, ColumnPlan, u64)>,
}

/// Where the columns that every shape has are.
#[derive(Default)]
struct Columns {
    n: usize,
    person: Option<usize>,
    date: Option<usize>,
    /// The column with the number of the encounter, the one with its last day, and whether the rows are the encounters.
    encounter: Option<usize>,
    end: Option<(usize, Written)>,
    are_encounters: bool,
    date_written: Option<Written>,
}

/// What is done with a row.
enum Part {
    /// Nothing: it is counted.
    NotUsed,
    Visits(visits::Visits),
    Long(Box<long::Long>),
    Dictionary(Box<dictionary::Columns>),
    Notes {
        text: usize,
        name: String,
        title: Option<usize>,
    },
}

impl Taker {
    pub(super) fn new(plan: TablePlan, settings: &Settings) -> Result<Self, IntakeError> {
        let delimiter = dialect::delimiter_byte(plan.mapping.delimiter)?;
        let decimal = dialect::decimal_byte(plan.mapping.decimal, delimiter)?;
        let name = plan.name();
        let table = match plan.shape {
            TableShape::Visits(_) | TableShape::Long(_) => "event",
            TableShape::Notes(_) => "note",
            TableShape::Dictionary(_) => "concept",
            TableShape::Persons | TableShape::NotUsed => "not used",
        };
        Ok(Self {
            count: FileCount { file: name.clone(), table: table.to_owned(), ..FileCount::default() },
            name,
            columns: Columns::default(),
            part: Part::NotUsed,
            of_person: None,
            common: Common::new(&plan, decimal, settings),
            above: Vec::new(),
            dropped: Vec::new(),
            plan,
        })
    }

    /// Whether a row stands above the names of the columns: titles do, and it is counted and said.
    pub(super) fn is_above(&mut self, buffer: &[u8], fields: &Fields) -> bool {
        let found: Vec<String> = (0..fields.len()).map(|i| name_of(fields.get(buffer, i))).collect();
        let is_above = self.above.len() < TOP
            && self.plan.shape != TableShape::NotUsed
            && self.plan.mapping.missing_column(&found).is_some();
        if is_above {
            self.above.push(found);
        }
        is_above
    }

    /// Why there were no names of columns: the first row has not those of the plan.
    pub(super) fn no_header(&self) -> IntakeError {
        let Some(first) = self.above.first() else { return IntakeError::Empty { file: self.name.clone() } };
        if let Err(error) = crate::csv::check_header(&self.name, first, self.plan.mapping.delimiter) {
            return error;
        }
        let column = self.plan.mapping.missing_column(first).unwrap_or_default();
        let detail = format!("it names the column '{column}', which the file does not have");
        IntakeError::Mapping { file: self.name.clone(), detail }
    }

    /// Finds the columns by their names, in whatever order.
    pub(super) fn header(
        &mut self,
        buffer: &[u8],
        fields: &Fields,
        store: &mut Store,
        reporter: &mut Reporter,
    ) -> Result<(), IntakeError> {
        let found: Vec<String> = (0..fields.len()).map(|i| name_of(fields.get(buffer, i))).collect();
        crate::csv::check_header(&self.name, &found, self.plan.mapping.delimiter)?;
        let n_above = self.above.len() as u64;
        if n_above > 0 {
            let rows =
                counted(n_above, "row above the names of the columns was", "rows above the names of the columns were");
            reporter.warn(format!("{}: {rows} taken for a title and not read.", self.name));
        }
        self.columns.n = found.len();
        if self.plan.shape == TableShape::NotUsed {
            return Ok(());
        }
        if let Some(column) = self.plan.mapping.missing_column(&found) {
            let detail = format!("it names the column '{column}', which the file does not have");
            return Err(IntakeError::Mapping { file: self.name.clone(), detail });
        }
        let planned = |name: &String| self.plan.mapping.columns.iter().find(|c| c.name == *name && !name.is_empty());
        let columns: Vec<Option<ColumnPlan>> = found.iter().map(|name| planned(name).cloned()).collect();
        let unknown = found.iter().zip(&columns).filter(|(name, plan)| plan.is_none() && !name.is_empty());
        let unknown: Vec<String> = unknown.map(|(name, _)| format!("'{name}'")).collect();
        if !unknown.is_empty() {
            let (name, unknown) = (&self.name, unknown.join(", "));
            reporter.warn(format!("{name} has columns that the plan does not know; they were left out: {unknown}."));
        }
        let place = |name: &str| found.iter().position(|f| f == name);
        let at = |name: &str| {
            place(name).ok_or_else(|| IntakeError::Mapping {
                file: self.name.clone(),
                detail: format!("the file has no column '{name}'"),
            })
        };
        let shape = &self.plan.shape;
        let written = |at: usize| Some(Written::of(columns.get(at)?.as_ref()?, self.common.this_year));
        self.columns.person = match self.plan.person() {
            None if shape.is_dated_by_encounter() || matches!(shape, TableShape::Dictionary(_)) => None,
            person => Some(at(person.unwrap_or_default())?),
        };
        self.columns.date = match shape.date() {
            None if shape.is_dated_by_encounter() || matches!(shape, TableShape::Dictionary(_)) => None,
            None if matches!(shape, TableShape::Visits(v) if !v.of_person.is_empty()) => None,
            date => Some(at(date.unwrap_or_default())?),
        };
        self.columns.date_written = self.columns.date.and_then(written);
        self.columns.encounter = shape.encounter().map(at).transpose()?;
        self.columns.are_encounters = shape.is_encounters();
        let end = match shape {
            TableShape::Visits(v) => v.end.as_deref(),
            TableShape::Long(l) => l.end.as_deref(),
            _ => None,
        };
        self.columns.end = end.and_then(place).and_then(|at| Some((at, written(at)?)));
        // The number of the encounter is nobody's to keep: it is dropped like others.
        let parts: Vec<(&str, &str)> = shape.parts().into_iter().filter(|(part, _)| *part != "encounter").collect();
        let is_dropped = |c: &ColumnPlan| {
            let is_part = parts.iter().any(|(_, column)| *column == c.name);
            c.identifier_class.is_some()
                && !is_part
                && c.role != ColumnRole::Identifier
                && (self.common.safe_harbor || c.role == ColumnRole::Drop)
        };
        self.dropped =
            columns.iter().cloned().enumerate().filter_map(|(i, c)| Some((i, c.filter(is_dropped)?, 0))).collect();
        self.part = match &self.plan.shape {
            TableShape::Persons | TableShape::NotUsed => Part::NotUsed,
            TableShape::Visits(shape) => {
                if !shape.of_person.is_empty() {
                    self.of_person = Some(OfPerson::new(&shape.of_person, &columns, self.columns.person));
                }
                Part::Visits(visits::Visits::new(shape, &columns, &self.columns, &self.common, store))
            }
            TableShape::Long(shape) => {
                store.unit_columns.extend(shape.unit.clone().map(|unit| (store.file, unit)));
                Part::Long(Box::new(long::Long::new(shape, &columns, &place, self.common.this_year)))
            }
            TableShape::Dictionary(shape) => Part::Dictionary(Box::new(dictionary::Columns::new(shape, &at, store)?)),
            TableShape::Notes(NoteShape { text, title, .. }) => {
                Part::Notes { text: at(text)?, name: text.clone(), title: title.as_deref().map(at).transpose()? }
            }
        };
        Ok(())
    }

    /// Takes a row.
    pub(super) fn row(&mut self, buffer: &[u8], fields: &Fields, store: &mut Store, reporter: &mut Reporter) {
        let row = Row { buffer, fields };
        let taken = self.take(row, store);
        let fate = match taken {
            Ok(()) => Fate::Kept,
            Err(No::NotUsed) => Fate::NotUsed,
            Err(No::Rejected(flaw)) => {
                self.common.flaws.clear();
                reporter.row(&self.name, fields.line, flaw);
                Fate::Rejected
            }
        };
        for flaw in self.common.flaws.drain(..) {
            reporter.value(&self.name, fields.line, flaw);
        }
        count(&mut self.count, fate);
    }

    /// Counts a line that is no row.
    pub(super) fn reject(&mut self, line: u64, flaw: Flaw, reporter: &mut Reporter) {
        reporter.row(&self.name, line, flaw);
        count(&mut self.count, Fate::Rejected);
    }

    fn take(&mut self, row: Row<'_>, store: &mut Store) -> Result<(), No> {
        let columns = &self.columns;
        if matches!(self.part, Part::NotUsed) {
            return Err(No::NotUsed);
        }
        let whole = |reason: String| No::Rejected(Flaw { field: String::new(), reason });
        if row.fields.unclosed {
            return Err(whole("a quotation mark is opened and the file ends before it is closed".to_owned()));
        }
        if row.fields.len() != columns.n {
            let (got, want) = (row.fields.len(), columns.n);
            return Err(whole(format!("the row has {got} fields where the header has {want}")));
        }
        if let Part::Dictionary(columns) = &self.part {
            return Err(columns.take(row, &self.common, store));
        }
        let on = self.on(row, store)?;
        for (i, plan, n) in &mut self.dropped {
            let field = row.get(*i);
            if self.common.missing.is(field) {
                continue;
            }
            *n += 1;
            if let (Some(tells), Ok(text)) = (tells(plan), readable(field))
                && on.person != NOBODY
            {
                store.tell(on.person, tells, text);
            }
        }
        // A row that says when an encounter was is used, whatever else it has.
        let dates_others = self.columns.are_encounters && on.waits_for.is_none() && on.start != NO_DAY;
        let taken = match &mut self.part {
            Part::NotUsed | Part::Dictionary(_) => Err(No::NotUsed),
            Part::Visits(visits) => {
                let said = self.of_person.as_mut().map(|of| of.take(row, &self.common.missing));
                match (visits.take(row, &on, &mut self.common, store), said) {
                    // What is said of the person is kept, whatever there is of a day.
                    (Err(_), Some(true)) => Ok(()),
                    (taken, _) => taken,
                }
            }
            Part::Long(long) => long.take(row, &on, &mut self.common, store),
            Part::Notes { text, name, title } => {
                let title = title.map(|t| row.get(t));
                note(row.fields.get(row.buffer, *text), title, &on, &self.common, store).map_err(
                    |reason| match reason {
                        Some(reason) => No::Rejected(Flaw { field: name.clone(), reason }),
                        None => No::NotUsed,
                    },
                )
            }
        };
        match taken {
            Err(No::NotUsed) if dates_others => Ok(()),
            taken => taken,
        }
    }

    /// Whose a row is and when it was; what it says of an encounter is noted.
    fn on(&self, row: Row<'_>, store: &mut Store) -> Result<On, No> {
        let columns = &self.columns;
        let field = |at: Option<usize>| at.map_or(&[][..], |i| row.get(i));
        let named = |at: Option<usize>| Some(field(at)).filter(|f| !self.common.missing.is(f));
        let encounter = named(columns.encounter);
        let waits = encounter.filter(|_| self.plan.shape.is_dated_by_encounter());
        let place = Place::new(store.file, row.fields.line);
        let person = match named(columns.person) {
            Some(person) => store.person(person),
            None if waits.is_some() && columns.person.is_none() => NOBODY,
            None => {
                let (field, reason) = match self.plan.person() {
                    Some(person) => (person, "nobody is named: it is not known whose row this is"),
                    None => (
                        self.plan.shape.encounter().unwrap_or_default(),
                        "no encounter is named: it is not known whose row this is",
                    ),
                };
                return Err(No::Rejected(Flaw { field: field.to_owned(), reason: reason.to_owned() }));
            }
        };
        // A row with a day and a person needs no encounter.
        let needs = columns.date.is_none() || self.common.missing.is(field(columns.date)) || person == NOBODY;
        if let Some(encounter) = waits.filter(|_| needs) {
            // A row that names nobody may have a day of its own.
            let start = self.common.day(field(columns.date), columns.date_written).unwrap_or(NO_DAY);
            return Ok(On { person, start, place, waits_for: Some(store.encounters.number(encounter)) });
        }
        let day = self.common.day(field(columns.date), columns.date_written);
        if day.is_err() && self.of_person.is_some() {
            // The row may have another date, or say something of the person only.
            return Ok(On { person, start: NO_DAY, place, waits_for: None });
        }
        let start = day.map_err(|reason| {
            let field = self.plan.shape.date().or(self.plan.shape.encounter()).unwrap_or_default().to_owned();
            No::Rejected(Flaw { field, reason: format!("{reason}: it is not known when this was") })
        })?;
        if let Some(encounter) = encounter.filter(|_| columns.are_encounters) {
            let end = columns.end.and_then(|(at, written)| self.common.day(row.get(at), Some(written)).ok());
            store.encounters.define(encounter, person, start, end.filter(|end| *end >= start));
        }
        Ok(On { person, start, place, waits_for: None })
    }

    /// Columns of days that are read.
    fn days(&self) -> Vec<&ColumnPlan> {
        let parts = self.plan.shape.parts();
        let is_read = |c: &&ColumnPlan| match self.plan.shape {
            TableShape::Visits(_) => true,
            TableShape::NotUsed => false,
            _ => parts.iter().any(|(_, column)| *column == c.name),
        };
        self.plan.mapping.columns.iter().filter(is_read).collect()
    }

    /// Says which columns have no part in a table that reads only those that have one.
    fn say_unread(&self, reporter: &mut Reporter) {
        if !matches!(self.plan.shape, TableShape::Long(_) | TableShape::Notes(_)) {
            return;
        }
        let parts = self.plan.shape.parts();
        let is_unread = |c: &&ColumnPlan| {
            !matches!(c.role, ColumnRole::Drop | ColumnRole::Identifier)
                && c.identifier_class.is_none()
                && !parts.iter().any(|(_, column)| *column == c.name)
        };
        let unread = self.plan.mapping.columns.iter().filter(is_unread).map(|c| format!("'{}'", c.name));
        let unread: Vec<String> = unread.collect();
        if !unread.is_empty() {
            let name = &self.name;
            reporter.warn(format!("{name}: columns without a part in its rows were not read: {}.", unread.join(", ")));
        }
    }

    /// What the rows say of the persons, as a table of them.
    pub(super) fn persons(
        &mut self,
        settings: &Settings,
        reporter: &mut Reporter,
    ) -> Result<Option<Persons>, IntakeError> {
        let Some(of_person) = self.of_person.take() else { return Ok(None) };
        of_person.table(&self.plan, settings, &self.name, reporter)
    }

    /// The counts, and what the user should know.
    pub(super) fn end(self, reporter: &mut Reporter) -> FileCount {
        if let Some(person) = self.plan.person().filter(|_| self.plan.shape != TableShape::NotUsed) {
            let (at, action) =
                (format!("{}: {person}", self.name), "replaced by a keyed hash; the key stays on this device");
            reporter.identifiers(class_words("record_number"), self.count.rows_kept, &at, action);
        }
        for (_, plan, n) in &self.dropped {
            let class = class_words(plan.identifier_class.as_deref().unwrap_or_default());
            reporter.identifiers(class, *n, &format!("{}: {}", self.name, plan.name), "column dropped");
        }
        self.say_unread(reporter);
        if let Some(words) = date::short_years(&self.name, &self.days(), self.common.this_year) {
            reporter.warn(words);
        }
        self.common.account(&self.name, reporter);
        self.count
    }
}

fn name_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
