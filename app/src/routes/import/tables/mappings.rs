//! Saved mappings: how files were read, kept as a file or on this device, and applied to the next files of the same columns.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::import_mapping::{IMPORT_MAPPING_SCHEMA_VERSION, ImportMapping, TableShape, TablesProposal};
use web::documents;

use super::super::{Plan, Wizard};
use super::TablesPlan;
use crate::components::*;
use crate::format::capital;

/// Kind of a mapping that is kept on this device.
const KIND: &str = "import_mapping";

/// A mapping that is kept on this device.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    name: String,
    mapping: ImportMapping,
}

/// The mappings on this device, and the names of those that cannot be read: they are left as they are.
async fn kept() -> Result<(Vec<Kept>, Vec<String>), String> {
    let (mut readable, mut others) = (Vec::new(), Vec::new());
    for stored in documents::list(KIND).await.map_err(|e| e.to_string())? {
        match read(&stored.json) {
            Ok(mapping) => readable.push(Kept { name: stored.id, mapping }),
            Err(why) => others.push(format!("{}: {why}", stored.id)),
        }
    }
    Ok((readable, others))
}

/// A mapping from its JSON.
fn read(json: &str) -> Result<ImportMapping, String> {
    let mapping: ImportMapping =
        model::json::read(json).map_err(|e| format!("This is no mapping that Rounds saved: {e}."))?;
    if mapping.schema_version > IMPORT_MAPPING_SCHEMA_VERSION {
        return Err("This mapping was saved by a newer version of Rounds. Update Rounds and try again.".to_owned());
    }
    Ok(mapping)
}

/// How the files of the plan are read now, and what they are; nothing for other kinds of data.
fn of_plan(plan: &Plan) -> Option<(String, ImportMapping, TablesProposal)> {
    match plan {
        Plan::Csv(csv) => {
            let tables = csv.as_table();
            Some((csv.name.clone(), ImportMapping::flat(&csv.file_name, csv.mapping.clone()), tables))
        }
        Plan::Tables(tables) => Some((tables.name.clone(), tables.mapping(), tables.found())),
        Plan::Record(_) | Plan::Rounds(_) => None,
    }
}

/// Applies a mapping to a plan; gives what it left out, in words.
fn apply(plan: &mut Plan, saved: &ImportMapping) -> Result<Vec<String>, String> {
    let Some((_, _, found)) = of_plan(plan) else { return Err("A mapping is for flat files and tables.".to_owned()) };
    let (mapping, words) =
        saved.apply(&found).map_err(|misfit| format!("{}. Nothing was changed.", capital(&misfit.to_string())))?;
    match plan {
        Plan::Csv(csv) => match mapping.tables.first() {
            Some(table) if table.shape == TableShape::Persons => csv.mapping.clone_from(&table.mapping),
            _ => {
                let mut tables = TablesPlan::new(csv.n_bytes, found);
                tables.name.clone_from(&csv.name);
                tables.dates = csv.dates;
                tables.take(mapping, words.clone());
                *plan = Plan::Tables(Box::new(tables));
            }
        },
        Plan::Tables(tables) => tables.take(mapping, words.clone()),
        _ => {}
    }
    Ok(words)
}

