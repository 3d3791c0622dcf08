//! The person table and what is known of persons besides.

use columnar::build::{CategoryBuilder, DayBuilder};
use columnar::{Table, day};
use model::tables;

use super::{Core, key_column, number_column, table};
use crate::{IntakeError, safe_harbor};

/// What the person table holds of a person. Days as they stand in the source.
pub(crate) struct PersonRow {
    pub(crate) sex: &'static str,
    /// Year, month, day.
    pub(crate) birth: Option<(i32, u32, u32)>,
    pub(crate) death: Option<i32>,
    /// The last day that anything is known of; the death counts before it.
    pub(crate) last: Option<i32>,
}

/// Makes the person table, in the order of the keys.
///
/// `place`: where the births stand.
pub(crate) fn person_table(
    core: &mut Core,
    persons: impl Iterator<Item = PersonRow>,
    place: &str,
) -> Result<Table, IntakeError> {
    let key = key_column(core.keys.iter().map(|k| k.key)).map_err(|e| IntakeError::Pack(e.to_string()))?;
    let (mut sex, mut death) = (CategoryBuilder::new(), DayBuilder::new());
    let (mut years, mut n_old) = (Vec::with_capacity(core.keys.len()), 0u64);
    for (row, person) in (0u32..).zip(persons) {
        sex.push(Some(person.sex));
        years.push(birth_year(core, row, &person, &mut n_old).map(f64::from));
        death.push(person.death.map(|day| core.moved(row, day)));
    }
    let action = "year of birth set as for age 90 at the last observation";
    core.reporter.identifiers("ages over 89", n_old, place, action);
    table(vec![
        (tables::PERSON_KEY, key),
        (tables::PERSON_SEX, sex.finish()),
        (tables::PERSON_BIRTH_YEAR, number_column(years)),
        (tables::PERSON_DEATH_DAY, death.finish()),
    ])
}

/// The year of birth, moved with the person's dates; nobody is older than 90 when last seen, or in the year of the import where
/// nothing else is known of somebody.
fn birth_year(core: &Core, row: u32, person: &PersonRow, n_old: &mut u64) -> Option<i32> {
    let (year, month, of_month) = person.birth?;
    let shift = core.shift(row);
    let born = day::from_ymd(year, month, of_month).or_else(|| day::from_ymd(year, 7, 1));
    let year = born.map_or(year, |born| day::year_of(born + shift));
    // Nobody grows older than at death, whatever an event's end says.
    let last = person.death.or(person.last);
    let last_year = last.map(|last| day::year_of(last + shift)).or(core.settings.this_year);
    let Some(last_year) = last_year else { return Some(year) };
    if !core.settings.safe_harbor {
        return Some(year);
    }
    let (year, old) = safe_harbor::birth_year(year, last_year);
    *n_old += u64::from(old);
    Some(year)
}

/// Categories by person, where somebody has one.
pub(crate) fn variable_table<'a>(
    columns: impl Iterator<Item = (&'a str, CategoryBuilder)>,
) -> Result<Option<Table>, IntakeError> {
    let columns: Vec<_> =
        columns.filter(|(_, c)| c.n_missing() < c.len()).map(|(name, c)| (name, c.finish())).collect();
    if columns.is_empty() { Ok(None) } else { table(columns).map(Some) }
}
