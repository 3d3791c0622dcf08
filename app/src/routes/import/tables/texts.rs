//! Notes that are text files: whose they are and when they were written, asked where the files do not say it.

use leptos::prelude::*;
use model::import_mapping::TextFound;
use model::intake::DateFormat;

use super::{update, with, with_untracked};
use crate::components::*;
use crate::format::counted;
use crate::routes::import::Wizard;

/// Files that are asked about, at most; the others are named in the report.
const MAX_ASKED: usize = 50;
/// Files shown, at most.
const MAX_SHOWN: usize = 200;

/// The notes.
#[component]
pub(super) fn Texts(wizard: Wizard) -> impl IntoView {
    let (all, asked, unsure) =
        with_untracked(wizard, |t| (t.texts.clone(), t.texts_to_ask(), t.text_order_unsure)).unwrap_or_default();
    let n = all.len() as u64;
    let n_asked = asked.len();
    let row = |t: &TextFound| {
        let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "not said".to_owned());
        vec![t.file.clone(), or(&t.person), or(&t.date), t.begins.clone()]
    };
    let table = TableData {
        caption: "Notes and what they say of themselves".to_owned(),
        columns: vec![Column::text("File"), Column::text("Person"), Column::text("Date"), Column::text("Begins")],
        rows: all.iter().take(MAX_SHOWN).map(row).collect(),
    };
    let lead = format!(
        "{}: whose it is and when it was written stand in the first lines (such as 'Patient:' and 'Date:') or in the file's name.",
        counted(n, "note", "notes")
    );
    view! {
        <Section title="Notes" lead=lead>
            {unsure.then(|| view! { <OrderField wizard=wizard/> })}
            <DataTable table=table file_name="notes" tall=true/>
            {(n > MAX_SHOWN as u64).then(|| view! { <p class="muted small">{format!("The first {MAX_SHOWN} are shown.")}</p> })}
            {(n_asked > 0)
                .then(|| {
                    let title = format!("{} not say whose they are or when they were written", asked_words(n_asked));
                    view! {
                        <Notice kind=NoticeKind::Warn title=title>
                            <p>"Say it here; a note of which it is not known is not stored, and the report names it."</p>
                            {(n_asked > MAX_ASKED).then(|| view! { <p>{format!("The first {MAX_ASKED} are asked about.")}</p> })}
                        </Notice>
                        <ul class="columns">
                            {asked
                                .into_iter()
                                .take(MAX_ASKED)
                                .map(|text| view! { <Asked wizard=wizard text=text/> })
                                .collect_view()}
                        </ul>
                    }
                })}
        </Section>
    }
}

fn asked_words(n: usize) -> String {
    if n == 1 { "One note does".to_owned() } else { format!("{n} notes do") }
}

#[component]
fn Asked(wizard: Wizard, text: TextFound) -> impl IntoView {
    let file = StoredValue::new(text.file.clone());
    let said = move |of: fn(&model::import_mapping::SaidOfText) -> &Option<String>| {
        with(wizard, |t| {
            file.with_value(|file| t.text_rules.said.iter().find(|s| s.file == *file).and_then(|s| of(s).clone()))
        })
        .flatten()
        .unwrap_or_default()
    };
    let person = Signal::derive(move || said(|s| &s.person));
    let date = Signal::derive(move || said(|s| &s.date));
    let set_person = move |typed: String| update(wizard, |t| t.say_of_text(&file.get_value(), Some(typed), None));
    let set_date = move |typed: String| update(wizard, |t| t.say_of_text(&file.get_value(), None, Some(typed)));
    view! {
        <li class="column">
            <div>
                <h3 class="column__name">{text.file.clone()}</h3>
                <p class="column__why">{text.begins}</p>
            </div>
            <div class="column__fields">
                {text
                    .person
                    .is_none()
                    .then(|| view! { <TextInput label=format!("Person of {}", text.file) value=person on_input=set_person/> })}
                {text
                    .date
                    .is_none()
                    .then(|| {
                        view! {
                            <TextInput
                                label=format!("Date of {}", text.file)
                                value=date
                                on_input=set_date
                                placeholder="2024-01-31"
                            />
                        }
                    })}
            </div>
        </li>
    }
}

/// Whether the day or the month comes first.
#[component]
fn OrderField(wizard: Wizard) -> impl IntoView {
    let value = Signal::derive(move || {
        match with(wizard, |t| t.text_rules.date_format).flatten() {
            Some(DateFormat::DayMonthYear) => "dmy",
            Some(DateFormat::MonthDayYear) => "mdy",
            _ => "",
        }
        .to_owned()
    });
    let options = vec![
        (String::new(), "choose: day or month first?".to_owned()),
        ("dmy".to_owned(), "day first: 01/02/2024 is 1 February 2024".to_owned()),
        ("mdy".to_owned(), "month first: 01/02/2024 is 2 January 2024".to_owned()),
    ];
    let change = move |name: String| {
        let format = match name.as_str() {
            "dmy" => Some(DateFormat::DayMonthYear),
            "mdy" => Some(DateFormat::MonthDayYear),
            _ => None,
        };
        update(wizard, |t| t.set_text_order(format));
    };
    let error = Signal::derive(move || {
        value.with(String::is_empty).then(|| "Nothing in these dates says which comes first.".to_owned())
    });
    view! { <Select label="Dates of the notes are written" value=value options=options on_change=change error=error/> }
}