/// Save, keep, apply.
#[component]
pub(in crate::routes::import) fn Mappings(wizard: Wizard) -> impl IntoView {
    let list = RwSignal::new(Vec::<Kept>::new());
    let unreadable = RwSignal::new(Vec::<String>::new());
    let told = wizard.told;
    let load = move || {
        spawn_local(async move {
            match kept().await {
                Ok((all, others)) => {
                    list.try_set(all);
                    unreadable.try_set(others);
                }
                Err(error) => drop(told.try_set(Some(Err(error)))),
            }
        });
    };
    load();
    let use_one = move |name: String, saved: &ImportMapping| {
        let done = wizard.plan.try_update(|plan| match plan {
            Some(plan) => apply(plan, saved),
            None => Err("There is no file to apply it to.".to_owned()),
        });
        told.set(done.map(|done| {
            done.map(|words| {
                let words = if words.is_empty() { String::new() } else { format!(" {}", words.join(" ")) };
                format!("'{name}' was applied: check the columns.{words}")
            })
        }));
    };
    let now = move || wizard.plan.with_untracked(|plan| plan.as_ref().and_then(of_plan));
    let save = move || {
        let Some((name, mapping, _)) = now() else { return };
        let done = serde_json::to_string_pretty(&mapping).map_err(|e| e.to_string()).and_then(|json| {
            let file = format!("{}.mapping.json", name.trim());
            web::files::download(&file, json.as_bytes(), "application/json").map_err(|e| e.to_string()).map(|()| file)
        });
        told.set(Some(done.map(|file| format!("Saved as '{file}'."))));
    };
    let keep = move || {
        let Some((name, mapping, _)) = now() else { return };
        spawn_local(async move {
            let done = match serde_json::to_string(&mapping) {
                Ok(json) => documents::put(KIND, name.trim(), &json, None).await.map_err(|e| e.to_string()),
                Err(error) => Err(error.to_string()),
            };
            told.try_set(Some(done.map(|_| format!("Kept on this device as '{}'.", name.trim()))));
            load();
        });
    };
    let chosen = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let Some(file) = web::files::from_input(&input).into_iter().next() else { return };
        input.set_value("");
        spawn_local(async move {
            let text = web::files::start_read(&file.handle, 0.0, file.n_bytes.min(16_777_216.0)).await;
            let saved = text
                .map_err(|e| e.to_string())
                .and_then(|bytes| {
                    String::from_utf8(bytes).map_err(|_not_text| "This is no mapping: it is no text.".to_owned())
                })
                .and_then(|text| read(&text));
            match saved {
                Ok(saved) => use_one(file.name, &saved),
                Err(error) => drop(told.try_set(Some(Err(error)))),
            }
        });
    };
    view! {
        <Card title="Mapping">
            <p class="muted">
                "How these files are read can be saved and applied to the next ones with the same columns. It holds names of columns \
                 and what their values mean, no rows."
            </p>
            <div class="row">
                <Button label="Save the mapping as a file" on_click=save/>
                <Button label="Keep it on this device" on_click=keep/>
                <label class="button">
                    "Apply a mapping from a file"
                    <input type="file" accept=".json,application/json" on:change=chosen/>
                </label>
            </div>
            <NoticeList kind=NoticeKind::Warn title="Some mappings on this device cannot be read" items=unreadable/>
            <KeptMappings
                wizard=wizard
                list=list
                told=told
                use_one=Callback::new(move |(kept,): (Kept,)| use_one(kept.name, &kept.mapping))
                changed=Callback::new(move |()| load())
            />
            {move || {
                told.get()
                    .map(|told| match told {
                        Ok(words) => view! { <Notice kind=NoticeKind::Success title=words/> }.into_any(),
                        Err(words) => view! { <Notice kind=NoticeKind::Error title=words/> }.into_any(),
                    })
            }}
        </Card>
    }
}

/// The mappings on this device: those that fit the files first.
#[component]
fn KeptMappings(
    wizard: Wizard,
    list: RwSignal<Vec<Kept>>,
    told: RwSignal<Option<Result<String, String>>>,
    use_one: Callback<(Kept,)>,
    changed: Callback<()>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let found = wizard.plan.with(|plan| plan.as_ref().and_then(of_plan)).map(|(_, _, found)| found);
        let fits = |kept: &Kept| found.as_ref().is_some_and(|found| kept.mapping.apply(found).is_ok());
        let mut rows: Vec<(bool, Kept)> = list.with(|all| all.iter().map(|kept| (fits(kept), kept.clone())).collect());
        rows.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.name.cmp(&y.name)));
        rows
    });
    let forget = move |name: String| {
        spawn_local(async move {
            if let Err(error) = documents::delete(KIND, &name).await {
                told.try_set(Some(Err(format!("'{name}' could not be deleted: {error}"))));
            }
            changed.try_run(());
        });
    };
    move || {
        let rows = rows.get();
        (!rows.is_empty()).then(|| {
            view! {
                <ul class="columns" aria-label="Mappings on this device">
                    {rows
                        .into_iter()
                        .map(|(fits, kept)| {
                            let name = kept.name.clone();
                            let words = if fits { "fits these columns" } else { "is for other columns" };
                            view! {
                                <li class="row">
                                    <span>{kept.name.clone()} " " <span class="muted small">{words}</span></span>
                                    <Button
                                        label="Apply"
                                        small=true
                                        aria_label=format!("Apply {name}")
                                        on_click=move || use_one.run((kept.clone(),))
                                    />
                                    <Button
                                        label="Forget"
                                        small=true
                                        kind=ButtonKind::Quiet
                                        aria_label=format!("Forget {name}")
                                        on_click=move || forget(name.clone())
                                    />
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            }
        })
    }
}
