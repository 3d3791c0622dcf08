//! A text field that offers matches while one types (ARIA combobox with a list).

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::Field;
use super::field::{described_by, unique_id};

/// How long typing must rest before matches are asked for.
const REST: std::time::Duration = std::time::Duration::from_millis(140);

/// A match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComboOption {
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
    /// What is shown beside it: a code, a count.
    pub detail: String,
}

/// A text field that offers matches while one types. It does not filter: it asks `on_query` and shows `options`.
#[expect(clippy::too_many_lines, reason = "mostly markup")]
#[component]
pub fn Combobox(
    /// What is searched.
    #[prop(into)]
    label: Signal<String>,
    /// The matches for what was typed last.
    #[prop(into)]
    options: Signal<Vec<ComboOption>>,
    /// Called with the text when typing rests, and with the empty text when the field is entered.
    #[prop(into)]
    on_query: Callback<(String,)>,
    /// Called with the match that was picked; the field is emptied.
    #[prop(into)]
    on_pick: Callback<(ComboOption,)>,
    /// How to search.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Shown while empty.
    #[prop(optional, into)]
    placeholder: String,
    /// Whether matches are on their way.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let id = unique_id("combobox");
    let list_id = format!("{id}-list");
    let option_id = {
        let list_id = list_id.clone();
        move |i: usize| format!("{list_id}-{i}")
    };
    let text = RwSignal::new(String::new());
    let is_open = RwSignal::new(false);
    let at = RwSignal::new(None::<usize>);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    on_cleanup(move || {
        if let Some(Some(handle)) = waiting.try_get_value() {
            handle.clear();
        }
    });

    let ask = move |query: String| {
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        let later = set_timeout_with_handle(move || on_query.run((query,)), REST);
        waiting.set_value(later.ok());
    };
    let pick = move |option: ComboOption| {
        is_open.set(false);
        at.set(None);
        text.set(String::new());
        on_pick.run((option,));
    };
    let on_key = move |event: KeyboardEvent| {
        let n = options.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" => {
                event.prevent_default();
                is_open.set(true);
                at.set(step(at.get_untracked(), n, event.key() == "ArrowDown"));
            }
            "Enter" if is_open.get_untracked() => {
                event.prevent_default();
                let chosen = at.get_untracked().and_then(|i| options.with_untracked(|o| o.get(i).cloned()));
                if let Some(option) = chosen {
                    pick(option);
                }
            }
            "Escape" if is_open.get_untracked() => {
                event.prevent_default();
                is_open.set(false);
                at.set(None);
            }
            _ => {}
        }
    };
    let active_id = {
        let option_id = option_id.clone();
        move || at.get().filter(|_| is_open.get()).map(&option_id)
    };
    let said = move || {
        if !is_open.get() {
            return String::new();
        }
        match options.with(Vec::len) {
            _ if busy.get() => "Searching…".to_owned(),
            0 => "No match.".to_owned(),
            1 => "1 match.".to_owned(),
            n => format!("{n} matches."),
        }
    };
    view! {
        <Field id=id.clone() label=label hint=hint error=error>
            <div class="combobox">
                <input
                    class="input"
                    type="text"
                    role="combobox"
                    aria-describedby=described_by(&id)
                    id=id
                    placeholder=placeholder
                    autocomplete="off"
                    spellcheck="false"
                    aria-autocomplete="list"
                    aria-expanded=move || is_open.get().to_string()
                    aria-controls=list_id.clone()
                    aria-activedescendant=active_id
                    prop:value=text
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        text.set(typed.clone());
                        is_open.set(true);
                        at.set(None);
                        ask(typed);
                    }
                    on:focus=move |_| {
                        is_open.set(true);
                        ask(text.get_untracked());
                    }
                    on:blur=move |_| is_open.set(false)
                    on:keydown=on_key
                />
                <ul class="combobox__list" role="listbox" id=list_id aria-label=move || label.get() hidden=move || !is_open.get()>
                    {move || {
                        let option_id = option_id.clone();
                        options
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(i, option)| {
                                let picked = option.clone();
                                view! {
                                    <li
                                        class="combobox__option"
                                        role="option"
                                        id=option_id(i)
                                        aria-selected=move || (at.get() == Some(i)).to_string()
                                        // Before the field loses the focus and the list closes.
                                        on:mousedown=move |event| {
                                            event.prevent_default();
                                            pick(picked.clone());
                                        }
                                    >
                                        <span>{option.label}</span>
                                        <span class="combobox__detail num">{option.detail}</span>
                                    </li>
                                }
                            })
                            .collect_view()
                    }}
                    {move || {
                        (options.with(Vec::is_empty))
                            .then(|| view! { <li class="combobox__empty" role="presentation">{said()}</li> })
                    }}
                </ul>
                <p class="visually-hidden" role="status">{said}</p>
            </div>
        </Field>
    }
}

/// The option that an arrow key leads to, going round.
fn step(at: Option<usize>, n: usize, down: bool) -> Option<usize> {
    if n == 0 {
        return None;
    }
    Some(match (at, down) {
        (None, true) => 0,
        (None, false) => n - 1,
        (Some(i), true) => (i + 1) % n,
        (Some(i), false) => (i + n - 1) % n,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrow_keys_go_round_the_list() {
        assert_eq!(step(None, 0, true), None);
        assert_eq!(step(None, 3, true), Some(0));
        assert_eq!(step(None, 3, false), Some(2));
        assert_eq!(step(Some(2), 3, true), Some(0));
        assert_eq!(step(Some(0), 3, false), Some(2));
    }
}
