//! Years of birth of a flat file: moved with the person's other dates, and nobody older than 90.

use columnar::build::NumberBuilder;
use columnar::{Column, day};
use model::intake::ColumnPlan;

use super::names;
use super::sink::Sink;
use crate::safe_harbor::birth_year;

/// Up to when ages are reckoned.
#[derive(Default)]
pub(super) struct Births {
    /// Year of the last other date of each row, moved; nothing where no column is a birth.
    last_seen: Vec<Option<i32>>,
    /// For rows without another date.
    otherwise: i32,
}

/// Whether a column of days holds days of birth.
pub(super) fn is_birth(plan: &ColumnPlan) -> bool {
    plan.identifier_class.as_deref() == Some("birth_date")
}

/// A number that is a year of birth, as it may be stored of somebody last seen in a year (of dates that were moved), and whether it was
/// changed.
pub(crate) fn year_of_birth(born: f64, last_seen: i32) -> (f64, bool) {
    // What is no year of these centuries is no year of birth either.
    if !(1800.0..=2200.0).contains(&born) {
        return (born, false);
    }
    #[expect(clippy::cast_possible_truncation, reason = "a year")]
    let (year, old) = birth_year(born as i32, last_seen);
    if old { (f64::from(year), true) } else { (born, false) }
}

impl Births {
    /// Looks through the dates of all rows (so many, and the last day that other tables have of each). `this_year` counts where the
    /// file has no other date than births.
    pub(super) fn new(
        sinks: &mut [Sink],
        plans: &[ColumnPlan],
        (n_rows, elsewhere): (usize, &[Option<i32>]),
        this_year: Option<i32>,
        moved: &dyn Fn(usize, i32) -> i32,
    ) -> Self {
        let asked = plans.iter().any(|p| is_birth(p) || names::is_birth_year(&p.name));
        if !asked {
            return Self::default();
        }
        let mut last_seen: Vec<Option<i32>> = vec![None; n_rows];
        let (mut latest, mut latest_birth) = (None::<i32>, None::<i32>);
        for (row, (last, day)) in last_seen.iter_mut().zip(elsewhere).enumerate() {
            *last = day.map(|day| day::year_of(moved(row, day)));
            latest = latest.max(*last);
        }
        for (sink, plan) in sinks.iter_mut().zip(plans) {
            let Sink::Day { column, .. } = sink else { continue };
            if is_birth(plan) {
                latest_birth = latest_birth.max(column.latest().map(day::year_of));
                continue;
            }
            column.map(|row, day| {
                let year = day::year_of(moved(row, day));
                latest = latest.max(Some(year));
                if let Some(last) = last_seen.get_mut(row) {
                    *last = (*last).max(Some(year));
                }
                day
            });
        }
        let otherwise = latest.or(this_year.max(latest_birth)).or(this_year).unwrap_or(i32::MIN / 2);
        Self { last_seen, otherwise }
    }

    fn reckoned_to(&self, row: usize) -> i32 {
        self.last_seen.get(row).copied().flatten().unwrap_or(self.otherwise)
    }

    /// Years of birth, and how many were set as for age 90.
    pub(super) fn years(&self, births: Column) -> (Column, u64) {
        let years: Vec<Option<i32>> = match births {
            Column::Day(days) => days.into_iter().map(|d| d.map(day::year_of)).collect(),
            other => return (other, 0),
        };
        let (mut out, mut n_old) = (NumberBuilder::new(), 0);
        for (row, year) in years.into_iter().enumerate() {
            out.push(year.map(|born| {
                let (year, old) = birth_year(born, self.reckoned_to(row));
                n_old += u64::from(old);
                f64::from(year)
            }));
        }
        (out.finish(), n_old)
    }

    /// A column of numbers that are years of birth: those of people above 89 are set as for age 90.
    pub(super) fn numbers(&self, births: Column) -> (Column, u64) {
        let Column::Number(years) = births else { return (births, 0) };
        let (mut out, mut n_old) = (NumberBuilder::new(), 0);
        for (row, year) in years.into_iter().enumerate() {
            out.push(year.map(|born| {
                let (year, old) = year_of_birth(born, self.reckoned_to(row));
                n_old += u64::from(old);
                year
            }));
        }
        (out.finish(), n_old)
    }
}
