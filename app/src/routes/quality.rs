//! Data quality of one dataset: checks in the manner of OHDSI's Data Quality Dashboard.

mod groups;
mod words;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::dataset::DatasetId;
use model::results::{QualityCategory, QualityReport, QualityStatus};
use protocol::CheckQuality;

use crate::components::*;
use crate::format::{count, counted};
use crate::routes::summary::table_view::SettingsList;
use crate::stores::datasets::use_datasets;
use crate::stores::engine::{Task, use_engine};

use groups::{CheckGroup, Filter, grouped};
use words::{all_checks, summary_table};

/// Data quality of the dataset in the address.
#[component]
pub fn QualityPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|p| p.get("dataset")).map(DatasetId));
    move || id.get().map(|id| view! { <OfDataset id=id/> })
}

#[component]
fn OfDataset(id: DatasetId) -> impl IntoView {
    let engine = use_engine();
    let datasets = use_datasets();
    let task = Task::<QualityReport>::new();
    let wanted = StoredValue::new(id.clone());
    let name = Memo::new(move |_| wanted.with_value(|id| datasets.by_id(id)).map(|h| h.name).unwrap_or_default());
    let ask = move || {
        task.run(engine, CheckQuality { dataset: wanted.get_value(), today: Some(web::clock::today()) });
    };
    ask();
    let lead = move || {
        format!(
            "What is missing in {}, what is not written as agreed, and what can hardly be true.",
            named(&name.get())
        )
    };
    let back = format!("/data/{id}");
    view! {
        <PageHeader
            title="Data quality"
            lead=Signal::derive(lead)
            actions=move || view! { <LinkButton label="Back to the dataset" href=back.clone() small=true/> }
        />
        <AsyncPanel
            load=task.load
            full=move |report: QualityReport| view! { <Dashboard report=report name=name dataset=wanted/> }
            retry=ask
            on_cancel=Callback::new(move |()| task.cancel())
            doing="Checking the data…"
        />
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { "this dataset".to_owned() } else { format!("\u{201c}{name}\u{201d}") }
}

#[component]
fn Dashboard(report: QualityReport, name: Memo<String>, dataset: StoredValue<DatasetId>) -> impl IntoView {
    let n = |status| count(report.n(status) as u64);
    let (failed, passed, idle) = (n(QualityStatus::Fail), n(QualityStatus::Pass), n(QualityStatus::NotApplicable));
    let applied = report.n(QualityStatus::Fail) + report.n(QualityStatus::Pass);
    let share = crate::format::percent(report.n(QualityStatus::Pass) as u64, applied as u64);
    let persons = count(report.n_persons);
    let over = format!("{}, {}", counted(report.n_events, "event", "events"), counted(report.n_notes, "note", "notes"));
    let table = summary_table(&report);
    let all = StoredValue::new(all_checks(&report));
    let settings = StoredValue::new(report.settings.clone());
    let file_name = Signal::derive(move || format!("data quality of {}", name.get()));
    let has_events = report.n_events + report.n_notes > 0;
    view! {
        <div class="stack stack--l">
            <dl class="stats">
                <Stat label="checks failed" value=failed/>
                <Stat label="checks passed" value=passed uncertainty=share.map(|s| format!("{s} of those that apply"))/>
                <Stat label="do not apply" value=idle/>
                <Stat label="persons checked" value=persons uncertainty=over/>
            </dl>
            <Section
                title="In brief"
                lead="Verification compares the data with themselves and with what was agreed; validation compares them with what is known of people."
            >
                <DataTable table=table file_name=Signal::derive(move || format!("{}, in brief", file_name.get()))/>
            </Section>
            <Checks report=StoredValue::new(report)/>
            <Details summary="Every check as a table, to take along">
                <DataTable table=all.get_value() file_name=file_name tall=true/>
            </Details>
            <Details summary="How these checks were made">
                <p>
                    "Categories and contexts follow Kahn and others (2016) and OHDSI's Data Quality Dashboard; a check that follows one of \
                     the dashboard names it. A check fails when the share of what breaks its rule is above its threshold. Passing every check \
                     does not prove that data are right."
                </p>
                <SettingsList settings=settings.get_value()/>
            </Details>
            {has_events.then(|| {
                let href = dataset.with_value(|id| format!("/data/{id}/timeline"));
                view! {
                    <p><a href=href>"Look at single persons' timelines"</a>" to see what stands behind a failed check."</p>
                }
            })}
        </div>
    }
}

#[component]
fn Checks(report: StoredValue<QualityReport>) -> impl IntoView {
    let any_failed = report.with_value(|r| r.n(QualityStatus::Fail) > 0);
    let status = RwSignal::new(if any_failed { "fail" } else { "all" }.to_owned());
    let category = RwSignal::new(String::new());
    let text = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let filter = Filter::new(&status.get(), &category.get(), &text.get());
        report.with_value(|report| grouped(&report.checks, &filter))
    });
    let said = move || match shown.with(|groups| groups.iter().map(|g| g.checks.len()).sum::<usize>()) {
        0 => "No check matches.".to_owned(),
        1 => "1 check.".to_owned(),
        n => format!("{} checks.", count(n as u64)),
    };
    let statuses = vec![
        ("fail".to_owned(), "Failed".to_owned()),
        ("all".to_owned(), "All".to_owned()),
        ("pass".to_owned(), "Passed".to_owned()),
        ("not_applicable".to_owned(), "Do not apply".to_owned()),
    ];
    let categories = std::iter::once((String::new(), "Every category".to_owned()))
        .chain(
            [QualityCategory::Completeness, QualityCategory::Conformance, QualityCategory::Plausibility]
                .map(|c| (words::category_words(c).to_owned(), words::category_words(c).to_owned())),
        )
        .collect::<Vec<_>>();
    view! {
        <Section title="Checks">
            <div class="grid">
                <Select label="Show" value=status options=statuses on_change=move |value: String| status.set(value)/>
                <Select label="Category" value=category options=categories on_change=move |value: String| category.set(value)/>
                <TextInput
                    label="Find a check"
                    value=text
                    on_input=move |now: String| text.set(now)
                    kind="search"
                    placeholder="birth, unit, measurement"
                />
            </div>
            <p class="small muted" role="status">{said}</p>
            <ul class="checks">
                {move || shown.get().into_iter().map(|group| view! { <Group group=group/> }).collect_view()}
            </ul>
            <Show when=move || !any_failed && status.get() == "fail">
                <p>"No check failed. That does not prove that the data are right: look at their course over time too."</p>
            </Show>
        </Section>
    }
}

#[component]
fn Group(group: CheckGroup) -> impl IntoView {
    let first = group.checks.first().cloned();
    let Some(first) = first else { return ().into_any() };
    let n_failed = group.checks.iter().filter(|c| c.status == QualityStatus::Fail).count();
    let tag = words::group_tag(&group.checks);
    let class = if n_failed > 0 {
        "tag tag--bad"
    } else if group.checks.iter().all(|c| c.status == QualityStatus::NotApplicable) {
        "tag"
    } else {
        "tag tag--good"
    };
    view! {
        <li class="card check-card">
            <div class="row row--between row--top">
                <h3>{first.title.clone()}</h3>
                <span class=class>{tag}</span>
            </div>
            <p class="small muted">{words::kind_words(&first)}</p>
            <PlainTable table=words::group_table(&group.checks) hide_caption=true/>
            {(n_failed > 0).then(|| view! { <p><strong>"What to do. "</strong>{first.to_do.clone()}</p> })}
        </li>
    }
    .into_any()
}
