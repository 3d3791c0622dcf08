//! Concepts of a record: searched by words or code, with counts, and a way from each into a cohort.

use leptos::prelude::*;
use model::concept::{ConceptRef, Domain};
use model::dataset::DatasetId;
use protocol::{ConceptCount, ConceptInBrief, DatasetContents, DescribeConcept, SearchConcepts};

use crate::components::*;
use crate::format::{count, counted, number};
use crate::stores::engine::{Task, use_engine};

/// How long typing must rest before a search.
const REST: std::time::Duration = std::time::Duration::from_millis(160);
/// Concepts shown.
const SHOWN: u32 = 100;

/// The address of a new cohort that enters at this concept.
fn cohort_href(dataset: &DatasetId, found: &ConceptCount) -> String {
    let part = |text: &str| String::from(js_sys::encode_uri_component(text));
    let concept = &found.concept;
    let omop = concept.omop_id.map_or_else(String::new, |id| format!("&omop={id}"));
    format!(
        "/cohorts/new?dataset={dataset}&domain={}&system={}&code={}&display={}{omop}",
        part(&found.domain),
        part(&concept.system),
        part(&concept.code),
        part(&concept.display)
    )
}

/// The concepts as a table, for copying and CSV.
fn table(concepts: &[ConceptCount], what: &str) -> TableData {
    let texts = ["Concept", "Code", "Domain"].map(Column::text);
    let numbers = ["Events", "Persons"].map(Column::number);
    TableData {
        caption: what.to_owned(),
        columns: texts.into_iter().chain(numbers).chain([Column::text("Units")]).collect(),
        rows: concepts
            .iter()
            .map(|c| {
                vec![
                    c.concept.display.clone(),
                    format!("{} {}", c.concept.system, c.concept.code),
                    c.domain.replace('_', " "),
                    count(c.events),
                    count(c.persons),
                    units_words(c),
                ]
            })
            .collect(),
    }
}

fn units_words(concept: &ConceptCount) -> String {
    let units = concept.units.iter().take(3);
    units.map(|(unit, n)| format!("{unit} ({})", count(*n))).collect::<Vec<_>>().join(", ")
}

/// What stands over the list.
fn heading(text: &str, n: usize) -> String {
    let text = text.trim();
    if text.is_empty() {
        return "The most frequent concepts".to_owned();
    }
    let found = counted(n as u64, "concept", "concepts");
    let more = if n >= SHOWN as usize { ", the most frequent of those that match" } else { "" };
    format!("{found} for \u{201c}{text}\u{201d}{more}")
}

/// Search over the concepts of a record.
#[component]
pub(super) fn Concepts(contents: DatasetContents) -> impl IntoView {
    let engine = use_engine();
    let dataset = StoredValue::new(contents.header.id.clone());
    let text = RwSignal::new(String::new());
    let domain = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<ConceptRef>);
    let task = Task::<Vec<ConceptCount>>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move || {
        let call = SearchConcepts {
            dataset: dataset.get_value(),
            text: text.get_untracked(),
            domain: Domain::from_name(&domain.get_untracked()),
            limit: SHOWN,
        };
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
    let mut domains = vec![(String::new(), "Every domain".to_owned())];
    domains.extend(
        contents
            .domains
            .iter()
            .map(|d| (d.domain.clone(), format!("{} ({} events)", d.domain.replace('_', " "), count(d.events)))),
    );
    let lead = if contents.has_ancestors {
        "Descendants of concepts are known: a cohort can ask for a concept and everything under it."
    } else {
        "No concept hierarchy came with these data: a cohort asks for the concepts themselves."
    };
    view! {
        <Section title="Concepts" lead=lead>
            <div class="grid">
                <TextInput
                    label="Find a concept"
                    value=text
                    on_input=typed
                    kind="search"
                    hint="Words in any order, or a code. Empty: the most frequent."
                />
                <Select
                    label="Domain"
                    value=domain
                    options=domains
                    on_change=move |value: String| {
                        domain.set(value);
                        search();
                    }
                />
            </div>
            <AsyncPanel
                load=task.load
                full={move |found: Vec<ConceptCount>| {
                    if found.is_empty() {
                        return view! { <p class="muted">"No concept of this dataset matches. Try fewer or other words."</p> }
                            .into_any();
                    }
                    let heading = heading(&text.get_untracked(), found.len());
                    view! { <Found found=found heading=heading dataset=dataset chosen=chosen/> }.into_any()
                }}
                retry=search
                doing="Searching…"
            />
            {move || chosen.get().map(|concept| view! { <Brief concept=concept dataset=dataset/> })}
        </Section>
    }
}

