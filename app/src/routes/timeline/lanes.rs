//! The lanes: a row of marks a domain. One tab stop a lane; arrow keys go from mark to mark.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use protocol::Timeline;

use crate::components::*;
use crate::figures::calendar::{iso, ticks};
use crate::figures::timeline::{Lane, Window, concept_words, day_words, lanes, result_words};
use crate::format::{count, domain};

/// Events of a mark that are listed; the table below has all.
const LISTED: usize = 40;
/// Ticks written under the lanes.
const TICKS: usize = 6;

/// A chosen mark: its domain and what it holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picked {
    /// The domain; `note` for notes.
    pub domain: String,
    /// Places in the record's events or notes.
    pub items: Vec<usize>,
}

/// The lanes of a record.
#[component]
pub(super) fn Lanes(
    record: StoredValue<Timeline>,
    window: RwSignal<Window>,
    picked: RwSignal<Option<Picked>>,
) -> impl IntoView {
    let drawn = Memo::new(move |_| record.with_value(|record| lanes(record, window.get())));
    view! {
        <figure class="lanes" role="group" aria-label="Events by domain over time; the events are in the table below">
            <Observed record=record window=window/>
            {move || {
                drawn
                    .get()
                    .into_iter()
                    .map(|lane| view! { <OneLane lane=lane picked=picked/> })
                    .collect_view()
            }}
            <div class="lanes__axis num" aria-hidden="true">
                {move || {
                    let window = window.get();
                    ticks(window.from, window.to, TICKS)
                        .into_iter()
                        .map(|(day, label)| {
                            view! { <span class="lanes__tick" style:left=format!("{:.2}%", window.percent(day))>{label}</span> }
                        })
                        .collect_view()
                }}
            </div>
        </figure>
    }
}

/// Observation periods and death, above the lanes.
#[component]
fn Observed(record: StoredValue<Timeline>, window: RwSignal<Window>) -> impl IntoView {
    let bars = move || {
        let window = window.get();
        record.with_value(|record| {
            let inside = record.periods.iter().filter(|(from, to)| *from <= window.to && *to >= window.from);
            inside
                .map(|(from, to)| {
                    (window.percent(*from), window.percent(*to), format!("{} to {}", iso(*from), iso(*to)))
                })
                .collect::<Vec<_>>()
        })
    };
    let death = move || {
        let window = window.get();
        record.with_value(|r| r.death_day).filter(|day| window.holds(*day)).map(|day| (window.percent(day), iso(day)))
    };
    view! {
        <div class="lane lane--observed">
            <p class="lane__name">"Observed"</p>
            <div class="lane__track">
                {move || {
                    bars()
                        .into_iter()
                        .map(|(left, right, title)| {
                            view! {
                                <span
                                    class="lane__period"
                                    title=title
                                    style:left=format!("{left:.2}%")
                                    style:width=format!("{:.2}%", right - left)
                                ></span>
                            }
                        })
                        .collect_view()
                }}
                {move || {
                    death()
                        .map(|(left, day)| {
                            view! {
                                <span class="lane__death" title=format!("Died on {day}") style:left=format!("{left:.2}%")></span>
                            }
                        })
                }}
            </div>
        </div>
    }
}

