//! Import: drop anything, see what it was taken for, correct it, see what happens to identifiers, import, read the report.

mod columns;
mod drop_zone;
mod identifiers;
mod report;
mod words;

use leptos::prelude::*;
use protocol::{
    DatePolicy, ImportFiles, ImportFormat, ImportRounds, InspectFiles, InspectedFiles, RecognizedFile, StorageState,
    StoredImport,
};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use web::files::DroppedFile;

use crate::components::*;
use crate::format;
use crate::stores::datasets::use_datasets;
use crate::stores::engine::{Load, Task, use_engine};
use columns::ColumnPlans;
use drop_zone::DropZone;
use identifiers::IdentifierSummary;
use report::Report;

/// The files that were chosen, kept outside signals' `Send` world.
type Chosen = StoredValue<SendWrapper<Vec<DroppedFile>>>;

/// The import wizard.
#[component]
pub fn ImportPage() -> impl IntoView {
    let engine = use_engine();
    let chosen: Chosen = StoredValue::new(SendWrapper::new(Vec::new()));
    let look = Task::<InspectedFiles>::new();
    let import = Task::<StoredImport>::new();
    let begin = move |files: Vec<DroppedFile>| {
        if files.is_empty() {
            return;
        }
        let names = files.iter().map(|f| f.path.clone()).collect();
        let handles = files.iter().map(|f| JsValue::from(f.handle.clone())).collect();
        chosen.set_value(SendWrapper::new(files));
        import.load.set(Load::Idle);
        look.run_then(engine, InspectFiles { names }, handles, |_| {});
    };
    let restart = move || {
        look.stop();
        look.load.set(Load::Idle);
        import.load.set(Load::Idle);
        chosen.set_value(SendWrapper::new(Vec::new()));
    };
    let started = move || import.load.with(|l| !matches!(l, Load::Idle));
    view! {
        <PageHeader
            title="Bring your data"
            lead="Your files are read in this browser and stay on this device. Identifiers are taken out before anything is stored."
        />
        <div class="stack stack--l">
            <Show when=move || look.load.with(|l| matches!(l, Load::Idle))>
                <DropZone on_files=begin/>
            </Show>
            <Show when=move || !started()>
                <AsyncPanel
                    load=look.load
                    doing="Looking at the files…"
                    on_cancel=restart
                    full=move |found: InspectedFiles| view! { <Plan found=found chosen=chosen import=import restart=restart/> }
                />
                <Show when=move || look.load.with(|l| matches!(l, Load::Failed(_)))>
                    <div class="row"><Button label="Choose other files" on_click=restart/></div>
                </Show>
            </Show>
            <Show when=started>
                <AsyncPanel
                    load=import.load
                    doing="Importing…"
                    on_cancel=move || import.stop()
                    full=move |done: StoredImport| view! { <Done done=done restart=restart/> }
                />
                <Show when=move || import.load.with(|l| matches!(l, Load::Failed(_)))>
                    <p>"Nothing was stored."</p>
                    <div class="row">
                        <Button
                            label="Back to the plan"
                            on_click=move || import.load.set(Load::Idle)
                        />
                        <Button label="Choose other files" on_click=restart/>
                    </div>
                </Show>
            </Show>
        </div>
    }
}

/// What was recognized, to be corrected and confirmed.
#[component]
fn Plan(
    /// What the files were taken for.
    found: InspectedFiles,
    /// The files.
    chosen: Chosen,
    /// The import.
    import: Task<StoredImport>,
    /// Back to the choice of files.
    restart: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    match found {
        InspectedFiles::Csv { name, n_bytes, proposal } => {
            view! { <CsvPlan name=name n_bytes=n_bytes proposal=*proposal chosen=chosen import=import restart=restart/> }
                .into_any()
        }
        InspectedFiles::Omop { files, n_bytes } => {
            view! { <OmopPlan files=files n_bytes=n_bytes chosen=chosen import=import restart=restart/> }.into_any()
        }
        InspectedFiles::Rounds { header } => {
            let engine = use_engine();
            let facts = words::header_facts(&header);
            let go = move || {
                let handles = handles(chosen);
                import.run_then(engine, ImportRounds {}, handles, |_| {});
            };
            view! {
                <Section title=format!("A dataset of Rounds: {}", header.name)>
                    <Facts facts=facts/>
                    <div class="row">
                        <Button label="Import this dataset" kind=ButtonKind::Primary on_click=go/>
                        <Button label="Choose other files" on_click=restart/>
                    </div>
                </Section>
            }
            .into_any()
        }
    }
}

