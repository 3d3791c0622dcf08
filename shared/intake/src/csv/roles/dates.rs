//! Columns of dates: whole days, and what lacks the day or the century.

use model::dataset::ColumnRole;
use model::intake::DateFormat;

use super::{Proposal, decide};
use crate::csv::evidence::Seen;
use crate::csv::names;
use crate::date;

/// The format of nearly all values; where day and month could be either way round, one is taken and said.
pub(super) fn date_format(p: &mut Proposal, seen: &Seen) -> Option<DateFormat> {
    let [ymd, dmy, mdy, compact, named] = seen.n_dates;
    // Among dates some may lack the day.
    let mostly = |n: u64| n * 2 >= seen.n_present() - seen.n_soft_missing && seen.mostly(n + seen.n_partial);
    let [_, dmy_days, mdy_days, ..] = seen.n_days;
    if ymd > 0 && mostly(ymd) {
        return Some(DateFormat::YearMonthDay);
    }
    if named > 0 && mostly(named) {
        return Some(DateFormat::DayMonthNameYear);
    }
    if dmy > 0 && mostly(dmy) && mdy > 0 {
        let name = &p.plan.name;
        let all = dmy.max(mdy);
        if dmy_days == mdy_days && dmy_days == all {
            let (format, words) = if seen.dotted * 2 > all {
                (DateFormat::DayMonthYear, "day-month-year")
            } else {
                (DateFormat::MonthDayYear, "month-day-year")
            };
            p.date_order_unsure = true;
            p.warnings.push(format!(
                "Every date of '{name}' could be day-month-year or month-day-year; {words} is proposed. Check it: the other \
                 order gives other dates."
            ));
            return Some(format);
        }
        let format = if dmy_days >= mdy_days { DateFormat::DayMonthYear } else { DateFormat::MonthDayYear };
        if dmy_days < all && mdy_days < all {
            let words = date::words(format);
            p.date_order_unsure = true;
            p.warnings.push(format!(
                "The dates of '{name}' exist neither all as day-month-year nor all as month-day-year; {words} fits most. Dates \
                 that do not exist will count as missing."
            ));
        }
        return Some(format);
    }
    let plausible = compact > 0 && seen.mostly(compact) && seen.values.len() > 1;
    (plausible && (names::is_date(&p.plan.name) || seen.values.len() > 5)).then_some(DateFormat::Compact)
}

/// Dates of which not even most are whole days: the month of somebody's treatment may not be stored, and no day can be read.
fn part_of_a_date(p: &mut Proposal, seen: &Seen) -> bool {
    let name = &p.plan.name;
    let n = seen.n_partial + seen.n_short_dates + seen.n_dates.iter().max().copied().unwrap_or(0);
    if seen.n_partial + seen.n_short_dates == 0 || !seen.mostly(n) {
        return false;
    }
    let (why, warning) = if seen.n_short_dates > seen.n_partial {
        (
            "dates with years of two digits, whose century is not known: not stored",
            format!(
                "'{name}' holds dates with years of two digits and is left out: write the years with four in the file."
            ),
        )
    } else {
        (
            "dates without a day: not stored",
            format!(
                "'{name}' holds dates without a day (such as 2020-03) and is left out: give whole days, or a column with the year."
            ),
        )
    };
    p.warnings.push(warning);
    p.plan.identifier_class = Some("date".to_owned());
    decide(p, ColumnRole::Drop, why)
}

pub(super) fn calendar_date(p: &mut Proposal, seen: &Seen) -> bool {
    let Some(format) = date_format(p, seen) else { return part_of_a_date(p, seen) };
    if seen.n_partial > 0 {
        p.warnings.push(format!(
            "{} of '{}' a date without a day (such as 2020-03) and will count as missing.",
            crate::report::counted(seen.n_partial, "value is", "values are"),
            p.plan.name
        ));
    }
    p.plan.date_format = Some(format);
    // What is still to be asked is not said as if it were known.
    let written = if p.date_order_unsure {
        "whose order of day and month has to be said".to_owned()
    } else {
        format!("written as {}", date::words(format))
    };
    if names::is_death_date(&p.plan.name) {
        let why = format!("a day of death by its name {written}: the person's death, moved like their other dates");
        return decide(p, ColumnRole::Death, why);
    }
    decide(p, ColumnRole::Date, format!("the values are dates {written}: moved by a secret number of days a person"))
}
