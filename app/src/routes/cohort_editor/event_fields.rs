//! Which events: a search in the dataset's own concepts, a range of values with its unit.

use leptos::prelude::*;
use model::cohort::{NoteContext, NumberRange};
use model::concept::{ConceptItem, Domain};
use protocol::{ConceptCount, DatasetContents, EngineError, SearchConcepts};

use super::MaybeNumber;
use super::draft::EventDraft;
use crate::components::*;
use crate::figures::kaplan_meier::count;
use crate::format::{counted, domain};
use crate::stores::engine::{Load, Task, use_engine};

/// How many matches are shown.
const MATCHES: u32 = 30;

/// Polarities, temporalities, experiencers.
type Lists = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

/// What a note may say of a finding, as it is offered.
const SAID: [(&str, &str, Lists); 6] = [
    ("present", "the patient has it now", (&[], &[], &[])),
    ("ever", "the patient has or had it", (&[], &["recent", "historical"], &[])),
    ("denied", "the patient does not have it", (&["negated"], &[], &[])),
    ("possible", "it is possible", (&["possible"], &[], &[])),
    ("family", "somebody else has or had it (family history)", (&[], &["recent", "historical"], &["other"])),
    ("as is", "as the definition says, in words of its own", (&[], &[], &[])),
];

fn owned(lists: &Lists) -> NoteContext {
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    NoteContext { polarity: list(lists.0), temporality: list(lists.1), experiencer: list(lists.2) }
}

/// The name of what is asked for.
fn said(context: Option<&NoteContext>) -> &'static str {
    let Some(context) = context else { return "present" };
    let known = SAID.iter().skip(1).find(|(.., lists)| owned(lists) == *context);
    known.map_or("as is", |(name, ..)| name)
}

/// The context of a name; of a definition's own words what it was.
fn context(name: &str, was: Option<&NoteContext>) -> Option<NoteContext> {
    match SAID.iter().find(|(known, ..)| *known == name) {
        Some(("present", ..)) | None => None,
        Some(("as is", ..)) => was.cloned(),
        Some((.., lists)) => Some(owned(lists)),
    }
}

/// The fields of an event query.
#[component]
pub fn EventFields(
    /// What is in the dataset.
    contents: StoredValue<DatasetContents>,
    /// The query.
    event: Signal<EventDraft>,
    /// Called with the changed query.
    #[prop(into)]
    on_change: Callback<(EventDraft,)>,
) -> impl IntoView {
    let change = move |f: &dyn Fn(&mut EventDraft)| {
        let mut changed = event.get_untracked();
        f(&mut changed);
        on_change.run((changed,));
    };
    let domains = contents.with_value(|contents| {
        let mut options = vec![(String::new(), "Any kind of event".to_owned())];
        options.extend(contents.domains.iter().filter_map(|found| {
            let domain = Domain::from_name(&found.domain)?;
            let persons = counted(found.persons, "person", "persons");
            Some((found.domain.clone(), format!("{} ({persons})", domain::heading(domain.name()))))
        }));
        options
    });
    let has_value = move || event.with(|event| event.value.is_some() || event.unit.is_some());
    view! {
        <div class="grid">
            <Select
                label="Kind of event"
                value=move || event.with(|event| event.domain.map(Domain::name).unwrap_or_default().to_owned())
                options=domains
                on_change=move |name: String| change(&|event| {
                    event.domain = Domain::from_name(&name);
                    if event.domain != Some(Domain::NoteFinding) {
                        event.context = None;
                    }
                })
            />
            <ConceptSearch contents=contents event=event on_change=on_change/>
        </div>
        <ConceptChips event=event on_change=on_change has_ancestors=contents.with_value(|contents| contents.has_ancestors)/>
        <Show when=move || event.with(|event| event.domain == Some(Domain::NoteFinding))>
            <Select
                label="What the note says"
                value=move || event.with(|event| said(event.context.as_ref()).to_owned())
                options=SAID.map(|(name, words, _)| (name.to_owned(), words.to_owned())).to_vec()
                on_change=move |name: String| change(&|event| event.context = context(&name, event.context.as_ref()))
                hint="A program read it. What notes deny, suspect or tell of others counts only where it is asked for."
            />
        </Show>
        <Checkbox
            label="Only with a value in a range"
            value=Signal::derive(has_value)
            on_change=move |on: bool| change(&|event| {
                event.value = on.then(NumberRange::default);
                if !on {
                    event.unit = None;
                }
            })
        />
        <Show when=has_value>
            <ValueFields contents=contents event=event on_change=on_change/>
        </Show>
    }
}

