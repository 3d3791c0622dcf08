//! What happens to identifiers and dates, before anything is stored.

use leptos::prelude::*;
use protocol::DatePolicy;

use super::plan::dates_words;
use super::review::TextChoice;
use super::{Plan, Wizard};
use crate::components::*;

/// Real dates cannot be kept: what is stored here holds none.
const POLICIES: [(DatePolicy, &str, &str, &str); 2] = [
    (
        DatePolicy::Shift,
        "shift",
        "Move dates by a secret number of days",
        "All dates of a person move by the same 1 to 365 days, derived from a secret that stays on this device: lengths of time \
         stay, calendar dates do not. Recommended.",
    ),
    (
        DatePolicy::YearsOnly,
        "years",
        "Keep the year only",
        "What Safe Harbor asks for. Lengths of time within a year are lost.",
    ),
];

/// What happens to identifiers and dates.
#[component]
pub(super) fn Privacy(wizard: Wizard) -> impl IntoView {
    let dates = Memo::new(move |_| {
        wizard.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.dates,
            Some(Plan::Tables(tables)) => tables.dates,
            Some(Plan::Record(record)) => record.dates,
            _ => DatePolicy::Shift,
        })
    });
    let value =
        move || POLICIES.iter().find(|(p, ..)| *p == dates.get()).map_or("shift", |(_, name, ..)| name).to_owned();
    let options = StoredValue::new(
        POLICIES
            .iter()
            .map(|(_, name, label, hint)| RadioOption {
                value: (*name).to_owned(),
                label: (*label).to_owned(),
                hint: (*hint).to_owned(),
            })
            .collect::<Vec<_>>(),
    );
    let change = move |name: String| {
        let policy = POLICIES.iter().find(|(_, n, ..)| *n == name).map_or(DatePolicy::Shift, |(p, ..)| *p);
        wizard.plan.update(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.dates = policy,
            Some(Plan::Tables(tables)) => tables.dates = policy,
            Some(Plan::Record(record)) => record.dates = policy,
            _ => {}
        });
    };
    let has_dates = Memo::new(move |_| {
        wizard.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.has_dates(),
            _ => true,
        })
    });
    let has_text = Memo::new(move |_| {
        wizard.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.has_text(),
            _ => true,
        })
    });
    let is_csv = wizard.plan.with_untracked(|plan| matches!(plan, Some(Plan::Csv(_) | Plan::Tables(_))));
    let has_findings = wizard.plan.with_untracked(|plan| matches!(plan, Some(Plan::Record(_) | Plan::Tables(_))));
    view! {
        <Section
            title="What happens to identifiers"
            lead="Found by name and by content. It is a screen, not a proof: you know your file better."
        >
            {if is_csv {
                view! { <CsvFates wizard=wizard/> }.into_any()
            } else {
                view! { <OmopFates dates=dates/> }.into_any()
            }}
        </Section>
        {has_findings.then(|| view! { <NoteFindings wizard=wizard/> })}
        <Show when=move || has_dates.get()>
            <Section title="What happens to dates">
                <Card>
                    <RadioGroup legend="Dates" value=value options=options.get_value() on_change=change/>
                    <Show when=move || dates.get() == DatePolicy::YearsOnly>
                        <Notice title="Survival and time at risk need days">
                            <p>"With years only, durations come out in whole years and events of one year fall on one day."</p>
                        </Notice>
                    </Show>
                </Card>
            </Section>
        </Show>
        <Show when=move || has_text.get()>
            <TextChoice wizard=wizard/>
        </Show>
    }
}

/// Whether notes are read.
#[component]
fn NoteFindings(wizard: Wizard) -> impl IntoView {
    let value = Signal::derive(move || {
        wizard.plan.with(|plan| match plan {
            Some(Plan::Record(record)) => record.note_findings,
            Some(Plan::Tables(tables)) => tables.note_findings,
            _ => false,
        })
    });
    let change = move |on: bool| {
        wizard.plan.update(|plan| match plan {
            Some(Plan::Record(record)) => record.note_findings = on,
            Some(Plan::Tables(tables)) => tables.note_findings = on,
            _ => {}
        });
    };
    view! {
        <Section title="What is read from notes">
            <Card>
                <Checkbox
                    label="Findings in notes become events"
                    value=value
                    on_change=change
                    hint="Problems, symptoms, drugs with doses and numbers, each with the note it stands in. What a note denies, suspects, \
                          plans or tells of the past or of relatives is kept apart and counts in no cohort that does not ask for it."
                />
            </Card>
        </Section>
    }
}

#[component]
fn CsvFates(wizard: Wizard) -> impl IntoView {
    let table = Memo::new(move |_| {
        let fates = wizard.fates();
        TableData {
            caption: "Columns that say something about who somebody is".to_owned(),
            columns: vec![Column::text("Column"), Column::text("Taken for"), Column::text("What happens")],
            rows: fates.into_iter().map(|f| vec![f.column, f.class, f.action]).collect(),
        }
    });
    view! {
        <Show
            when=move || table.with(|t| !t.rows.is_empty())
            fallback=|| {
                view! {
                    <Notice kind=NoticeKind::Success title="No identifiers were found">
                        <p>
                            "No column looks like one by its name or its values. Ages above 89 become 90. Go back if a column \
                             does name somebody and leave it out."
                        </p>
                    </Notice>
                }
            }
        >
            <DataTable table=table file_name="identifiers"/>
        </Show>
    }
}

#[component]
fn OmopFates(dates: Memo<DatePolicy>) -> impl IntoView {
    view! {
        <dl class="facts">
            <dt>"Person and record numbers"</dt>
            <dd>"Replaced by keyed hashes; the key stays on this device."</dd>
            <dt>"Dates"</dt>
            <dd>{move || format!("{}.", dates_words(dates.get()))}</dd>
            <dt>"Birth dates"</dt>
            <dd>"Reduced to the year, moved like the person's other dates; ages above 89 become 90."</dd>
            <dt>"ZIP codes"</dt>
            <dd>"Reduced to three digits, 000 where 20,000 people or fewer live (Census 2000 and 2010)."</dd>
            <dt>"Notes"</dt>
            <dd>"Go through the identifier screen: names, numbers and addresses found are replaced; you see them before anything is stored."</dd>
            <dt>"Other places, providers, source values"</dt>
            <dd>"Not stored."</dd>
        </dl>
    }
}
