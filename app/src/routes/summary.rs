//! Summary: Table 1 of one cohort, or of two side by side.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::cohort::CohortDefinition;
use model::dataset::DatasetShape;
use model::results::TableOne;
use protocol::{DatasetContents, Summarize, SummaryGroups};

use crate::components::*;
use crate::format::variable::name_and_label;
use crate::stores::cohorts::SavedCohorts;
use crate::stores::datasets::use_dataset_id;
use crate::stores::engine::{Load, Task, use_engine};
use crate::stores::scope::{use_cohorts, use_contents, use_query_text};

mod distribution_view;
mod table_one;
pub mod table_view;

use table_view::TableOneView;

/// What the address calls everyone, where it stands beside a cohort.
const EVERYONE: &str = "everyone";

/// What everyone is called in both lists.
const EVERYONE_WORDS: &str = "Everyone in the dataset";

/// What the address asks for.
#[derive(Clone, Debug, PartialEq)]
struct Asked {
    cohort: Option<String>,
    comparator: Option<String>,
    by: Option<String>,
}

impl Asked {
    /// What the address says; a cohort never stands beside itself.
    fn of(cohort: Option<String>, comparator: Option<String>, by: Option<String>) -> Self {
        let first = cohort.as_deref().unwrap_or(EVERYONE);
        let comparator = comparator.filter(|id| id != first);
        Self { cohort, comparator, by }
    }

    /// The groups to ask the engine for; absent while a cohort in the address is not read yet or is gone.
    fn groups(&self, saved: &SavedCohorts) -> Option<SummaryGroups> {
        let definition = |id: &str| saved.by_id(id).map(|cohort| cohort.definition.clone());
        let first = match &self.cohort {
            Some(id) => definition(id)?,
            None => CohortDefinition::everyone("Everyone"),
        };
        match (&self.comparator, &self.by) {
            (Some(id), _) => {
                let second = if id == EVERYONE { CohortDefinition::everyone("Everyone") } else { definition(id)? };
                Some(SummaryGroups::Cohorts { definitions: vec![first, second] })
            }
            (None, Some(variable)) => Some(SummaryGroups::By { variable: Some(variable.clone()) }),
            (None, None) => Some(SummaryGroups::Cohorts { definitions: vec![first] }),
        }
    }
}

/// Table 1.
#[component]
pub fn SummaryPage() -> impl IntoView {
    let dataset = use_dataset_id();
    let contents = use_contents(dataset);
    let shelf = use_cohorts();
    let cohort = use_query_text("cohort");
    let comparator = use_query_text("comparator");
    let by = use_query_text("by");
    let asked = Memo::new(move |_| Asked::of(cohort.get(), comparator.get(), by.get()));
    let engine = use_engine();
    let table = Task::<TableOne>::new();
    let ask = move || {
        let Some(dataset) = dataset.get() else {
            table.reset();
            return;
        };
        let is_read = shelf.load.with(|load| load.ready().is_some());
        let groups = asked.get().groups(&shelf.now());
        match groups {
            Some(groups) => table.run(engine, Summarize { dataset, groups, variables: None }),
            None if is_read => table.load.set(Load::Failed(protocol::EngineError::NotFound {
                what: "A cohort named in the address".to_owned(),
            })),
            None => {}
        }
    };
    Effect::new(move |_| ask());
    view! {
        <PageHeader
            title="Summary"
            lead="Who is in a cohort: every variable with its statistics, its missing values and its distribution (a Table 1)."
        />
        <div class="stack stack--l">
            <Choices contents=contents asked=asked saved=Signal::derive(move || shelf.now())/>
            <Show
                when=move || dataset.get().is_some()
                fallback=|| view! { <ChooseDataset what="its variables are summarized here."/> }
            >
                <AsyncPanel
                    load=table.load
                    doing="Summarizing…"
                    retry=ask
                    on_cancel=move || table.cancel()
                    full=move |mut table: TableOne| {
                        let by = asked.with_untracked(|asked| asked.by.clone());
                        contents.load.with_untracked(|load| {
                            let variables = load.ready().map(|contents| &contents.variables).into_iter().flatten();
                            let all = load.ready().map(|contents| contents.variables.as_slice()).unwrap_or_default();
                            table_one::name_events(&mut table, all);
                            if let Some(variable) = variables.into_iter().find(|variable| by.as_ref() == Some(&variable.name)) {
                                table_one::name_groups(&mut table, variable);
                            }
                        });
                        view! { <TableOneView table=table/> }
                    }
                />
            </Show>
        </div>
    }
}

