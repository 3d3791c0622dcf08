//! Which columns would name a person, and what happens to them.

use leptos::prelude::*;
use model::intake::CsvMapping;

use super::words;
use crate::components::*;

/// A table of the columns that are changed or left out.
#[component]
pub(super) fn IdentifierSummary(
    /// The mapping as it stands.
    mapping: RwSignal<CsvMapping>,
) -> impl IntoView {
    let table = Memo::new(move |_| mapping.with(words::identifier_table));
    view! {
        <Show
            when=move || table.with(|t| !t.rows.is_empty())
            fallback=|| {
                view! {
                    <Notice kind=NoticeKind::Info title="No column looks like a direct identifier">
                        <p>"Rows get a number of their own. If a column does name a person, choose 'Identifier' or 'Leave out' for it above."</p>
                    </Notice>
                }
            }
        >
            <DataTable table=Signal::derive(move || table.get()) file_name="identifiers"/>
        </Show>
    }
}
