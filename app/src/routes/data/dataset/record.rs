//! What a full record holds: events by domain, its course over time, its concepts.

use leptos::prelude::*;
use model::tables;
use protocol::DatasetContents;

use super::concepts::Concepts;
use super::over_time::OverTimeSection;
use crate::components::*;
use crate::format::{count, domain};

/// Domains, their course over time, and the concepts.
#[component]
pub(super) fn Record(contents: DatasetContents) -> impl IntoView {
    let span = contents
        .span
        .as_ref()
        .map(|(first, last)| format!("Dated {first} to {last}, as stored (dates were moved person by person)."));
    let domains = domain_table(&contents);
    let has_not_present = contents.domains.iter().any(|d| d.domain == tables::DOMAIN_NOTE_NOT_PRESENT);
    let file_name = format!("domains of {}", contents.header.name);
    let id = contents.header.id.clone();
    view! {
        <Section title="Events by domain" lead=span.unwrap_or_else(|| "Nothing here has a date.".to_owned())>
            <DataTable table=domains file_name=file_name/>
            {has_not_present.then(|| view! { <p class="small muted">{domain::NOT_PRESENT}</p> })}
        </Section>
        <OverTimeSection dataset=id/>
        <Concepts contents=contents/>
    }
}

fn domain_table(contents: &DatasetContents) -> TableData {
    TableData {
        caption: "Events, persons and years of each domain".to_owned(),
        columns: vec![
            Column::text("Domain"),
            Column::number("Events"),
            Column::number("Persons with any"),
            Column::text("Years"),
        ],
        rows: contents
            .domains
            .iter()
            .map(|d| {
                let years = match (d.by_year.first(), d.by_year.last()) {
                    (Some((first, _)), Some((last, _))) if first != last => format!("{first} to {last}"),
                    (Some((only, _)), _) => only.to_string(),
                    _ => String::new(),
                };
                vec![domain::heading(&d.domain), count(d.events), count(d.persons), years]
            })
            .collect(),
    }
}
