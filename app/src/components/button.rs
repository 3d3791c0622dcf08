//! Buttons and links that look like buttons.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{Icon, IconName};

/// How loud a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// An ordinary one.
    #[default]
    Plain,
    /// The one thing to do next: at most one on a screen.
    Primary,
    /// One of many.
    Quiet,
    /// Cannot be undone.
    Danger,
    /// Leads to something that cannot be undone.
    DangerQuiet,
    /// In the middle of a sentence.
    Link,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => "button button--primary",
            Self::Quiet => "button button--quiet",
            Self::Danger => "button button--danger",
            Self::DangerQuiet => "button button--danger-quiet",
            Self::Link => "button button--link",
        }
    }
}

/// A button.
#[component]
pub fn Button(
    /// Its words.
    #[prop(into)]
    label: Signal<String>,
    /// What it does.
    #[prop(into)]
    on_click: Callback<()>,
    /// How loud it is.
    #[prop(optional)]
    kind: ButtonKind,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether what it does is under way: it does nothing then, and keeps the focus, which a disabled one would lose.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Smaller, for tables and captions.
    #[prop(optional)]
    small: bool,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// A longer name for screen readers, where the words alone are not enough ('Delete Rotterdam').
    #[prop(optional, into)]
    aria_label: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=kind.class()
            class:button--small=small
            disabled=disabled
            aria-disabled=move || busy.get().then_some("true")
            aria-label=move || aria_label.get()
            on:click=move |_| {
                if !busy.get_untracked() {
                    on_click.run(());
                }
            }
        >
            {icon.map(|name| view! { <Icon name=name/> })}
            {label}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Its words.
    #[prop(into)]
    label: Signal<String>,
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// How loud it is.
    #[prop(optional)]
    kind: ButtonKind,
    /// Smaller, for tables and captions.
    #[prop(optional)]
    small: bool,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<IconName>,
    /// A longer name for screen readers, which begins with the words ('Edit Rotterdam').
    #[prop(optional, into)]
    aria_label: MaybeProp<String>,
) -> impl IntoView {
    let class = if small { format!("{} button--small", kind.class()) } else { kind.class().to_owned() };
    view! {
        <A href=move || href.get() attr:class=class attr:aria-label=move || aria_label.get()>
            {icon.map(|name| view! { <Icon name=name/> })}
            {label}
        </A>
    }
}
