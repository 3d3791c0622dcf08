//! Light, dark, or as the system asks.

use leptos::prelude::*;

use super::{RadioGroup, RadioOption};

const KEY: &str = "rounds-theme";

/// What the user chose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system asks.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

#[derive(Clone, Copy)]
struct ThemeContext {
    chosen: RwSignal<Theme>,
    system_dark: RwSignal<bool>,
}

/// Puts the theme into the context and follows the system's. Called once by the app.
pub fn provide_theme() {
    // Local storage and not IndexedDB: it must be read before the first paint (public/theme.js).
    let stored = window().local_storage().ok().flatten();
    let chosen = stored
        .as_ref()
        .and_then(|s| s.get_item(KEY).ok().flatten())
        .map_or(Theme::System, |name| Theme::from_name(&name));
    let context = ThemeContext { chosen: RwSignal::new(chosen), system_dark: RwSignal::new(web::page::prefers_dark()) };
    follow_system(context.system_dark);
    Effect::new(move |before: Option<Theme>| {
        let theme = context.chosen.get();
        if before.is_some_and(|before| before != theme) {
            apply(theme);
        }
        theme
    });
    provide_context(context);
}

fn apply(theme: Theme) {
    let Some(root) = document().document_element() else {
        return;
    };
    let stored = window().local_storage().ok().flatten();
    // Where storage is refused the choice holds for this visit only.
    if theme == Theme::System {
        drop(root.remove_attribute("data-theme"));
        drop(stored.map(|s| s.remove_item(KEY)));
    } else {
        drop(root.set_attribute("data-theme", theme.name()));
        drop(stored.map(|s| s.set_item(KEY, theme.name())));
    }
}

fn follow_system(dark: RwSignal<bool>) {
    use wasm_bindgen::JsCast as _;
    let Some(query) = window().match_media("(prefers-color-scheme: dark)").ok().flatten() else {
        return;
    };
    let changed = wasm_bindgen::prelude::Closure::<dyn FnMut()>::new(move || {
        dark.set(web::page::prefers_dark());
    });
    // As long as the page lives.
    if query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref()).is_ok() {
        changed.forget();
    }
}

/// Whether the page is dark now. Figures follow it to be drawn again in the other colours.
#[must_use]
pub fn use_theme() -> Signal<bool> {
    match use_context::<ThemeContext>() {
        Some(context) => Signal::derive(move || match context.chosen.get() {
            Theme::System => context.system_dark.get(),
            Theme::Light => false,
            Theme::Dark => true,
        }),
        None => false.into(),
    }
}

/// The choice between light, dark and the system's.
#[component]
pub fn ThemeToggle() -> impl IntoView {
    let context = expect_context::<ThemeContext>();
    let option = |theme: Theme, label: &str, hint: &str| RadioOption {
        value: theme.name().to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let options = vec![
        option(Theme::System, "As this device", "Follows the setting of the system."),
        option(Theme::Light, "Light", ""),
        option(Theme::Dark, "Dark", ""),
    ];
    view! {
        <RadioGroup
            legend="Light or dark"
            value=move || context.chosen.get().name().to_owned()
            options=options
            on_change=move |name: String| context.chosen.set(Theme::from_name(&name))
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::from_name(theme.name()), theme);
        }
        assert_eq!(Theme::from_name("pink"), Theme::System);
    }
}