fn handles(chosen: Chosen) -> Vec<JsValue> {
    chosen.with_value(|files| files.iter().map(|f| JsValue::from(f.handle.clone())).collect())
}

/// Names and values, one under the other.
#[component]
fn Facts(facts: Vec<(String, String)>) -> impl IntoView {
    view! {
        <dl class="facts">
            {facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}
        </dl>
    }
}

/// The plan of a flat file.
#[component]
fn CsvPlan(
    name: String,
    n_bytes: u64,
    proposal: model::intake::CsvProposal,
    chosen: Chosen,
    import: Task<StoredImport>,
    restart: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let engine = use_engine();
    let title = RwSignal::new(words::dataset_name(&name));
    let dates = RwSignal::new(DatePolicy::Shift);
    let warnings = proposal.warnings.clone();
    let facts = words::file_facts(&name, n_bytes, &proposal);
    let preview = words::preview(&proposal);
    let evidence = StoredValue::new(proposal.evidence.clone());
    let mapping = RwSignal::new(proposal.mapping);
    let problems = Memo::new(move |_| mapping.with(words::mapping_problems));
    let go = move || {
        let (names, handles) = (chosen.with_value(|f| f.iter().map(|f| f.path.clone()).collect()), handles(chosen));
        let format = ImportFormat::Csv { mapping: mapping.get_untracked() };
        let request = ImportFiles { name: title.get_untracked(), names, format, dates: dates.get_untracked() };
        import.run_then(engine, request, handles, |_| {});
    };
    view! {
        <div class="stack stack--l">
            <Section title="1. The file" lead="One row a person. Check that rows and columns look right.">
                <Facts facts=facts/>
                {(!warnings.is_empty())
                    .then(|| {
                        view! {
                            <Notice kind=NoticeKind::Warn title="Please look at this">
                                <ul>{warnings.into_iter().map(|w| view! { <li>{w}</li> }).collect_view()}</ul>
                            </Notice>
                        }
                    })}
                <DataTable table=Signal::stored(preview) file_name="first-rows"/>
            </Section>
            <Section
                title="2. What each column is"
                lead="Rounds proposes; you decide. Open a column to see why, and to say how it is read."
            >
                <ColumnPlans mapping=mapping evidence=evidence/>
            </Section>
            <Section
                title="3. Identifiers"
                lead="What would name a person, by the classes of HIPAA Safe Harbor, and what happens to it. This is a screen, not proof."
            >
                <IdentifierSummary mapping=mapping/>
                <DateChoice dates=dates/>
            </Section>
            <Section title="4. Import">
                <TextInput label="Name of the dataset" value=title on_input=move |t| title.set(t)/>
                {move || {
                    let found = problems.get();
                    (!found.is_empty())
                        .then(|| {
                            view! {
                                <Notice kind=NoticeKind::Error title="Before the import">
                                    <ul>{found.into_iter().map(|p| view! { <li>{p}</li> }).collect_view()}</ul>
                                </Notice>
                            }
                        })
                }}
                <div class="row">
                    <Button
                        label="Import"
                        kind=ButtonKind::Primary
                        disabled=Signal::derive(move || problems.with(|p| !p.is_empty()) || title.with(|t| t.trim().is_empty()))
                        on_click=go
                    />
                    <Button label="Choose other files" on_click=restart/>
                </div>
            </Section>
        </div>
    }
}

