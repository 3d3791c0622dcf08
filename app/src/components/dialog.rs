//! Dialogs on the browser's own `<dialog>`: focus trap, Esc and inertness come with it.

use leptos::html;
use leptos::prelude::*;

use super::{Button, ButtonKind, unique_id};

/// A modal dialog.
#[component]
pub fn Dialog(
    /// Whether it is open; set to `false` by Esc.
    open: RwSignal<bool>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// What it says or asks.
    children: ChildrenFn,
    /// Its buttons.
    #[prop(optional, into)]
    actions: ViewFn,
) -> impl IntoView {
    let id = unique_id("dialog");
    let label_id = id.clone();
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let is_open = open.get();
        if let Some(dialog) = element.get() {
            match (is_open, dialog.open()) {
                // A browser without modal dialogs shows it in place.
                (true, false) => dialog.show_modal().unwrap_or_else(|_| dialog.set_open(true)),
                (false, true) => dialog.close(),
                _ => {}
            }
        }
    });
    view! {
        <dialog
            class="dialog"
            node_ref=element
            aria-labelledby=label_id
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <div class="dialog__body">
                    <h2 id=id.clone()>{title}</h2>
                    {children()}
                    <div class="dialog__actions">{actions.run()}</div>
                </div>
            </Show>
        </dialog>
    }
}

/// Asks before something is done.
#[component]
pub fn ConfirmDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// Words of the button that does it.
    #[prop(into)]
    confirm: Signal<String>,
    /// Whether it cannot be undone.
    #[prop(optional)]
    danger: bool,
    /// What is done.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What it means.
    children: ChildrenFn,
) -> impl IntoView {
    let kind = if danger { ButtonKind::Danger } else { ButtonKind::Primary };
    let actions = move || {
        view! {
            <Button label="Cancel" on_click=move || open.set(false)/>
            <Button
                label=confirm
                kind=kind
                on_click=move || {
                    open.set(false);
                    on_confirm.run(());
                }
            />
        }
    };
    view! {
        <Dialog open=open title=title actions=actions children=children/>
    }
}
