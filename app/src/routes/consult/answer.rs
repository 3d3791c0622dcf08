//! What became of the similar ones, by treatment, and how similar they are.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::consult::{ConsultAnswer, SimilarCircle};
use model::results::SurvivalAt;

use crate::components::*;
use crate::figures::forest::number;
use crate::figures::scale::TimeAxis;
use crate::format::variable::VariableWords;
use crate::format::{and_list, count};
use crate::routes::compare::words::median_words;
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

/// Of which treatments too few are among the similar ones, each in a sentence; before the circles are [`named`].
fn few_treated(circles: &[SimilarCircle], treatment: &str, words: &[(String, VariableWords)]) -> Vec<String> {
    let words = words.iter().find(|(known, _)| known == treatment).map(|(_, words)| words);
    let of_arm = |code: &str| match words {
        Some(words) => words.level_in_prose(code),
        None => format!("\u{201c}{code}\u{201d}"),
    };
    let few = |circle: &SimilarCircle| {
        let few = circle.by_treatment.iter().filter(|arm| arm.few);
        let said = few.map(|arm| {
            format!(
                "Among the {} most similar ones only {} had {}: too few to say much.",
                count(circle.n),
                count(arm.n),
                of_arm(&arm.treatment)
            )
        });
        said.collect::<Vec<_>>()
    };
    circles.iter().flat_map(few).collect()
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
    let few = few_treated(&circles, &treatment, &words);
    let circles = named(circles, &treatment, &words);
    let treatment = Treatment::of(&treatment, &words);
    let based_on = decision_words(&circles, &outcome, &treatment, unit);
    let parts = circles
        .into_iter()
        .map(|circle| view! { <Circle circle=circle outcome=outcome.clone() treatment=treatment.clone() unit=unit/> })
        .collect_view();
    let warnings: Vec<String> = beyond.into_iter().chain(few).chain(warnings).collect();
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

/// What the treatments are called together.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Treatment {
    /// At the head of a column.
    label: String,
    /// Within a sentence.
    in_prose: String,
}

impl Treatment {
    fn of(name: &str, words: &[(String, VariableWords)]) -> Self {
        match words.iter().find(|(known, _)| known == name) {
            Some((_, words)) => Self { label: words.label().to_owned(), in_prose: words.in_prose() },
            None => Self { label: name.to_owned(), in_prose: name.to_owned() },
        }
    }
}

/// What the decision is based on, in a line: counts and survival with its intervals, no patient.
fn decision_words(circles: &[SimilarCircle], outcome: &str, treatment: &Treatment, unit: &str) -> String {
    let Some(circle) = circles.first() else {
        return "Consult: nobody similar".to_owned();
    };
    let arms: Vec<String> = circle
        .by_treatment
        .iter()
        .map(|arm| format!("{} {}: {} of {} with {outcome}", treatment.in_prose, arm.treatment, arm.n_events, arm.n))
        .collect();
    let survival = survival_by_time(circle, unit);
    let survival = if survival.is_empty() {
        String::new()
    } else {
        format!("; without it (Kaplan-Meier, 95% interval) {}", survival.join(", "))
    };
    format!("Consult of the {} most similar patients ({}{survival})", circle.n, arms.join("; "))
}

/// Survival of the treatments against each other: `at 5 years 39% (22 to 55) vs 47% (24 to 67)`.
fn survival_by_time(circle: &SimilarCircle, unit: &str) -> Vec<String> {
    let arms = &circle.by_treatment;
    let axis = axis(circle, unit);
    let Some(first) = arms.first() else {
        return Vec::new();
    };
    let at_time = |(place, at): (usize, &SurvivalAt)| {
        let of_arms: Vec<&SurvivalAt> = arms.iter().filter_map(|arm| arm.at.get(place)).collect();
        of_arms.iter().any(|at| at.survival.is_some()).then(|| {
            let shares: Vec<String> = of_arms.into_iter().map(survival_words).collect();
            format!("at {} {}", time_words(axis, at.time), shares.join(" vs "))
        })
    };
    first.at.iter().enumerate().filter_map(at_time).collect()
}

/// How the times of an answer are written.
fn axis(circle: &SimilarCircle, unit: &str) -> TimeAxis {
    let times = circle.by_treatment.iter().flat_map(|arm| arm.at.iter().map(|at| at.time));
    TimeAxis::new(unit, times.fold(0.0, f64::max))
}

/// `5 years`, `1 year`.
fn time_words(axis: TimeAxis, time: f64) -> String {
    let number = axis.label(time);
    let word = axis.shown.word();
    let word = if number == "1" { word.trim_end_matches('s') } else { word };
    format!("{number} {word}")
}

