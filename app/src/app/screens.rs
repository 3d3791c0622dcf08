//! The screens, in parts that are fetched when one of them is first opened: what a visitor waits for is the frame and the
//! home screen. A part that cannot be fetched says so, and is asked for again.
//!
//! `cargo xtask split-page` (called by Trunk) cuts the compiled page along the functions below. On a machine without a
//! browser, and in tests, they are plain functions.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use send_wrapper::SendWrapper;

use crate::components::{Button, Notice, NoticeKind, PageHeader};

/// The code of a screen could not be fetched.
pub(super) struct NotFetched;

impl From<SplitLoaderError> for NotFetched {
    fn from(_why: SplitLoaderError) -> Self {
        Self
    }
}

type Fetched = Pin<Box<dyn Future<Output = Result<AnyView, NotFetched>>>>;

/// A screen of a part: fetches the part where it is not there yet, then shows the screen.
macro_rules! screens {
    ($($part:ident { $($screen:ident = $module:ident::$component:ident;)+ })+) => {$($(
        pub(super) fn $screen() -> AnyView {
            #[allow(unsafe_code, reason = "the cut itself: the macro declares the function on its other side")]
            mod part {
                use super::*;
                use crate::routes::$module::$component;

                #[leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
                pub(super) fn $screen() -> Result<AnyView, NotFetched> {
                    Ok(view! { <$component/> }.into_any())
                }
            }
            fetched(|| Box::pin(part::$screen()))
        }
    )+)+};
}

// Few parts: what some of them share is cut into a module for every set of parts that shares it, so that five parts come to
// thirty files, of which a screen fetches half. `data` leads to the first curve and holds nothing else.
screens! {
    data {
        data = data::DataPage;
        dataset = data::DatasetPage;
    }
    work {
        import = import::ImportPage;
        cohorts = cohorts::CohortsPage;
        cohort_editor = cohort_editor::CohortEditorPage;
        summary = summary::SummaryPage;
        compare = compare::ComparePage;
        replicate = replicate::ReplicatePage;
        consult = consult::ConsultPage;
        decisions = decisions::DecisionsPage;
        quality = quality::QualityPage;
        timeline = timeline::TimelinePage;
    }
    knowledge {
        finding = finding::FindingPage;
        knowledge = knowledge::KnowledgePage;
        knowledge_finding = knowledge::KnowledgeFindingPage;
        settings = settings::SettingsPage;
        literature = literature::LiteraturePage;
    }
}

/// Shows a screen when its part is there, and what went wrong with a way to try again when it cannot be had.
fn fetched(fetch: fn() -> Fetched) -> AnyView {
    let attempts = RwSignal::new(0_u32);
    let again = move || attempts.update(|n| *n += 1);
    (move || {
        attempts.track();
        Suspend::new(SendWrapper::new(async move {
            match fetch().await {
                Ok(screen) => screen,
                Err(NotFetched) => view! { <NotFetchedNotice again=Callback::new(move |()| again())/> }.into_any(),
            }
        }))
    })
    .into_any()
}

#[component]
fn NotFetchedNotice(
    /// Asks once more.
    again: Callback<()>,
) -> impl IntoView {
    view! {
        <PageHeader title="This screen could not be loaded"/>
        <Notice kind=NoticeKind::Error>
            <p>
                "The server that this page came from does not answer. Your data and documents are safe on this device. Check \
                the connection, then try again."
            </p>
            <div class="row"><Button label="Try again" on_click=move || again.run(())/></div>
        </Notice>
    }
}
