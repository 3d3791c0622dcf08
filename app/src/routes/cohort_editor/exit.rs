//! How a subject leaves the cohort (records only).

use leptos::prelude::*;
use model::cohort::EndStrategy;

use super::draft::EventDraft;
use super::entry::whole;
use super::event_fields::EventFields;
use super::{Editor, MaybeNumber};
use crate::components::*;

/// Days that a fixed length begins with.
const A_YEAR: u32 = 365;

/// End strategy and censoring events.
#[component]
pub(super) fn ExitSection(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let days = Memo::new(move |_| match draft.with(|draft| draft.end_strategy) {
        EndStrategy::EndOfObservation => None,
        EndStrategy::FixedDays { days } => Some(days),
    });
    let is_fixed = Memo::new(move |_| days.get().is_some());
    let options = vec![
        RadioOption {
            value: "observation".to_owned(),
            label: "At the end of observation".to_owned(),
            hint: "As long as the person is observed.".to_owned(),
        },
        RadioOption {
            value: "fixed".to_owned(),
            label: "A number of days after the index date".to_owned(),
            hint: "At the latest; the end of observation may come first.".to_owned(),
        },
    ];
    let set = move |days: Option<u32>| {
        draft.update(|draft| {
            draft.end_strategy = days.map_or(EndStrategy::EndOfObservation, |days| EndStrategy::FixedDays { days });
        });
    };
    view! {
        <Section title="Exit" lead="How a person leaves. Nobody stays beyond death or the end of observation.">
            <Card>
                <RadioGroup
                    legend="A person leaves"
                    value=move || if is_fixed.get() { "fixed" } else { "observation" }.to_owned()
                    options=options
                    on_change=move |value: String| set((value == "fixed").then_some(A_YEAR))
                />
                <Show when=move || is_fixed.get()>
                    <NumberInput
                        label="Days after the index date"
                        unit="days"
                        min=0.0
                        value=Signal::derive(move || days.get().map(f64::from))
                        on_change=move |days: MaybeNumber| set(Some(whole(days)))
                    />
                </Show>
                <CensoringEvents editor=editor/>
            </Card>
        </Section>
    }
}

/// Events that end a person's time in the cohort.
#[component]
fn CensoringEvents(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    let keys = Memo::new(move |_| draft.with(|draft| draft.censoring.iter().map(|c| c.key).collect::<Vec<_>>()));
    let add = move || {
        draft.update(|draft| draft.add_censoring(EventDraft::default()));
        editor.said.set("A censoring event was added at the end.".to_owned());
    };
    view! {
        <div class="stack" role="group" aria-label="Censoring events">
            <p class="field__hint">
                "Censoring events: the first of them at or after the index date ends a person's time in the cohort, for \
                 example a switch to another drug."
            </p>
            <ul class="tests">
                <For each=move || keys.get() key=|key| *key let(key)>
                    <li class="test"><CensoringEvent editor=editor key_=key keys=keys/></li>
                </For>
            </ul>
            <div class="row">
                <Button label="Add a censoring event" small=true icon=IconName::Plus on_click=add/>
            </div>
        </div>
    }
}

#[component]
fn CensoringEvent(editor: Editor, key_: u32, keys: Memo<Vec<u32>>) -> impl IntoView {
    let key = key_;
    let draft = editor.draft;
    let place = Memo::new(move |_| keys.with(|keys| keys.iter().position(|other| *other == key)).unwrap_or(0));
    let event = Signal::derive(move || {
        draft.with(|draft| draft.censor(key).map(|censor| censor.event.clone())).unwrap_or_default()
    });
    let remove = move || {
        draft.update(|draft| draft.remove_censoring(key));
        editor.said.set("The censoring event was removed.".to_owned());
    };
    view! {
        <EventFields
            contents=editor.contents
            event=event
            on_change=move |event: EventDraft| draft.update(|draft| draft.set_censoring(key, event))
        />
        <div class="row">
            <Button
                label="Remove"
                kind=ButtonKind::DangerQuiet
                small=true
                aria_label=Signal::derive(move || Some(format!("Remove censoring event {}", place.get() + 1)))
                on_click=remove
            />
        </div>
    }
}
