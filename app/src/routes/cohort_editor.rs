//! The cohort editor: conditions on the left, the live count and attrition on the right.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use model::cohort::CohortDefinition;
use model::dataset::{DatasetId, DatasetShape};
use protocol::DatasetContents;

use crate::components::*;
use crate::stores::cohorts;
use crate::stores::datasets::use_dataset_id;
use crate::stores::engine::{Load, storage_error, use_engine};
use crate::stores::scope::{read_contents, use_contents};

pub mod covariate_fields;
pub mod draft;
pub mod entry;
pub mod event_fields;
mod exit;
mod group;
pub mod live;
mod prefilled;
mod rules;
mod test_fields;
mod variable_fields;
pub mod words;

use draft::Draft;

/// What a number field answers. A name of its own, since a view cannot hold `<` outside of braces.
pub type MaybeNumber = Option<f64>;

/// What the parts of the editor share. All of it belongs to the editor, which outlives its parts.
#[derive(Clone, Copy)]
pub struct Editor {
    draft: RwSignal<Draft>,
    contents: StoredValue<DatasetContents>,
    dataset: StoredValue<DatasetId>,
    /// Said aloud when something moved or went.
    said: RwSignal<String>,
}

/// What is being edited: its id and revision, none for a new cohort.
#[derive(Clone, Debug, Default, PartialEq)]
struct Opened {
    id: Option<String>,
    revision: u32,
    draft: Draft,
}

/// The cohort editor.
#[component]
pub fn CohortEditorPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    let dataset = use_dataset_id();
    let contents = use_contents(dataset);
    let engine = use_engine();
    let query = use_query_map();
    let opened = RwSignal::new(Load::<Opened>::loading());
    // The id that a save of this very editor put into the address: nothing is read again then.
    let saved_as = StoredValue::new(None::<String>);
    Effect::new(move |_| {
        let id = id.get();
        if saved_as.get_value().as_ref() == Some(&id) {
            return;
        }
        if id == "new" {
            let draft = query.with_untracked(|query| prefilled::draft(|name| query.get(name)));
            opened.set(Load::Ready(Opened { draft, ..Opened::default() }));
            return;
        }
        opened.set(Load::loading());
        spawn_local(async move {
            opened.try_set(open(&id).await);
        });
    });
    let is_missing =
        Memo::new(move |_| opened.with(|load| matches!(load, Load::Failed(protocol::EngineError::NotFound { .. }))));
    view! {
        <Show when=move || !is_missing.get() fallback=|| view! { <NoCohort/> }>
            <Show
                when=move || dataset.get().is_some()
                fallback=|| view! {
                    <PageHeader title="Cohort"/>
                    <div class="stack">
                        <DatasetPicker/>
                        <ChooseDataset what="a cohort is built on one, so that you see its count while you edit."/>
                    </div>
                }
            >
                <HeaderUntilRead title="Cohort" load=contents.load/>
                <AsyncPanel
                    load=contents.load
                    doing="Opening the dataset…"
                    retry=move || read_contents(contents, engine, dataset.get_untracked())
                    full=move |contents: DatasetContents| {
                        let contents = StoredValue::new(contents);
                        view! {
                            <HeaderUntilRead title="Cohort" load=opened/>
                            <AsyncPanel
                                load=opened
                                doing="Opening the cohort…"
                                full=move |opened: Opened| {
                                    view! { <EditorBody opened=opened contents=contents saved_as=saved_as/> }
                                }
                            />
                        }
                    }
                />
            </Show>
        </Show>
    }
}

/// The address names a cohort that is not here: deleted, or of another device.
#[component]
fn NoCohort() -> impl IntoView {
    view! {
        <PageHeader title="This cohort is not on this device"/>
        <EmptyState title="There is no cohort here">
            <p>
                "It was deleted, or it was saved on another device: cohorts stay in the browser that saved them. \
                 A deleted one cannot be brought back."
            </p>
            <div class="row">
                <LinkButton label="Cohorts on this device" href="/cohorts" kind=ButtonKind::Primary/>
            </div>
        </EmptyState>
    }
}

async fn open(id: &str) -> Load<Opened> {
    match cohorts::get(id).await {
        Ok(Some(saved)) => Load::Ready(Opened {
            id: Some(saved.id),
            revision: saved.revision,
            draft: Draft::from_definition(&saved.definition),
        }),
        Ok(None) => Load::Failed(protocol::EngineError::NotFound { what: "This cohort".to_owned() }),
        Err(error) => Load::Failed(storage_error(&error)),
    }
}

