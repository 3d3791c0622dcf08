//! Tabs by the ARIA pattern: one tab stop, arrow keys move.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

/// The row of tabs.
#[component]
pub fn Tabs(
    /// What the tabs are of, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Ids and words.
    #[prop(into)]
    tabs: Signal<Vec<(String, String)>>,
    /// The chosen one.
    active: RwSignal<String>,
) -> impl IntoView {
    let on_key = move |event: KeyboardEvent| {
        let ids: Vec<String> = tabs.with(|tabs| tabs.iter().map(|(id, _)| id.clone()).collect());
        let Some(next) = next_tab(&ids, &active.get_untracked(), &event.key()) else {
            return;
        };
        event.prevent_default();
        if let Some(tab) =
            document().get_element_by_id(&format!("tab-{next}")).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
        {
            drop(tab.focus());
        }
        active.set(next);
    };
    view! {
        <div class="tabs" role="tablist" aria-label=move || label.get() on:keydown=on_key>
            <For each=move || tabs.get() key=|tab| tab.clone() let((id, words))>
                {
                    let own = StoredValue::new(id.clone());
                    let is_active = move || active.with(|a| own.with_value(|own| a == own));
                    view! {
                        <button
                            type="button"
                            class="tabs__tab"
                            role="tab"
                            id=format!("tab-{id}")
                            aria-controls=format!("panel-{id}")
                            aria-selected=move || is_active().to_string()
                            tabindex=move || if is_active() { "0" } else { "-1" }
                            on:click=move |_| active.set(own.get_value())
                        >
                            {words}
                        </button>
                    }
                }
            </For>
        </div>
    }
}

/// The tab that a key leads to.
fn next_tab(ids: &[String], active: &str, key: &str) -> Option<String> {
    let at = ids.iter().position(|id| id == active)?;
    let n = ids.len();
    let next = match key {
        "ArrowRight" => (at + 1) % n,
        "ArrowLeft" => (at + n - 1) % n,
        "Home" => 0,
        "End" => n - 1,
        _ => return None,
    };
    ids.get(next).cloned()
}

/// What belongs to a tab; made when it is chosen first and kept afterwards.
#[component]
pub fn TabPanel(
    /// Id of its tab.
    #[prop(into)]
    id: String,
    /// The chosen tab.
    active: RwSignal<String>,
    /// What it shows.
    children: ChildrenFn,
) -> impl IntoView {
    let own = id.clone();
    let is_active = Memo::new(move |_| active.with(|a| *a == own));
    let was_seen = Memo::new(move |seen: Option<&bool>| seen == Some(&true) || is_active.get());
    view! {
        <div
            class="tabs__panel"
            role="tabpanel"
            id=format!("panel-{id}")
            aria-labelledby=format!("tab-{id}")
            tabindex="0"
            hidden=move || !is_active.get()
        >
            <Show when=move || was_seen.get()>{children()}</Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_keys_go_round() {
        let ids = ["a".to_owned(), "b".to_owned(), "c".to_owned()];
        assert_eq!(next_tab(&ids, "c", "ArrowRight").as_deref(), Some("a"));
        assert_eq!(next_tab(&ids, "a", "ArrowLeft").as_deref(), Some("c"));
        assert_eq!(next_tab(&ids, "b", "Home").as_deref(), Some("a"));
        assert_eq!(next_tab(&ids, "b", "End").as_deref(), Some("c"));
        assert_eq!(next_tab(&ids, "b", "Enter"), None);
    }
}
