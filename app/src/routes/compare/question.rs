//! Part 1: the question.

use leptos::prelude::*;
use model::dataset::DatasetShape;
use model::study::{Adjustment, CiType, Estimand, Overlap, Ties};
use web::WebError;

use super::arms::ArmsFields;
use super::covariates::CovariateFields;
use super::form::{PlanForm, parse_times};
use super::outcome_fields::OutcomeFields;
use super::state::{Step, Study};
use crate::components::*;
use crate::figures::scale::plain_number;
use crate::format::counted;
use crate::routes::cohort_editor::MaybeNumber;
use crate::stores::studies::{self, SavedStudy};

/// The question.
#[component]
pub fn QuestionStep(study: Study) -> impl IntoView {
    let form = study.form;
    let problems = move || study.plan.with(|plan| plan.as_ref().err().cloned());
    view! {
        <div class="stack stack--l">
            <SavedStudies study=study/>
            <Section title="Who is compared" lead="The comparator is the reference: every ratio is target against comparator.">
                <ArmsFields study=study/>
            </Section>
            <Section title="Outcome">
                <Card>
                    <OutcomeFields study=study/>
                    <TimeAtRiskFields study=study/>
                </Card>
            </Section>
            <Section
                title="Covariates"
                lead="What is known before treatment and may differ between the arms. They are shown in the balance table and adjusted for."
            >
                <CovariateFields study=study/>
            </Section>
            <Section title="Adjustment">
                <AdjustmentFields study=study/>
            </Section>
            <Details summary="Statistical settings">
                <SettingsFields study=study/>
            </Details>
            <Section title="Name">
                <Card>
                    <TextInput
                        label="Name of the study"
                        value=move || form.with(|form| form.name.clone())
                        on_input=move |text: String| form.update(|form| form.name = text)
                        hint=Signal::derive(move || Some(form.with(|form| form.left_empty(PlanForm::automatic_name))))
                    />
                    <TextInput
                        label="The question in a sentence"
                        value=move || form.with(|form| form.question.clone())
                        on_input=move |text: String| form.update(|form| form.question = text)
                        hint=Signal::derive(move || Some(form.with(|form| form.left_empty(PlanForm::automatic_question))))
                    />
                </Card>
            </Section>
            <NoticeList title="Before the design can be checked" items=Signal::derive(move || problems().unwrap_or_default())/>
            <div class="row">
                <Button
                    label="Check the design"
                    kind=ButtonKind::Primary
                    icon=IconName::Arrow
                    disabled=Signal::derive(move || problems().is_some())
                    on_click=move || study.go(Step::Design)
                />
                <span class="small muted">"The study is saved on this device. No outcome is counted yet."</span>
            </div>
        </div>
    }
}

/// What of the saved studies cannot be read, in a sentence.
fn unreadable(read: &Result<(Vec<SavedStudy>, usize), WebError>) -> Option<String> {
    match read {
        Ok((_, 0)) => None,
        Ok((_, n)) => Some(format!(
            "{} written by another version of Rounds. They were left as they are; update Rounds to read them.",
            counted(*n as u64, "study was", "studies were")
        )),
        Err(problem) => Some(problem.to_string()),
    }
}

/// Studies saved on this dataset.
#[component]
fn SavedStudies(study: Study) -> impl IntoView {
    let dataset = study.contents.with_value(|contents| contents.header.id.clone());
    let saved = LocalResource::new(studies::list);
    let here = dataset.clone();
    view! {
        <NoticeList
            kind=NoticeKind::Warn
            title="Some saved studies cannot be read"
            items=Signal::derive(move || saved.get().as_ref().and_then(unreadable).into_iter().collect::<Vec<_>>())
        />
        {move || {
            let (all, _) = saved.get().and_then(Result::ok).unwrap_or_default();
            let mine: Vec<_> = all.into_iter().filter(|saved| saved.dataset == here).collect();
            let here = here.clone();
            (!mine.is_empty()).then(move || view! {
                <Details summary=format!("Saved studies on this dataset ({})", mine.len())>
                    <ul class="plain-list">
                        {mine
                            .clone()
                            .into_iter()
                            .map(|saved| view! {
                                <li class="row row--between">
                                    <a href=format!("/compare?dataset={here}&plan={}", saved.id)>{saved.plan.name}</a>
                                    <span class="small muted">{saved.changed_on.chars().take(10).collect::<String>()}</span>
                                </li>
                            })
                            .collect_view()}
                    </ul>
                    <LinkButton label="New study" href=format!("/compare?dataset={here}") small=true icon=IconName::Plus/>
                </Details>
            })
        }}
    }
}

#[component]
fn TimeAtRiskFields(study: Study) -> impl IntoView {
    let form = study.form;
    let is_record = study.contents.with_value(|contents| contents.header.shape == DatasetShape::Record);
    let unit = Signal::derive(move || {
        Some(
            form.with(|form| match &form.outcome {
                Some(model::study::Outcome::Columns { unit, .. }) => unit.word(),
                _ => "days",
            })
            .to_owned(),
        )
    });
    view! {
        <div class="grid">
            <NumberInput
                label="Time at risk begins"
                unit=unit
                min=0.0
                value=move || Some(form.with(|form| form.time_at_risk.start))
                on_change=move |start: MaybeNumber| form.update(|form| form.time_at_risk.start = start.unwrap_or(0.0))
                hint=if is_record {
                    "After the index date. 1: outcomes on the very first day are not counted."
                } else {
                    "After the index date. A later begin (a landmark) leaves out whoever was not at risk any more then."
                }
            />
            <NumberInput
                label="Time at risk ends"
                unit=unit
                min=0.0
                value=move || form.with(|form| form.time_at_risk.end)
                on_change=move |end: MaybeNumber| form.update(|form| form.time_at_risk.end = end)
                hint="Empty: at the end of observation."
            />
        </div>
    }
}

