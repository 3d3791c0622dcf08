//! Concepts of a record: searched by words or code, with counts, and a way from each into a cohort.

use leptos::prelude::*;
use model::concept::{ConceptRef, Domain};
use model::dataset::DatasetId;
use model::tables;
use protocol::{ConceptCount, ConceptInBrief, DatasetContents, DescribeConcept, SearchConcepts};

use crate::components::*;
use crate::format::{count, counted, domain, number};
use crate::stores::engine::{Task, use_engine};

/// How long typing must rest before a search.
const REST: std::time::Duration = std::time::Duration::from_millis(160);
/// Id of what is shown of one concept.
const BRIEF: &str = "concept-brief";
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

/// A concept's words; its code where it has none.
fn name_of(concept: &ConceptRef) -> &str {
    if concept.display.is_empty() { &concept.code } else { &concept.display }
}

/// Whether a domain is of what notes say.
fn is_note(domain: &str) -> bool {
    domain == Domain::NoteFinding.name() || domain == tables::DOMAIN_NOTE_NOT_PRESENT
}

/// How each concept is called in the names of its buttons and links. A diagnosis and what a note says of it have the same
/// words, and so may two codes: no two of these names are the same.
fn spoken_names(found: &[ConceptCount]) -> Vec<String> {
    let as_what = |one: &ConceptCount| {
        let name = name_of(&one.concept);
        let is_shared = || found.iter().filter(|other| name_of(&other.concept) == name).count() > 1;
        match one.domain.as_str() {
            domain if is_note(domain) || is_shared() => {
                format!("{name} as {}", domain::with_article(domain))
            }
            _ => name.to_owned(),
        }
    };
    let names: Vec<String> = found.iter().map(as_what).collect();
    let is_double = |name: &String| names.iter().filter(|other| *other == name).count() > 1;
    let coded = |(name, one): (&String, &ConceptCount)| {
        let code = || format!("{name}, {} {}", one.concept.system, one.concept.code);
        if is_double(name) { code() } else { name.clone() }
    };
    names.iter().zip(found).map(coded).collect()
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
                    domain::heading(&c.domain),
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
    let wanted = RwSignal::new(String::new());
    let chosen = RwSignal::new(None::<ConceptRef>);
    let task = Task::<Vec<ConceptCount>>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move || {
        let call = SearchConcepts {
            dataset: dataset.get_value(),
            text: text.get_untracked(),
            domain: Domain::from_name(&wanted.get_untracked()),
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
            // What is not present is no domain that can be asked for by itself.
            .filter(|d| Domain::from_name(&d.domain).is_some())
            .map(|d| {
                (d.domain.clone(), format!("{} ({})", domain::heading(&d.domain), counted(d.events, "event", "events")))
            }),
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
                    value=wanted
                    options=domains
                    on_change=move |value: String| {
                        wanted.set(value);
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
            <div class="part" id=BRIEF tabindex="-1" role="group" aria-label="The concept looked at">
                {move || chosen.get().map(|concept| view! { <Brief concept=concept dataset=dataset/> })}
            </div>
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
    let spoken = spoken_names(&found);
    view! {
        <div class="table-block">
            <ScrollRegion label=heading.clone() tall=true>
                <table class="table table--stacks" role="table">
                    <caption>{heading}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th scope="col" role="columnheader">"Concept"</th>
                            <th scope="col" role="columnheader">"Domain"</th>
                            <th scope="col" role="columnheader" class="table__num">"Events"</th>
                            <th scope="col" role="columnheader" class="table__num">"Persons"</th>
                            <th scope="col" role="columnheader">"Units"</th>
                            <th scope="col" role="columnheader">"Use"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {found
                            .into_iter()
                            .zip(spoken)
                            .map(|(one, spoken)| {
                                let href = dataset.with_value(|id| cohort_href(id, &one));
                                let concept = one.concept.clone();
                                let units = units_words(&one);
                                let name = name_of(&one.concept).to_owned();
                                view! {
                                    <tr role="row">
                                        <th scope="row" role="rowheader">
                                            {name}
                                            <div class="muted small">{format!("{} {}", one.concept.system, one.concept.code)}</div>
                                        </th>
                                        <td role="cell" data-heading="Domain">{domain::heading(&one.domain)}</td>
                                        <td role="cell" class="table__num" data-heading="Events">{count(one.events)}</td>
                                        <td role="cell" class="table__num" data-heading="Persons">{count(one.persons)}</td>
                                        <td role="cell" class="num" data-heading="Units">{units}</td>
                                        <td role="cell" data-heading="Use">
                                            <div class="row">
                                                <Button
                                                    label="Look closer"
                                                    kind=ButtonKind::Link
                                                    small=true
                                                    aria_label=format!("Look closer at {spoken}")
                                                    on_click=move || {
                                                        chosen.set(Some(concept.clone()));
                                                        begin_part(BRIEF);
                                                    }
                                                />
                                                <a href=href aria-label=format!("New cohort with {spoken}")>"New cohort"</a>
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
    let name = name_of(&concept).to_owned();
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
    fn a_diagnosis_and_its_note_finding_are_told_apart() {
        let one = |display: &str, system: &str, code: &str, domain: &str| ConceptCount {
            concept: ConceptRef { system: system.into(), code: code.into(), display: display.into(), omop_id: None },
            domain: domain.into(),
            events: 1,
            persons: 1,
            units: Vec::new(),
        };
        let found = [
            one("Heart failure", "SNOMED", "84114007", "condition"),
            one("Heart failure", "Rounds", "heart failure", "note_finding"),
            one("Heart failure", "Rounds", "hf", "note_not_present"),
            one("Sodium", "LOINC", "2951-2", "measurement"),
            one("Sodium", "LOINC", "2947-0", "measurement"),
            one("", "ATC", "C07AB02", "drug"),
            one("Smoker", "SNOMED", "77176002", "observation"),
            one("Smoker", "SNOMED", "77176002", "condition"),
        ];
        assert_eq!(
            spoken_names(&found),
            [
                "Heart failure as a diagnosis",
                "Heart failure as a finding in a note",
                "Heart failure as a finding in a note that is not present",
                "Sodium as a measurement, LOINC 2951-2",
                "Sodium as a measurement, LOINC 2947-0",
                "C07AB02",
                "Smoker as an observation",
                "Smoker as a diagnosis",
            ]
        );
        assert_eq!(spoken_names(&found[3..4]), ["Sodium"], "alone it needs no more");
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