#[component]
fn Circle(circle: SimilarCircle, outcome: String, treatment: Treatment, unit: &'static str) -> impl IntoView {
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

fn outcomes_table(circle: &SimilarCircle, outcome: &str, treatment: &Treatment, unit: &str) -> TableData {
    let arms = &circle.by_treatment;
    let axis = axis(circle, unit);
    let mut columns = vec![
        Column::text(treatment.label.clone()),
        Column::number("Patients"),
        Column::number(format!("With {outcome}")),
        Column::number("Median time, 95% interval"),
    ];
    if let Some(first) = arms.first() {
        // One heading for all: five words over every column would make the table wider than its frame.
        let of_time = |at: &SurvivalAt| Column::number(time_words(axis, at.time)).under("Without it, 95% interval");
        columns.extend(first.at.iter().map(of_time));
    }
    let n_columns = columns.len();
    TableData {
        caption: format!(
            "Outcomes of the {} most similar by {} (Kaplan-Meier, 95% log-log intervals; of the medians by Brookmeyer and Crowley)",
            count(circle.n),
            treatment.in_prose
        ),
        columns,
        rows: arms
            .iter()
            .map(|arm| {
                let (lower, upper) = (arm.median_lower, arm.median_upper);
                let median = median_words(arm.median, lower, upper, axis.factor, axis.shown.word());
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
            format!("{} ({:.0} to {:.0})", percent(survival), lower * 100.0, upper * 100.0)
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
                TreatmentOutcome {
                    treatment: "1".into(),
                    n: 20,
                    n_events: 5,
                    median_lower: Some(800.0),
                    at: vec![at(Some(0.8))],
                    ..TreatmentOutcome::default()
                },
                TreatmentOutcome {
                    treatment: "0".into(),
                    n: 30,
                    n_events: 12,
                    median: Some(900.0),
                    median_lower: Some(700.0),
                    at: vec![at(None)],
                    ..TreatmentOutcome::default()
                },
            ],
        }
    }

    #[test]
    fn treatments_and_characteristics_are_named_by_their_labels() {
        let words = VariableWords::new("hormon", "Hormonal therapy (0 no, 1 yes)", ["0", "1"]);
        let mut circle = circle();
        circle.by_treatment[0].treatment = "1".to_owned();
        let words = [("hormon".to_owned(), words)];
        circle.by_treatment[0].few = true;
        circle.by_treatment[0].n = 9;
        let few = few_treated(std::slice::from_ref(&circle), "hormon", &words);
        assert_eq!(few, ["Among the 50 most similar ones only 9 had hormonal therapy (yes): too few to say much."]);
        let few = few_treated(std::slice::from_ref(&circle), "treatment", &[]);
        assert!(few[0].contains("only 9 had \u{201c}1\u{201d}: too few"), "{few:?}");
        let circles = named(vec![circle], "hormon", &words);
        assert_eq!(circles[0].by_treatment[0].treatment, "yes");
        let treatment = Treatment::of("hormon", &words);
        let table = outcomes_table(&circles[0], "recurrence", &treatment, "days");
        assert_eq!(table.columns[0].label, "Hormonal therapy");
        assert!(table.caption.contains("by hormonal therapy ("), "{}", table.caption);
    }

    fn hormon() -> Treatment {
        Treatment::of("hormon", &[])
    }

    #[test]
    fn an_outcome_has_its_interval_or_says_why_not() {
        let table = outcomes_table(&circle(), "recurrence", &hormon(), "days");
        assert_eq!(table.columns[4].full_label(), "Without it, 95% interval: 2 years");
        assert_eq!(table.rows[0], ["1", "20", "5", "not reached (lower limit 2.2 years)", "80% (70 to 90)"]);
        assert_eq!(table.rows[1], ["0", "30", "12", "2.5 years (1.9 to not reached)", "not followed that long"]);
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
    fn what_a_decision_is_based_on_names_counts_and_survival() {
        assert_eq!(
            decision_words(&[circle()], "recurrence", &hormon(), "days"),
            "Consult of the 50 most similar patients (hormon 1: 5 of 20 with recurrence; hormon 0: 12 of 30 with \
             recurrence; without it (Kaplan-Meier, 95% interval) at 2 years 80% (70 to 90) vs not followed that long)"
        );
        let mut unknown = circle();
        unknown.by_treatment.iter_mut().for_each(|arm| arm.at.clear());
        assert!(decision_words(&[unknown], "recurrence", &hormon(), "days").ends_with("12 of 30 with recurrence)"));
    }
}
