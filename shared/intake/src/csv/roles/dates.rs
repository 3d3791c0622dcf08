//! Columns of dates: whole days, and what lacks the day or the century.

use std::collections::BTreeSet;

use model::dataset::ColumnRole;
use model::intake::DateFormat;

use super::{Proposal, decide};
use crate::csv::evidence::Seen;
use crate::csv::names;
use crate::date::{self, Written};

/// The format of nearly all values, also of those whose years have two digits.
pub(super) fn date_format(p: &mut Proposal, seen: &Seen) -> Option<DateFormat> {
    whole(p, seen).or_else(|| short(p, seen))
}

/// The format of a column in which every date has a year of two digits: where some have four, nobody says of which century the others are.
fn short(p: &mut Proposal, seen: &Seen) -> Option<DateFormat> {
    if seen.n_short_dates == 0 || seen.n_dates.iter().any(|n| *n > 0) || !seen.mostly(seen.n_short_dates) {
        return None;
    }
    // Whether there is such a day; a century with a 29th of February in its first year.
    let is_day = |text: &str, format| {
        Written { format, last_year: Some(2099), are_births: false }.parse(text.as_bytes()).is_ok()
    };
    let days = |format| seen.values.iter().filter(|(text, _)| is_day(text, format)).map(|(_, n)| n).sum::<u64>();
    if seen.mostly(days(DateFormat::DayMonthNameYear)) {
        return short_years(p, DateFormat::DayMonthNameYear);
    }
    let orders = [DateFormat::YearMonthDay, DateFormat::DayMonthYear, DateFormat::MonthDayYear];
    let counts = orders.map(days);
    let most = counts.iter().copied().max().filter(|most| seen.mostly(*most))?;
    let [year_first, day_first, month_first] = counts.map(|n| n == most);
    if !day_first && !month_first {
        return short_years(p, DateFormat::YearMonthDay);
    }
    // 19-01-15 and 15-01-19 are told apart by which end has more different numbers: there are more days than years.
    let different = |part: usize| {
        let parts = seen.values.keys().filter_map(|v| v.split(['-', '/', '.']).nth(part));
        parts.map(|v| v.get(..2).unwrap_or(v)).collect::<BTreeSet<_>>().len()
    };
    let name = p.plan.name.clone();
    if year_first && seen.dotted == 0 && different(0) * 2 < different(2) {
        p.date_order_unsure = true;
        p.warnings.push(format!(
            "The years of '{name}' have two digits and seem to come first; year-month-day is proposed. Check it: the other order gives \
             other dates."
        ));
        return short_years(p, DateFormat::YearMonthDay);
    }
    let format = match (day_first, month_first) {
        (true, true) => {
            let format = if seen.dotted * 2 > most { DateFormat::DayMonthYear } else { DateFormat::MonthDayYear };
            p.date_order_unsure = true;
            let words = date::words(format);
            p.warnings.push(format!(
                "Every date of '{name}' could be day-month-year or month-day-year; {words} is proposed. Check it: the other \
                 order gives other dates."
            ));
            format
        }
        (true, false) => DateFormat::DayMonthYear,
        (false, _) => DateFormat::MonthDayYear,
    };
    short_years(p, format)
}

/// Says that years have two digits.
fn short_years(p: &mut Proposal, format: DateFormat) -> Option<DateFormat> {
    p.plan.short_years = true;
    p.warnings.push(format!(
        "'{}' holds years of two digits: they are read as the hundred years up to this one. Leave the column out if it has other ones.",
        p.plan.name
    ));
    Some(format)
}

/// The format of nearly all values; where day and month could be either way round, one is taken and said.
fn whole(p: &mut Proposal, seen: &Seen) -> Option<DateFormat> {
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
            "dates with years of two digits among others: not stored",
            format!(
                "'{name}' holds dates with years of two digits among others, so that their century is not known, and is left out: write \
                 all years with four in the file."
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
    let written = if p.plan.short_years { format!("with years of two digits {written}") } else { written };
    if names::is_death_date(&p.plan.name) {
        let why = format!("a day of death by its name {written}: the person's death, moved like their other dates");
        return decide(p, ColumnRole::Death, why);
    }
    decide(p, ColumnRole::Date, format!("the values are dates {written}: moved by a secret number of days a person"))
}