#[component]
fn Found(
    found: Vec<ConceptCount>,
    heading: String,
    dataset: StoredValue<DatasetId>,
    chosen: RwSignal<Option<ConceptRef>>,
) -> impl IntoView {
    let data = table(&found, &heading);
    view! {
        <div class="table-block">
            <ScrollRegion label=heading.clone() tall=true>
                <table class="table">
                    <caption>{heading}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Concept"</th>
                            <th scope="col">"Domain"</th>
                            <th scope="col" class="table__num">"Events"</th>
                            <th scope="col" class="table__num">"Persons"</th>
                            <th scope="col">"Units"</th>
                            <th scope="col">"Use"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {found
                            .into_iter()
                            .map(|one| {
                                let href = dataset.with_value(|id| cohort_href(id, &one));
                                let concept = one.concept.clone();
                                let units = units_words(&one);
                                let name =
                                    if one.concept.display.is_empty() { one.concept.code.clone() } else { one.concept.display.clone() };
                                view! {
                                    <tr>
                                        <th scope="row">
                                            {name.clone()}
                                            <div class="muted small">{format!("{} {}", one.concept.system, one.concept.code)}</div>
                                        </th>
                                        <td>{one.domain.replace('_', " ")}</td>
                                        <td class="table__num">{count(one.events)}</td>
                                        <td class="table__num">{count(one.persons)}</td>
                                        <td class="num">{units}</td>
                                        <td>
                                            <div class="row">
                                                <Button
                                                    label="Look closer"
                                                    kind=ButtonKind::Link
                                                    small=true
                                                    aria_label=format!("Look closer at {name}")
                                                    on_click=move || chosen.set(Some(concept.clone()))
                                                />
                                                <a href=href aria-label=format!("New cohort with {name}")>"New cohort"</a>
                                            </div>
                                        </td>
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </ScrollRegion>
            <TableActions table=data file_name="concepts"/>
        </div>
    }
}

#[component]
fn Brief(concept: ConceptRef, dataset: StoredValue<DatasetId>) -> impl IntoView {
    let engine = use_engine();
    let task = Task::<ConceptInBrief>::new();
    let name = if concept.display.is_empty() { concept.code.clone() } else { concept.display.clone() };
    let code = format!("{} {}", concept.system, concept.code);
    let call = StoredValue::new(DescribeConcept { dataset: dataset.get_value(), concept });
    let ask = move || task.run(engine, call.get_value());
    ask();
    view! {
        <Card title=name>
            <p class="small muted">{code}</p>
            <AsyncPanel
                load=task.load
                full=|brief: ConceptInBrief| {
                    let counts = format!("{}, {}", counted(brief.n_events, "event", "events"), counted(brief.n_persons, "person", "persons"));
                    let tables = brief_tables(&brief);
                    view! {
                        <p class="num">{counts}</p>
                        {tables
                            .into_iter()
                            .map(|table| {
                                let file_name = table.caption.clone();
                                view! { <DataTable table=table file_name=file_name tall=true/> }
                            })
                            .collect_view()}
                    }
                }
                retry=ask
                on_cancel=Callback::new(move |()| task.cancel())
                doing="Counting…"
            />
        </Card>
    }
}

/// Numbers by unit, answers, years: those that there are.
fn brief_tables(brief: &ConceptInBrief) -> Vec<TableData> {
    let heads = ["Smallest", "First quartile", "Median", "Third quartile", "Largest"];
    let values = TableData {
        caption: "Values by unit".to_owned(),
        columns: [Column::text("Unit"), Column::number("Values")]
            .into_iter()
            .chain(heads.map(Column::number))
            .collect(),
        rows: brief
            .values
            .iter()
            .map(|v| {
                let unit = if v.unit.is_empty() { "no unit".to_owned() } else { v.unit.clone() };
                [unit, count(v.n)].into_iter().chain(v.five.map(number)).collect()
            })
            .collect(),
    };
    let pairs = |caption: &str, head: &str, rows: Vec<Vec<String>>| TableData {
        caption: caption.to_owned(),
        columns: vec![Column::text(head), Column::number("Events")],
        rows,
    };
    let answers = brief.answers.iter().map(|(answer, n)| vec![answer.clone(), count(*n)]).collect();
    let years = brief.by_year.iter().map(|(year, n)| vec![year.to_string(), count(*n)]).collect();
    let all = [values, pairs("Answers", "Answer", answers), pairs("Events by year", "Year", years)];
    all.into_iter().filter(|table| !table.rows.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::ValuesInUnit;

    #[test]
    fn headings_say_what_was_asked() {
        assert_eq!(heading("  ", 100), "The most frequent concepts");
        assert_eq!(heading(" heart ", 1), "1 concept for \u{201c}heart\u{201d}");
        assert!(heading("a", 100).ends_with("of those that match"));
    }

    #[test]
    fn tables_of_a_concept_are_those_that_hold_something() {
        let brief = ConceptInBrief {
            n_events: 2,
            n_persons: 1,
            by_year: vec![(2020, 2)],
            values: vec![ValuesInUnit { unit: String::new(), n: 2, five: [1.0, 1.0, 1.5, 2.0, 2.0] }],
            answers: Vec::new(),
        };
        let tables = brief_tables(&brief);
        assert_eq!(tables.len(), 2);
        assert!(tables.iter().all(|t| t.rows.iter().all(|row| row.len() == t.columns.len())));
        assert_eq!(tables[0].rows[0][0], "no unit");
    }
}
