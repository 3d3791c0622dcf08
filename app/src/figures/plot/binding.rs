//! Seven functions of Plotly and the loading of its bundle. Errors are returned, never thrown.

use std::cell::RefCell;

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use crate::figures::kaplan_meier::FigureColours;

const BUNDLE: &str = "/vendor/plotly.min.js";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Plotly, catch)]
    fn react(element: &HtmlElement, data: &JsValue, layout: &JsValue, config: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch, js_name = purge)]
    fn purge_element(element: &HtmlElement) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch, js_name = toImage)]
    fn to_image(element: &HtmlElement, options: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = Plotly, catch, js_name = relayout)]
    fn relayout_element(element: &HtmlElement, changes: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = ["Plotly", "Plots"], catch, js_name = resize)]
    fn resize_element(element: &HtmlElement) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// The bundle's loading, shared by all figures.
    static LOADING: RefCell<Option<Promise>> = const { RefCell::new(None) };
}

fn words(thrown: &JsValue) -> String {
    web::error::describe(thrown)
}

/// Loads the bundle, once a visit. A failure is forgotten, so that the next try asks again.
pub(super) async fn load() -> Result<(), String> {
    let promise = LOADING.with_borrow_mut(|loading| loading.get_or_insert_with(script).clone());
    JsFuture::from(promise).await.map(drop).map_err(|_event| {
        LOADING.with_borrow_mut(|loading| *loading = None);
        "The drawing library could not be loaded. Check the connection to the server and try again; the table beside \
         the figure holds the same numbers."
            .to_owned()
    })
}

fn script() -> Promise {
    Promise::new(&mut |resolve, reject| {
        let add = || -> Result<(), JsValue> {
            let document =
                web_sys::window().and_then(|w| w.document()).ok_or_else(|| JsValue::from_str("no document"))?;
            let script: web_sys::HtmlScriptElement = document.create_element("script")?.unchecked_into();
            script.set_src(BUNDLE);
            script.set_onload(Some(&resolve));
            script.set_onerror(Some(&reject));
            document.head().ok_or_else(|| JsValue::from_str("no head"))?.append_child(&script)?;
            Ok(())
        };
        if let Err(error) = add() {
            // Calling the rejection of a fresh promise cannot fail.
            drop(reject.call1(&JsValue::NULL, &error));
        }
    })
}

fn parse(json: &str) -> Result<JsValue, String> {
    js_sys::JSON::parse(json).map_err(|e| words(&e))
}

/// Draws, or draws anew keeping the reader's zoom.
pub(super) async fn draw(element: &HtmlElement, data: &str, layout: &str, config: &str) -> Result<(), String> {
    let promise = react(element, &parse(data)?, &parse(layout)?, &parse(config)?).map_err(|e| words(&e))?;
    JsFuture::from(promise).await.map(drop).map_err(|e| words(&e))
}

/// Fits the drawing to its element.
pub(super) fn resize(element: &HtmlElement) {
    // Fails only while nothing is drawn yet: the drawing that follows has the right size.
    drop(resize_element(element));
}

/// Takes the drawing down with its listeners.
pub(super) fn purge(element: &HtmlElement) {
    drop(purge_element(element));
}

/// Shows everything again.
pub(super) fn reset_zoom(element: &HtmlElement) {
    let changes = Object::new();
    for axis in ["xaxis.autorange", "yaxis.autorange"] {
        drop(Reflect::set(&changes, &axis.into(), &JsValue::TRUE));
    }
    drop(relayout_element(element, &changes));
}

/// The drawing as a data address.
pub(super) async fn image(element: &HtmlElement, format: &str) -> Result<String, String> {
    let options = Object::new();
    for (key, value) in [
        ("format", JsValue::from_str(format)),
        ("width", JsValue::from_f64(f64::from(element.client_width()))),
        ("height", JsValue::from_f64(f64::from(element.client_height()))),
        ("scale", JsValue::from_f64(if format == "png" { 3.0 } else { 1.0 })),
    ] {
        Reflect::set(&options, &key.into(), &value).map_err(|e| words(&e))?;
    }
    let promise = to_image(element, &options).map_err(|e| words(&e))?;
    let address = JsFuture::from(promise).await.map_err(|e| words(&e))?;
    address.as_string().ok_or_else(|| "the drawing gave no picture".to_owned())
}

/// Listens to one of Plotly's own events as long as the drawing lives (purging it takes the listeners down).
pub(super) fn on(element: &HtmlElement, event: &str, handler: &Function) -> Result<(), String> {
    let on: Function =
        Reflect::get(element, &"on".into()).and_then(|on| on.dyn_into::<Function>()).map_err(|e| words(&e))?;
    on.call2(element, &event.into(), handler).map(drop).map_err(|e| words(&e))
}

/// The visible x range that a relayout event tells, if it tells one: `Some(None)` for everything.
pub(super) fn x_range(event: &JsValue) -> Option<Option<(f64, f64)>> {
    let number = |key: &str| Reflect::get(event, &key.into()).ok().and_then(|v| v.as_f64());
    match (number("xaxis.range[0]"), number("xaxis.range[1]")) {
        (Some(from), Some(to)) => Some(Some((from, to))),
        _ if Reflect::get(event, &"xaxis.autorange".into()).is_ok_and(|v| v.is_truthy()) => Some(None),
        _ => None,
    }
}

/// The tokens as they are now.
pub(super) fn colours() -> FigureColours {
    let style = web_sys::window().and_then(|w| {
        let root = w.document()?.document_element()?;
        w.get_computed_style(&root).ok().flatten()
    });
    let token = |name: &str, otherwise: &str| {
        style
            .as_ref()
            .and_then(|s| s.get_property_value(name).ok())
            .map(|v| v.trim().to_owned())
            // A browser that does not know registered tokens hands out what they are made of.
            .filter(|v| !v.is_empty() && !v.starts_with("light-dark"))
            .unwrap_or_else(|| otherwise.to_owned())
    };
    let series = ["#0b6a7a", "#bf5216", "#6847a0", "#3d7a1e", "#a23079", "#55606b"];
    FigureColours {
        ink: token("--ink", "#11201f"),
        quiet: token("--chart-axis", "#586967"),
        line: token("--chart-grid", "#e2e9e9"),
        surface: token("--chart-paper", "#ffffff"),
        series: series.iter().enumerate().map(|(i, d)| token(&format!("--chart-{}", i + 1), d)).collect(),
    }
}
