//! What was replaced in notes, shown before anything is stored: accept, add words, mark terms that stay, or discard.
//!
//! What stood in the notes is in this page's memory only while this step is shown.

mod choices;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::intake::{ReviewExample, ReviewedClass, ScreenReview};
use protocol::{DiscardPrepared, PreparedImport, StorePrepared, StoredImport, TextPolicy, TextStyle};

use super::report::Added;
use super::safe_harbor::SafeHarbor;
use super::{Step, Wizard, start_import};
use crate::components::*;
use crate::format::{count, counted};
use crate::stores::datasets::{Datasets, use_datasets};
use crate::stores::engine::{EngineHandle, use_engine};

use choices::{changed, class_words, may_stay, stays, toggle};

/// Shows what was prepared, or stores it at once where there is no text to look at.
pub(super) fn prepared(wizard: Wizard, engine: EngineHandle, datasets: Datasets, import: &PreparedImport) {
    if import.review.n_texts == 0 {
        store(wizard, engine, datasets);
    } else {
        wizard.step.try_set(Step::Review);
    }
}

/// Stores what is held.
fn store(wizard: Wizard, engine: EngineHandle, datasets: Datasets) {
    wizard.step.try_set(Step::Import);
    wizard.import.run_then(engine, StorePrepared {}, Vec::new(), move |answer: &web::engine::Answer<StoredImport>| {
        super::stored(wizard, datasets, &answer.value);
    });
    wizard.prepare.reset();
}

/// Lets what is held go. A failure is not worth a message: it is held in the memory of a worker only, and the next import lets it go.
pub(super) fn discard(engine: EngineHandle) {
    spawn_local(async move {
        drop(engine.call(DiscardPrepared {}).await);
    });
}

