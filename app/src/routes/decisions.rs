//! Decisions: what was decided and expected, and later what happened.

mod form;
mod list;
mod writing;

use leptos::prelude::*;
use leptos_router::components::A;

use crate::components::*;
use crate::stores::decisions::calibration::calibration;
use crate::stores::decisions::{self, DecisionForm, DecisionStanding, Journal, SavedDecision, standing};
use crate::stores::engine::{Load, state_of};
use crate::stores::findings::load_into;

use form::WriteDecision;
use list::DecisionCard;
use writing::Kept;

/// The decisions on this device; [`JournalHandle::reload`] after a change.
#[derive(Clone, Copy)]
pub(super) struct JournalHandle {
    load: RwSignal<Load<Journal>>,
    kept: RwSignal<Kept>,
    /// Forms that are open.
    n_open: StoredValue<u32>,
    /// Another tab changed something while a form was open here.
    stale: StoredValue<bool>,
}

impl JournalHandle {
    fn new() -> Self {
        let handle = Self {
            load: RwSignal::new(Load::loading()),
            kept: RwSignal::new(Kept::default()),
            n_open: StoredValue::new(0),
            stale: StoredValue::new(false),
        };
        handle.reload();
        let elsewhere = StoredValue::new_local(Some(web::documents::on_change(move |kind| {
            if kind != decisions::KIND {
                return;
            }
            // The decision of a form that is open here may be the one that changed: a save says so.
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

    /// Reads them again. What did not change stays as it is on the screen, with what is being typed in it.
    pub(super) fn reload(self) {
        load_into(self.load, decisions::list());
    }

    /// A form was opened.
    pub(super) fn begun(self) {
        self.n_open.update_value(|n| *n += 1);
        self.kept.update(|kept| *kept = kept.opened());
    }

    /// Something was typed into a form.
    pub(super) fn typed(self) {
        let kept = self.kept.get_untracked();
        if kept.typed() != kept {
            self.kept.set(kept.typed());
        }
    }

    /// A form was closed: saved, or given up. The screen may have been left meanwhile.
    pub(super) fn closed(self, is_saved: bool) {
        let n_open = self.n_open.try_update_value(|n| {
            *n = n.saturating_sub(1);
            *n
        });
        self.kept.try_set(Kept::after(is_saved, n_open.unwrap_or(0)));
        if n_open == Some(0) && self.stale.try_get_value() == Some(true) {
            self.stale.set_value(false);
            self.reload();
        }
    }
}

/// Ids of the form and of the button that opens it.
const FORM: &str = "decision-form";
const WRITE: &str = "decision-write";

/// Decisions and what came of them.
#[component]
pub fn DecisionsPage() -> impl IntoView {
    let journal = JournalHandle::new();
    // What Consult left; the form is open then.
    let begun = decisions::use_hand_over().take();
    let writing = RwSignal::new(begun.is_some());
    if begun.is_some() {
        journal.begun();
        journal.typed();
    }
    let begun = StoredValue::new(begun.unwrap_or_default());
    let write = move |()| {
        begun.set_value(DecisionForm::default());
        writing.set(true);
        journal.begun();
        focus_first_field(FORM.to_owned());
    };
    let write = Callback::new(write);
    let close = Callback::new(move |()| {
        writing.try_set(false);
        // The button that had the focus goes with the form.
        focus_first_button(WRITE.to_owned());
    });
    view! {
        <PageHeader
            title="Decisions"
            lead="Write down what you decide and what you expect. Later, what happened: that is how one learns from one\u{2019}s own patients. It stays on this device."
            actions=move || view! {
                <p class="small muted save-state" role="status">{move || journal.kept.get().words()}</p>
                <div id=WRITE>
                    <Show when=move || !writing.get()>
                        <Button label="Write down a decision" kind=ButtonKind::Primary icon=IconName::Plus on_click=write/>
                    </Show>
                </div>
            }
        />
        <div class="stack stack--l">
            <Show when=move || writing.get()>
                <div id=FORM on:input=move |_| journal.typed()><WriteDecision begun=begun.get_value() journal=journal on_close=close/></div>
            </Show>
            <AsyncPanel
                load=state_of(journal.load)
                doing="Reading the decisions\u{2026}"
                retry=Callback::new(move |()| journal.reload())
                full=move |()| view! { <JournalView journal=journal writing=writing/> }
            />
        </div>
    }
}

#[component]
fn JournalView(journal: JournalHandle, writing: RwSignal<bool>) -> impl IntoView {
    let read = Memo::new(move |_| journal.load.with(|load| load.ready().cloned()).unwrap_or_default());
    let today = StoredValue::new(web::clock::today());
    let of = move |wanted: DecisionStanding| {
        Memo::new(move |_| {
            let is_one = |saved: &&SavedDecision| today.with_value(|today| standing(&saved.decision, today) == wanted);
            let mut found: Vec<SavedDecision> =
                read.with(|read| read.decisions.iter().filter(is_one).cloned().collect());
            if wanted == DecisionStanding::Closed {
                found.reverse(); // the latest first
            }
            found
        })
    };
    let (due, open, closed) = (of(DecisionStanding::Due), of(DecisionStanding::Open), of(DecisionStanding::Closed));
    let is_empty = Memo::new(move |_| read.with(|read| read.decisions.is_empty()));
    let problems = Signal::derive(move || read.with(|read| read.problems.clone()));
    let learnt = move || {
        let n_closed = closed.with(Vec::len);
        let found = read.with(|read| calibration(read.decisions.iter().map(|saved| &saved.decision)));
        let words = found.map(|found| found.words()).unwrap_or_else(|| {
            format!("{n_closed} closed so far. From five on, it is counted here how often what you expected came true.")
        });
        (n_closed > 0).then(|| {
            view! { <Notice title="What you expected, and what happened"><p>{words}</p></Notice> }
        })
    };
    view! {
        <NoticeList kind=NoticeKind::Warn title="Some records cannot be read" items=problems/>
        <Show when=move || is_empty.get() && !writing.get()>
            <EmptyState title="No decision yet">
                <p>
                    "A decision is a label that only you understand, what was decided, and what you expect by which \
                     day. When the day comes, the start page reminds you to record what happened."
                </p>
                <div class="row"><LinkButton label="Ask the record first" href="/consult"/></div>
            </EmptyState>
        </Show>
        <Part title="Due" lead="The day has come: record what happened." decisions=due journal=journal/>
        <Part title="Open" lead="The day has not come yet." decisions=open journal=journal/>
        {learnt}
        <Part title="Closed" lead="What happened is recorded." decisions=closed journal=journal/>
    }
}

/// Decisions that stand alike. A card stays, with what is being typed in it, while its decision is one of them.
#[component]
fn Part(
    title: &'static str,
    lead: &'static str,
    decisions: Memo<Vec<SavedDecision>>,
    journal: JournalHandle,
) -> impl IntoView {
    let has_any = Memo::new(move |_| decisions.with(|all| !all.is_empty()));
    view! {
        <Show when=move || has_any.get()>
            <Section title=title lead=lead>
                <div class="stack">
                    <For each=move || decisions.get() key=|saved| saved.id.clone() let(saved)>
                        <DecisionCard first=saved decisions=decisions journal=journal/>
                    </For>
                </div>
            </Section>
        </Show>
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
