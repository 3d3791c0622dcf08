//! The heading of a table: one row, or two where columns stand under a common heading.

use leptos::prelude::*;

use super::Column;

/// The common headings from left to right with how many columns stand under each; empty where there is none.
fn runs(columns: &[Column]) -> Vec<(&str, usize)> {
    let mut runs: Vec<(&str, usize)> = Vec::new();
    for column in columns {
        match runs.last_mut() {
            Some((group, n)) if *group == column.group && !group.is_empty() => *n += 1,
            _ => runs.push((&column.group, 1)),
        }
    }
    runs
}

fn class(column: &Column) -> &'static str {
    if column.numeric { "table__num" } else { "" }
}

/// The rows of a `thead`.
pub(super) fn head(columns: &[Column]) -> AnyView {
    let cell =
        |column: &Column| view! { <th scope="col" role="columnheader" class=class(column)>{column.label.clone()}</th> };
    if columns.iter().all(|column| column.group.is_empty()) {
        return view! { <tr role="row">{columns.iter().map(cell).collect_view()}</tr> }.into_any();
    }
    let mut at = 0;
    let over = runs(columns)
        .into_iter()
        .map(|(group, n)| {
            let first = columns.get(at);
            at += n;
            if group.is_empty() {
                let (label, class) = first.map(|column| (column.label.clone(), class(column))).unwrap_or_default();
                view! { <th scope="col" role="columnheader" rowspan="2" class=class>{label}</th> }.into_any()
            } else {
                view! { <th scope="colgroup" role="columnheader" colspan=n.to_string() class="table__group">{group.to_owned()}</th> }
                    .into_any()
            }
        })
        .collect_view();
    let under = columns.iter().filter(|column| !column.group.is_empty()).map(cell).collect_view();
    view! {
        <tr role="row">{over}</tr>
        <tr role="row">{under}</tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_side_by_side_share_their_heading() {
        let columns = [
            Column::text("Category"),
            Column::number("passed").under("Verification"),
            Column::number("failed").under("Verification"),
            Column::number("passed").under("Validation"),
            Column::text("Remarks"),
            Column::text("Use"),
        ];
        assert_eq!(runs(&columns), [("", 1), ("Verification", 2), ("Validation", 1), ("", 1), ("", 1)]);
    }
}
