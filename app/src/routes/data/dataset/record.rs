//! What a full record holds: events by domain and year, and its concepts.

use leptos::prelude::*;
use protocol::{ConceptCount, DatasetContents, DomainCount, SearchConcepts};

use crate::components::*;
use crate::format::count;
use crate::stores::engine::{Task, use_engine};

/// How long typing must rest before a search.
const REST: std::time::Duration = std::time::Duration::from_millis(160);

/// Domains over time, and the concepts.
#[component]
pub(super) fn Record(contents: DatasetContents) -> impl IntoView {
    let span = contents
        .span
        .as_ref()
        .map(|(first, last)| format!("Dated {first} to {last}, as stored (dates were moved person by person)."));
    let domains = domain_table(&contents);
    let file_name = format!("domains of {}", contents.header.name);
    let years = contents.domains.clone();
    view! {
        <Section title="Events by domain" lead=span.unwrap_or_else(|| "Nothing here has a date.".to_owned())>
            <DataTable table=domains file_name=file_name/>
            <Details summary="Events by year">
                <Years domains=years.clone()/>
            </Details>
        </Section>
        <Concepts contents=contents/>
    }
}

fn domain_table(contents: &DatasetContents) -> TableData {
    TableData {
        caption: "Events by domain".to_owned(),
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
                vec![d.domain.replace('_', " "), count(d.events), count(d.persons), years]
            })
            .collect(),
    }
}

#[component]
fn Years(domains: Vec<DomainCount>) -> impl IntoView {
    domains
        .into_iter()
        .map(|domain| {
            let most = domain.by_year.iter().map(|(_, n)| *n).max().unwrap_or(1).max(1);
            #[expect(clippy::cast_precision_loss, reason = "a share for a bar")]
            let bars = domain
                .by_year
                .into_iter()
                .map(|(year, n)| {
                    view! {
                        <li class="mini__bar" style:--fraction=(n as f64 / most as f64).to_string()>
                            <span class="num">{year}</span>
                            <span class="num">{count(n)}</span>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div class="stack stack--s">
                    <h4>{domain.domain.replace('_', " ")}</h4>
                    <ul class="mini__bars">{bars}</ul>
                </div>
            }
        })
        .collect_view()
}

fn concept_table(concepts: &[ConceptCount], what: &str) -> TableData {
    TableData {
        caption: what.to_owned(),
        columns: vec![
            Column::text("Concept"),
            Column::text("Code"),
            Column::text("Domain"),
            Column::number("Events"),
            Column::number("Persons"),
            Column::text("Units"),
        ],
        rows: concepts
            .iter()
            .map(|c| {
                let units: Vec<String> =
                    c.units.iter().take(3).map(|(unit, n)| format!("{unit} ({})", count(*n))).collect();
                vec![
                    c.concept.display.clone(),
                    format!("{} {}", c.concept.system, c.concept.code),
                    c.domain.replace('_', " "),
                    count(c.events),
                    count(c.persons),
                    units.join(", "),
                ]
            })
            .collect(),
    }
}

#[component]
fn Concepts(contents: DatasetContents) -> impl IntoView {
    let engine = use_engine();
    let dataset = StoredValue::new(contents.header.id.clone());
    let text = RwSignal::new(String::new());
    let task = Task::<Vec<ConceptCount>>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move || {
        let call = SearchConcepts { dataset: dataset.get_value(), text: text.get_untracked(), domain: None, limit: 50 };
        task.refresh(engine, call);
    };
    search();
    on_cleanup(move || {
        if let Some(Some(handle)) = waiting.try_get_value() {
            handle.clear();
        }
    });
    let typed = move |now: String| {
        text.set(now);
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(search, REST).ok());
    };
    let lead = if contents.has_ancestors {
        "Descendants of concepts are known: a cohort can ask for a concept and everything under it."
    } else {
        "No concept hierarchy came with these data: a cohort asks for the concepts themselves."
    };
    view! {
        <Section title="Concepts" lead=lead>
            <TextInput
                label="Find a concept"
                value=text
                on_input=typed
                kind="search"
                hint="Words in any order, or a code. Empty: the most frequent."
            />
            <AsyncPanel
                load=task.load
                full={move |found: Vec<ConceptCount>| {
                    if found.is_empty() {
                        view! { <p class="muted">"No concept of this dataset matches. Try fewer or other words."</p> }
                            .into_any()
                    } else {
                        let what = if text.get_untracked().trim().is_empty() {
                            "The most frequent concepts".to_owned()
                        } else {
                            format!("Concepts that match '{}'", text.get_untracked().trim())
                        };
                        view! { <DataTable table=concept_table(&found, &what) file_name="concepts" tall=true/> }
                            .into_any()
                    }
                }}
                retry=search
                doing="Searching…"
            />
        </Section>
    }
}
