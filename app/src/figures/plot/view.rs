//! The component around the binding.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlElement, ResizeObserver};

use super::{PlotFigure, binding};
use crate::components::{Button, ButtonKind, Details, IconName, Notice, NoticeKind, toast, use_toast};

/// No tool bar: its buttons are ours, in words and reachable by keyboard.
const CONFIG: &str =
    r#"{"displayModeBar":false,"responsive":false,"displaylogo":false,"doubleClick":"reset","showTips":false}"#;

/// Laid under every figure's own layout.
fn with_defaults(layout: &serde_json::Value) -> serde_json::Value {
    let mut layout = layout.clone();
    if let Some(fields) = layout.as_object_mut() {
        // The same word at every drawing: the reader's zoom survives a new drawing.
        fields.entry("uirevision").or_insert_with(|| "same".into());
        fields.entry("autosize").or_insert_with(|| true.into());
        fields.entry("font").or_insert_with(
            || serde_json::json!({ "family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", "size": 13 }),
        );
    }
    layout
}

/// What lives as long as the drawing.
struct Drawing {
    element: HtmlElement,
    observer: Option<ResizeObserver>,
    _on_resize: Closure<dyn FnMut()>,
    _on_relayout: Closure<dyn FnMut(JsValue)>,
}

impl Drop for Drawing {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        binding::purge(&self.element);
    }
}

/// The range of the x axis that is shown; absent: all of it.
pub type ShownRange = Option<(f64, f64)>;

/// Draws a figure, with its table beside it, buttons to save it, and an error that says what to do.
#[expect(clippy::too_many_lines, reason = "mostly markup")]
#[component]
pub fn Plot(
    /// The figure; drawn anew at every change, keeping the reader's zoom. `None`: not known yet.
    #[prop(into)]
    figure: Signal<Option<PlotFigure>>,
    /// What it shows, in a sentence: read aloud instead of the drawing.
    #[prop(into)]
    label: Signal<String>,
    /// The same numbers as a table.
    #[prop(into)]
    table: ViewFn,
    /// Heading of the table.
    #[prop(default = "The numbers behind this figure".into(), into)]
    table_title: Signal<String>,
    /// Name of saved files, without the ending.
    #[prop(default = "figure".into(), into)]
    file_name: Signal<String>,
    /// Height in pixels.
    #[prop(default = 420)]
    height: u32,
    /// Called when the reader zooms: the visible x range, `None` for everything.
    #[prop(optional, into)]
    on_range: Option<Callback<(ShownRange,)>>,
    /// Stands directly under the drawing (numbers at risk).
    #[prop(optional, into)]
    below: ViewFn,
    /// Stands in the drawing's place until it is drawn: the plotting library takes its time the first time.
    #[prop(optional, into)]
    preview: ViewFn,
) -> impl IntoView {
    let canvas = NodeRef::<html::Div>::new();
    let failure = RwSignal::new(None::<String>);
    let is_drawn = RwSignal::new(false);
    let is_zoomed = RwSignal::new(false);
    let tries = RwSignal::new(0_u32);
    let drawing = StoredValue::new(None::<SendWrapper<Drawing>>);
    let generation = StoredValue::new(0_u32);
    on_cleanup(move || {
        generation.try_update_value(|n| *n += 1);
        drawing.try_update_value(|d| *d = None);
    });

    Effect::new(move |_| {
        tries.track();
        let (Some(element), Some(figure)) = (canvas.get(), figure.get()) else {
            return;
        };
        let element: HtmlElement = element.into();
        let data = figure.data.to_string();
        let layout = with_defaults(&figure.layout).to_string();
        let Some(mine) = generation.try_update_value(|n| {
            *n += 1;
            *n
        }) else {
            return;
        };
        spawn_local(async move {
            let loaded = binding::load().await;
            // A newer figure, or a screen that was left meanwhile.
            let is_current = || generation.try_get_value() == Some(mine);
            if !is_current() {
                return;
            }
            let drawn = match loaded {
                Ok(()) => binding::draw(&element, &data, &layout, CONFIG).await,
                Err(problem) => Err(problem),
            };
            if generation.try_get_value().is_none() {
                // Drawn into a screen that is gone.
                binding::purge(&element);
                return;
            }
            failure.try_set(drawn.err());
            if failure.try_get_untracked().flatten().is_none() {
                is_drawn.try_set(true);
                attach(drawing, element, is_zoomed, on_range);
            }
        });
    });

    let say = use_toast();
    let save = move |format: &'static str| {
        let Some(element) = canvas.get_untracked() else {
            return;
        };
        let name = format!("{}.{format}", file_name.get_untracked());
        let element: HtmlElement = element.into();
        spawn_local(async move {
            let saved = match binding::image(&element, format).await {
                Ok(address) => save_address(&address, &name),
                Err(problem) => Err(problem),
            };
            if let Err(problem) = saved {
                say(format!("The picture could not be saved: {problem}"));
            }
        });
    };
    let reset = move || {
        if let Some(element) = canvas.get_untracked() {
            binding::reset_zoom(&element.into());
            toast("The whole figure is shown again.");
        }
    };
    view! {
        <figure class="figure">
            <div class="figure__place">
                <Show when=move || !is_drawn.get() && failure.with(Option::is_none)>
                    <div class="figure__preview" aria-hidden="true">{preview.run()}</div>
                </Show>
                <div
                    class="figure__canvas"
                    role="img"
                    aria-label=move || label.get()
                    node_ref=canvas
                    data-state=move || if is_drawn.get() { "drawn" } else { "loading" }
                    style:--figure-height=format!("{height}px")
                    hidden=move || failure.get().is_some()
                ></div>
            </div>
            {move || {
                failure
                    .get()
                    .map(|message| {
                        view! {
                            <Notice kind=NoticeKind::Error title="The figure could not be drawn">
                                <p>{message}</p>
                                <div class="row">
                                    <Button
                                        label="Try again"
                                        small=true
                                        on_click=move || {
                                            failure.set(None);
                                            tries.update(|n| *n += 1);
                                        }
                                    />
                                </div>
                            </Notice>
                        }
                    })
            }}
            {below.run()}
            <div class="figure__actions">
                <Show when=move || is_zoomed.get()>
                    <Button label="Show all" kind=ButtonKind::Quiet small=true on_click=reset/>
                </Show>
                <Button
                    label="Save as PNG"
                    kind=ButtonKind::Quiet
                    small=true
                    icon=IconName::Download
                    disabled=move || !is_drawn.get()
                    on_click=move || save("png")
                />
                <Button
                    label="Save as SVG"
                    kind=ButtonKind::Quiet
                    small=true
                    icon=IconName::Download
                    disabled=move || !is_drawn.get()
                    on_click=move || save("svg")
                />
            </div>
            <Details summary=table_title>{table.run()}</Details>
        </figure>
    }
}

