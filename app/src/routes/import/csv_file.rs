//! What was recognized of a flat file: how it is written, its first rows, and what each column was taken for.

use leptos::prelude::*;

use super::Wizard;
use super::dialect::DialectFields;
use super::file::{NameField, size};
use super::into::IntoField;
use super::tables::Mappings;
use crate::components::*;
use crate::routes::data::role_words;
use crate::stores::engine::{Load, use_engine};

/// A flat file: its facts, how it is written, and its first rows as they are read now.
#[component]
pub(super) fn CsvFile(wizard: Wizard) -> impl IntoView {
    let engine = use_engine();
    let facts = Memo::new(move |_| {
        wizard.csv().map(|csv| (csv.file_name.clone(), csv.n_bytes, csv.mapping.columns.len(), csv.proposal.complete))
    });
    let missing = Memo::new(move |_| wizard.csv().map(|csv| csv.mapping.missing.join(", ")).unwrap_or_default());
    let set_missing = move |typed: String| {
        wizard.update_csv(|csv| {
            csv.mapping.missing = typed.split(',').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
        });
    };
    let is_read = move || wizard.inspect.load.with(|load| matches!(load, Load::Ready(_)));
    view! {
        <Section title="What was recognized">
            <Card>
                <NameField wizard=wizard/>
                <IntoField wizard=wizard/>
                {move || {
                    facts
                        .get()
                        .map(|(file_name, n_bytes, n_columns, complete)| {
                            let looked_at = if complete {
                                "the whole file"
                            } else {
                                "the first part; the rest is checked at the import"
                            };
                            view! {
                                <dl class="facts">
                                    <dt>"File"</dt>
                                    <dd>{format!("{file_name} ({})", size(n_bytes))}</dd>
                                    <dt>"Columns"</dt>
                                    <dd class="num">{n_columns}</dd>
                                    <dt>"Looked at"</dt>
                                    <dd>{looked_at}</dd>
                                </dl>
                            }
                        })
                }}
            </Card>
            <Card title="How the file is written">
                <p class="muted">
                    "Guessed from its first rows. If the rows below look wrong, correct it here: they are read again at once."
                </p>
                <DialectFields wizard=wizard/>
                <TextInput
                    label="Texts that mean 'no value'"
                    value=missing
                    on_input=set_missing
                    hint="Separated by commas. An empty field always means no value."
                />
            </Card>
            <Mappings wizard=wizard/>
            <Card title="One row a person?">
                <p class="muted">
                    "This file is taken to have a row a person. If somebody stands in several rows (visits, laboratory values, \
                     notes), say so: the rows become dated events."
                </p>
                <Button label="Somebody stands in several rows" on_click=move || wizard.look_as_tables(engine)/>
            </Card>
            <Show when=move || !is_read()>
                <AsyncPanel load=wizard.inspect.load full=|_| () doing="Reading the first rows again…"/>
            </Show>
            <Doubts wizard=wizard/>
            <Show when=is_read>
                <FirstRows wizard=wizard/>
            </Show>
        </Section>
    }
}

/// What in the first rows should be looked at, once they are read.
#[component]
pub(super) fn Doubts(wizard: Wizard) -> impl IntoView {
    let doubts = Memo::new(move |_| {
        let is_read = wizard.inspect.load.with(|load| matches!(load, Load::Ready(_)));
        wizard.csv().filter(|_| is_read).map(|csv| csv.proposal.warnings).unwrap_or_default()
    });
    view! { <NoticeList kind=NoticeKind::Warn title="Please check" items=doubts/> }
}

/// The first rows as text, under what each column is taken for: a wrong guess shows in either.
#[component]
pub(super) fn FirstRows(wizard: Wizard) -> impl IntoView {
    let shown = Memo::new(move |_| {
        wizard.csv().map(|csv| {
            let columns: Vec<(String, &'static str)> =
                csv.mapping.columns.iter().map(|c| (c.name.clone(), role_words(c.role))).collect();
            (csv.file_name, columns, csv.proposal.preview)
        })
    });
    move || {
        shown.get().map(|(file_name, columns, rows)| {
            let caption = format!("The first rows of {file_name}");
            view! {
                <ScrollRegion label=caption.clone() tall=true>
                    <table class="table">
                        <caption>{caption}</caption>
                        <thead>
                            <tr>
                                {columns
                                    .into_iter()
                                    .map(|(name, role)| {
                                        view! { <th scope="col">{name} <br/> <span class="muted small">{role}</span></th> }
                                    })
                                    .collect_view()}
                            </tr>
                        </thead>
                        <tbody>
                            {rows
                                .into_iter()
                                .map(|row| {
                                    view! { <tr>{row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
                                })
                                .collect_view()}
                        </tbody>
                    </table>
                </ScrollRegion>
            }
        })
    }
}
