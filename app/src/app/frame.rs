//! The frame around every screen: navigation along the learning cycle, banners, footer.

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_query_map};
use web::engine::EngineStatus;

use crate::components::{Button, ButtonKind, Icon, IconName, Notice, NoticeKind, Toasts};
use crate::stores::engine::use_engine;

/// A way to a screen.
struct Way {
    path: &'static str,
    label: &'static str,
    icon: IconName,
    /// Whether the screen is about one dataset: the link takes the current one along.
    of_dataset: bool,
}

const fn way(path: &'static str, label: &'static str, icon: IconName, of_dataset: bool) -> Way {
    Way { path, label, icon, of_dataset }
}

/// The three arrows, each with its screens.
const ARROWS: [(&str, &str, &[Way]); 3] = [
    ("Care", "Data", &[way("/data", "Data", IconName::Data, false)]),
    (
        "Data",
        "Knowledge",
        &[
            way("/cohorts", "Cohorts", IconName::Cohort, true),
            way("/summary", "Summary", IconName::Table, true),
            way("/compare", "Compare", IconName::Compare, true),
            way("/knowledge", "Knowledge", IconName::Knowledge, false),
        ],
    ),
    (
        "Knowledge",
        "Care",
        &[
            way("/consult", "Consult", IconName::Consult, true),
            way("/decisions", "Decisions", IconName::Decision, false),
        ],
    ),
];

/// The screen of the navigation that an address belongs to.
fn belongs(path: &str, way: &str) -> bool {
    let under = |root: &str| path == root || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    match way {
        "/" => path == "/",
        "/knowledge" => ["/knowledge", "/finding", "/replicate", "/literature"].into_iter().any(under),
        way => under(way),
    }
}

/// A link of the navigation.
#[component]
fn NavLink(
    /// Where it leads.
    way: &'static Way,
) -> impl IntoView {
    let path = use_location().pathname;
    let query = use_query_map();
    let href = move || match query.with(|q| q.get("dataset")) {
        Some(dataset) if way.of_dataset => format!("{}?dataset={dataset}", way.path),
        _ => way.path.to_owned(),
    };
    let current = move || path.with(|path| belongs(path, way.path)).then_some("page");
    view! {
        <li>
            // A plain link: the router would mark by address alone, and Knowledge has screens elsewhere.
            <a class="nav__link" href=href aria-current=current>
                <Icon name=way.icon/>
                {way.label}
            </a>
        </li>
    }
}

const HOME: Way = way("/", "Home", IconName::Home, false);
const SETTINGS: Way = way("/settings", "Settings", IconName::Settings, false);

/// The navigation: a column at the left, a menu on small screens.
#[component]
fn Side() -> impl IntoView {
    let is_open = RwSignal::new(false);
    let path = use_location().pathname;
    // A menu that stays open would cover the screen that was asked for.
    Effect::new(move |_| {
        path.track();
        is_open.set(false);
    });
    view! {
        <header class="side">
            <div class="side__bar">
                <A href="/" attr:class="brand">
                    <img class="brand__mark" src="/favicon.svg" alt="" width="28" height="28"/>
                    "Rounds"
                </A>
                <button
                    type="button"
                    class="button button--quiet menu"
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls="navigation"
                    on:click=move |_| is_open.update(|open| *open = !*open)
                >
                    {move || if is_open.get() { view! { <Icon name=IconName::Close/> } } else { view! { <Icon name=IconName::Menu/> } }}
                    "Menu"
                </button>
            </div>
            <nav class="side__nav" id="navigation" aria-label="Main" data-open=move || is_open.get().to_string()>
                <div class="nav__group">
                    <ul class="nav__list"><NavLink way=&HOME/></ul>
                </div>
                {ARROWS
                    .iter()
                    .map(|(from, to, ways)| {
                        let label = format!("From {from} to {to}").to_lowercase();
                        view! {
                            <div class="nav__group" role="group" aria-label=label>
                                <p class="nav__arrow" aria-hidden="true">
                                    {*from} <Icon name=IconName::Arrow/> {*to}
                                </p>
                                <ul class="nav__list">
                                    {ways.iter().map(|way| view! { <NavLink way=way/> }).collect_view()}
                                </ul>
                            </div>
                        }
                    })
                    .collect_view()}
                <div class="nav__group">
                    <ul class="nav__list"><NavLink way=&SETTINGS/></ul>
                </div>
                <p class="side__foot">
                    <Icon name=IconName::Lock/>
                    "Patient data stay on this device. Only findings you publish leave it."
                </p>
            </nav>
        </header>
    }
}

