//! What became of the similar ones, by treatment, and how similar they are.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::consult::{ConsultAnswer, SimilarCircle};
use model::results::SurvivalAt;

use crate::components::*;
use crate::figures::forest::number;
use crate::figures::scale::{TimeAxis, plain_number};
use crate::format::variable::VariableWords;
use crate::format::{and_list, count};
use crate::stores::decisions::{self, DecisionForm};

/// What was asked, as far as the answer repeats it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Name of the outcome.
    pub(super) outcome: String,
    /// What the treatments are called together.
    pub(super) treatment: String,
    /// Unit of times.
    pub(super) unit: &'static str,
    /// The patient in a line: characteristics only.
    pub(super) patient: String,
    /// What lies outside the record.
    pub(super) beyond: Vec<String>,
    /// The variables that were asked about, by name: the answer names them and their levels by their labels.
    pub(super) words: Vec<(String, VariableWords)>,
}

/// An answer with the labels of its treatment and characteristics.
fn named(mut circles: Vec<SimilarCircle>, treatment: &str, words: &[(String, VariableWords)]) -> Vec<SimilarCircle> {
    let of = |name: &str| words.iter().find(|(known, _)| known == name).map(|(_, words)| words);
    for circle in &mut circles {
        for arm in &mut circle.by_treatment {
            if let Some(meaning) = of(treatment).and_then(|words| words.meaning(&arm.treatment)) {
                arm.treatment = meaning.to_owned();
            }
        }
        for part in &mut circle.contributions {
            if let Some(words) = of(&part.name) {
                part.patient = words.level(&part.patient);
                part.name = words.label().to_owned();
            }
        }
    }
    circles
}

/// What is said aloud of an answer: what stands below.
pub(super) fn said(answer: &ConsultAnswer) -> String {
    let sizes: Vec<String> = answer.circles.iter().map(|circle| count(circle.n)).collect();
    if sizes.is_empty() {
        return "Nobody similar was found.".to_owned();
    }
    format!("The answer stands below: the {} most similar patients, by treatment.", and_list(&sizes))
}

/// The answer: caution first, then a part a size.
#[component]
pub(super) fn Answer(answer: ConsultAnswer, asked: Asked) -> impl IntoView {
    let ConsultAnswer { circles, distance, n_considered, warnings } = answer;
    let Asked { outcome, treatment, unit, patient, beyond, words } = asked;
    let circles = named(circles, &treatment, &words);
    let treatment =
        words.iter().find(|(name, _)| *name == treatment).map_or(treatment, |(_, words)| words.label().to_owned());
    let based_on = decision_words(&circles, &outcome, &treatment);
    let parts = circles
        .into_iter()
        .map(|circle| view! { <Circle circle=circle outcome=outcome.clone() treatment=treatment.clone() unit=unit/> })
        .collect_view();
    let warnings: Vec<String> = beyond.into_iter().chain(warnings).collect();
    view! {
        <div class="stack stack--l">
            <Notice kind=NoticeKind::Warn title="This describes; it does not say what the treatment did">
                <p>
                    "Doctors chose these treatments for reasons, and those reasons shape the outcomes too. \
                     A difference below may be the patients, not the treatment. For that question, make a comparison \
                     that adjusts for what differs."
                </p>
            </Notice>
            <NoticeList title="Please know" items=warnings/>
            {parts}
            <Details summary="How similarity is measured">
                <p>{distance.clone()}</p>
                <p class="muted">{format!("{} patients were considered.", count(n_considered))}</p>
            </Details>
            <WriteDown based_on=based_on patient=patient/>
        </div>
    }
}

/// What the decision is based on, in a line: counts and survival, no patient.
fn decision_words(circles: &[SimilarCircle], outcome: &str, treatment: &str) -> String {
    let Some(circle) = circles.first() else {
        return "Consult: nobody similar".to_owned();
    };
    let arms: Vec<String> = circle
        .by_treatment
        .iter()
        .map(|arm| format!("{treatment} {}: {} of {} with {outcome}", arm.treatment, arm.n_events, arm.n))
        .collect();
    format!("Consult of the {} most similar patients ({})", circle.n, arms.join("; "))
}

#[component]
fn Circle(circle: SimilarCircle, outcome: String, treatment: String, unit: &'static str) -> impl IntoView {
    let table = outcomes_table(&circle, &outcome, &treatment, unit);
    let parts = parts_table(&circle);
    let lead = format!(
        "Largest distance among them {} (0: the same in all that was entered, 1: as different as can be).",
        number(circle.max_distance)
    );
    view! {
        <Section title=format!("The {} most similar patients", count(circle.n)) lead=lead>
            <DataTable table=table file_name=format!("similar-{}", circle.n)/>
            <Details summary="How similar they are, characteristic by characteristic">
                <DataTable table=parts.clone() file_name="similarity"/>
            </Details>
        </Section>
    }
}

