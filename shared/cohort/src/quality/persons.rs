//! Persons and their observation periods.

use arrow_array::Array as _;
use columnar::{Column, Table, day};
use model::tables;
use rustc_hash::FxHashMap;

use super::QualitySettings;
use super::checks::{
    BIRTH_FUTURE, BIRTH_MISSING, BIRTH_TOO_EARLY, DEATH_BEFORE_BIRTH, DEATH_FUTURE, PERIOD_OVERLAP, PERIOD_REVERSED,
    PERSON_KEY, PERSON_MANY, PERSON_WITHOUT_EVENTS, PERSON_WITHOUT_PERIOD, SEX_MISSING, SEX_VALUE,
};
use super::columns::{category, day_at, days};
use super::list::{Check, List, Share};
use crate::source::Source;

/// Nobody alive was born before (OHDSI's Data Quality Dashboard).
const EARLIEST_BIRTH: i32 = 1850;
/// How the sexes are written.
const SEXES: [&str; 4] = ["female", "male", "other", "unknown"];
/// Fewer events than these are never too many.
const MANY_EVENTS: u64 = 1000;
/// So many times the median are too many.
const MANY_TIMES: u64 = 20;

/// Said of a flat file without sexes of persons.
const NO_SEX: &str =
    "The file has one row a person and no field of its own for the sex; one among its variables is checked with them.";
/// Said of a flat file without years of birth.
const NO_BIRTH: &str =
    "The file has one row a person and no year of birth; an age among its variables is checked with them.";

/// A year of birth.
#[expect(clippy::cast_possible_truncation, reason = "years; others are cut and then out of range")]
pub(super) fn year(number: f64) -> i32 {
    number.floor() as i32
}

/// First of January of the year of birth of each person, where known.
pub(super) fn births(source: &Source<'_>) -> Vec<Option<i32>> {
    let n = source.index.n_persons();
    let Some(years) = source.birth_year() else { return vec![None; n] };
    let born = |row| years.is_valid(row).then(|| year(years.value(row)).clamp(day::MIN_YEAR, day::MAX_YEAR));
    (0..n).map(|row| if row < years.len() { born(row).and_then(|y| day::from_ymd(y, 1, 1)) } else { None }).collect()
}

/// The last day that a date may have.
pub(super) fn last_day(settings: &QualitySettings) -> Option<i32> {
    settings.today.map(|today| today.saturating_add(settings.moved_days))
}

pub(super) fn check(source: &Source<'_>, settings: &QualitySettings, list: &mut List) {
    let Some(table) = source.data.table(tables::PERSON) else {
        for check in [&BIRTH_MISSING, &SEX_MISSING, &PERSON_KEY] {
            list.not_applicable(check, "The file has one row a person and no table of persons.");
        }
        return;
    };
    keys(table, list);
    sexes(source, table, list);
    lives(source, settings, table, list);
    if source.is_record() {
        many(source, list);
        periods(source, list);
    }
}

fn keys(table: &Table, list: &mut List) {
    let Some(Column::Text(keys)) = table.column(tables::PERSON_KEY) else {
        return list.not_applicable(&PERSON_KEY, "Persons have no keys in this dataset.");
    };
    let mut seen: FxHashMap<&str, u64> = FxHashMap::default();
    for key in keys.iter().flatten() {
        *seen.entry(key).or_default() += 1;
    }
    let violated = seen.into_values().filter(|n| *n > 1).map(|n| n - 1).sum();
    list.add(&PERSON_KEY, "", Share { violated, total: keys.len() as u64 });
}

/// A field of persons that somebody should have. A flat file in which nobody has it does not ask for it.
fn add_field(source: &Source<'_>, list: &mut List, check: &Check, missing: Share, without: &str) {
    if !source.is_record() && missing.violated == missing.total {
        return list.not_applicable(check, without);
    }
    list.add(check, "", missing);
}

fn sexes(source: &Source<'_>, table: &Table, list: &mut List) {
    let Some(sex) = category(table, tables::PERSON_SEX) else {
        let all = table.n_rows() as u64;
        add_field(source, list, &SEX_MISSING, Share { violated: all, total: all }, NO_SEX);
        return list.not_applicable(&SEX_VALUE, "Persons have no sex in this dataset.");
    };
    let (mut missing, mut odd) = (Share::default(), Share::default());
    for row in 0..table.n_rows() {
        let level = sex.level(row);
        missing.add(level.is_none_or(|l| l == "unknown"));
        if let Some(level) = level {
            odd.add(!SEXES.contains(&level));
        }
    }
    add_field(source, list, &SEX_MISSING, missing, NO_SEX);
    list.add(&SEX_VALUE, "", odd);
}

