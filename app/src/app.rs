//! The root: contexts, frame, the whole route table.

mod crash;
mod frame;

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::components::{EmptyState, LinkButton, PageHeader, provide_headers_seen, provide_theme, provide_toasts};
use crate::routes::cohort_editor::CohortEditorPage;
use crate::routes::cohorts::CohortsPage;
use crate::routes::compare::ComparePage;
use crate::routes::consult::ConsultPage;
use crate::routes::data::{DataPage, DatasetPage};
use crate::routes::decisions::DecisionsPage;
use crate::routes::finding::FindingPage;
use crate::routes::home::HomePage;
use crate::routes::import::ImportPage;
use crate::routes::knowledge::{KnowledgeFindingPage, KnowledgePage};
use crate::routes::replicate::ReplicatePage;
use crate::routes::settings::SettingsPage;
use crate::routes::summary::SummaryPage;
use crate::stores;

use frame::Frame;

/// Mounts the page.
pub fn start() {
    crash::install();
    leptos::mount::mount_to_body(App);
}

/// The page.
#[component]
pub fn App() -> impl IntoView {
    provide_theme();
    provide_toasts();
    provide_headers_seen();
    stores::engine::provide_engine();
    stores::datasets::provide_datasets();
    stores::findings::provide();
    stores::decisions::provide();
    stores::sharing::provide();
    view! {
        <Router>
            <Frame>
                <Routes fallback=NoSuchPage>
                    <Route path=path!("/") view=HomePage/>
                    // Performance to data.
                    <Route path=path!("/data") view=DataPage/>
                    <Route path=path!("/data/import") view=ImportPage/>
                    <Route path=path!("/data/:dataset") view=DatasetPage/>
                    // Data to knowledge.
                    <Route path=path!("/cohorts") view=CohortsPage/>
                    <Route path=path!("/cohorts/:id") view=CohortEditorPage/>
                    <Route path=path!("/summary") view=SummaryPage/>
                    <Route path=path!("/compare") view=ComparePage/>
                    <Route path=path!("/finding/:id") view=FindingPage/>
                    <Route path=path!("/knowledge") view=KnowledgePage/>
                    <Route path=path!("/knowledge/:id") view=KnowledgeFindingPage/>
                    <Route path=path!("/replicate/:finding") view=ReplicatePage/>
                    // Knowledge to performance.
                    <Route path=path!("/consult") view=ConsultPage/>
                    <Route path=path!("/decisions") view=DecisionsPage/>
                    <Route path=path!("/settings") view=SettingsPage/>
                </Routes>
            </Frame>
        </Router>
    }
}

/// What an address shows that leads nowhere.
#[component]
fn NoSuchPage() -> impl IntoView {
    view! {
        <PageHeader title="There is no such page"/>
        <EmptyState title="The address leads nowhere">
            <p>"It may be mistyped, or made by another version of Rounds. Nothing was changed on this device."</p>
            <LinkButton label="Go to the start" href="/"/>
        </EmptyState>
    }
}