fn outcomes_table(circle: &SimilarCircle, outcome: &str, treatment: &str, unit: &str) -> TableData {
    let arms = &circle.by_treatment;
    let last = arms.iter().flat_map(|arm| arm.at.iter().map(|at| at.time)).fold(0.0, f64::max);
    let axis = TimeAxis::new(unit, last);
    let mut columns = vec![
        Column::text(treatment.to_owned()),
        Column::number("Patients"),
        Column::number(format!("With {outcome}")),
        Column::number("Median time"),
    ];
    if let Some(first) = arms.first() {
        columns.extend(first.at.iter().map(|at| {
            Column::number(format!("Without it at {} {} (95% interval)", axis.label(at.time), axis.shown.word()))
        }));
    }
    let n_columns = columns.len();
    TableData {
        caption: format!(
            "Outcomes of the {} most similar by {treatment} (Kaplan-Meier, log-log intervals)",
            count(circle.n)
        ),
        columns,
        rows: arms
            .iter()
            .map(|arm| {
                let median = arm.median.map_or_else(
                    || "not reached".to_owned(),
                    |median| {
                        format!("{} {}", plain_number((median / axis.factor * 10.0).round() / 10.0), axis.shown.word())
                    },
                );
                let mut row = vec![arm.treatment.clone(), count(arm.n), count(arm.n_events), median];
                row.extend(arm.at.iter().map(survival_words));
                row.resize(n_columns, String::new());
                row
            })
            .collect(),
    }
}

fn survival_words(at: &SurvivalAt) -> String {
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    match (at.survival, at.lower, at.upper) {
        (Some(survival), Some(lower), Some(upper)) => {
            format!("{} ({} to {})", percent(survival), percent(lower), percent(upper))
        }
        (Some(survival), ..) => percent(survival),
        (None, ..) => "not followed that long".to_owned(),
    }
}

fn parts_table(circle: &SimilarCircle) -> TableData {
    TableData {
        caption: "Where the distance comes from (0: alike, 1: as different as can be)".to_owned(),
        columns: vec![
            Column::text("Characteristic"),
            Column::text("This patient"),
            Column::text("The similar ones"),
            Column::number("Mean distance"),
        ],
        rows: circle
            .contributions
            .iter()
            .map(|part| vec![part.name.clone(), part.patient.clone(), part.similar.clone(), number(part.mean_distance)])
            .collect(),
    }
}

/// To the Decisions screen, with what is known filled in.
#[component]
fn WriteDown(based_on: String, patient: String) -> impl IntoView {
    let hand_over = decisions::use_hand_over();
    let navigate = use_navigate();
    let write = move || {
        let (situation, based_on) = (patient.clone(), based_on.clone());
        hand_over.leave(DecisionForm { situation, based_on, ..DecisionForm::default() });
        navigate("/decisions", NavigateOptions::default());
    };
    view! {
        <div class="row">
            <Button label="Write down the decision" kind=ButtonKind::Primary icon=IconName::Decision on_click=write/>
            <span class="small muted">"with what you expect, so that you can look back on it"</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::consult::TreatmentOutcome;

    fn circle() -> SimilarCircle {
        let at = |survival: Option<f64>| SurvivalAt {
            time: 730.5,
            n_at_risk: None,
            survival,
            lower: survival.map(|s| s - 0.1),
            upper: survival.map(|s| s + 0.1),
        };
        SimilarCircle {
            n: 50,
            max_distance: 0.123,
            contributions: Vec::new(),
            by_treatment: vec![
                TreatmentOutcome { treatment: "1".into(), n: 20, n_events: 5, median: None, at: vec![at(Some(0.8))] },
                TreatmentOutcome {
                    treatment: "0".into(),
                    n: 30,
                    n_events: 12,
                    median: Some(900.0),
                    at: vec![at(None)],
                },
            ],
        }
    }

    #[test]
    fn treatments_and_characteristics_are_named_by_their_labels() {
        let words = VariableWords::new("hormon", "Hormonal therapy (0 no, 1 yes)", ["0", "1"]);
        let mut circle = circle();
        circle.by_treatment[0].treatment = "1".to_owned();
        let circles = named(vec![circle], "hormon", &[("hormon".to_owned(), words)]);
        assert_eq!(circles[0].by_treatment[0].treatment, "yes");
    }

    #[test]
    fn an_outcome_has_its_interval_or_says_why_not() {
        let table = outcomes_table(&circle(), "recurrence", "hormon", "days");
        assert_eq!(table.columns[4].label, "Without it at 2 years (95% interval)");
        assert_eq!(table.rows[0], ["1", "20", "5", "not reached", "80% (70% to 90%)"]);
        assert_eq!(table.rows[1], ["0", "30", "12", "2.5 years", "not followed that long"]);
    }

    #[test]
    fn an_answer_is_said_in_a_sentence() {
        let answer = |circles| ConsultAnswer { circles, ..ConsultAnswer::default() };
        let two = vec![circle(), SimilarCircle { n: 1200, ..circle() }];
        assert_eq!(
            said(&answer(two)),
            "The answer stands below: the 50 and 1,200 most similar patients, by treatment."
        );
        assert_eq!(said(&answer(Vec::new())), "Nobody similar was found.");
    }

    #[test]
    fn what_a_decision_is_based_on_names_counts_only() {
        assert_eq!(
            decision_words(&[circle()], "recurrence", "hormon"),
            "Consult of the 50 most similar patients (hormon 1: 5 of 20 with recurrence; hormon 0: 12 of 30 with recurrence)"
        );
    }
}
