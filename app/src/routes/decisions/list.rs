//! A decision that was written down, and recording what happened.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::decision::{Decision, DecisionOutcome};

use super::JournalHandle;
use super::writing::{SaveOrCancel, Writing};
use crate::components::*;
use crate::stores::decisions::{self, DecisionStanding, SavedDecision, standing};

/// A decision.
#[component]
pub(super) fn DecisionCard(
    /// As it is when the card is drawn.
    first: SavedDecision,
    /// Those that stand alike: the card follows its own.
    decisions: Memo<Vec<SavedDecision>>,
    journal: JournalHandle,
) -> impl IntoView {
    let id = StoredValue::new(first.id.clone());
    let saved = Memo::new(move |before: Option<&SavedDecision>| {
        let found = decisions.with(|all| id.with_value(|id| all.iter().find(|saved| saved.id == *id).cloned()));
        found.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    let stands = Memo::new(move |_| saved.with(|saved| standing(&saved.decision, &web::clock::today())));
    let tag = move || match stands.get() {
        DecisionStanding::Due => ("tag tag--warn", "Due"),
        DecisionStanding::Open => ("tag tag--accent", "Open"),
        DecisionStanding::Closed => ("tag", "Closed"),
    };
    let recording = RwSignal::new(false);
    let facts = move || {
        let facts = saved.with(|saved| facts(&saved.decision));
        facts.into_iter().map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> }).collect_view()
    };
    let outcome = move || saved.with(|s| s.decision.outcome.clone()).map(|o| view! { <Outcome outcome=o/> });
    let label = Memo::new(move |_| saved.with(|saved| saved.decision.label.clone()));
    let place = id.with_value(|id| place_of(id));
    let form = StoredValue::new(place.clone());
    let record = move || {
        recording.set(true);
        journal.begun();
        focus_first_field(form.get_value());
    };
    view! {
        <article class="card decision">
            <div class="row row--between">
                <h3>{label}</h3>
                <span class=move || tag().0>{move || tag().1}</span>
            </div>
            <dl class="facts">{facts}</dl>
            {outcome}
            <div id=place on:input=move |_| journal.typed()>
                <Show when=move || stands.get() != DecisionStanding::Closed>
                    <Show
                        when=move || recording.get()
                        fallback=move || view! { <div class="row"><Button label="Record what happened" on_click=record/></div> }
                    >
                        <Record saved=saved journal=journal recording=recording/>
                    </Show>
                </Show>
            </div>
            <Delete id=id label=label recording=recording journal=journal/>
        </article>
    }
}

/// Id of the part of a card in which what happened is recorded.
fn place_of(id: &str) -> String {
    format!("decision-{id}")
}

fn facts(decision: &Decision) -> Vec<(&'static str, String)> {
    let expected = match decision.expected_percent {
        Some(percent) => format!("{} ({}% likely)", decision.expected, crate::figures::scale::plain_number(percent)),
        None => decision.expected.clone(),
    };
    [
        ("Situation", decision.situation.clone()),
        ("Decided", decision.decided.clone()),
        ("Alternatives", decision.alternatives.clone()),
        ("Expected", expected),
        ("By", decision.due_on.clone()),
        ("Decided on", decision.made_on.clone()),
        ("Based on", decision.based_on.join("; ")),
    ]
    .into_iter()
    .filter(|(_, words)| !words.trim().is_empty())
    .collect()
}

#[component]
fn Outcome(outcome: DecisionOutcome) -> impl IntoView {
    let (tag, word) = match outcome.as_expected {
        Some(true) => ("tag tag--good", "As expected"),
        Some(false) => ("tag tag--warn", "Not as expected"),
        None => ("tag", "Cannot be said"),
    };
    view! {
        <div class="decision__outcome">
            <p><span class=tag>{word}</span> " " {outcome.happened}</p>
            <p class="small muted">{format!("Recorded on {}", outcome.recorded_on)}</p>
        </div>
    }
}

