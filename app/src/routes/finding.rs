//! One finding: written up, checked, signed, kept or published.
//!
//! [`body`] shows a finding in words and numbers (the Knowledge screen shows the same), `editor` is the draft on its `desk`,
//! [`signed`] what stands after the signature.

pub mod body;
mod desk;
mod editor;
pub mod signed;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use crate::components::*;
use crate::stores::engine::Load;
use crate::stores::findings::{self, Opened};
use editor::DraftEditor;
use signed::SignedFinding;

/// The word in the address for a finding that is just being begun.
const NEW: &str = "new";

/// One finding.
#[component]
pub fn FindingPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let opened = RwSignal::new(Load::<Opened>::loading());
    let hand_over = findings::use_hand_over();
    let navigate = use_navigate();
    let open = move || {
        let id = id.get_untracked();
        let draft = (id == NEW).then(|| hand_over.take());
        let navigate = navigate.clone();
        findings::load_into(opened, async move {
            match draft {
                // Kept at once, so that a reload loses nothing; the address then names the draft.
                Some(Some(draft)) => {
                    let id = findings::add_draft(draft).await?;
                    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&format!("/finding/{id}"), options);
                    findings::open(&id).await
                }
                Some(None) => Ok(Opened::Missing),
                None => findings::open(&id).await,
            }
        });
    };
    let again = open.clone();
    Effect::new(move |before: Option<String>| {
        let id = id.get();
        // The draft that was just added is open already.
        if before.as_deref() != Some(NEW) || id == NEW {
            open();
        }
        id
    });
    view! {
        <HeaderUntilRead title="Finding" load=opened/>
        <AsyncPanel
            load=opened
            doing="Opening the finding…"
            retry=Callback::new(move |()| again())
            full=|opened| match opened {
                Opened::Draft(saved) => view! { <DraftEditor saved=*saved/> }.into_any(),
                Opened::Signed(saved) => view! { <SignedFinding saved=*saved/> }.into_any(),
                Opened::Missing => view! { <NoFinding/> }.into_any(),
            }
        />
    }
}

#[component]
fn NoFinding() -> impl IntoView {
    view! {
        <PageHeader title="Finding"/>
        <EmptyState title="There is no finding here">
            <p>
                "A finding begins with a result: run a comparison, then choose \u{201c}Make a finding\u{201d}. \
                 A draft that was deleted cannot be brought back."
            </p>
            <div class="row">
                <LinkButton label="Compare two ways of treating" href="/compare" kind=ButtonKind::Primary/>
                <LinkButton label="Findings on this device" href="/knowledge"/>
            </div>
        </EmptyState>
    }
}
