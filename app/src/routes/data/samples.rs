//! The samples, each opened by one click.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use protocol::{OpenMadeSample, OpenSample, SampleInfo, StoredImport, samples};

use super::keepsakes::keep as keep_report;
use super::storage::ask_to_keep;
use crate::components::*;
use crate::format::counted;
use crate::stores::datasets::use_datasets;
use crate::stores::engine::{Load, Task, use_engine};

/// The samples of this build.
#[component]
pub(super) fn SampleList() -> impl IntoView {
    // Whoever looks at the samples is about to open one: the worker starts meanwhile.
    use_engine().warm_up(protocol::Worker::First);
    view! {
        <div class="grid">
            {samples().into_iter().map(|info| view! { <SampleCard info=info/> }).collect_view()}
        </div>
    }
}

/// Smallest and largest synthetic sample: below, nothing can be estimated; above, a tab runs out of memory.
const PERSONS: (f64, f64) = (100.0, 1_000_000.0);

#[component]
fn SampleCard(info: SampleInfo) -> impl IntoView {
    let engine = use_engine();
    let datasets = use_datasets();
    let say = use_toast();
    let navigate = use_navigate();
    let task = Task::<StoredImport>::new();
    let persons = RwSignal::new(None::<f64>);
    let seed = RwSignal::new(None::<f64>);
    let is_real = info.real;
    let is_file = info.file.is_some();
    let n_default = info.persons;
    let title = info.title.clone();
    let key = StoredValue::new(info.key.clone());

    let open = move || {
        let navigate = navigate.clone();
        let then = move |answer: &web::engine::Answer<StoredImport>| {
            let stored = &answer.value;
            datasets.add(&stored.header);
            say(if stored.already_there {
                format!("'{}' was on this device already.", stored.header.name)
            } else {
                format!("'{}' is on this device now.", stored.header.name)
            });
            keep_report(stored);
            navigate(&format!("/data/{}", stored.header.id), leptos_router::NavigateOptions::default());
            // The answer is shown with the storage; here it is only asked for.
            leptos::task::spawn_local(async { drop(ask_to_keep().await) });
        };
        if is_file {
            task.run_then(engine, OpenSample { key: key.get_value() }, Vec::new(), then);
        } else {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limited by the fields")]
            let call = OpenMadeSample {
                key: key.get_value(),
                persons: persons.get_untracked().map(|n| n as u32),
                seed: seed.get_untracked().map(|n| n as u64),
            };
            task.run_then(engine, call, Vec::new(), then);
        }
    };
    let open = Callback::new(move |()| open());
    let is_loading = move || task.load.with(Load::is_loading);
    let label = format!("Open {title}");
    view! {
        <Card>
            <div class="row row--between row--top">
                <h3>{title.clone()}</h3>
                <span class=if is_real { "tag tag--accent" } else { "tag" }>
                    {if is_real { "real patients" } else { "synthetic" }}
                </span>
            </div>
            <p class="sample__about">{info.about}</p>
            <div class="sample__source">
                <span class="num">{counted(info.persons, "person", "persons")}</span>
                <span>{info.source}</span>
                <span>{format!("Licence: {}", info.licence)}</span>
            </div>
            {(!is_real)
                .then(|| {
                    view! {
                        <Details summary="Size and seed">
                            <div class="grid">
                                <NumberInput
                                    label="Persons"
                                    value=persons
                                    on_change={move |n: Option<f64>| persons.set(n.map(f64::round))}
                                    placeholder=n_default.to_string()
                                    min=PERSONS.0
                                    max=PERSONS.1
                                />
                                <NumberInput
                                    label="Seed"
                                    value=seed
                                    on_change={move |n: Option<f64>| seed.set(n.map(f64::round))}
                                    placeholder="as in the manual"
                                    hint="The same seed makes the same persons."
                                    min=0.0
                                    max=9_007_199_254_740_991.0
                                />
                            </div>
                        </Details>
                    }
                })}
            <Show
                when=move || task.load.with(|load| !matches!(load, Load::Idle | Load::Ready(_)))
                fallback=move || {
                    view! {
                        <div class="card__actions">
                            <Button
                                label="Open"
                                aria_label=label.clone()
                                disabled=is_loading
                                on_click=move || open.run(())
                            />
                        </div>
                    }
                }
            >
                <AsyncPanel
                    load=task.load
                    full=|_: StoredImport| ()
                    retry=open
                    on_cancel=Callback::new(move |()| task.cancel())
                    doing="Getting the sample…"
                />
            </Show>
        </Card>
    }
}
