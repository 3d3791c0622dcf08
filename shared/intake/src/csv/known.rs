//! What a row says of its person, to be found again in the row's free text.

use model::dataset::ColumnRole;
use model::intake::{ColumnPlan, CsvMapping};

use super::sink::Missing;
use crate::free_text::KnownIdentifiers;
use crate::key::{Keyer, PersonKey};
use crate::scanner::Fields;

/// Shortest number that is looked for.
pub(crate) const SHORTEST: usize = 4;

/// What a column tells of a person that is looked for in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    Name,
    Number,
}

/// What a column tells of a person that is looked for in texts. Dates and ZIP codes are found there by their form.
pub(crate) fn tells(column: &ColumnPlan) -> Option<Tells> {
    match column.identifier_class.as_deref() {
        Some("name") => Some(Tells::Name),
        Some("birth_date" | "date" | "zip" | "photo") => None,
        Some(_) => Some(Tells::Number),
        None => (column.role == ColumnRole::Identifier).then_some(Tells::Number),
    }
}

/// Which columns name the person of a row; none where no column is free text.
#[derive(Default)]
pub(super) struct Naming {
    person: Option<usize>,
    names: Vec<usize>,
    numbers: Vec<usize>,
    active: bool,
}

/// Whose the row at hand is.
pub(super) struct RowPerson {
    pub(super) key: PersonKey,
    pub(super) known: KnownIdentifiers,
}

impl Default for RowPerson {
    fn default() -> Self {
        Self { key: PersonKey { key: 0, shift: 1 }, known: KnownIdentifiers::default() }
    }
}

impl Naming {
    pub(super) fn new(mapping: &CsvMapping, screens: bool) -> Self {
        let is_text = |role: ColumnRole| role == ColumnRole::Text;
        if !screens || !mapping.columns.iter().any(|c| is_text(c.role) && c.identifier_class.is_none()) {
            return Self::default();
        }
        let mut out = Self { active: true, ..Self::default() };
        for (i, column) in mapping.columns.iter().enumerate() {
            let named = column.role == ColumnRole::Identifier;
            if named && out.person.is_none() {
                out.person = Some(i);
            }
            match tells(column) {
                Some(Tells::Name) => out.names.push(i),
                Some(Tells::Number) => out.numbers.push(i),
                None => {}
            }
        }
        out
    }

    /// Reads what a row says of its person; nothing where no free text asks for it.
    pub(super) fn read(
        &self,
        buffer: &[u8],
        fields: &Fields,
        row: u64,
        keyer: &mut Keyer,
        missing: &Missing,
    ) -> Option<RowPerson> {
        if !self.active {
            return None;
        }
        let text = |i: &usize| {
            let field = fields.get(buffer, *i).trim_ascii();
            (!missing.is(field)).then(|| String::from_utf8_lossy(field).into_owned())
        };
        let key = match self.person.map(|i| fields.get(buffer, i).trim_ascii()).filter(|id| !missing.is(id)) {
            Some(id) => keyer.person(id),
            None => PersonKey { key: keyer.row(row), shift: keyer.row_shift(row) },
        };
        let numbers = self.numbers.iter().filter_map(text).filter(|n| n.chars().count() >= SHORTEST);
        let known =
            KnownIdentifiers { names: self.names.iter().filter_map(text).collect(), numbers: numbers.collect() };
        Some(RowPerson { key, known })
    }
}
