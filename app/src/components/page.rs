//! The bones of a screen: header, sections, cards, lone numbers, empty states.

use leptos::html;
use leptos::prelude::*;

/// How many page headers were mounted: the first one of a visit leaves the focus where the browser put it.
#[derive(Clone, Copy)]
struct HeadersSeen(StoredValue<u32>);

/// Counts page headers, so that focus moves on navigation only. Called once by the app.
pub(crate) fn provide_headers_seen() {
    provide_context(HeadersSeen(StoredValue::new(0)));
}

/// The heading of a screen. Sets the title of the browser's tab and takes the focus after a navigation, so that a
/// screen reader starts where the new screen starts.
#[component]
pub fn PageHeader(
    /// The one `h1`.
    #[prop(into)]
    title: Signal<String>,
    /// One or two sentences that say what the screen is for.
    #[prop(optional, into)]
    lead: MaybeProp<String>,
    /// Buttons at the right.
    #[prop(optional, into)]
    actions: ViewFn,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let is_first = use_context::<HeadersSeen>().is_none_or(|seen| {
        seen.0.update_value(|n| *n += 1);
        seen.0.get_value() <= 1
    });
    Effect::new(move |_| {
        let title = title.get();
        web::page::set_title(&if title == "Rounds" { title } else { format!("{title} · Rounds") });
    });
    Effect::new(move |focused: Option<bool>| {
        let Some(heading) = heading.get() else {
            return false;
        };
        if !is_first && focused != Some(true) {
            // Without scrolling: the address may name a place further down.
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            drop(heading.focus_with_options(&options));
        }
        true
    });
    view! {
        <header class="page-header">
            <div class="page-header__top">
                <h1 class="page-header__title" tabindex="-1" node_ref=heading>{title}</h1>
                <div class="page-header__actions">{actions.run()}</div>
            </div>
            {move || lead.get().map(|lead| view! { <p class="page-header__lead">{lead}</p> })}
        </header>
    }
}

/// The heading of a screen while what it shows is read. It takes no focus: the screen's own heading will.
#[component]
pub fn WaitingHeader(
    /// What the screen is about, in general.
    title: &'static str,
) -> impl IntoView {
    Effect::new(move |_| web::page::set_title(&format!("{title} \u{b7} Rounds")));
    view! {
        <header class="page-header">
            <div class="page-header__top">
                <h1 class="page-header__title">{title}</h1>
            </div>
        </header>
    }
}

/// A part of a screen under an `h2`.
#[component]
pub fn Section(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// A sentence under it.
    #[prop(optional, into)]
    lead: MaybeProp<String>,
    /// Buttons at the right.
    #[prop(optional, into)]
    actions: ViewFn,
    /// What belongs to it.
    children: Children,
) -> impl IntoView {
    let id = super::unique_id("section");
    view! {
        <section class="section" aria-labelledby=id>
            <div class="section__head">
                <h2 id=id.clone()>{title}</h2>
                <div class="row">{actions.run()}</div>
            </div>
            {move || lead.get().map(|lead| view! { <p class="section__lead">{lead}</p> })}
            {children()}
        </section>
    }
}

/// A box that holds one thing.
#[component]
pub fn Card(
    /// A heading at its top.
    #[prop(optional, into)]
    title: MaybeProp<String>,
    /// The heading stands right under the page's own, in no section: an `h2` and not an `h3`.
    #[prop(optional)]
    is_section: bool,
    /// Further classes (`card--accent`, `card--flat`).
    #[prop(optional, into)]
    class: String,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("card {class}")>
            {move || title.get().map(|title| if is_section {
                view! { <h2 class="card__title">{title}</h2> }.into_any()
            } else {
                view! { <h3>{title}</h3> }.into_any()
            })}
            {children()}
        </div>
    }
}

/// A number that stands alone, inside a `<dl class="stats">`.
#[component]
pub fn Stat(
    /// What it is.
    #[prop(into)]
    label: Signal<String>,
    /// The number as text.
    #[prop(into)]
    value: Signal<String>,
    /// Its interval, or how it was counted.
    #[prop(optional, into)]
    uncertainty: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <div class="stat">
            <dt class="stat__label">{label}</dt>
            <dd class="stat__value">
                {value}
                {move || uncertainty.get().map(|text| view! { <span class="stat__uncertainty">{text}</span> })}
            </dd>
        </div>
    }
}

/// What stands where there is nothing yet: says why and what to do.
#[component]
pub fn EmptyState(
    /// What is missing.
    #[prop(into)]
    title: Signal<String>,
    /// What to do, with the button that does it.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty__title">{title}</p>
            {children()}
        </div>
    }
}