/// Once a drawing: follow the element's size and the reader's zoom.
fn attach(
    drawing: StoredValue<Option<SendWrapper<Drawing>>>,
    element: HtmlElement,
    is_zoomed: RwSignal<bool>,
    on_range: Option<Callback<(ShownRange,)>>,
) {
    if drawing.try_with_value(Option::is_some) != Some(false) {
        return;
    }
    let resized = element.clone();
    let on_resize = Closure::<dyn FnMut()>::new(move || binding::resize(&resized));
    let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        observer.observe(&element);
    }
    let on_relayout = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        if let Some(range) = binding::x_range(&event) {
            is_zoomed.try_set(range.is_some());
            if let Some(on_range) = on_range {
                on_range.try_run((range,));
            }
        }
    });
    // Without the event the figure is drawn all the same; only what follows its zoom stays as it is.
    drop(binding::on(&element, "plotly_relayout", on_relayout.as_ref().unchecked_ref()));
    let made = Drawing { element, observer, _on_resize: on_resize, _on_relayout: on_relayout };
    drawing.try_update_value(|d| *d = Some(SendWrapper::new(made)));
}

/// Saves a `data:` address as a file.
fn save_address(address: &str, name: &str) -> Result<(), String> {
    let (head, body) = address.split_once(',').ok_or("the picture is empty")?;
    let mime = head.trim_start_matches("data:").split(';').next().unwrap_or("application/octet-stream");
    let text = if head.ends_with(";base64") {
        window().atob(body).map_err(|e| web::error::describe(&e))?
    } else {
        let decoded = js_sys::decode_uri_component(body).map_err(|e| web::error::describe(&e))?;
        return web::files::download(name, String::from(decoded).as_bytes(), mime).map_err(|e| e.to_string());
    };
    // What `atob` gives has one byte a character.
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(0)).collect();
    web::files::download(name, &bytes, mime).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_keeps_what_it_says_itself() {
        let layout = with_defaults(&serde_json::json!({ "uirevision": "other", "title": "x" }));
        assert_eq!(layout["uirevision"], "other");
        assert_eq!(layout["autosize"], true);
        assert_eq!(layout["title"], "x");
    }
}
