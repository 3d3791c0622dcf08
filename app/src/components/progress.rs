//! How far something is, and a way to stop it.

use leptos::prelude::*;

use super::{Button, ButtonKind};

/// A bar, what is being done in words, and 'Stop'.
#[component]
pub fn Progress(
    /// 0 to 1; `None` where it is not known.
    #[prop(into)]
    fraction: Signal<Option<f64>>,
    /// What is being done.
    #[prop(into)]
    doing: Signal<String>,
    /// What 'Stop' does; no button without it.
    #[prop(optional_no_strip, into)]
    on_cancel: Option<Callback<()>>,
) -> impl IntoView {
    let percent = move || fraction.get().map(|f| (f.clamp(0.0, 1.0) * 100.0).round());
    // Said aloud at every quarter only: a screen reader cannot follow every step.
    let spoken = Memo::new(move |_| {
        let quarter = percent().map(|p| (p / 25.0).floor() * 25.0);
        match quarter {
            Some(quarter) if quarter > 0.0 => format!("{} {quarter} percent", doing.get()),
            _ => doing.get(),
        }
    });
    view! {
        <div class="progress">
            <div class="progress__main">
                <div class="progress__words">
                    <span>{doing}</span>
                    <span class="num">{move || percent().map(|p| format!("{p}%"))}</span>
                </div>
                <div
                    class="progress__track"
                    role="progressbar"
                    aria-label=move || doing.get()
                    aria-valuemin="0"
                    aria-valuemax="100"
                    aria-valuenow=move || percent().map(|p| p.to_string())
                >
                    <div
                        class="progress__fill"
                        data-unknown=move || fraction.get().is_none().to_string()
                        style:--fraction=move || fraction.get().unwrap_or(0.0).clamp(0.0, 1.0).to_string()
                    ></div>
                </div>
            </div>
            {on_cancel
                .map(|stop| view! { <Button label="Stop" kind=ButtonKind::Plain small=true on_click=move || stop.run(())/> })}
            <p class="visually-hidden" aria-live="polite">{spoken}</p>
        </div>
    }
}
