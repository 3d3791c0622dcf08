//! Decisions: what was decided and expected, and later what happened.

mod form;
mod list;
mod writing;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::*;
use crate::stores::decisions::calibration::calibration;
use crate::stores::decisions::{self, DecisionForm, DecisionStanding, Journal, SavedDecision, standing};
use crate::stores::engine::Load;
use crate::stores::findings::load_into;

use form::WriteDecision;
use list::DecisionCard;
use writing::Kept;

/// The decisions on this device; [`JournalHandle::reload`] after a change.
#[derive(Clone, Copy)]
pub(super) struct JournalHandle {
    load: RwSignal<Load<Journal>>,
    kept: RwSignal<Kept>,
    /// Another tab changed something while a form was open here.
    stale: StoredValue<bool>,
}

impl JournalHandle {
    fn new() -> Self {
        let handle = Self {
            load: RwSignal::new(Load::loading()),
            kept: RwSignal::new(Kept::default()),
            stale: StoredValue::new(false),
        };
        handle.reload();
        let elsewhere = StoredValue::new_local(Some(web::documents::on_change(move |kind| {
            if kind != decisions::KIND {
                return;
            }
            // Drawing the decisions anew would take what is being typed: a save reads them anyway.
            if handle.kept.get_untracked().is_at_risk() {
                handle.stale.set_value(true);
            } else {
                handle.reload();
            }
        })));
        on_cleanup(move || {
            elsewhere.try_update_value(Option::take);
        });
        handle
    }

    pub(super) fn reload(self) {
        load_into(self.load, decisions::list());
    }

    /// A form was opened.
    pub(super) fn begun(self) {
        self.kept.set(Kept::Unsaved);
    }

    /// A form was closed without saving.
    pub(super) fn given_up(self) {
        self.kept.set(Kept::Nothing);
        if self.stale.get_value() {
            self.stale.set_value(false);
            self.reload();
        }
    }
}

/// Decisions and what came of them.
#[component]
pub fn DecisionsPage() -> impl IntoView {
    let journal = JournalHandle::new();
    // What Consult left; the form is open then.
    let begun = decisions::use_hand_over().take();
    let writing = RwSignal::new(begun.is_some());
    if begun.is_some() {
        journal.begun();
    }
    let begun = StoredValue::new(begun.unwrap_or_default());
    let write = move |()| {
        begun.set_value(DecisionForm::default());
        writing.set(true);
        journal.begun();
    };
    let write = Callback::new(write);
    view! {
        <PageHeader
            title="Decisions"
            lead="Write down what you decide and what you expect. Later, what happened: that is how one learns from one\u{2019}s own patients. It stays on this device."
            actions=move || view! {
                <p class="small muted save-state" role="status">{move || journal.kept.get().words()}</p>
                <Show when=move || !writing.get()>
                    <Button label="Write down a decision" kind=ButtonKind::Primary icon=IconName::Plus on_click=write/>
                </Show>
            }
        />
        <div class="stack stack--l">
            <Show when=move || writing.get()>
                <WriteDecision
                    begun=begun.get_value()
                    journal=journal
                    on_close=move |()| { writing.try_set(false); }
                />
            </Show>
            <AsyncPanel
                load=journal.load
                doing="Reading the decisions\u{2026}"
                retry=Callback::new(move |()| journal.reload())
                full=move |read: Journal| view! { <JournalView read=read journal=journal writing=writing/> }
            />
        </div>
    }
}

#[component]
fn JournalView(read: Journal, journal: JournalHandle, writing: RwSignal<bool>) -> impl IntoView {
    let Journal { decisions, problems } = read;
    let today = web::clock::today();
    let of = |wanted: DecisionStanding| -> Vec<SavedDecision> {
        decisions.iter().filter(|saved| standing(&saved.decision, &today) == wanted).cloned().collect()
    };
    let (due, open, mut closed) = (of(DecisionStanding::Due), of(DecisionStanding::Open), of(DecisionStanding::Closed));
    closed.reverse(); // the latest first
    let learnt = calibration(decisions.iter().map(|saved| &saved.decision)).map(|found| found.words());
    let n_closed = closed.len();
    let is_empty = decisions.is_empty();
    let part = move |title: &'static str, lead: &'static str, decisions: Vec<SavedDecision>| {
        (!decisions.is_empty()).then(|| {
            let cards =
                decisions.into_iter().map(|saved| view! { <DecisionCard saved=saved journal=journal/> }).collect_view();
            view! { <Section title=title lead=lead><div class="stack">{cards}</div></Section> }
        })
    };
    view! {
        {(!problems.is_empty()).then(|| view! {
            <Notice kind=NoticeKind::Warn title="Some records cannot be read">
                <ul>{problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view()}</ul>
            </Notice>
        })}
        {is_empty.then(|| view! {
            <Show when=move || !writing.get()>
                <EmptyState title="No decision yet">
                    <p>
                        "A decision is a label that only you understand, what was decided, and what you expect by which \
                         day. When the day comes, the start page reminds you to record what happened."
                    </p>
                    <div class="row"><LinkButton label="Ask the record first" href="/consult"/></div>
                </EmptyState>
            </Show>
        })}
        {part("Due", "The day has come: record what happened.", due)}
        {part("Open", "The day has not come yet.", open)}
        {(n_closed > 0).then(|| view! {
            <Notice kind=NoticeKind::Info title="What you expected, and what happened">
                <p>{learnt.unwrap_or_else(|| format!(
                    "{n_closed} closed so far. From five on, it is counted here how often what you expected came true."
                ))}</p>
            </Notice>
        })}
        {part("Closed", "What happened is recorded.", closed)}
    }
}

/// Decisions whose outcome is due, for the home screen.
#[component]
pub fn DueDecisions() -> impl IntoView {
    let due = RwSignal::new(Load::<Vec<SavedDecision>>::loading());
    load_into(due, async move { decisions::due_on(&web::clock::today()).await });
    view! { <AsyncPanel load=due doing="Reading the decisions\u{2026}" full=due_list/> }
}

fn due_list(due: Vec<SavedDecision>) -> AnyView {
    if due.is_empty() {
        return view! { <p class="muted">"Nothing is due."</p> }.into_any();
    }
    let rows = due
        .iter()
        .map(|saved| {
            let (label, words) = due_words(saved);
            view! {
                <li class="question__finding">
                    <div>
                        <A href="/decisions">{label}</A>
                        <p class="small muted">{words}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="question__list">{rows}</ul> }.into_any()
}

fn due_words(saved: &SavedDecision) -> (String, String) {
    let decision = &saved.decision;
    (decision.label.clone(), format!("Expected by {}: {}", decision.due_on, decision.expected))
}