fn lives(source: &Source<'_>, settings: &QualitySettings, table: &Table, list: &mut List) {
    let births = births(source);
    let latest = last_day(settings);
    let (mut missing, mut early, mut unborn) = (Share::default(), Share::default(), Share::default());
    let (mut reversed, mut future) = (Share::default(), Share::default());
    let earliest = day::from_ymd(EARLIEST_BIRTH, 1, 1).unwrap_or(i32::MIN);
    let deaths = days(table, tables::PERSON_DEATH_DAY);
    for (row, born) in births.iter().enumerate() {
        missing.add(born.is_none());
        let died = deaths.filter(|d| row < d.len()).and_then(|d| day_at(d, row));
        if let Some(born) = *born {
            early.add(born < earliest);
            if let Some(latest) = latest {
                unborn.add(born > latest);
            }
            if let Some(died) = died {
                reversed.add(died < born);
            }
        }
        if let (Some(died), Some(latest)) = (died, latest) {
            future.add(died > latest);
        }
    }
    add_field(source, list, &BIRTH_MISSING, missing, NO_BIRTH);
    list.add(&BIRTH_TOO_EARLY, "", early);
    add_or_no_today(list, &BIRTH_FUTURE, "", settings, unborn);
    list.add(&DEATH_BEFORE_BIRTH, "", reversed);
    add_or_no_today(list, &DEATH_FUTURE, "", settings, future);
}

/// A check that needs the day of today.
pub(super) fn add_or_no_today(list: &mut List, check: &Check, part: &str, settings: &QualitySettings, share: Share) {
    if settings.today.is_none() {
        return list.not_applicable(check, "The day of today was not given.");
    }
    list.add(check, part, share);
}

fn many(source: &Source<'_>, list: &mut List) {
    let n_persons = u32::try_from(source.index.n_persons()).unwrap_or(u32::MAX);
    let counts: Vec<u64> = (0..n_persons).map(|p| source.index.event_rows(p).len() as u64).collect();
    let mut without = Share::default();
    counts.iter().for_each(|n| without.add(*n == 0));
    list.add(&PERSON_WITHOUT_EVENTS, "", without);

    let mut some: Vec<u64> = counts.iter().copied().filter(|n| *n > 0).collect();
    some.sort_unstable();
    let median = some.get(some.len() / 2).copied().unwrap_or(0);
    let limit = MANY_EVENTS.max(MANY_TIMES * median);
    let mut too_many = Share::default();
    some.iter().for_each(|n| too_many.add(*n > limit));
    let check = list.add(&PERSON_MANY, "", too_many);
    if too_many.total > 0 {
        check.note = format!("The median person has {median} events; above {limit} is called too many.");
    }
}

fn periods(source: &Source<'_>, list: &mut List) {
    let Some(table) = source.data.table(tables::OBSERVATION_PERIOD) else {
        let all = source.index.n_persons() as u64;
        list.add(&PERSON_WITHOUT_PERIOD, "", Share { violated: all, total: all });
        return;
    };
    let (mut without, mut overlap) = (Share::default(), Share::default());
    let n_persons = u32::try_from(source.index.n_persons()).unwrap_or(u32::MAX);
    let mut n_usable = 0;
    for person in 0..n_persons {
        let periods = source.index.periods(person);
        without.add(periods.is_empty());
        n_usable += periods.len() as u64;
        let mut last_end = None::<i32>;
        for period in periods {
            overlap.add(last_end.is_some_and(|end| period.start_day <= end));
            last_end = Some(last_end.map_or(period.end_day, |end| end.max(period.end_day)));
        }
    }
    list.add(&PERSON_WITHOUT_PERIOD, "", without);
    let total = table.n_rows() as u64;
    list.add(&PERIOD_REVERSED, "", Share { violated: total - n_usable.min(total), total });
    list.add(&PERIOD_OVERLAP, "", overlap);
}