/// What happened, being recorded.
#[component]
fn Record(saved: Memo<SavedDecision>, journal: JournalHandle, recording: RwSignal<bool>) -> impl IntoView {
    let happened = RwSignal::new(String::new());
    let as_expected = RwSignal::new(String::new());
    let missing = RwSignal::new(None::<String>);
    let writing = Writing::new(journal);
    let options = || {
        let option = |value: &str, label: &str| RadioOption {
            value: value.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
        };
        vec![option("yes", "Yes"), option("no", "No"), option("unknown", "It cannot be said")]
    };
    let save = move || {
        let words = happened.get_untracked().trim().to_owned();
        let came_true = match as_expected.get_untracked().as_str() {
            "yes" => Some(Some(true)),
            "no" => Some(Some(false)),
            "unknown" => Some(None),
            _ => None,
        };
        let (false, Some(came_true)) = (words.is_empty(), came_true) else {
            missing.set(Some("Write what happened, and choose whether it was what you expected.".to_owned()));
            return;
        };
        missing.set(None);
        let SavedDecision { id, revision, mut decision } = saved.get_untracked();
        decision.outcome =
            Some(DecisionOutcome { happened: words, as_expected: came_true, recorded_on: web::clock::today() });
        let done = format!("What happened with \u{201c}{}\u{201d} is saved on this device.", decision.label);
        // The card goes to those that are closed when the journal has been read again.
        writing.run(async move { decisions::save(&id, revision, &decision).await }, done, focus_heading);
    };
    view! {
        <div class="stack decision__record">
            <TextArea
                label="What happened"
                value=happened
                on_input=move |text: String| happened.set(text)
                error=Signal::derive(move || missing.get().filter(|_| happened.with(|words| words.trim().is_empty())))
                rows=3
            />
            <RadioGroup
                legend="Did what you expected come true?"
                value=as_expected
                options=Signal::derive(options)
                on_change=move |value: String| as_expected.set(value)
            />
            {move || {
                missing
                    .get()
                    .filter(|_| as_expected.with(String::is_empty))
                    .map(|words| view! { <p class="field__error" role="alert">{words}</p> })
            }}
            <SaveOrCancel
                writing=writing
                label="Save what happened"
                on_save=save
                on_cancel=move || {
                    recording.set(false);
                    focus_first_button(saved.with_untracked(|saved| place_of(&saved.id)));
                }
            />
        </div>
    }
}

#[component]
fn Delete(
    id: StoredValue<String>,
    label: Memo<String>,
    recording: RwSignal<bool>,
    journal: JournalHandle,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let say = use_toast();
    let name = Signal::derive(move || Some(format!("Delete {}", label.get())));
    let delete = move || {
        let (id, was_recording) = (id.get_value(), recording.get_untracked());
        spawn_local(async move {
            match decisions::delete(&id).await {
                Ok(()) => {
                    say("Deleted.".to_owned());
                    focus_heading();
                    if was_recording {
                        journal.closed(false);
                    }
                    journal.reload();
                }
                Err(problem) => say(problem.to_string()),
            }
        });
    };
    view! {
        <div class="row row--end no-print">
            <Button label="Delete" kind=ButtonKind::DangerQuiet small=true aria_label=name on_click=move || open.set(true)/>
        </div>
        <ConfirmDialog
            open=open
            title=Signal::derive(move || format!("Delete \u{201c}{}\u{201d}?", label.get()))
            confirm="Delete decision"
            danger=true
            on_confirm=delete
        >
            <p>"It is taken off this device and cannot be brought back."</p>
        </ConfirmDialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::decisions::DecisionForm;

    #[test]
    fn only_what_was_written_is_shown() {
        let form = DecisionForm {
            label: "bed 4".into(),
            decided: "wait".into(),
            expected: "home by Friday".into(),
            percent: "70".into(),
            due_on: "2026-12-01".into(),
            ..DecisionForm::default()
        };
        let facts = facts(&form.check("2026-11-22").unwrap());
        let names: Vec<&str> = facts.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["Decided", "Expected", "By", "Decided on"]);
        assert_eq!(facts[1].1, "home by Friday (70% likely)");
    }
}
