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
pub(super) fn DecisionCard(saved: SavedDecision, journal: JournalHandle) -> impl IntoView {
    let stands = standing(&saved.decision, &web::clock::today());
    let (tag, word) = match stands {
        DecisionStanding::Due => ("tag tag--warn", "Due"),
        DecisionStanding::Open => ("tag tag--accent", "Open"),
        DecisionStanding::Closed => ("tag", "Closed"),
    };
    let recording = RwSignal::new(false);
    let decision = saved.decision.clone();
    let facts =
        facts(&decision).into_iter().map(|(name, words)| view! { <dt>{name}</dt><dd>{words}</dd> }).collect_view();
    let outcome = decision.outcome.clone().map(|outcome| view! { <Outcome outcome=outcome/> });
    let may_record = stands != DecisionStanding::Closed;
    let label = decision.label.clone();
    let saved = StoredValue::new(saved);
    view! {
        <article class="card decision">
            <div class="row row--between">
                <h3>{decision.label.clone()}</h3>
                <span class=tag>{word}</span>
            </div>
            <dl class="facts">{facts}</dl>
            {outcome}
            {may_record.then(|| view! {
                <Show
                    when=move || recording.get()
                    fallback=move || view! {
                        <div class="row">
                            <Button
                                label="Record what happened"
                                on_click=move || {
                                    recording.set(true);
                                    journal.begun();
                                }
                            />
                        </div>
                    }
                >
                    <Record saved=saved.get_value() journal=journal recording=recording/>
                </Show>
            })}
            <Delete id=saved.with_value(|saved| saved.id.clone()) label=label journal=journal/>
        </article>
    }
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
fn Record(saved: SavedDecision, journal: JournalHandle, recording: RwSignal<bool>) -> impl IntoView {
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
    let saved = StoredValue::new(saved);
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
        let SavedDecision { id, revision, mut decision } = saved.get_value();
        decision.outcome =
            Some(DecisionOutcome { happened: words, as_expected: came_true, recorded_on: web::clock::today() });
        let done = format!("What happened with \u{201c}{}\u{201d} is saved on this device.", decision.label);
        // The card is drawn anew, with what was recorded, when the journal has been read again.
        writing.run(async move { decisions::save(&id, revision, &decision).await }, done, || {});
    };
    view! {
        <div class="stack decision__record">
            <TextArea label="What happened" value=happened on_input=move |text: String| happened.set(text) rows=3/>
            <RadioGroup
                legend="Did what you expected come true?"
                value=as_expected
                options=Signal::derive(options)
                on_change=move |value: String| as_expected.set(value)
            />
            {move || missing.get().map(|words| view! { <p class="field__error" role="alert">{words}</p> })}
            <SaveOrCancel
                writing=writing
                label="Save what happened"
                on_save=save
                on_cancel=move || recording.set(false)
            />
        </div>
    }
}

#[component]
fn Delete(id: String, label: String, journal: JournalHandle) -> impl IntoView {
    let open = RwSignal::new(false);
    let say = use_toast();
    let name = format!("Delete {label}");
    let id = StoredValue::new(id);
    let delete = move || {
        let id = id.get_value();
        spawn_local(async move {
            match decisions::delete(&id).await {
                Ok(()) => {
                    say("Deleted.".to_owned());
                    journal.reload();
                }
                Err(problem) => say(problem.to_string()),
            }
        });
    };
    view! {
        <div class="row row--end">
            <Button label="Delete" kind=ButtonKind::DangerQuiet small=true aria_label=name on_click=move || open.set(true)/>
        </div>
        <ConfirmDialog open=open title="Delete this decision?" confirm="Delete decision" danger=true on_confirm=delete>
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
