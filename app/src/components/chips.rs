//! What was chosen, in a row; each can be taken out again.

use leptos::prelude::*;

use super::{Button, ButtonKind};

/// Names that were chosen, each with a button that takes it out again.
#[component]
pub fn Chips(
    /// What they are.
    #[prop(into)]
    label: String,
    /// The names; no name stands twice.
    #[prop(into)]
    names: Signal<Vec<String>>,
    /// Called with the name that is taken out.
    #[prop(into)]
    on_remove: Callback<(String,)>,
) -> impl IntoView {
    let id = super::unique_id("chips");
    let list = id.clone();
    let remove = Callback::new(move |(name,): (String,)| {
        on_remove.run((name,));
        // The button is gone with its chip.
        let list = list.clone();
        super::focus_soon(move || list);
    });
    view! {
        <ul class="chips" aria-label=label id=id tabindex="-1">
            <For each=move || names.get() key=Clone::clone let(name)>
                {
                    let own = name.clone();
                    view! {
                        <li class="chip">
                            <span>{name.clone()}</span>
                            <Button
                                label="Remove"
                                kind=ButtonKind::Link
                                aria_label=format!("Remove {name}")
                                on_click=move || remove.run((own.clone(),))
                            />
                        </li>
                    }
                }
            </For>
        </ul>
    }
}
