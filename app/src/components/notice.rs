//! Boxes that tell something.

use leptos::prelude::*;

use super::{Icon, IconName};

/// How much a notice matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticeKind {
    /// Worth knowing.
    #[default]
    Info,
    /// Something went well.
    Success,
    /// Look at this before you go on.
    Warn,
    /// Something failed.
    Error,
}

/// A [`Notice`] that lists sentences; nothing where there are none.
#[component]
pub fn NoticeList(
    /// How much it matters.
    #[prop(optional)]
    kind: NoticeKind,
    /// Its heading.
    title: &'static str,
    /// What it lists.
    #[prop(into)]
    items: Signal<Vec<String>>,
) -> impl IntoView {
    move || {
        let items = items.get();
        (!items.is_empty()).then(|| {
            view! {
                <Notice kind=kind title=title>
                    <ul>{items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view()}</ul>
                </Notice>
            }
        })
    }
}

/// A box that tells something. Warnings and errors are announced by screen readers when they appear.
#[component]
pub fn Notice(
    /// How much it matters.
    #[prop(optional)]
    kind: NoticeKind,
    /// Its heading.
    #[prop(optional, into)]
    title: MaybeProp<String>,
    /// What it tells.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (class, icon, role) = match kind {
        NoticeKind::Info => ("notice", IconName::Info, "note"),
        NoticeKind::Success => ("notice notice--success", IconName::Success, "status"),
        NoticeKind::Warn => ("notice notice--warn", IconName::Warn, "status"),
        NoticeKind::Error => ("notice notice--error", IconName::Error, "alert"),
    };
    view! {
        <div class=class role=role>
            <div class="notice__icon"><Icon name=icon/></div>
            <div class="notice__body">
                {move || title.get().map(|title| view! { <p class="notice__title">{title}</p> })}
                {children.map(|children| children())}
            </div>
        </div>
    }
}
