//! The citations on this device, with a search.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::citation::EffectMeasure;

use super::Desk;
use super::card::CitationCard;
use crate::components::*;
use crate::format::{count, counted};
use crate::stores::literature::{self, SavedCitation};

/// Citations shown at first, and added by 'Show more'.
pub(super) const PAGE: usize = 25;
/// Values of the choice of what is shown.
pub(super) const ALL: &str = "all";
const ANY_EFFECT: &str = "effects";

/// The list. A citation that did not change stays as it is when the shelf is read again: what was opened stays open.
#[component]
pub(super) fn List(desk: Desk) -> impl IntoView {
    let Desk { shelf, search, only, n_shown, .. } = desk;
    let problems =
        Signal::derive(move || shelf.with(|load| load.ready().map(|s| s.problems.clone())).unwrap_or_default());
    let n_all = Memo::new(move |_| with(desk, <[_]>::len));
    let choices = Signal::derive(move || with(desk, options));
    // What is shown: places in the list.
    let found = Memo::new(move |_| {
        let words: Vec<String> = search.get().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let only = only.get();
        with(desk, |all| {
            let wanted = all.iter().enumerate().filter(|(_, c)| is_wanted(c, &only) && c.matches(&words));
            wanted.map(|(i, _)| i).collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let n = n_shown.get();
        let found = found.get();
        with(desk, |all| found.iter().take(n).filter_map(|place| all.get(*place).cloned()).collect::<Vec<_>>())
    };
    view! {
        <NoticeList kind=NoticeKind::Warn title="Some records cannot be read" items=problems/>
        <Show when=move || n_all.get() != 0 fallback=NoCitations>
            <Section title="Citations" actions=move || view! { <DeleteAll desk=desk/> }>
                <div class="grid no-print">
                    <TextInput
                        label="Search"
                        kind="search"
                        value=search
                        on_input=move |words: String| {
                            n_shown.set(PAGE);
                            search.set(words);
                        }
                        placeholder="title, author, journal, year, MeSH \u{2026}"
                    />
                    <Select
                        label="Show"
                        value=only
                        options=choices
                        on_change=move |value: String| {
                            n_shown.set(PAGE);
                            only.set(value);
                        }
                    />
                </div>
                <p class="muted small" role="status">{move || found_words(found.with(Vec::len), n_all.get())}</p>
                <ul class="citations">
                    <For each=rows key=|saved| (saved.id.clone(), saved.revision) let(saved)>
                        <li><CitationCard saved=saved desk=desk/></li>
                    </For>
                </ul>
                <Show when=move || found.with(Vec::len).gt(&n_shown.get())>
                    <div class="row no-print">
                        <Button label="Show more" on_click=move || n_shown.update(|n| *n += PAGE)/>
                    </div>
                </Show>
            </Section>
        </Show>
    }
}

/// Reads the citations; none while they are read.
fn with<T: Default>(desk: Desk, read: impl FnOnce(&[SavedCitation]) -> T) -> T {
    desk.shelf.with(|load| load.ready().map(|shelf| read(&shelf.citations))).unwrap_or_default()
}

#[component]
fn NoCitations() -> impl IntoView {
    view! {
        <EmptyState title="There are no citations on this device yet">
            <p>
                "On PubMed: search, then \u{2018}Send to\u{2019}, \u{2018}Citation manager\u{2019}, and drop the .nbib file above. From Zotero or EndNote: export as \
                 RIS, with abstracts."
            </p>
        </EmptyState>
    }
}

fn is_wanted(saved: &SavedCitation, only: &str) -> bool {
    match only {
        ALL => true,
        ANY_EFFECT => saved.has_effect(None),
        short => EffectMeasure::ALL.into_iter().find(|m| m.short() == short).is_some_and(|m| saved.has_effect(Some(m))),
    }
}

/// All, those with estimates, and those of each measure that occurs.
fn options(citations: &[SavedCitation]) -> Vec<(String, String)> {
    let n_with = |measure: Option<EffectMeasure>| citations.iter().filter(|c| c.has_effect(measure)).count() as u64;
    let mut options = vec![
        (ALL.to_owned(), format!("All ({})", count(citations.len() as u64))),
        (ANY_EFFECT.to_owned(), format!("With an effect estimate ({})", count(n_with(None)))),
    ];
    for measure in EffectMeasure::ALL {
        let n = n_with(Some(measure));
        if n > 0 {
            options.push((measure.short().to_owned(), format!("With {}s ({})", measure.words(), count(n))));
        }
    }
    options
}

fn found_words(found: usize, all: usize) -> String {
    let counted_all = counted(all as u64, "citation", "citations");
    match found {
        0 => "No citation has all of these words.".to_owned(),
        n if n == all => counted_all,
        n => format!("{} of {counted_all}", count(n as u64)),
    }
}

#[component]
fn DeleteAll(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    let say = use_toast();
    let delete = move || {
        spawn_local(async move {
            match literature::delete_all().await {
                Ok(()) => {
                    desk.ticked.try_set(Default::default());
                    desk.outcome.try_set(None);
                    focus_heading();
                    say("All citations were deleted.".to_owned());
                }
                Err(error) => say(format!("The citations could not be deleted: {error}")),
            }
            desk.reload();
        });
    };
    view! {
        <Button label="Delete all" kind=ButtonKind::DangerQuiet small=true aria_label="Delete all citations" on_click=move || open.set(true)/>
        <ConfirmDialog open=open title="Delete all citations?" confirm="Delete all" danger=true on_confirm=delete>
            <p>"They are taken off this device. The files they came from stay as they are."</p>
        </ConfirmDialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::citation::{Citation, FoundEffect};

    #[test]
    fn measures_that_occur_can_be_chosen() {
        let with = |measure| FoundEffect { measure, ..FoundEffect::default() };
        let shelf = [
            SavedCitation::new(
                "a".into(),
                Citation { effects: vec![with(EffectMeasure::OddsRatio)], ..Citation::default() },
            ),
            SavedCitation::new("b".into(), Citation::default()),
        ];
        let options = options(&shelf);
        let words: Vec<&str> = options.iter().map(|(_, w)| w.as_str()).collect();
        assert_eq!(words, ["All (2)", "With an effect estimate (1)", "With odds ratios (1)"]);
        assert!(
            is_wanted(&shelf[0], "OR")
                && !is_wanted(&shelf[1], "OR")
                && !is_wanted(&shelf[0], "HR")
                && is_wanted(&shelf[1], ALL)
        );
        assert_eq!(found_words(2, 2), "2 citations");
        assert_eq!(found_words(1, 2), "1 of 2 citations");
        assert_eq!(found_words(0, 2), "No citation has all of these words.");
    }
}
