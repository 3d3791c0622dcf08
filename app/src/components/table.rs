//! Tables that scroll in their own region and can be taken along as text or CSV.

mod head;

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
    /// A heading that it shares with the columns beside it; empty where it shares none.
    pub group: String,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false, group: String::new() }
    }

    /// A column of numbers.
    #[must_use]
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true, group: String::new() }
    }
}

impl Column {
    /// The column under a heading that it shares with those beside it.
    #[must_use]
    pub fn under(self, group: impl Into<String>) -> Self {
        Self { group: group.into(), ..self }
    }

    /// Its heading where it stands alone, as in a file: `Verification: passed`.
    #[must_use]
    pub fn full_label(&self) -> String {
        if self.group.is_empty() { self.label.clone() } else { format!("{}: {}", self.group, self.label) }
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
    let header: Vec<String> = table.columns.iter().map(Column::full_label).collect();
    let mut out = String::from("\u{feff}");
    push_csv_row(&mut out, &header.iter().map(String::as_str).collect::<Vec<_>>());
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
    lines.push(table.columns.iter().map(|c| clean(&c.full_label())).collect::<Vec<_>>().join("\t"));
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

/// Whether a table is read better row by row where it is too narrow for its columns: few rows of many cells, or cells of
/// words, which nobody compares down their column.
fn stacks(table: &TableData) -> bool {
    let n_wordy = table.columns.iter().skip(1).filter(|column| !column.numeric).count();
    n_wordy > 1 || (table.columns.len() > 3 && table.rows.len() <= 8)
}

/// A table of text in a region of its own. On a telephone a table of words, or of few rows, stands row under row, each
/// cell with its heading; a long one of numbers scrolls, its first column staying in sight.
#[component]
pub fn PlainTable(
    /// What it shows.
    #[prop(into)]
    table: Signal<TableData>,
    /// Scrolls downwards too, with a heading that stays.
    #[prop(optional)]
    tall: bool,
    /// The caption is for screen readers only: what stands above says it already.
    #[prop(optional)]
    hide_caption: bool,
) -> impl IntoView {
    let is_numeric = move |i: usize| table.with(|t| t.columns.get(i).is_some_and(|c| c.numeric));
    let cell_class = move |i: usize| if is_numeric(i) { "table__num" } else { "" };
    let heading = move |i: usize| table.with(|t| t.columns.get(i).map(Column::full_label).unwrap_or_default());
    // The roles are said aloud: a table that is drawn as blocks loses its own in some browsers.
    view! {
        <ScrollRegion label=move || table.with(|t| t.caption.clone()) tall=tall>
            <table class="table" class:table--stacks=move || table.with(stacks) role="table">
                <caption class:visually-hidden=hide_caption>{move || table.with(|t| t.caption.clone())}</caption>
                <thead role="rowgroup">
                    {move || table.with(|t| head::head(&t.columns))}
                </thead>
                <tbody role="rowgroup">
                    {move || {
                        table
                            .with(|t| t.rows.clone())
                            .into_iter()
                            .map(|row| {
                                let mut cells = row.into_iter().enumerate();
                                let first = cells
                                    .next()
                                    .map(|(i, cell)| {
                                        view! { <th scope="row" role="rowheader" class=cell_class(i)>{cell}</th> }
                                    });
                                let rest = cells
                                    .map(|(i, cell)| {
                                        view! { <td role="cell" class=cell_class(i) data-heading=heading(i)>{cell}</td> }
                                    })
                                    .collect_view();
                                view! { <tr role="row">{first}{rest}</tr> }
                            })
                            .collect_view()
                    }}
                </tbody>
            </table>
        </ScrollRegion>
    }
}

/// A [`PlainTable`] with 'Copy' and 'CSV'.
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
    view! {
        <div class="table-block">
            <PlainTable table=table tall=tall/>
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
    fn few_rows_of_many_cells_and_words_stand_row_under_row() {
        let of = |n_texts: usize, n_numbers: usize, rows: usize| TableData {
            caption: String::new(),
            columns: [vec![Column::text("x"); n_texts], vec![Column::number("n"); n_numbers]].concat(),
            rows: vec![vec![String::new(); n_texts + n_numbers]; rows],
        };
        assert!(stacks(&of(1, 5, 2)));
        assert!(!stacks(&of(1, 2, 2)), "three columns fit");
        assert!(!stacks(&of(1, 5, 40)), "a long table of numbers is compared down its columns");
        assert!(!stacks(&of(2, 1, 40)), "one column of words beside the first fits");
        assert!(stacks(&of(3, 1, 40)), "words are read row by row");
    }

    #[test]
    fn a_shared_heading_is_said_of_each_column_in_a_file() {
        let columns = vec![Column::text("Category"), Column::number("passed").under("Total")];
        let table = TableData { caption: String::new(), columns, rows: Vec::new() };
        assert_eq!(to_csv(&table), "\u{feff}Category,Total: passed\r\n");
        assert_eq!(to_tsv(&table), "Category\tTotal: passed");
    }

    #[test]
    fn text_stays_one_line_a_row() {
        assert_eq!(to_tsv(&table()), "Age by arm\nArm\tMean, years\nA \"new\"\t61.2\nB old\t\u{2212}1");
    }
}
