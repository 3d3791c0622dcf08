//! What is there on demand: details, and plain words with the exact term beside them.

use leptos::html;
use leptos::prelude::*;

use super::unique_id;

/// A heading that opens what belongs to it.
#[component]
pub fn Details(
    /// The heading.
    #[prop(into)]
    summary: Signal<String>,
    /// Open from the start.
    #[prop(optional)]
    open: bool,
    /// What it opens; made at the first opening.
    children: ChildrenFn,
) -> impl IntoView {
    let was_opened = RwSignal::new(open);
    view! {
        <details
            class="details"
            open=open
            on:toggle=move |_| {
                if !was_opened.get_untracked() {
                    was_opened.set(true);
                }
            }
        >
            <summary>{summary}</summary>
            <div class="details__body">
                <Show when=move || was_opened.get()>{children()}</Show>
            </div>
        </details>
    }
}

/// Plain words, the exact term beside them, and what it means on demand (a popover: closes on Esc and on a click
/// elsewhere).
#[component]
pub fn Explain(
    /// Plain words.
    #[prop(into)]
    plain: Signal<String>,
    /// The exact term, in parentheses behind them.
    #[prop(optional, into)]
    term: MaybeProp<String>,
    /// What it means, in two or three sentences.
    children: Children,
) -> impl IntoView {
    let id = unique_id("explain");
    let button = NodeRef::<html::Button>::new();
    let bubble = NodeRef::<html::Span>::new();
    // A popover is drawn in the top layer: it is put under its button when it opens.
    let place = move |_| {
        if let (Some(button), Some(bubble)) = (button.get_untracked(), bubble.get_untracked()) {
            let at = button.get_bounding_client_rect();
            let own = bubble.get_bounding_client_rect();
            let size = |v: Result<wasm_bindgen::JsValue, _>| v.ok().and_then(|v| v.as_f64());
            let width = size(window().inner_width()).unwrap_or(at.right());
            let height = size(window().inner_height()).unwrap_or(at.bottom());
            let left = at.left().min(width - own.width() - 16.0).max(16.0);
            let below = at.bottom() + 6.0;
            let top = if below + own.height() > height { (at.top() - own.height() - 6.0).max(8.0) } else { below };
            let style = web_sys::HtmlElement::style(&bubble);
            drop(style.set_property("left", &format!("{left}px")));
            drop(style.set_property("top", &format!("{top}px")));
        }
    };
    view! {
        <span class="explain">
            <button type="button" class="explain__button" popovertarget=id.clone() node_ref=button>
                {plain}
            </button>
            {move || term.get().map(|term| view! { <span class="explain__term">" ("{term}")"</span> })}
            <span class="explain__bubble" popover="auto" id=id node_ref=bubble on:toggle=place>
                {children()}
            </span>
        </span>
    }
}
