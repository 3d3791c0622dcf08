//! Several tables that belong together: what each is, one at a time.

mod mappings;
mod plan;
mod shape_fields;
mod table;
mod texts;

pub(super) use mappings::Mappings;
pub(super) use plan::TablesPlan;

use leptos::prelude::*;

use super::columns::Columns;
use super::csv_file::{Doubts, FirstRows};
use super::dialect::DialectFields;
use super::file::{NameField, size};
use super::into::IntoField;
use super::{Plan, Wizard};
use crate::components::*;
use crate::format::counted;
use crate::stores::engine::Load;

use shape_fields::ShapeFields;
use texts::Texts;

/// What was recognized: every table, and the chosen one in full.
#[component]
pub(super) fn TablesFile(wizard: Wizard) -> impl IntoView {
    let overview = Memo::new(move |_| with(wizard, TablesPlan::overview).unwrap_or_default());
    let not_used = Memo::new(move |_| {
        let of = |t: &TablesPlan| t.not_used.iter().map(|f| format!("{}: {}", f.file, f.reason)).collect::<Vec<_>>();
        with(wizard, of).unwrap_or_default()
    });
    let words = Memo::new(move |_| with(wizard, |t| t.words.clone()).unwrap_or_default());
    let (n_tables, n_texts, n_bytes) =
        with_untracked(wizard, |t| (t.tables.len(), t.texts.len(), t.n_bytes)).unwrap_or_default();
    let lead = format!(
        "{}{}, {} in all.",
        counted(n_tables as u64, "table", "tables"),
        if n_texts > 0 { format!(" and {}", counted(n_texts as u64, "note", "notes")) } else { String::new() },
        size(n_bytes)
    );
    view! {
        <Section title="What was recognized" lead=lead>
            <Card><NameField wizard=wizard/><IntoField wizard=wizard/></Card>
            <Show when=move || n_tables != 0>
                <DataTable table=overview file_name="tables"/>
                <p class="muted small">
                    "The column that names the person joins the tables. A table with a row a person gives variables; visits and \
                     values give dated events; notes are read and screened."
                </p>
            </Show>
            <NoticeList kind=NoticeKind::Warn title="Not used" items=not_used/>
            <NoticeList title="From the mapping" items=words/>
            <Mappings wizard=wizard/>
        </Section>
        <Show when=move || n_tables != 0>
            <OneTable wizard=wizard/>
        </Show>
        <Show when=move || n_texts != 0>
            <Texts wizard=wizard/>
        </Show>
    }
}

/// The plan of tables, if it is one.
fn with<T>(wizard: Wizard, read: impl FnOnce(&TablesPlan) -> T) -> Option<T> {
    wizard.plan.with(|plan| match plan {
        Some(Plan::Tables(tables)) => Some(read(tables)),
        _ => None,
    })
}

fn with_untracked<T>(wizard: Wizard, read: impl FnOnce(&TablesPlan) -> T) -> Option<T> {
    wizard.plan.with_untracked(|plan| match plan {
        Some(Plan::Tables(tables)) => Some(read(tables)),
        _ => None,
    })
}

fn update(wizard: Wizard, change: impl FnOnce(&mut TablesPlan)) {
    wizard.plan.update(|plan| {
        if let Some(Plan::Tables(tables)) = plan {
            change(tables);
        }
    });
}

/// Which table is shown.
#[component]
fn Choice(wizard: Wizard) -> impl IntoView {
    let names = with_untracked(wizard, TablesPlan::names).unwrap_or_default();
    let is_choice = names.len() > 1;
    let options: Vec<(String, String)> = names.into_iter().enumerate().map(|(i, name)| (i.to_string(), name)).collect();
    let value = Signal::derive(move || with(wizard, |t| t.at.to_string()).unwrap_or_default());
    let change = move |at: String| {
        update(wizard, |t| t.choose(at.parse().unwrap_or(0)));
        wizard.said.set(with_untracked(wizard, TablesPlan::said).unwrap_or_default());
    };
    is_choice.then(|| view! { <Select label="Table to look at" value=value options=options on_change=change/> })
}

/// The chosen table: what its rows are, how it is written, its first rows.
#[component]
fn OneTable(wizard: Wizard) -> impl IntoView {
    let at = Memo::new(move |_| with(wizard, |t| t.at).unwrap_or_default());
    let is_read = move || wizard.inspect.load.with(|load| matches!(load, Load::Ready(_)));
    view! {
        <Section title="What each table is">
            <Choice wizard=wizard/>
            {move || {
                at.get();
                let (why, is_delimited) = with_untracked(wizard, TablesPlan::about).unwrap_or_default();
                view! {
                    <Card title="A row of this table">
                        <p class="muted">{why}"."</p>
                        <ShapeFields wizard=wizard/>
                    </Card>
                    {is_delimited
                        .then(|| {
                            view! {
                                <Card title="How the file is written">
                                    <p class="muted">"Guessed from its first rows; correct it here and they are read again."</p>
                                    <DialectFields wizard=wizard/>
                                </Card>
                            }
                        })}
                }
            }}
            <Doubts wizard=wizard/>
            <Show when=move || !is_read()>
                <AsyncPanel load=wizard.inspect.load full=|_| () doing="Reading the first rows again…"/>
            </Show>
            <FirstRows wizard=wizard/>
        </Section>
    }
}

/// What the columns of the chosen table are.
#[component]
pub(super) fn TableColumns(wizard: Wizard) -> impl IntoView {
    let at = Memo::new(move |_| with(wizard, |t| t.at).unwrap_or_default());
    let parts = Memo::new(move |_| with(wizard, TablesPlan::parts_words).flatten());
    view! {
        <Section title="Columns, table by table">
            <Choice wizard=wizard/>
            {move || parts.get().map(|words| view! { <p class="muted">{words}</p> })}
        </Section>
        {move || {
            at.get();
            view! { <Columns wizard=wizard/> }
        }}
    }
}