/// Tells when the worker died and was started again, or is of another version.
#[component]
fn EngineBanner() -> impl IntoView {
    let engine = use_engine();
    let dismissed = RwSignal::new(None::<EngineStatus>);
    let reload = || {
        // Refused only where there is no page to reload.
        drop(window().location().reload());
    };
    move || {
        let status = engine.status.get();
        if dismissed.get().as_ref() == Some(&status) {
            return None;
        }
        match status.clone() {
            EngineStatus::Crashed { message } => Some(
                view! {
                    <div class="banner">
                        <Notice kind=NoticeKind::Warn title="The engine stopped and will be started again">
                            <p>
                                "What was being computed was not finished; your data are safe on this device. Try the \
                                 last step again. If it stops again, reload the page."
                            </p>
                            <p class="small muted">{message}</p>
                            <div class="row">
                                <Button label="Reload the page" small=true on_click=reload/>
                                <Button
                                    label="Close"
                                    kind=ButtonKind::Quiet
                                    small=true
                                    on_click=move || dismissed.set(Some(status.clone()))
                                />
                            </div>
                        </Notice>
                    </div>
                }
                .into_any(),
            ),
            EngineStatus::Mismatch { worker, page } => Some(
                view! {
                    <div class="banner">
                        <Notice kind=NoticeKind::Error title="An older part of Rounds is still in this browser's cache">
                            <p>{format!("The page is version {page}, its engine version {worker}. Reload the page to use one version. Your data are safe.")}</p>
                            <div class="row"><Button label="Reload the page" kind=ButtonKind::Primary small=true on_click=reload/></div>
                        </Notice>
                    </div>
                }
                .into_any(),
            ),
            EngineStatus::Idle | EngineStatus::Starting | EngineStatus::Ready { .. } => None,
        }
    }
}

/// The frame around every screen.
#[component]
pub fn Frame(
    /// The screen.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip" href="#main" on:click=focus_main>"Skip to content"</a>
        <div class="frame">
            <Side/>
            <div class="main">
                <EngineBanner/>
                <main class="main__page" id="main" tabindex="-1">{children()}</main>
                <footer class="foot">
                    <span>{format!("Rounds {}", protocol::BUILD)}</span>
                    <span>"For learning from a record. Not a medical device; no substitute for judgement."</span>
                </footer>
            </div>
        </div>
        <Toasts/>
    }
}

/// Moves the focus without an entry in the history: the router would take `#main` for an address.
fn focus_main(event: leptos::ev::MouseEvent) {
    use wasm_bindgen::JsCast as _;
    event.prevent_default();
    if let Some(main) = document().get_element_by_id("main").and_then(|m| m.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(main.focus());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_belongs_to_one_way() {
        let screens = [
            ("/", "/"),
            ("/data/import", "/data"),
            ("/data/abc", "/data"),
            ("/cohorts/1", "/cohorts"),
            ("/finding/1", "/knowledge"),
            ("/replicate/1", "/knowledge"),
            ("/literature", "/knowledge"),
            ("/settings", "/settings"),
        ];
        let ways: Vec<&str> =
            ARROWS.iter().flat_map(|(_, _, ways)| ways.iter().map(|w| w.path)).chain(["/", "/settings"]).collect();
        for (screen, expected) in screens {
            let found: Vec<&str> = ways.iter().copied().filter(|way| belongs(screen, way)).collect();
            assert_eq!(found, [expected], "{screen}");
        }
        assert!(!belongs("/database", "/data"));
    }
}