/// What stands in the place of what is found in notes.
#[component]
pub(super) fn TextChoice(wizard: Wizard) -> impl IntoView {
    let value = move || match wizard.text.with(|text| text.style) {
        TextStyle::Surrogates => "surrogates".to_owned(),
        TextStyle::Tags => "tags".to_owned(),
    };
    let option = |value: &str, label: &str, hint: &str| RadioOption {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let options = vec![
        option(
            "surrogates",
            "Made-up names and numbers of the same kind",
            "Surrogates: the same name gets the same made-up name within a patient's notes, dates move with the patient's other \
             dates. Text stays readable, and what the screen may have missed does not stand out. Recommended.",
        ),
        option("tags", "Words in brackets", "[NAME], [DATE], ...: nobody can take them for the real ones."),
    ];
    let change = move |name: String| {
        wizard.text.update(|text| {
            text.style = if name == "tags" { TextStyle::Tags } else { TextStyle::Surrogates };
        });
    };
    view! {
        <Section
            title="What happens in notes and free text"
            lead="Identifiers are looked for and replaced. You see what was replaced before anything is stored."
        >
            <Card>
                <RadioGroup legend="In their place" value=value options=options on_change=change/>
            </Card>
        </Section>
    }
}

/// The step between reading and storing.
#[component]
pub(super) fn Review(wizard: Wizard) -> impl IntoView {
    let engine = use_engine();
    // The page is left with a dataset waiting: it is let go, nothing was stored.
    on_cleanup(move || {
        if wizard.prepare.load.try_with_untracked(|load| load.ready().is_some()) == Some(true) {
            discard(engine);
        }
    });
    let shown = move || wizard.prepare.load.with(|load| load.ready().cloned());
    move || shown().map(|import| view! { <Prepared import=import wizard=wizard/> })
}

#[component]
fn Prepared(import: PreparedImport, wizard: Wizard) -> impl IntoView {
    let engine = use_engine();
    let datasets = use_datasets();
    let used = wizard.text.get_untracked();
    let typed = RwSignal::new(used.remove.join("\n"));
    let keep = RwSignal::new(used.keep.clone());
    let used = StoredValue::new(used);
    let wanted = Memo::new(move |_| used.with_value(|used| changed(used, &typed.get(), &keep.get())));
    let is_changed = Memo::new(move |_| used.with_value(|used| *used != wanted.get()));
    let again = move || {
        wizard.text.set(wanted.get_untracked());
        start_import(wizard, engine, datasets);
    };
    let give_up = move || {
        discard(engine);
        wizard.restart();
    };
    let PreparedImport { name, report, review } = import;
    let merged = report.merged;
    let lead = format!(
        "'{name}': {} went through the identifier screen. Nothing is stored yet; what stood there before is shown here only.",
        counted(review.n_texts, "text", "texts")
    );
    view! {
        <div class="stack stack--l">
            <Section title="Look at what was replaced" lead=lead>
                <Replaced review=review keep=keep/>
                <Card title="Words that must go too">
                    <TextArea
                        label="Names, wards, places or numbers that you know and the screen may not"
                        value=typed
                        on_input=move |text: String| typed.set(text)
                        hint="One a line or separated by commas; found in any case as whole words, in all notes and texts."
                    />
                    <Show when=move || !keep.with(Vec::is_empty)>
                        <p>{move || format!("Marked to stay: {}.", keep.get().join(", "))}</p>
                    </Show>
                    <div class="row">
                        <Button
                            label="Screen again"
                            disabled=Signal::derive(move || !is_changed.get())
                            on_click=again
                        />
                        <span class="muted small">"Reads the files again with these words."</span>
                    </div>
                </Card>
            </Section>
            {merged
                .map(|merged| {
                    view! { <Section title="What will be added to the dataset"><Added merged=merged/></Section> }
                })}
            <Details summary="All eighteen classes of Safe Harbor, so far">
                <SafeHarbor report=report.clone()/>
            </Details>
            <div class="import-bar" role="group" aria-label="Store or discard">
                <Button label="Discard" on_click=give_up/>
                <Button
                    label="Accept and store"
                    kind=ButtonKind::Primary
                    disabled=is_changed
                    on_click=move || store(wizard, engine, datasets)
                />
            </div>
            <Show when=move || is_changed.get()>
                <p class="muted" role="status">"You changed what goes or stays: screen again before you store."</p>
            </Show>
        </div>
    }
}

/// What was replaced, by class.
#[component]
fn Replaced(review: ScreenReview, keep: RwSignal<Vec<String>>) -> impl IntoView {
    let total: u64 = review.classes.iter().map(|c| c.found).sum();
    let by_class = TableData {
        caption: "Replaced in notes and text, by kind".to_owned(),
        columns: vec![Column::text("Kind"), Column::number("Replaced"), Column::number("Different")],
        rows: review
            .classes
            .iter()
            .map(|c| vec![class_words(&c.class).to_owned(), count(c.found), count(c.n_different)])
            .collect(),
    };
    if total == 0 {
        return view! {
            <Notice kind=NoticeKind::Warn title="Nothing was found to replace">
                <p>"That is unusual for notes. If you know names or numbers that stand in them, add them below."</p>
            </Notice>
        }
        .into_any();
    }
    view! {
        <DataTable table=by_class file_name="replaced by kind"/>
        {review.classes.into_iter().map(|class| view! { <OfClass class=class keep=keep/> }).collect_view()}
    }
    .into_any()
}

/// Headings of the columns.
const BEFORE: &str = "Before (not stored)";
const AFTER: &str = "After";
const TIMES: &str = "Times";
const RIGHT: &str = "Right?";

/// What was replaced of one class: before and after, in context.
#[component]
fn OfClass(class: ReviewedClass, keep: RwSignal<Vec<String>>) -> impl IntoView {
    let ReviewedClass { class, found, n_different, examples } = class;
    let heading = format!("{}: {}", class_words(&class), counted(found, "time", "times"));
    let caption = if n_different > examples.len() as u64 {
        format!("{}: the {} most frequent of {}", class_words(&class), count(examples.len() as u64), count(n_different))
    } else {
        class_words(&class).to_owned()
    };
    let may_stay = may_stay(&class);
    let is_open = class == "name";
    let rows = StoredValue::new(examples);
    let caption = StoredValue::new(caption);
    view! {
        <Details summary=heading open=is_open>
            <ScrollRegion label=caption.get_value() tall=true>
                <table class="table table--stacks review" role="table">
                    <caption>{caption.get_value()}</caption>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th scope="col" role="columnheader">{BEFORE}</th>
                            <th scope="col" role="columnheader">{AFTER}</th>
                            <th scope="col" role="columnheader" class="table__num">{TIMES}</th>
                            {may_stay.then(|| view! { <th scope="col" role="columnheader">{RIGHT}</th> })}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {rows
                            .get_value()
                            .into_iter()
                            .map(|example| view! { <Row example=example may_stay=may_stay keep=keep/> })
                            .collect_view()}
                    </tbody>
                </table>
            </ScrollRegion>
        </Details>
    }
}

#[component]
fn Row(example: ReviewExample, may_stay: bool, keep: RwSignal<Vec<String>>) -> impl IntoView {
    let ReviewExample { found, replacement, times, before, after } = example;
    let word = StoredValue::new(found.clone());
    let is_kept = Memo::new(move |_| word.with_value(|word| keep.with(|keep| stays(keep, word))));
    let label = move || if is_kept.get() { "Replace after all" } else { "Keep this term" }.to_owned();
    let own = found.clone();
    let long = Signal::derive(move || {
        Some(if is_kept.get() { format!("Replace after all: '{own}'") } else { format!("Keep this term: '{own}'") })
    });
    let flip = move || keep.update(|keep| word.with_value(|word| toggle(keep, word)));
    view! {
        <tr role="row">
            <td role="cell" data-heading=BEFORE><span>{before.0}<mark>{found}</mark>{before.1}</span></td>
            <td role="cell" data-heading=AFTER><span>{after.0}<mark>{replacement}</mark>{after.1}</span></td>
            <td role="cell" class="table__num" data-heading=TIMES>{count(times)}</td>
            {may_stay
                .then(|| {
                    view! {
                        <td role="cell" class="review__right" data-heading=RIGHT>
                            <Button label=Signal::derive(label) kind=ButtonKind::Quiet small=true aria_label=long on_click=flip/>
                        </td>
                    }
                })}
        </tr>
    }
}

/// Begins anew with the words of a policy forgotten: they belong to the files that were reviewed.
pub(super) fn fresh(text: RwSignal<TextPolicy>) {
    text.update(|text| {
        text.remove.clear();
        text.keep.clear();
    });
}
