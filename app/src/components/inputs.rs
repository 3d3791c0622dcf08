//! Text, numbers, choices.

use leptos::prelude::*;

use super::Field;
use super::field::{described_by, unique_id};

/// One line of text.
#[component]
pub fn TextInput(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every key.
    #[prop(into)]
    on_input: Callback<(String,)>,
    /// How to answer.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// An example, shown while empty.
    #[prop(optional, into)]
    placeholder: String,
    /// `text`, `search`, `password`, `date`.
    #[prop(default = "text")]
    kind: &'static str,
    /// Only for screen readers.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let id = unique_id("text");
    view! {
        <Field id=id.clone() label=label hint=hint error=error hide_label=hide_label>
            <input
                class="input"
                type=kind
                aria-describedby=described_by(&id)
                id=id
                placeholder=placeholder
                autocomplete="off"
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=value
                on:input:target=move |event| on_input.run((event.target().value(),))
            />
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every key.
    #[prop(into)]
    on_input: Callback<(String,)>,
    /// How to answer.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let id = unique_id("area");
    view! {
        <Field id=id.clone() label=label hint=hint error=error>
            <textarea
                class="input"
                aria-describedby=described_by(&id)
                id=id
                rows=rows.to_string()
                aria-invalid=move || error.get().is_some().then_some("true")
                prop:value=value
                on:input:target=move |event| on_input.run((event.target().value(),))
            ></textarea>
        </Field>
    }
}

/// Reads a number as people write it: blanks around it, a decimal point or comma. `Ok(None)` for nothing.
///
/// # Errors
/// What to do instead, in words.
pub fn parse_number(text: &str) -> Result<Option<f64>, String> {
    let text = text.trim().replace('\u{2212}', "-");
    if text.is_empty() {
        return Ok(None);
    }
    // One comma and no point is a decimal comma; anything else with a comma is ambiguous.
    let text = match (text.matches(',').count(), text.contains('.')) {
        (1, false) => text.replace(',', "."),
        (0, _) => text,
        _ => return Err("Write the number without thousands separators.".to_owned()),
    };
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(number)),
        _ => Err("This is not a number. Write digits, with a point for decimals.".to_owned()),
    }
}

/// The limits of a number, in words, if it breaks them.
fn limits_broken(number: f64, min: Option<f64>, max: Option<f64>) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) if number < min || number > max => Some(format!("Choose a number from {min} to {max}.")),
        (Some(min), None) if number < min => Some(format!("Choose {min} or more.")),
        (None, Some(max)) if number > max => Some(format!("Choose {max} or less.")),
        _ => None,
    }
}

/// A number; blank means none.
#[component]
pub fn NumberInput(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The number.
    #[prop(into)]
    value: Signal<Option<f64>>,
    /// Called at every readable number (blank: `None`) within the limits.
    #[prop(into)]
    on_change: Callback<(Option<f64>,)>,
    /// How to answer.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong, as seen from outside; what cannot be read is told by the field itself.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Unit behind the field.
    #[prop(optional, into)]
    unit: MaybeProp<String>,
    /// Smallest.
    #[prop(optional, into)]
    min: Option<f64>,
    /// Largest.
    #[prop(optional, into)]
    max: Option<f64>,
    /// Shown while empty.
    #[prop(optional, into)]
    placeholder: String,
    /// Only for screen readers.
    #[prop(optional)]
    hide_label: bool,
) -> impl IntoView {
    let id = unique_id("number");
    let own_error = RwSignal::new(None::<String>);
    // The text being typed: kept while it means the same number as the value ('1.' and '1', '2.50' and '2.5').
    let typed = RwSignal::new(None::<String>);
    let text = Memo::new(move |_| {
        let value = value.get();
        match typed.get() {
            Some(text) if own_error.get().is_some() || parse_number(&text) == Ok(value) => text,
            _ => value.map(|number| number.to_string()).unwrap_or_default(),
        }
    });
    let shown_error = Signal::derive(move || own_error.get().or_else(|| error.get()));
    let changed = move |text: String| {
        let problem = match parse_number(&text) {
            Err(problem) => Some(problem),
            Ok(number) => {
                let broken = number.and_then(|number| limits_broken(number, min, max));
                if broken.is_none() {
                    on_change.run((number,));
                }
                broken
            }
        };
        own_error.set(problem);
        typed.set(Some(text));
    };
    view! {
        <Field id=id.clone() label=label hint=hint error=shown_error hide_label=hide_label>
            <div class="input-suffix">
                <input
                    class="input num"
                    type="text"
                    inputmode="decimal"
                    aria-describedby=described_by(&id)
                    id=id
                    placeholder=placeholder
                    autocomplete="off"
                    aria-invalid=move || shown_error.get().is_some().then_some("true")
                    prop:value=text
                    on:input:target=move |event| changed(event.target().value())
                />
                {move || unit.get().map(|unit| view! { <span class="input-suffix__unit">{unit}</span> })}
            </div>
        </Field>
    }
}

