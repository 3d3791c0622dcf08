//! Every state of a call: idle, under way, failed, empty, full. No spinner without end.

use leptos::prelude::*;
use protocol::EngineError;

use super::{Button, Notice, NoticeKind, PageHeader, Progress, WaitingHeader};
use crate::stores::engine::Load;

/// Heading and sentences of an error: what happened and what to do.
fn explain(error: &EngineError) -> (&'static str, Vec<String>) {
    match error {
        EngineError::Invalid { problems } if problems.len() == 1 => ("Please correct this", problems.clone()),
        EngineError::Invalid { problems } => ("Please correct these points", problems.clone()),
        EngineError::NotEstimable { message } => ("This cannot be estimated from these data", vec![message.clone()]),
        EngineError::DatasetNotOpen { .. } => ("The dataset is not open", vec![error.to_string()]),
        EngineError::NotFound { .. } => ("Not found", vec![error.to_string()]),
        EngineError::Storage { message } => ("The browser's storage refused", vec![message.clone()]),
        EngineError::Cancelled => ("Stopped", vec!["You stopped this. Nothing was changed.".to_owned()]),
        EngineError::Internal { .. } => ("Something went wrong", vec![error.to_string()]),
    }
}

/// What went wrong and what to do, with a button to try again.
#[component]
pub fn ErrorNotice(
    /// The error.
    error: EngineError,
    /// What 'Try again' does; no button without it.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    let (title, sentences) = explain(&error);
    let kind = if error == EngineError::Cancelled { NoticeKind::Info } else { NoticeKind::Error };
    let body = if sentences.len() > 1 {
        view! { <ul>{sentences.into_iter().map(|s| view! { <li>{s}</li> }).collect_view()}</ul> }.into_any()
    } else {
        sentences.into_iter().map(|s| view! { <p>{s}</p> }).collect_view().into_any()
    };
    view! {
        <Notice kind=kind title=title>
            {body}
            {retry.map(|retry| {
                view! { <div class="row"><Button label="Try again" small=true on_click=move || retry.run(())/></div> }
            })}
        </Notice>
    }
}

/// What there is of a screen's heading.
#[derive(Clone, Copy, PartialEq)]
enum Heading {
    Waiting,
    Failed,
    Own,
}

/// The heading of a screen whose own heading comes with what is read: shown until it is there, and where the reading failed
/// or was stopped, so that no screen is without one.
#[component]
pub fn HeaderUntilRead<T>(
    /// What the screen is about, in general.
    title: &'static str,
    /// What is read.
    #[prop(into)]
    load: Signal<Load<T>>,
) -> impl IntoView
where
    T: Send + Sync + 'static,
{
    let heading = Memo::new(move |_| {
        load.with(|load| match load {
            Load::Idle | Load::Loading { .. } => Heading::Waiting,
            Load::Failed(_) => Heading::Failed,
            Load::Ready(_) => Heading::Own,
        })
    });
    move || match heading.get() {
        Heading::Waiting => view! { <WaitingHeader title=title/> }.into_any(),
        Heading::Failed => view! { <PageHeader title=title/> }.into_any(),
        Heading::Own => ().into_any(),
    }
}

/// What a panel shows beside the value: kept apart so that progress does not draw the panel anew, and free of the
/// value's type, so that all that a panel does is there once and not once a type.
#[derive(Clone, PartialEq)]
enum Shown {
    Idle,
    Loading,
    Ready,
    Failed(EngineError),
}

/// A wait that is told to have ended, in milliseconds.
const LONG_MS: f64 = 1500.0;
const ENDED: &str = "Done: the result is shown.";

/// How far it is and what is being done.
#[derive(Clone, Default, PartialEq)]
struct Doing {
    fraction: Option<f64>,
    words: String,
}

/// Shows every state of something asked.
#[component]
pub fn AsyncPanel<T, F, V>(
    /// The state.
    #[prop(into)]
    load: Signal<Load<T>>,
    /// The view of the value.
    full: F,
    /// Shown before anything is asked.
    #[prop(optional, into)]
    idle: ViewFn,
    /// What 'Try again' does; no button without it.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
    /// What 'Stop' does; no button without it.
    #[prop(optional, into)]
    on_cancel: Option<Callback<()>>,
    /// Said while nothing is known of the progress.
    #[prop(default = "Working…")]
    doing: &'static str,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let shown = Memo::new(move |_| {
        load.with(|load| match load {
            Load::Idle => Shown::Idle,
            Load::Loading { .. } => Shown::Loading,
            Load::Ready(_) => Shown::Ready,
            Load::Failed(error) => Shown::Failed(error.clone()),
        })
    });
    let progress = Memo::new(move |_| {
        load.with(|load| match load {
            Load::Loading { fraction, doing } => Doing { fraction: *fraction, words: doing.clone() },
            _ => Doing::default(),
        })
    });
    // Follows the value itself: a new answer is drawn even when the state stays 'ready'.
    let ready = move || load.with(|load| load.ready().cloned()).map(&full).into_any();
    panel(shown, progress, Box::new(ready), idle, retry, on_cancel, doing)
}

/// The panel itself, whatever its value is.
fn panel(
    shown: Memo<Shown>,
    progress: Memo<Doing>,
    ready: Box<dyn Fn() -> AnyView + Send + Sync>,
    idle: ViewFn,
    retry: Option<Callback<()>>,
    on_cancel: Option<Callback<()>>,
    doing: &'static str,
) -> AnyView {
    let fraction = Signal::derive(move || progress.with(|progress| progress.fraction));
    let words = Signal::derive(move || {
        progress.with(|progress| if progress.words.is_empty() { doing.to_owned() } else { progress.words.clone() })
    });
    // Who listens is told when a long wait ends; what comes at once needs no words.
    let ended = RwSignal::new(String::new());
    Effect::new(move |before: Option<Option<f64>>| {
        let since = before.flatten();
        match shown.get() {
            Shown::Loading => {
                ended.set(String::new());
                Some(since.unwrap_or_else(web::clock::now_ms))
            }
            Shown::Ready => {
                if since.is_some_and(|since| web::clock::now_ms() - since > LONG_MS) {
                    ended.set(ENDED.to_owned());
                }
                None
            }
            Shown::Idle | Shown::Failed(_) => None,
        }
    });
    view! {
        <p class="visually-hidden" role="status">{ended}</p>
        <div class="async" aria-busy=move || shown.with(|shown| *shown == Shown::Loading).to_string()>
            {move || match shown.get() {
                Shown::Idle => idle.run(),
                Shown::Loading => {
                    view! { <Progress fraction=fraction doing=words on_cancel=on_cancel/> }.into_any()
                }
                Shown::Ready => ready(),
                Shown::Failed(error) => match retry {
                    Some(retry) => view! { <ErrorNotice error=error retry=retry/> }.into_any(),
                    None => view! { <ErrorNotice error=error/> }.into_any(),
                },
            }}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_words() {
        let errors = [
            EngineError::invalid("Give the age in years."),
            EngineError::Invalid { problems: vec!["a".into(), "b".into()] },
            EngineError::NotEstimable { message: "Nobody had the event.".into() },
            EngineError::DatasetNotOpen { id: "x".into() },
            EngineError::NotFound { what: "The cohort".into() },
            EngineError::Storage { message: "No room.".into() },
            EngineError::Cancelled,
            EngineError::Internal { message: "bug".into() },
        ];
        for error in errors {
            let (title, sentences) = explain(&error);
            assert!(!title.is_empty());
            assert!(sentences.iter().all(|s| !s.is_empty()) && !sentences.is_empty());
        }
    }
}
