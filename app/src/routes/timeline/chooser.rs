//! Which person: a list by number of events, or the subjects of a saved cohort.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::dataset::DatasetId;
use protocol::{ListPersons, PersonEntry, PersonList, PersonOrder};

use crate::components::*;
use crate::figures::calendar::iso;
use crate::format::{count, counted};
use crate::stores::engine::{Task, use_engine};
use crate::stores::scope::{use_cohorts, use_query_text};

/// Persons in the list.
const SHOWN: u32 = 50;
/// How long typing must rest before the list is asked for anew.
const REST: std::time::Duration = std::time::Duration::from_millis(200);

/// A number of events or none, named since a view cannot hold `<`.
type MaybeNumber = Option<f64>;

fn order_of(value: &str) -> PersonOrder {
    match value {
        "fewest" => PersonOrder::FewestEvents,
        "key" => PersonOrder::Key,
        _ => PersonOrder::MostEvents,
    }
}

/// The orders to choose from.
fn orders() -> Vec<(String, String)> {
    [("most", "Most events first"), ("fewest", "Fewest events first"), ("key", "By key")]
        .map(|(value, label)| (value.to_owned(), label.to_owned()))
        .to_vec()
}

/// The address of a person's timeline.
fn href(dataset: &DatasetId, person: &str, cohort: Option<&str>) -> String {
    let person = String::from(js_sys::encode_uri_component(person));
    let cohort = cohort.map_or_else(String::new, |cohort| format!("&cohort={cohort}"));
    format!("/data/{dataset}/timeline?person={person}{cohort}")
}

#[component]
pub(super) fn Chooser(dataset: DatasetId) -> impl IntoView {
    let engine = use_engine();
    let navigate = use_navigate();
    let shelf = use_cohorts();
    let cohort = use_query_text("cohort");
    let id = StoredValue::new(dataset);
    let key = RwSignal::new(String::new());
    let min_events = RwSignal::new(None::<f64>);
    let order = RwSignal::new("most".to_owned());
    let task = Task::<PersonList>::new();
    let chosen = move || cohort.get().and_then(|id| shelf.now().by_id(&id).cloned());
    let ask = move || {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number of events")]
        let at_least = min_events.get_untracked().unwrap_or(0.0).max(0.0) as u64;
        let call = ListPersons {
            dataset: id.get_value(),
            cohort: untrack(chosen).map(|saved| saved.definition),
            key: key.get_untracked(),
            min_events: at_least,
            order: order_of(&order.get_untracked()),
            limit: SHOWN,
        };
        task.refresh(engine, call);
    };
    // Anew for another cohort, also when the saved ones have been read.
    Effect::new(move |_| {
        let waits = cohort.with(Option::is_some) && shelf.load.with(|load| load.is_loading());
        chosen();
        if !waits {
            ask();
        }
    });
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    on_cleanup(move || {
        if let Some(Some(handle)) = waiting.try_get_value() {
            handle.clear();
        }
    });
    let ask_soon = move || {
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(ask, REST).ok());
    };
    let cohorts = Signal::derive(move || {
        let mut options = vec![(String::new(), "Everybody".to_owned())];
        let mine = id.with_value(|id| shelf.now().of(id));
        options.extend(mine.into_iter().map(|saved| (saved.id, format!("Cohort: {}", saved.definition.name))));
        options
    });
    let choose_cohort = Callback::new(move |(chosen,): (String,)| {
        let query = if chosen.is_empty() { String::new() } else { format!("?cohort={chosen}") };
        let to = id.with_value(|id| format!("/data/{id}/timeline{query}"));
        navigate(&to, NavigateOptions { scroll: false, replace: true, ..NavigateOptions::default() });
    });
    view! {
        <div class="stack">
            <div class="grid">
                <Select
                    label="Persons"
                    value=Signal::derive(move || cohort.get().unwrap_or_default())
                    options=cohorts
                    on_change=move |value: String| choose_cohort.run((value,))
                />
                <NumberInput
                    label="With at least this many events and notes"
                    value=min_events
                    on_change=move |n: MaybeNumber| {
                        min_events.set(n);
                        ask_soon();
                    }
                    min=0.0
                />
                <TextInput
                    label="Key begins with"
                    value=key
                    on_input=move |now: String| {
                        key.set(now);
                        ask_soon();
                    }
                    kind="search"
                    hint="The key that was made at intake; the identifier of the source is not kept."
                />
                <Select
                    label="Order"
                    value=order
                    options=orders()
                    on_change=move |value: String| {
                        order.set(value);
                        ask();
                    }
                />
            </div>
            <AsyncPanel
                load=task.load
                full=move |list: PersonList| view! { <Persons list=list dataset=id cohort=cohort.get_untracked()/> }
                retry=ask
                on_cancel=Callback::new(move |()| task.cancel())
                doing="Listing the persons…"
            />
        </div>
    }
}

#[component]
fn Persons(
    list: PersonList,
    dataset: StoredValue<DatasetId>,
    #[prop(into)] cohort: MaybeProp<String>,
) -> impl IntoView {
    if list.persons.is_empty() {
        return view! {
            <EmptyState title="Nobody matches">
                <p>"Ask for fewer events, another beginning of the key, or another cohort."</p>
            </EmptyState>
        }
        .into_any();
    }
    let cohort = cohort.get_untracked();
    let of_cohort = cohort.is_some();
    let caption = if list.n_found > list.persons.len() as u64 {
        format!("{} found; the first {} are listed", counted(list.n_found, "person", "persons"), list.persons.len())
    } else {
        format!("{} found", counted(list.n_found, "person", "persons"))
    };
    let warnings = list.warnings;
    view! {
        <NoticeList kind=NoticeKind::Warn title="About this cohort" items=warnings/>
        <ScrollRegion label=caption.clone() tall=true>
            <table class="table">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Person"</th>
                        <th scope="col" class="table__num">"Events"</th>
                        <th scope="col" class="table__num">"Notes"</th>
                        {of_cohort.then(|| view! { <th scope="col">"Enters the cohort on"</th> })}
                    </tr>
                </thead>
                <tbody>
                    {list
                        .persons
                        .into_iter()
                        .map(|person| {
                            let href = dataset.with_value(|id| href(id, &person.person, cohort.as_deref()));
                            let PersonEntry { person, n_events, n_notes, index_days } = person;
                            view! {
                                <tr>
                                    <th scope="row"><a href=href><code>{person}</code></a></th>
                                    <td class="table__num">{count(n_events)}</td>
                                    <td class="table__num">{count(n_notes)}</td>
                                    {of_cohort.then(|| view! { <td class="num">{days(&index_days)}</td> })}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </ScrollRegion>
    }
    .into_any()
}

/// The first index dates, and how many more.
fn days(days: &[i32]) -> String {
    let shown: Vec<String> = days.iter().take(3).map(|day| iso(*day)).collect();
    match days.len().saturating_sub(3) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_dates_in_words() {
        assert_eq!(days(&[]), "");
        assert_eq!(days(&[0, 1]), "1970-01-01, 1970-01-02");
        assert_eq!(days(&[0, 1, 2, 3]), "1970-01-01, 1970-01-02, 1970-01-03 and 1 more");
        assert_eq!(order_of("fewest"), PersonOrder::FewestEvents);
        assert_eq!(order_of("anything"), PersonOrder::MostEvents);
    }
}