/// One of several, in a menu.
#[component]
pub fn Select(
    /// What is asked.
    #[prop(into)]
    label: Signal<String>,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// Values and their words.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// Called when another one is chosen.
    #[prop(into)]
    on_change: Callback<(String,)>,
    /// How to answer.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Only for screen readers.
    #[prop(optional)]
    hide_label: bool,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = unique_id("select");
    view! {
        <Field id=id.clone() label=label hint=hint error=error hide_label=hide_label>
            <select
                class="input"
                aria-describedby=described_by(&id)
                id=id
                disabled=disabled
                aria-invalid=move || error.get().is_some().then_some("true")
                on:change:target=move |event| on_change.run((event.target().value(),))
            >
                // Drawn anew with its options: a value set before its option exists would be lost.
                {move || {
                    let chosen = value.get();
                    options
                        .get()
                        .into_iter()
                        .map(|(value, words)| {
                            let is_chosen = value == chosen;
                            view! {
                                <option value=value selected=is_chosen prop:selected=is_chosen>{words}</option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </Field>
    }
}

/// Yes or no.
#[component]
pub fn Checkbox(
    /// What is said yes to.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is.
    #[prop(into)]
    value: Signal<bool>,
    /// Called at every change.
    #[prop(into)]
    on_change: Callback<(bool,)>,
    /// What it means.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// Whether it cannot be used now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                disabled=disabled
                prop:checked=value
                on:change:target=move |event| on_change.run((event.target().checked(),))
            />
            <span class="check__text">
                <span>{label}</span>
                {move || hint.get().map(|text| view! { <span class="field__hint">{text}</span> })}
            </span>
        </label>
    }
}

/// One choice of a [`RadioGroup`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RadioOption {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
    /// What it means (may be empty).
    pub hint: String,
}

/// One of a few, all of them visible.
#[component]
pub fn RadioGroup(
    /// What is asked.
    #[prop(into)]
    legend: Signal<String>,
    /// The chosen value.
    #[prop(into)]
    value: Signal<String>,
    /// The choices.
    #[prop(into)]
    options: Signal<Vec<RadioOption>>,
    /// Called when another one is chosen.
    #[prop(into)]
    on_change: Callback<(String,)>,
) -> impl IntoView {
    let name = unique_id("radio");
    view! {
        <fieldset class="fieldset">
            <legend>{legend}</legend>
            {move || {
                options
                    .get()
                    .into_iter()
                    .map(|option| {
                        let own = option.value.clone();
                        let sent = option.value.clone();
                        view! {
                            <label class="check">
                                <input
                                    type="radio"
                                    name=name.clone()
                                    value=option.value
                                    prop:checked=move || value.get() == own
                                    on:change=move |_| on_change.run((sent.clone(),))
                                />
                                <span class="check__text">
                                    <span>{option.label}</span>
                                    {(!option.hint.is_empty())
                                        .then(|| view! { <span class="field__hint">{option.hint}</span> })}
                                </span>
                            </label>
                        }
                    })
                    .collect_view()
            }}
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(parse_number("  "), Ok(None));
        assert_eq!(parse_number(" 12 "), Ok(Some(12.0)));
        assert_eq!(parse_number("2,5"), Ok(Some(2.5)));
        assert_eq!(parse_number("\u{2212}3"), Ok(Some(-3.0)));
        assert_eq!(parse_number("1e3"), Ok(Some(1000.0)));
        for bad in ["1,000,000", "1,000.5", "NaN", "inf", "twelve", "1..2"] {
            assert!(parse_number(bad).is_err(), "{bad} was read as a number");
        }
    }

    #[test]
    fn limits_are_told_in_words() {
        assert_eq!(limits_broken(5.0, Some(0.0), Some(10.0)), None);
        assert_eq!(limits_broken(-1.0, Some(0.0), None).as_deref(), Some("Choose 0 or more."));
        assert_eq!(limits_broken(11.0, Some(0.0), Some(10.0)).as_deref(), Some("Choose a number from 0 to 10."));
        assert_eq!(limits_broken(11.0, None, Some(10.0)).as_deref(), Some("Choose 10 or less."));
    }
}