#[component]
fn ConceptSearch(
    contents: StoredValue<DatasetContents>,
    event: Signal<EventDraft>,
    on_change: Callback<(EventDraft,)>,
) -> impl IntoView {
    let engine = use_engine();
    let task = Task::<Vec<ConceptCount>>::new();
    // The matches, with the text and the kind of event they answer.
    let found = RwSignal::new((None::<(String, Option<Domain>)>, Vec::new()));
    let ask = move |text: String| {
        let domain = event.with_untracked(|event| event.domain);
        let dataset = contents.with_value(|contents| contents.header.id.clone());
        let call = SearchConcepts { dataset, text: text.clone(), domain, limit: MATCHES };
        task.run_then(engine, call, Vec::new(), move |answer| {
            found.try_set((Some((text, domain)), answer.value.clone()));
        });
    };
    let answers = Signal::derive(move || {
        let domain = event.with(|event| event.domain);
        found.with(|(of, _)| of.as_ref().filter(|of| of.1 == domain).map(|of| of.0.clone()))
    });
    let options = Signal::derive(move || found.with(|(_, concepts)| concepts.iter().map(option).collect::<Vec<_>>()));
    let pick = move |picked: ComboOption| {
        let concept = found.with_untracked(|(_, all)| all.iter().find(|concept| key(concept) == picked.value).cloned());
        let Some(concept) = concept else {
            return;
        };
        let mut changed = event.get_untracked();
        let item = ConceptItem { concept: concept.concept, include_descendants: false, exclude: false };
        if !changed.concepts.contains(&item) {
            changed.concepts.push(item);
            changed.concepts_changed();
        }
        on_change.run((changed,));
    };
    view! {
        <Combobox
            label="Concept"
            options=options
            on_query=ask
            on_pick=pick
            answers=answers
            error=Signal::derive(move || task.load.with(|load| match load {
                Load::Failed(problem) if *problem != EngineError::Cancelled => Some(problem.to_string()),
                _ => None,
            }))
            hint="Words or a code, as this dataset has them. Several concepts: any of them counts."
            placeholder="Search concepts"
        />
    }
}

fn key(concept: &ConceptCount) -> String {
    format!("{}|{}|{}", concept.concept.system, concept.concept.code, concept.domain)
}

fn option(concept: &ConceptCount) -> ComboOption {
    let words = if concept.concept.display.is_empty() { &concept.concept.code } else { &concept.concept.display };
    ComboOption {
        value: key(concept),
        label: words.clone(),
        detail: format!(
            "{} {} \u{b7} {} persons",
            concept.concept.system,
            concept.concept.code,
            count(concept.persons as f64)
        ),
    }
}

/// The chosen concepts; each can be taken out again or be widened to what is below it.
#[component]
fn ConceptChips(event: Signal<EventDraft>, on_change: Callback<(EventDraft,)>, has_ancestors: bool) -> impl IntoView {
    let change = move |place: usize, f: fn(&mut Vec<ConceptItem>, usize)| {
        let mut changed = event.get_untracked();
        if place < changed.concepts.len() {
            f(&mut changed.concepts, place);
            changed.concepts_changed();
            on_change.run((changed,));
        }
    };
    view! {
        <ul class="chips" aria-label="Chosen concepts">
            {move || event
                .get()
                .concepts
                .into_iter()
                .enumerate()
                .map(|(place, item)| {
                    let name = if item.concept.display.is_empty() { item.concept.code } else { item.concept.display };
                    view! {
                        <li class="chip">
                            <span>{name.clone()}</span>
                            {has_ancestors.then(|| view! {
                                <label class="chip__more">
                                    <input
                                        type="checkbox"
                                        prop:checked=item.include_descendants
                                        on:change=move |_| change(place, |items, place| {
                                            items[place].include_descendants = !items[place].include_descendants;
                                        })
                                    />
                                    "and what is below it"
                                </label>
                            })}
                            <Button
                                label="Remove"
                                kind=ButtonKind::Link
                                on_click=move || change(place, |items, place| { items.remove(place); })
                                aria_label=format!("Remove {name}")
                            />
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

#[component]
fn ValueFields(
    contents: StoredValue<DatasetContents>,
    event: Signal<EventDraft>,
    on_change: Callback<(EventDraft,)>,
) -> impl IntoView {
    let change = move |f: &dyn Fn(&mut EventDraft)| {
        let mut changed = event.get_untracked();
        f(&mut changed);
        on_change.run((changed,));
    };
    let range = move || event.with(|event| event.value.unwrap_or_default());
    // Units of the chosen concepts as the dataset has them, most frequent first.
    let units = Signal::derive(move || {
        let chosen = event.get();
        let mut options = vec![(String::new(), "Any unit".to_owned())];
        contents.with_value(|contents| {
            for found in &contents.concepts {
                let is_chosen = chosen.concepts.iter().any(|item| item.concept == found.concept);
                if chosen.concepts.is_empty() || is_chosen {
                    for (unit, n) in &found.units {
                        if options.iter().all(|(known, _)| known != unit) {
                            options.push((unit.clone(), format!("{unit} ({} values)", count(*n as f64))));
                        }
                    }
                }
            }
        });
        if let Some(unit) = chosen.unit
            && options.iter().all(|(known, _)| *known != unit)
        {
            options.push((unit.clone(), unit));
        }
        options
    });
    view! {
        <div class="grid">
            <NumberInput
                label="Value at least"
                value=move || range().min
                on_change=move |min: MaybeNumber| change(&|event| event.value.get_or_insert_default().min = min)
            />
            <NumberInput
                label="Value at most"
                value=move || range().max
                on_change=move |max: MaybeNumber| change(&|event| event.value.get_or_insert_default().max = max)
            />
            <Select
                label="Unit"
                value=move || event.with(|event| event.unit.clone().unwrap_or_default())
                options=units
                on_change=move |unit: String| change(&|event| event.unit = (!unit.is_empty()).then(|| unit.clone()))
                hint="Values in other units are counted in a warning, never converted silently."
            />
        </div>
    }
}

#[cfg(test)]
mod context_tests {
    use super::*;

    #[test]
    fn what_is_offered_is_found_again() {
        for (name, _, _) in SAID.iter().take(5) {
            let asked = context(name, None);
            assert_eq!(said(asked.as_ref()), *name);
        }
        let own =
            NoteContext { polarity: vec!["affirmed".to_owned(), "possible".to_owned()], ..NoteContext::default() };
        assert_eq!(said(Some(&own)), "as is");
        assert_eq!(context("as is", Some(&own)), Some(own));
    }
}
