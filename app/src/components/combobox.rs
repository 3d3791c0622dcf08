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
///
/// Only what answers the text in the field can be taken. Until the matches for it are there, those of the text before stay
/// in sight, dimmed and out of reach, and an arrow key waits for the new ones.
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
    /// The text that `options` answer, `None` where they answer nothing that is asked now. Needed where matches come later
    /// than `on_query` returns; without it they are taken to be there when it returns.
    #[prop(optional, into)]
    answers: Option<Signal<Option<String>>>,
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
    let asked = RwSignal::new(None::<String>);
    // The arrow key that was pressed before the matches came.
    let owed = StoredValue::new(None::<bool>);
    let is_current = Memo::new(move |_| {
        let answered = answers.map_or_else(|| asked.get(), |answers| answers.get());
        text.with(|text| answered.as_deref() == Some(text.as_str()))
    });
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let wait_no_more = move || {
        if let Some(Some(handle)) = waiting.try_get_value() {
            handle.clear();
        }
        waiting.try_set_value(None);
    };
    on_cleanup(wait_no_more);

    let ask_now = move || {
        wait_no_more();
        let query = text.get_untracked();
        on_query.run((query.clone(),));
        asked.set(Some(query));
    };
    let ask_when_typing_rests = move || {
        wait_no_more();
        waiting.set_value(set_timeout_with_handle(ask_now, REST).ok());
    };
    // A place belongs to the list it was chosen in.
    Effect::new(move |_| {
        let n = options.with(Vec::len);
        let down = if is_current.get() { owed.get_value() } else { None };
        if down.is_some() {
            owed.set_value(None);
        }
        at.set(down.and_then(|down| step(None, n, down)));
    });
    let pick = move |option: ComboOption| {
        is_open.set(false);
        at.set(None);
        text.set(String::new());
        ask_now();
        on_pick.run((option,));
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        key @ ("ArrowDown" | "ArrowUp") => {
            event.prevent_default();
            is_open.set(true);
            let down = key == "ArrowDown";
            if !is_current.get_untracked() {
                owed.set_value(Some(down));
                ask_now();
            } else {
                at.set(step(at.get_untracked(), options.with_untracked(Vec::len), down));
            }
        }
        "Enter" if is_open.get_untracked() => {
            event.prevent_default();
            let chosen = options.with_untracked(|o| taken(is_current.get_untracked(), at.get_untracked(), o).cloned());
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
            _ if !is_current.get() => "Searching…".to_owned(),
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
                        text.set(event.target().value());
                        is_open.set(true);
                        at.set(None);
                        owed.set_value(None);
                        ask_when_typing_rests();
                    }
                    on:focus=move |_| {
                        is_open.set(true);
                        ask_now();
                    }
                    on:blur=move |_| is_open.set(false)
                    on:keydown=on_key
                />
                <ul
                    class="combobox__list"
                    class:combobox__list--old=move || !is_current.get()
                    role="listbox"
                    id=list_id
                    aria-label=move || label.get()
                    hidden=move || !is_open.get()
                >
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
                                            if is_current.get_untracked() {
                                                pick(picked.clone());
                                            }
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

/// What the Enter key takes: the marked option, and only while the list answers what is in the field.
fn taken(is_current: bool, at: Option<usize>, options: &[ComboOption]) -> Option<&ComboOption> {
    at.filter(|_| is_current).and_then(|at| options.get(at))
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
    fn nothing_is_taken_from_the_list_of_an_older_text() {
        let option = |value: &str| ComboOption { value: value.into(), label: value.into(), detail: String::new() };
        let options = [option("age"), option("nodes")];
        assert_eq!(taken(true, Some(1), &options), Some(&options[1]));
        assert_eq!(taken(false, Some(1), &options), None, "the matches for what was typed are not there yet");
        assert_eq!(taken(true, None, &options), None, "nothing is marked");
        assert_eq!(taken(true, Some(2), &options), None, "the list became shorter");
    }

    #[test]
    fn arrow_keys_go_round_the_list() {
        assert_eq!(step(None, 0, true), None);
        assert_eq!(step(None, 3, true), Some(0));
        assert_eq!(step(None, 3, false), Some(2));
        assert_eq!(step(Some(2), 3, true), Some(0));
        assert_eq!(step(Some(0), 3, false), Some(2));
    }
}