/// The mark that a key leads to.
fn step(at: Option<usize>, n: usize, key: &str) -> Option<usize> {
    let last = n.checked_sub(1)?;
    match key {
        "ArrowRight" | "ArrowDown" => Some(at.map_or(0, |at| (at + 1).min(last))),
        "ArrowLeft" | "ArrowUp" => Some(at.map_or(last, |at| at.saturating_sub(1))),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

#[component]
fn OneLane(lane: Lane, picked: RwSignal<Option<Picked>>) -> impl IntoView {
    let id = unique_id("lane");
    let name = domain::heading(&lane.domain);
    let elsewhere = match lane.n_elsewhere {
        0 => String::new(),
        n => format!(", {} elsewhere", count(n as u64)),
    };
    let counts = format!("{}{elsewhere}", count(lane.n as u64));
    if lane.marks.is_empty() {
        return view! {
            <div class="lane">
                <p class="lane__name">{name}" "<span class="lane__count num">{counts}</span></p>
                <div class="lane__track"><span class="lane__none">"none in this window"</span></div>
            </div>
        }
        .into_any();
    }
    let at = RwSignal::new(None::<usize>);
    let label = format!(
        "{name}: {} in this window. Arrow keys go from one mark to the next, Enter lists it.",
        count(lane.n as u64)
    );
    let marks = StoredValue::new(lane.marks.clone());
    let of = StoredValue::new(lane.domain.clone());
    let pick = move |place: usize| {
        let items = marks.with_value(|marks| marks.get(place).map(|m| m.items.clone()));
        if let Some(items) = items {
            at.set(Some(place));
            picked.set(Some(Picked { domain: of.get_value(), items }));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let key = event.key();
        if key == "Enter" || key == " " {
            if let Some(place) = at.get_untracked() {
                event.prevent_default();
                pick(place);
            }
        } else if let Some(next) = step(at.get_untracked(), marks.with_value(Vec::len), &key) {
            event.prevent_default();
            at.set(Some(next));
        }
    };
    let mark_id = {
        let id = id.clone();
        move |place: usize| format!("{id}-{place}")
    };
    let active = {
        let mark_id = mark_id.clone();
        move || at.get().map(&mark_id)
    };
    let is_picked = move |items: &[usize]| {
        picked.with(|p| p.as_ref().is_some_and(|p| of.with_value(|d| *d == p.domain) && p.items == items))
    };
    view! {
        <div class="lane">
            <p class="lane__name" aria-hidden="true">{name}" "<span class="lane__count num">{counts}</span></p>
            <div
                class="lane__track"
                role="listbox"
                tabindex="0"
                aria-label=label
                aria-activedescendant=active
                on:keydown=on_key
            >
                {lane
                    .marks
                    .into_iter()
                    .enumerate()
                    .map(|(place, mark)| {
                        let items = mark.items.clone();
                        let several = mark.items.len() > 1;
                        view! {
                            <span
                                class="lane__mark"
                                class:lane__mark--several=several
                                class:lane__mark--long={mark.width > 0.9}
                                role="option"
                                id=mark_id(place)
                                aria-selected=move || is_picked(&items).to_string()
                                aria-label=mark.words.clone()
                                data-active=move || (at.get() == Some(place)).to_string()
                                title=mark.words.clone()
                                style:left=format!("{:.2}%", mark.left)
                                style:width=format!("max(10px, {:.2}%)", mark.width)
                                on:click=move |_| pick(place)
                            ></span>
                        }
                    })
                    .collect_view()}
            </div>
        </div>
    }
    .into_any()
}

/// What the chosen mark holds.
#[component]
pub(super) fn PickedList(
    record: StoredValue<Timeline>,
    picked: RwSignal<Option<Picked>>,
    note: RwSignal<Option<u32>>,
) -> impl IntoView {
    view! {
        <div role="status">
            {move || {
                let Some(picked) = picked.get() else {
                    return view! { <p class="small muted">"No mark is chosen."</p> }.into_any();
                };
                let name = domain::heading(&picked.domain);
                let title = format!("{name}: {}", crate::format::counted(picked.items.len() as u64, "chosen", "chosen"));
                let listed = &picked.items[..picked.items.len().min(LISTED)];
                let rows = if picked.domain == "note" {
                    note_rows(record, listed, note).into_any()
                } else {
                    event_rows(record, listed).into_any()
                };
                let more = (picked.items.len() > listed.len())
                    .then(|| format!("And {} more: see the table of events below.", picked.items.len() - listed.len()));
                view! { <div class="picked"><p class="picked__title">{title}</p><ul>{rows}</ul>{more}</div> }.into_any()
            }}
        </div>
    }
}

fn event_rows(record: StoredValue<Timeline>, items: &[usize]) -> impl IntoView + use<> {
    let lines: Vec<String> = record.with_value(|record| {
        let events = items.iter().filter_map(|at| record.events.get(*at));
        events
            .map(|event| {
                let result = result_words(event);
                let result = if result.is_empty() { result } else { format!(": {result}") };
                format!("{} {}{result}", day_words(event), concept_words(record, event))
            })
            .collect()
    });
    lines.into_iter().map(|line| view! { <li class="num">{line}</li> }).collect_view()
}

fn note_rows(record: StoredValue<Timeline>, items: &[usize], note: RwSignal<Option<u32>>) -> impl IntoView + use<> {
    let notes: Vec<(u32, String)> = record.with_value(|record| {
        let notes = items.iter().filter_map(|at| record.notes.get(*at));
        notes.map(|n| (n.note, format!("{} {}", n.day.map_or_else(|| "no date".to_owned(), iso), n.title))).collect()
    });
    notes
        .into_iter()
        .map(|(number, words)| {
            view! {
                <li>
                    <Button label=words kind=ButtonKind::Link on_click=move || {
                        note.set(Some(number));
                        begin_part(super::notes::PLACE);
                    }/>
                </li>
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn arrow_keys_walk_a_lane_from_end_to_end() {
        assert_eq!(step(None, 0, "ArrowRight"), None);
        assert_eq!(step(None, 3, "ArrowRight"), Some(0));
        assert_eq!(step(None, 3, "ArrowLeft"), Some(2));
        assert_eq!(step(Some(2), 3, "ArrowRight"), Some(2));
        assert_eq!(step(Some(0), 3, "ArrowLeft"), Some(0));
        assert_eq!(step(Some(1), 3, "End"), Some(2));
        assert_eq!(step(Some(1), 3, "x"), None);
    }
}
