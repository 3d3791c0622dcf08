//! The order of a date's parts: asked where nothing in the dates says it.

use leptos::prelude::*;
use model::intake::{ColumnPlan, DateFormat};

use super::Wizard;
use crate::components::*;

const FORMATS: [(DateFormat, &str, &str); 5] = [
    (DateFormat::YearMonthDay, "ymd", "year-month-day: 2024-01-31"),
    (DateFormat::DayMonthYear, "dmy", "day-month-year: 31.01.2024"),
    (DateFormat::MonthDayYear, "mdy", "month-day-year: 01/31/2024"),
    (DateFormat::Compact, "compact", "eight digits: 20240131"),
    (DateFormat::DayMonthNameYear, "named", "with a month's name: 31 Jan 2024"),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date of three numbers, year last, as it reads with the day first and with the month first.
fn readings(text: &str) -> Option<[String; 2]> {
    let date = text.split_whitespace().next()?;
    let mut parts = date.split(['/', '.', '-']);
    let (a, b, year) = (parts.next()?.parse::<usize>().ok()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
    let read = |day: usize, month: usize| Some(format!("{day} {} {year}", MONTHS.get(month.checked_sub(1)?)?));
    Some([read(a, b)?, read(b, a)?])
}

/// The orders offered. Where the order must be asked, only the two in question come first, with one of the dates as each
/// reads it.
fn options(is_unsure: bool, example: Option<&str>) -> Vec<(String, String)> {
    let read = example.filter(|_| is_unsure).and_then(|text| Some((text, readings(text)?)));
    let words = |format: DateFormat, words: &str| match (&read, format) {
        (Some((text, [day_first, _])), DateFormat::DayMonthYear) => format!("day first: {text} is {day_first}"),
        (Some((text, [_, month_first])), DateFormat::MonthDayYear) => format!("month first: {text} is {month_first}"),
        _ => words.to_owned(),
    };
    let ask = is_unsure.then(|| (String::new(), "choose: day or month first?".to_owned()));
    ask.into_iter().chain(FORMATS.iter().map(|(f, name, w)| ((*name).to_owned(), words(*f, w)))).collect()
}

/// How the dates of a column are written.
#[component]
pub(super) fn DateOrder(wizard: Wizard, i: usize, plan: Memo<Option<ColumnPlan>>) -> impl IntoView {
    let chosen = Memo::new(move |_| plan.with(|p| p.as_ref().and_then(|p| p.date_format)));
    let (is_unsure, example) = wizard
        .plan
        .with_untracked(|_| wizard.csv())
        .map(|csv| (csv.is_order_unsure(i), readable(csv.levels(i))))
        .unwrap_or_default();
    let value = Signal::derive(move || {
        FORMATS.iter().find(|(f, ..)| Some(*f) == chosen.get()).map_or("", |(_, name, _)| name).to_owned()
    });
    let change = move |name: String| {
        let format = FORMATS.iter().find(|(_, n, _)| *n == name).map(|(f, ..)| *f);
        wizard.update_csv(|csv| {
            if let Some(column) = csv.mapping.columns.get_mut(i) {
                column.date_format = format;
            }
        });
    };
    let error = Signal::derive(move || {
        chosen
            .get()
            .is_none()
            .then(|| "Nothing in these dates says which comes first. Ask who made the file.".to_owned())
    });
    view! {
        <Select
            label="Written as"
            value=value
            options=options(is_unsure, example.as_deref())
            on_change=change
            error=error
        />
    }
}

/// A date that reads differently in the two orders, to show.
fn readable(levels: Vec<String>) -> Option<String> {
    levels.into_iter().find(|text| readings(text).is_some_and(|[day_first, month_first]| day_first != month_first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_readings_are_shown() {
        assert_eq!(readings("01/02/2020"), Some(["1 February 2020".to_owned(), "2 January 2020".to_owned()]));
        assert_eq!(readings("3.4.2021 10:15"), Some(["3 April 2021".to_owned(), "4 March 2021".to_owned()]));
        for no_choice in ["13/02/2020", "0/1/2020", "x", "", "2020-01-02"] {
            assert_eq!(readings(no_choice), None, "{no_choice}");
        }
    }

    #[test]
    fn the_question_comes_first_and_no_format_is_lost() {
        let asked = options(true, Some("01/02/2020"));
        assert_eq!(asked[0].0, "");
        assert!(asked.iter().any(|(_, words)| words == "day first: 01/02/2020 is 1 February 2020"), "{asked:?}");
        assert!(asked.iter().any(|(_, words)| words == "month first: 01/02/2020 is 2 January 2020"), "{asked:?}");
        assert_eq!(options(false, None).len(), FORMATS.len());
        assert_eq!(readable(vec!["03/03/2020".to_owned(), "04/03/2020".to_owned()]).as_deref(), Some("04/03/2020"));
    }
}
