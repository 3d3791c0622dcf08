//! The root: contexts, frame, the whole route table.

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::routes::{
    cohort_editor::CohortEditorPage, cohorts::CohortsPage, compare::ComparePage, consult::ConsultPage,
    data::{DataPage, DatasetPage}, decisions::DecisionsPage, finding::FindingPage, home::HomePage,
    import::ImportPage, knowledge::{KnowledgeFindingPage, KnowledgePage}, replicate::ReplicatePage,
    settings::SettingsPage, summary::SummaryPage,
};

/// Mounts the page.
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(App);
}

/// The page.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <main id="main">
                <Routes fallback=|| view! { <h1>"There is no such page"</h1> }>
                    <Route path=path!("/") view=HomePage/>
                    <Route path=path!("/data") view=DataPage/>
                    <Route path=path!("/data/import") view=ImportPage/>
                    <Route path=path!("/data/:dataset") view=DatasetPage/>
                    <Route path=path!("/cohorts") view=CohortsPage/>
                    <Route path=path!("/cohorts/:id") view=CohortEditorPage/>
                    <Route path=path!("/summary") view=SummaryPage/>
                    <Route path=path!("/compare") view=ComparePage/>
                    <Route path=path!("/finding/:id") view=FindingPage/>
                    <Route path=path!("/knowledge") view=KnowledgePage/>
                    <Route path=path!("/knowledge/:id") view=KnowledgeFindingPage/>
                    <Route path=path!("/replicate/:finding") view=ReplicatePage/>
                    <Route path=path!("/consult") view=ConsultPage/>
                    <Route path=path!("/decisions") view=DecisionsPage/>
                    <Route path=path!("/settings") view=SettingsPage/>
                </Routes>
            </main>
        </Router>
    }
}
