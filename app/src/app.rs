//! The root: contexts, frame, the whole route table.

mod crash;
mod frame;
mod screens;

use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

use crate::components::{EmptyState, LinkButton, PageHeader, provide_headers_seen, provide_theme, provide_toasts};
use crate::routes::home::HomePage;
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
    stores::literature::provide();
    stores::sharing::provide();
    view! {
        <Router>
            <Frame>
                <Routes fallback=NoSuchPage>
                    <Route path=path!("/") view=HomePage/>
                    // Performance to data.
                    <Route path=path!("/data") view=screens::data/>
                    <Route path=path!("/data/import") view=screens::import/>
                    <Route path=path!("/data/:dataset") view=screens::dataset/>
                    <Route path=path!("/data/:dataset/quality") view=screens::quality/>
                    <Route path=path!("/data/:dataset/timeline") view=screens::timeline/>
                    // Data to knowledge.
                    <Route path=path!("/cohorts") view=screens::cohorts/>
                    <Route path=path!("/cohorts/:id") view=screens::cohort_editor/>
                    <Route path=path!("/summary") view=screens::summary/>
                    <Route path=path!("/compare") view=screens::compare/>
                    <Route path=path!("/finding/:id") view=screens::finding/>
                    <Route path=path!("/knowledge") view=screens::knowledge/>
                    <Route path=path!("/knowledge/:id") view=screens::knowledge_finding/>
                    <Route path=path!("/literature") view=screens::literature/>
                    <Route path=path!("/replicate/:finding") view=screens::replicate/>
                    // Knowledge to performance.
                    <Route path=path!("/consult") view=screens::consult/>
                    <Route path=path!("/decisions") view=screens::decisions/>
                    <Route path=path!("/settings") view=screens::settings/>
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
