//! Tables that scroll in their own region and can be taken along as text or CSV.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::toast::use_toast;
use super::{Button, ButtonKind, IconName};

/// A column of a [`TableData`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// Numbers: aligned at the right.
    pub numeric: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true }
    }
}

/// A table as text: what is shown, copied and downloaded. The first cell of a row is its heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableData {
    /// What the table shows, in a sentence.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<String>>,
}

/// The table as CSV (RFC 4180: CRLF, quotes where needed), with a byte order mark so that spreadsheets read UTF-8.
#[must_use]
pub fn to_csv(table: &TableData) -> String {
    let header: Vec<&str> = table.columns.iter().map(|c| c.label.as_str()).collect();
    let mut out = String::from("\u{feff}");
    push_csv_row(&mut out, &header);
    for row in &table.rows {
        push_csv_row(&mut out, &row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    out
}

fn push_csv_row(out: &mut String, cells: &[&str]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if cell.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

/// The table as tab-separated text with its caption, for pasting into a document or a spreadsheet.
#[must_use]
pub fn to_tsv(table: &TableData) -> String {
    let clean = |cell: &str| cell.replace(['\t', '\n', '\r'], " ");
    let mut lines = Vec::with_capacity(table.rows.len() + 2);
    if !table.caption.is_empty() {
        lines.push(clean(&table.caption));
    }
    lines.push(table.columns.iter().map(|c| clean(&c.label)).collect::<Vec<_>>().join("\t"));
    for row in &table.rows {
        lines.push(row.iter().map(|c| clean(c)).collect::<Vec<_>>().join("\t"));
    }
    lines.join("\n")
}

/// A region of its own that scrolls sideways: reachable by keyboard, named for screen readers.
#[component]
pub fn ScrollRegion(
    /// What is in it.
    #[prop(into)]
    label: Signal<String>,
    /// Scrolls downwards too, with a heading that stays.
    #[prop(optional)]
    tall: bool,
    /// The table.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="scroll" class:scroll--tall=tall role="region" aria-label=move || label.get() tabindex="0">
            {children()}
        </div>
    }
}

/// 'Copy' and 'CSV' for a table.
#[component]
pub fn TableActions(
    /// What is taken along.
    #[prop(into)]
    table: Signal<TableData>,
    /// Name of the file, without `.csv`.
    #[prop(into)]
    file_name: Signal<String>,
) -> impl IntoView {
    let say = use_toast();
    let copy = move || {
        let text = table.with_untracked(to_tsv);
        spawn_local(async move {
            match web::files::copy_text(&text).await {
                Ok(()) => say("The table was copied as text.".to_owned()),
                Err(error) => say(format!("The table could not be copied: {error}")),
            }
        });
    };
    let download = move || {
        let csv = table.with_untracked(to_csv);
        let name = format!("{}.csv", file_name.get_untracked());
        if let Err(error) = web::files::download(&name, csv.as_bytes(), "text/csv;charset=utf-8") {
            say(format!("The file could not be saved: {error}"));
        }
    };
    view! {
        <div class="table-actions">
            <Button label="Copy as text" kind=ButtonKind::Quiet small=true icon=IconName::Copy on_click=copy/>
            <Button label="Download CSV" kind=ButtonKind::Quiet small=true icon=IconName::Download on_click=download/>
        </div>
    }
}

/// Whether a table is read better row by row where it is too narrow for its columns: few rows of many cells.
fn stacks(table: &TableData) -> bool {
    table.columns.len() > 3 && table.rows.len() <= 8
}

/// A table of text, with 'Copy' and 'CSV'. On a telephone a table of few rows stands row under row, each cell with its
/// heading; a long one scrolls in its own region, its first column staying in sight.
#[component]
pub fn DataTable(
    /// What it shows.
    #[prop(into)]
    table: Signal<TableData>,
    /// Name of the file, without `.csv`.
    #[prop(into)]
    file_name: Signal<String>,
    /// Scrolls downwards too, with a heading that stays.
    #[prop(optional)]
    tall: bool,
) -> impl IntoView {
    let is_numeric = move |i: usize| table.with(|t| t.columns.get(i).is_some_and(|c| c.numeric));
    let cell_class = move |i: usize| if is_numeric(i) { "table__num" } else { "" };
    let heading = move |i: usize| table.with(|t| t.columns.get(i).map(|c| c.label.clone()).unwrap_or_default());
    view! {
        <div class="table-block">
            <ScrollRegion label=move || table.with(|t| t.caption.clone()) tall=tall>
                <table class="table" class:table--stacks=move || table.with(stacks)>
                    <caption>{move || table.with(|t| t.caption.clone())}</caption>
                    <thead>
                        <tr>
                            {move || {
                                table
                                    .with(|t| t.columns.clone())
                                    .into_iter()
                                    .enumerate()
                                    .map(|(i, column)| {
                                        view! { <th scope="col" class=cell_class(i)>{column.label}</th> }
                                    })
                                    .collect_view()
                            }}
                        </tr>
                    </thead>
                    <tbody>
                        {move || {
                            table
                                .with(|t| t.rows.clone())
                                .into_iter()
                                .map(|row| {
                                    let mut cells = row.into_iter().enumerate();
                                    let first = cells
                                        .next()
                                        .map(|(i, cell)| {
                                            view! { <th scope="row" class=cell_class(i)>{cell}</th> }
                                        });
                                    let rest = cells
                                        .map(|(i, cell)| view! { <td class=cell_class(i) data-heading=heading(i)>{cell}</td> })
                                        .collect_view();
                                    view! { <tr>{first}{rest}</tr> }
                                })
                                .collect_view()
                        }}
                    </tbody>
                </table>
            </ScrollRegion>
            <TableActions table=table file_name=file_name/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> TableData {
        TableData {
            caption: "Age by arm".to_owned(),
            columns: vec![Column::text("Arm"), Column::number("Mean, years")],
            rows: vec![
                vec!["A \"new\"".to_owned(), "61.2".to_owned()],
                vec!["B\nold".to_owned(), "\u{2212}1".to_owned()],
            ],
        }
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        assert_eq!(
            to_csv(&table()),
            "\u{feff}Arm,\"Mean, years\"\r\n\"A \"\"new\"\"\",61.2\r\n\"B\nold\",\u{2212}1\r\n"
        );
    }

    #[test]
    fn few_rows_of_many_cells_stand_row_under_row() {
        let of = |columns: usize, rows: usize| TableData {
            caption: String::new(),
            columns: vec![Column::text("x"); columns],
            rows: vec![vec![String::new(); columns]; rows],
        };
        assert!(stacks(&of(6, 2)));
        assert!(!stacks(&of(3, 2)), "three columns fit");
        assert!(!stacks(&of(6, 40)), "a long table is compared down its columns");
    }

    #[test]
    fn text_stays_one_line_a_row() {
        assert_eq!(to_tsv(&table()), "Age by arm\nArm\tMean, years\nA \"new\"\t61.2\nB old\t\u{2212}1");
    }
}