#[component]
fn AdjustmentFields(study: Study) -> impl IntoView {
    let form = study.form;
    let kind = Memo::new(move |_| {
        form.with(|form| match form.adjustment {
            Adjustment::None => "none",
            Adjustment::Regression => "regression",
            Adjustment::Weighting { .. } => "weighting",
        })
    });
    let option = |value: &str, label: &str, hint: &str| RadioOption {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let kinds = vec![
        option("regression", "Regression", "Cox regression on the treatment and every covariate."),
        option(
            "weighting",
            "Weighting",
            "Subjects are weighted by the propensity score, so that the arms become alike; curves are weighted too.",
        ),
        option("none", "None", "Only the unadjusted comparison."),
    ];
    let estimands = vec![
        option(
            "ate",
            "Everyone",
            "Average treatment effect (ATE): as if everyone had been treated one way, then the other.",
        ),
        option("att", "Those treated", "Effect on the treated (ATT): those in the target arm."),
        option(
            "ato",
            "Those for whom both were an option",
            "Overlap weights (ATO): robust where the arms overlap little.",
        ),
    ];
    let estimand = move || {
        form.with(|form| match form.adjustment {
            Adjustment::Weighting { estimand: Estimand::Att } => "att",
            Adjustment::Weighting { estimand: Estimand::Ato } => "ato",
            _ => "ate",
        })
    };
    view! {
        <Card>
            <RadioGroup
                legend="How arms are made comparable"
                value=move || kind.get().to_owned()
                options=kinds
                on_change=move |value: String| form.update(|form| form.adjustment = match value.as_str() {
                    "none" => Adjustment::None,
                    "weighting" => Adjustment::Weighting { estimand: Estimand::Ate },
                    _ => Adjustment::Regression,
                })
            />
            <Show when=move || kind.get() == "weighting">
                <RadioGroup
                    legend="Whom the answer is about (estimand)"
                    value=move || estimand().to_owned()
                    options=estimands.clone()
                    on_change=move |value: String| form.update(|form| form.adjustment = Adjustment::Weighting {
                        estimand: match value.as_str() {
                            "att" => Estimand::Att,
                            "ato" => Estimand::Ato,
                            _ => Estimand::Ate,
                        },
                    })
                />
            </Show>
        </Card>
    }
}

fn choices(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

#[component]
fn SettingsFields(study: Study) -> impl IntoView {
    let form = study.form;
    // What cannot be read stays in the field with its problem; the plan keeps the last readable times.
    let typed = RwSignal::new(None::<String>);
    let times = move || {
        typed.get().unwrap_or_else(|| {
            form.with(|form| {
                form.settings.horizons.iter().map(|time| plain_number(*time)).collect::<Vec<_>>().join(", ")
            })
        })
    };
    let times_problem = Signal::derive(move || typed.get().and_then(|text| parse_times(&text).err()));
    view! {
        <div class="grid">
            <Select
                label="Ties in Cox regression"
                value=move || form.with(|form| if form.settings.ties == Ties::Breslow { "breslow" } else { "efron" }.to_owned())
                options=choices(&[("efron", "Efron"), ("breslow", "Breslow")])
                on_change=move |value: String| form.update(|form| {
                    form.settings.ties = if value == "breslow" { Ties::Breslow } else { Ties::Efron };
                })
            />
            <Select
                label="Interval of the survival curve"
                value=move || form.with(|form| match form.settings.ci {
                    CiType::LogLog => "log-log",
                    CiType::Log => "log",
                    CiType::Plain => "plain",
                }.to_owned())
                options=choices(&[("log-log", "log-log"), ("log", "log"), ("plain", "plain")])
                on_change=move |value: String| form.update(|form| form.settings.ci = match value.as_str() {
                    "log" => CiType::Log,
                    "plain" => CiType::Plain,
                    _ => CiType::LogLog,
                })
            />
            <Select
                label="Confidence level"
                value=move || form.with(|form| plain_number(form.settings.level * 100.0))
                options=choices(&[("90", "90%"), ("95", "95%"), ("99", "99%")])
                on_change=move |value: String| form.update(|form| form.settings.level = match value.as_str() {
                    "90" => 0.90,
                    "99" => 0.99,
                    _ => 0.95,
                })
            />
            <TextInput
                label="Survival at these times"
                value=times
                error=times_problem
                hint="In the outcome's unit, separated by commas."
                on_input=move |text: String| {
                    if let Ok(horizons) = parse_times(&text) {
                        form.update(|form| form.settings.horizons = horizons);
                    }
                    typed.set(Some(text));
                }
            />
            <NumberInput
                label="Restricted mean up to"
                min=0.0
                value=move || form.with(|form| form.settings.tau)
                on_change=move |tau: MaybeNumber| form.update(|form| form.settings.tau = tau)
                hint="Empty: the smaller of the arms' last times."
            />
            <Select
                label="A person in both arms"
                value=move || form.with(|form| if form.overlap == Overlap::KeepFirst { "first" } else { "remove" }.to_owned())
                options=choices(&[("remove", "is left out of both"), ("first", "stays in the arm entered first")])
                on_change=move |value: String| form.update(|form| {
                    form.overlap = if value == "first" { Overlap::KeepFirst } else { Overlap::RemoveFromBoth };
                })
            />
        </div>
    }
}