/// Dataset, cohort, and what it stands beside; all of it in the address.
#[component]
fn Choices(contents: Task<DatasetContents>, asked: Memo<Asked>, saved: Signal<SavedCohorts>) -> impl IntoView {
    let dataset = use_dataset_id();
    let navigate = use_navigate();
    let go = Callback::new(move |(next,): (Asked,)| {
        let Some(dataset) = dataset.get_untracked() else {
            return;
        };
        let mut href = format!("/summary?dataset={dataset}");
        for (name, value) in [("cohort", next.cohort), ("comparator", next.comparator), ("by", next.by)] {
            if let Some(value) = value {
                href.push_str(&format!("&{name}={}", encode(&value)));
            }
        }
        navigate(&href, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    });
    let mine = Signal::derive(move || dataset.get().map(|id| saved.get().of(&id)).unwrap_or_default());
    let cohorts = Signal::derive(move || {
        let mut options = vec![(String::new(), EVERYONE_WORDS.to_owned())];
        options.extend(mine.get().into_iter().map(|cohort| (cohort.id, cohort.definition.name)));
        options
    });
    let beside = Signal::derive(move || {
        let chosen = asked.with(|asked| asked.cohort.clone());
        let mut options = vec![(String::new(), "Nothing".to_owned())];
        if chosen.is_some() {
            options.push((format!("cohort:{EVERYONE}"), EVERYONE_WORDS.to_owned()));
        }
        let others = mine.get().into_iter().filter(|cohort| chosen.as_ref() != Some(&cohort.id));
        options.extend(others.map(|cohort| (format!("cohort:{}", cohort.id), cohort.definition.name)));
        if chosen.is_none() {
            options.extend(splits(&contents.load.get()));
        }
        options
    });
    let beside_value = move || {
        asked.with(|asked| match (&asked.comparator, &asked.by) {
            (Some(id), _) => format!("cohort:{id}"),
            (None, Some(variable)) => format!("by:{variable}"),
            (None, None) => String::new(),
        })
    };
    view! {
        <div class="grid choices" class:choices--bare=move || dataset.get().is_none()>
            <DatasetPicker/>
            <Show when=move || dataset.get().is_some()>
            <Select
                label="Cohort"
                value=move || asked.with(|asked| asked.cohort.clone().unwrap_or_default())
                options=cohorts
                on_change=move |id: String| {
                    let comparator = asked.with_untracked(|asked| asked.comparator.clone());
                    go.run((Asked::of(Some(id).filter(|id| !id.is_empty()), comparator, None),));
                }
            />
            <Select
                label="Side by side with"
                value=beside_value
                options=beside
                hint="Two groups are compared by their standardized mean difference (SMD)."
                on_change=move |value: String| {
                    let asked = asked.get_untracked();
                    let comparator = value.strip_prefix("cohort:").map(str::to_owned);
                    let by = value.strip_prefix("by:").map(str::to_owned);
                    go.run((Asked { comparator, by, ..asked },));
                }
            />
            </Show>
        </div>
    }
}

/// Splits by the levels of a variable (flat datasets).
fn splits(contents: &Load<DatasetContents>) -> Vec<(String, String)> {
    match contents.ready() {
        Some(contents) if contents.header.shape == DatasetShape::Flat => {
            let variables = contents.variables.iter().filter(|variable| (2..=6).contains(&variable.levels.len()));
            variables
                .map(|variable| (format!("by:{}", variable.name), format!("Split by {}", name_and_label(variable))))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// A value within a query.
pub(super) fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_asks_for_groups() {
        let none = SavedCohorts::default();
        let everyone = Asked { cohort: None, comparator: None, by: None };
        assert!(
            matches!(everyone.groups(&none), Some(SummaryGroups::Cohorts { definitions }) if definitions.len() == 1)
        );
        let split = Asked { by: Some("hormon".to_owned()), ..everyone.clone() };
        assert_eq!(split.groups(&none), Some(SummaryGroups::By { variable: Some("hormon".to_owned()) }));
        let gone = Asked { cohort: Some("x".to_owned()), ..everyone };
        assert_eq!(gone.groups(&none), None);
    }

    #[test]
    fn a_cohort_never_stands_beside_itself() {
        let beside = |cohort: Option<&str>, comparator: &str| {
            Asked::of(cohort.map(str::to_owned), Some(comparator.to_owned()), None).comparator
        };
        assert_eq!(beside(Some("a"), "a"), None);
        assert_eq!(beside(None, EVERYONE), None);
        assert_eq!(beside(Some("a"), EVERYONE).as_deref(), Some(EVERYONE));
        assert_eq!(beside(Some("a"), "b").as_deref(), Some("b"));
    }

    #[test]
    fn names_survive_the_address() {
        assert_eq!(encode("a b&c=\u{e9}"), "a%20b%26c%3D%C3%A9");
    }
}