#[component]
fn EditorBody(
    opened: Opened,
    contents: StoredValue<DatasetContents>,
    saved_as: StoredValue<Option<String>>,
) -> impl IntoView {
    let draft = RwSignal::new(opened.draft.clone());
    let editor = Editor {
        draft,
        contents,
        dataset: StoredValue::new(contents.with_value(|contents| contents.header.id.clone())),
        said: RwSignal::new(String::new()),
    };
    let is_record = contents.with_value(|contents| contents.header.shape == DatasetShape::Record);
    let say = use_toast();
    let saver = Saver {
        editor,
        id: RwSignal::new(opened.id),
        revision: StoredValue::new(opened.revision),
        saved: RwSignal::new(opened.draft.definition()),
        saved_as,
        problem: RwSignal::new(None),
        busy: RwSignal::new(false),
        say: Callback::new(move |(text,): (String,)| say(text)),
    };
    let dirty = Memo::new(move |_| saver.saved.with(|saved| draft.with(|draft| draft.definition() != *saved)));
    let is_new = Memo::new(move |_| saver.id.with(Option::is_none));
    let title = move || {
        let name = draft.with(|draft| draft.name.trim().to_owned());
        match (name.is_empty(), is_new.get()) {
            (false, _) => name,
            (true, true) => "New cohort".to_owned(),
            (true, false) => "Cohort without a name".to_owned(),
        }
    };
    let navigate = use_navigate();
    let save = Callback::new(move |()| saver.save(navigate.clone()));
    let actions = move || {
        view! {
            <SaveState dirty=dirty is_new=is_new/>
            <Button
                label=Signal::derive(move || if saver.busy.get() { "Saving\u{2026}" } else { "Save cohort" }.to_owned())
                kind=ButtonKind::Primary
                busy=saver.busy
                on_click=move || save.run(())
            />
        }
    };
    let lead = contents.with_value(|contents| format!("Built on {}.", contents.header.name));
    view! {
        <PageHeader title=Signal::derive(title) lead=lead actions=actions/>
        <p class="visually-hidden" role="status">{editor.said}</p>
        {move || saver.problem.get().map(|problem| view! { <Notice kind=NoticeKind::Error title="Not saved"><p>{problem}</p></Notice> })}
        <div class="split editor">
            <div class="stack stack--l">
                <NameFields editor=editor/>
                {is_record.then(|| view! { <entry::EntrySection editor=editor/> })}
                <rules::RulesSection editor=editor/>
                {is_record.then(|| view! { <exit::ExitSection editor=editor/> })}
            </div>
            <live::LivePanel editor=editor/>
        </div>
    }
}

#[component]
fn SaveState(dirty: Memo<bool>, is_new: Memo<bool>) -> impl IntoView {
    view! { <p class="small muted save-state" role="status">{move || saved_words(dirty.get(), is_new.get())}</p> }
}

/// Where the draft stands. Nothing is said of a new cohort that nobody has begun.
fn saved_words(is_dirty: bool, is_new: bool) -> &'static str {
    match (is_dirty, is_new) {
        (true, _) => "Changes not saved yet",
        (false, true) => "",
        (false, false) => "Saved on this device",
    }
}

#[component]
fn NameFields(editor: Editor) -> impl IntoView {
    let draft = editor.draft;
    view! {
        <div class="stack">
            <TextInput
                label="Name"
                value=move || draft.with(|draft| draft.name.clone())
                on_input=move |text: String| draft.update(|draft| draft.name = text)
                placeholder="For example: Node-positive, hormonal therapy"
            />
            <TextArea
                label="What it is for"
                rows=2
                value=move || draft.with(|draft| draft.description.clone())
                on_input=move |text: String| draft.update(|draft| draft.description = text)
            />
        </div>
    }
}

#[derive(Clone, Copy)]
struct Saver {
    editor: Editor,
    /// None until it is saved for the first time.
    id: RwSignal<Option<String>>,
    revision: StoredValue<u32>,
    saved: RwSignal<CohortDefinition>,
    saved_as: StoredValue<Option<String>>,
    problem: RwSignal<Option<String>>,
    /// It is being written: a second save of a new cohort would make a second one.
    busy: RwSignal<bool>,
    /// Says something shortly; taken while the context is known.
    say: Callback<(String,)>,
}

impl Saver {
    fn save(self, navigate: impl Fn(&str, NavigateOptions) + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        let definition = self.editor.draft.with_untracked(Draft::definition);
        if definition.name.is_empty() {
            self.problem.set(Some("Give the cohort a name: it is shown in every table and curve.".to_owned()));
            return;
        }
        self.problem.set(None);
        self.busy.set(true);
        let dataset = self.editor.dataset.get_value();
        spawn_local(async move {
            self.write(dataset, definition, navigate).await;
            self.busy.try_set(false);
        });
    }

    async fn write(self, dataset: DatasetId, definition: CohortDefinition, navigate: impl Fn(&str, NavigateOptions)) {
        let known = self.id.try_get_untracked().flatten();
        let is_new = known.is_none();
        let id = match known.map_or_else(web::random::id, Ok) {
            Ok(id) => id,
            Err(error) => {
                self.problem.try_set(Some(error.to_string()));
                return;
            }
        };
        let revision = self.revision.try_get_value().unwrap_or_default();
        match cohorts::save(&id, revision, &dataset, &definition).await {
            Ok(revision) => {
                self.say.try_run((format!("\u{201c}{}\u{201d} was saved on this device.", definition.name),));
                self.id.try_set(Some(id.clone()));
                self.revision.try_set_value(revision);
                self.saved.try_set(definition);
                if is_new {
                    self.saved_as.try_set_value(Some(id.clone()));
                    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                    navigate(&format!("/cohorts/{id}?dataset={dataset}"), options);
                }
            }
            Err(error) => {
                self.problem.try_set(Some(error.to_string()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_save_is_said_like_every_later_one() {
        assert_eq!(saved_words(false, true), "");
        assert_eq!(saved_words(true, true), "Changes not saved yet");
        assert_eq!(saved_words(false, false), "Saved on this device");
    }

    #[test]
    fn a_cohort_is_new_until_it_has_an_id() {
        let owner = Owner::new();
        owner.with(|| {
            let id = RwSignal::new(None::<String>);
            let is_new = Memo::new(move |_| id.with(Option::is_none));
            let words = move || saved_words(false, is_new.get());
            assert_eq!(words(), "");
            id.set(Some("a".to_owned()));
            assert_eq!(words(), "Saved on this device");
        });
    }
}
