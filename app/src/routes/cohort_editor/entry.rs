//! How a person enters the cohort (records only).

use leptos::prelude::*;
use model::cohort::Limit;

use super::draft::{EntryDraft, EventDraft};
use super::event_fields::EventFields;
use super::{Editor, MaybeNumber};
use crate::components::*;

/// Entry: everyone, or an event.
#[component]
pub(super) fn EntrySection(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let by_event = Memo::new(move |_| draft.with(|draft| draft.entry.is_some()));
    let options = vec![
        RadioOption {
            value: "everyone".to_owned(),
            label: "Everyone".to_owned(),
            hint: "The index date is the first day of observation.".to_owned(),
        },
        RadioOption {
            value: "event".to_owned(),
            label: "At an event".to_owned(),
            hint: "The index date is the day of a diagnosis, a first prescription, a visit ...".to_owned(),
        },
    ];
    view! {
        <Section title="Entry" lead="How a person enters, and which day is the index date (time zero: the day from which time counts).">
            <Card>
                <RadioGroup
                    legend="A person enters"
                    value=move || if by_event.get() { "event" } else { "everyone" }.to_owned()
                    options=options
                    on_change=move |value: String| {
                        draft.update(|draft| draft.entry = (value == "event").then(EntryDraft::default));
                    }
                />
                <Show when=move || by_event.get()>
                    <EntryFields editor=editor/>
                </Show>
            </Card>
        </Section>
    }
}

#[component]
fn EntryFields(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let read = move |f: fn(&EntryDraft) -> u32| draft.with(|draft| draft.entry.as_ref().map_or(0, f));
    let change = move |f: &dyn Fn(&mut EntryDraft)| {
        draft.update(|draft| {
            if let Some(entry) = &mut draft.entry {
                f(entry);
            }
        });
    };
    let event = Signal::derive(move || {
        draft.with(|draft| draft.entry.as_ref().map(|entry| entry.event.clone()).unwrap_or_default())
    });
    let limit = move || {
        draft.with(|draft| match draft.entry.as_ref().map(|entry| entry.limit) {
            Some(Limit::Last) => "last",
            Some(Limit::All) => "all",
            _ => "first",
        })
    };
    view! {
        <EventFields contents=editor.contents event=event on_change=move |event: EventDraft| change(&|entry| entry.event = event.clone())/>
        <div class="grid">
            <Select
                label="Which of several"
                value=move || limit().to_owned()
                options=vec![
                    ("first".to_owned(), "The first".to_owned()),
                    ("last".to_owned(), "The last".to_owned()),
                    ("all".to_owned(), "All (a person may enter more than once)".to_owned()),
                ]
                on_change=move |value: String| change(&|entry| {
                    entry.limit = match value.as_str() {
                        "last" => Limit::Last,
                        "all" => Limit::All,
                        _ => Limit::First,
                    };
                })
            />
            <NumberInput
                label="Observed before for at least"
                unit="days"
                min=0.0
                value=move || Some(f64::from(read(|entry| entry.prior_observation_days)))
                on_change=move |days: MaybeNumber| change(&|entry| entry.prior_observation_days = whole(days))
                hint="Look-back: 0 asks for none."
            />
            <NumberInput
                label="No such event before for"
                unit="days"
                min=0.0
                value=move || Some(f64::from(read(|entry| entry.washout_days)))
                on_change=move |days: MaybeNumber| change(&|entry| entry.washout_days = whole(days))
                hint="Washout, for new users: 0 asks for none."
            />
        </div>
    }
}

/// A number of days out of a field; blank and fractions become whole days.
#[must_use]
pub fn whole(days: Option<f64>) -> u32 {
    // The field holds no negative number; `as` saturates at the upper end.
    days.unwrap_or(0.0).round().max(0.0) as u32
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn days_are_whole_and_never_negative() {
        assert_eq!(whole(None), 0);
        assert_eq!(whole(Some(-3.0)), 0);
        assert_eq!(whole(Some(2.6)), 3);
        assert_eq!(whole(Some(1e12)), u32::MAX);
    }
}