/// What happens to calendar dates.
#[component]
fn DateChoice(dates: RwSignal<DatePolicy>) -> impl IntoView {
    let option = |value: &str, label: &str, hint: &str| RadioOption {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let options = vec![
        option(
            "shift",
            "Shift the dates of each person",
            "All dates of a person move by the same 1 to 365 days, by a secret of this device. Lengths of time stay exact.",
        ),
        option("years_only", "Keep only the year", "Safest; lengths of time are lost."),
        option("keep", "Keep dates as they are", "Only for data that hold no real person's dates."),
    ];
    let value = move || match dates.get() {
        DatePolicy::Shift => "shift",
        DatePolicy::YearsOnly => "years_only",
        DatePolicy::Keep => "keep",
    };
    view! {
        <RadioGroup
            legend="Calendar dates"
            value=Signal::derive(move || value().to_owned())
            options=Signal::stored(options)
            on_change=move |picked: String| {
                dates
                    .set(match picked.as_str() {
                        "years_only" => DatePolicy::YearsOnly,
                        "keep" => DatePolicy::Keep,
                        _ => DatePolicy::Shift,
                    })
            }
        />
    }
}

/// The plan of a folder of OMOP tables.
#[component]
fn OmopPlan(
    files: Vec<RecognizedFile>,
    n_bytes: u64,
    chosen: Chosen,
    import: Task<StoredImport>,
    restart: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let engine = use_engine();
    let title = RwSignal::new("OMOP data".to_owned());
    let dates = RwSignal::new(DatePolicy::Shift);
    let table = words::recognized(&files);
    let n_used = files.iter().filter(|f| f.table.is_some()).count();
    let lead = format!(
        "{} of {} files are OMOP tables ({} in all); the others are counted as not used.",
        n_used,
        files.len(),
        format::bytes(n_bytes as f64)
    );
    let has_person = files.iter().any(|f| f.table.as_deref() == Some("person"));
    let go = move || {
        let names = chosen.with_value(|f| f.iter().map(|f| f.path.clone()).collect());
        let request =
            ImportFiles { name: title.get_untracked(), names, format: ImportFormat::Omop, dates: dates.get_untracked() };
        import.run_then(engine, request, handles(chosen), |_| {});
    };
    view! {
        <div class="stack stack--l">
            <Section title="1. The tables" lead=lead>
                <DataTable table=Signal::stored(table) file_name="recognized-files"/>
                {(!has_person)
                    .then(|| {
                        view! {
                            <Notice kind=NoticeKind::Error title="There is no person table">
                                <p>"Add person.csv: every event belongs to a person in it."</p>
                            </Notice>
                        }
                    })}
            </Section>
            <Section
                title="2. Identifiers"
                lead="Person numbers are replaced by keyed hashes, notes pass the identifier screen, birth dates become years and ages above 89 become 90. This is a screen, not proof."
            >
                <DateChoice dates=dates/>
            </Section>
            <Section title="3. Import">
                <TextInput label="Name of the dataset" value=title on_input=move |t| title.set(t)/>
                <div class="row">
                    <Button
                        label="Import"
                        kind=ButtonKind::Primary
                        disabled=Signal::derive(move || !has_person || title.with(|t| t.trim().is_empty()))
                        on_click=go
                    />
                    <Button label="Choose other files" on_click=restart/>
                </div>
            </Section>
        </div>
    }
}

/// The end of an import: the report, and the way on.
#[component]
fn Done(done: StoredImport, restart: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let engine = use_engine();
    let datasets = use_datasets();
    datasets.refresh();
    // After the first import the browser is asked to keep the data; the answer is shown on the Data page.
    let keep = Task::new();
    keep.run(engine, StorageState { ask_persistence: false });
    leptos::task::spawn_local(async move {
        // Only the page may ask: browsers refuse it in a worker. Its answer stands on the Data page.
        drop(web::storage::info(true).await);
    });
    let id = done.header.id.clone();
    let summary = format!("/summary?dataset={id}");
    let cohort = format!("/cohorts/new?dataset={id}");
    let contents = format!("/data/{id}");
    let name = done.header.name.clone();
    view! {
        <div class="stack stack--l">
            {if done.already_there {
                view! {
                    <Notice kind=NoticeKind::Info title=format!("'{name}' was on this device already")>
                        <p>"The same file with the same plan is the same dataset. Nothing was stored twice."</p>
                    </Notice>
                }
            } else {
                view! {
                    <Notice kind=NoticeKind::Success title=format!("'{name}' is on this device")>
                        <p>"Make a backup on the Data page: browsers may clear storage that nobody backed up."</p>
                    </Notice>
                }
            }}
            <div class="row">
                <LinkButton label="Summarize it" href=summary kind=ButtonKind::Primary/>
                <LinkButton label="Define a cohort" href=cohort/>
                <LinkButton label="Look at its contents" href=contents/>
                <Button label="Import something else" kind=ButtonKind::Quiet on_click=restart/>
            </div>
            <Report report=done.report/>
        </div>
    }
}
