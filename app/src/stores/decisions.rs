//! Decisions on this device: what was decided and expected, and later what happened.
//!
//! They hold no name and never leave the device. [`standing`] and [`calibration`] are pure; the rest reads and writes.

pub mod calibration;

use leptos::prelude::*;
use model::decision::{DECISION_SCHEMA_VERSION, Decision, DecisionKind};
use web::WebError;

/// Kind of the stored documents.
pub const KIND: &str = "decision";

/// A decision with the id and revision it is stored under.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedDecision {
    /// Local id.
    pub id: String,
    /// Revision, to notice another tab.
    pub revision: u32,
    /// The decision.
    pub decision: Decision,
}

/// Where a decision stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionStanding {
    /// Its day has come, and what happened is not recorded.
    Due,
    /// Its day has not come.
    Open,
    /// What happened is recorded.
    Closed,
}

/// Where a decision stands on a day (ISO date).
#[must_use]
pub fn standing(decision: &Decision, today: &str) -> DecisionStanding {
    // ISO dates sort as text.
    match &decision.outcome {
        Some(_) => DecisionStanding::Closed,
        None if decision.due_on.as_str() <= today => DecisionStanding::Due,
        None => DecisionStanding::Open,
    }
}

/// Those due on a day, the longest due first.
#[must_use]
pub fn due(decisions: &[SavedDecision], today: &str) -> Vec<SavedDecision> {
    let mut due: Vec<SavedDecision> =
        decisions.iter().filter(|saved| standing(&saved.decision, today) == DecisionStanding::Due).cloned().collect();
    sort(&mut due);
    due
}

fn sort(decisions: &mut [SavedDecision]) {
    decisions.sort_by(|a, b| a.decision.due_on.cmp(&b.decision.due_on).then_with(|| a.id.cmp(&b.id)));
}

/// The stored decisions, by the day they are due, and what cannot be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    /// Decisions.
    pub decisions: Vec<SavedDecision>,
    /// Records that cannot be read, in words. They are left as they are.
    pub problems: Vec<String>,
}

/// All decisions on this device.
///
/// # Errors
/// If storage refuses.
pub async fn list() -> Result<Journal, WebError> {
    let mut journal = Journal::default();
    for stored in web::documents::list(KIND).await? {
        match model::json::read(&stored.json) {
            Ok(decision) => {
                journal.decisions.push(SavedDecision { id: stored.id, revision: stored.revision, decision });
            }
            Err(problem) => journal
                .problems
                .push(format!("A decision that this version of Rounds cannot read ({problem}). It was left as it is.")),
        }
    }
    sort(&mut journal.decisions);
    Ok(journal)
}

/// Decisions due on a day (ISO date), the longest due first: what the home page lists.
///
/// # Errors
/// If storage refuses.
pub async fn due_on(today: &str) -> Result<Vec<SavedDecision>, WebError> {
    Ok(due(&list().await?.decisions, today))
}

/// Keeps a new decision.
///
/// # Errors
/// If storage refuses.
pub async fn add(decision: &Decision) -> Result<(), WebError> {
    save(&web::random::id()?, 0, decision).await
}

/// Keeps a changed decision.
///
/// # Errors
/// [`WebError::Conflict`] where another tab wrote in between, or if storage refuses.
pub async fn save(id: &str, revision: u32, decision: &Decision) -> Result<(), WebError> {
    let json = serde_json::to_string(decision).map_err(|problem| WebError::Other(problem.to_string()))?;
    web::documents::put(KIND, id, &json, Some(revision)).await.map(|_revision| ())
}

/// Deletes a decision, by the user's own click.
///
/// # Errors
/// If storage refuses.
pub async fn delete(id: &str) -> Result<(), WebError> {
    web::documents::delete(KIND, id).await
}

/// A decision being written: what the fields hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionForm {
    /// The clinician's own label.
    pub label: String,
    /// The situation.
    pub situation: String,
    /// What was decided.
    pub decided: String,
    /// What else was an option.
    pub alternatives: String,
    /// What is expected.
    pub expected: String,
    /// How likely, in percent, as typed.
    pub percent: String,
    /// By which day.
    pub due_on: String,
    /// What it was based on, one entry a line.
    pub based_on: String,
}

/// A field of [`DecisionForm`] with what is wrong in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormProblem {
    /// Id of the field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub words: String,
}

impl DecisionForm {
    /// The decision, or everything that is wrong.
    ///
    /// # Errors
    /// Every problem found.
    pub fn check(&self, today: &str) -> Result<Decision, Vec<FormProblem>> {
        let mut problems = Vec::new();
        let mut needs = |text: &str, field: &'static str, words: &str| {
            if text.trim().is_empty() {
                problems.push(FormProblem { field, words: words.to_owned() });
            }
        };
        needs(
            &self.label,
            "decision-label",
            "Give it a label that only you understand, such as \u{201c}bed 4, Tuesday\u{201d}.",
        );
        needs(&self.decided, "decision-decided", "Write what was decided.");
        needs(
            &self.expected,
            "decision-expected",
            "Write what you expect to happen: without it nothing can be learnt later.",
        );
        if !is_iso_date(&self.due_on) {
            problems.push(FormProblem {
                field: "decision-due",
                words: "Choose the day by which it should show.".to_owned(),
            });
        } else if self.due_on.as_str() < today {
            problems.push(FormProblem {
                field: "decision-due",
                words: "This day has passed. Choose a day from today on.".to_owned(),
            });
        }
        let expected_percent = match parse_percent(&self.percent) {
            Ok(percent) => percent,
            Err(words) => {
                problems.push(FormProblem { field: "decision-percent", words });
                None
            }
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Decision {
            kind: DecisionKind::Decision,
            schema_version: DECISION_SCHEMA_VERSION,
            label: self.label.trim().to_owned(),
            situation: self.situation.trim().to_owned(),
            decided: self.decided.trim().to_owned(),
            alternatives: self.alternatives.trim().to_owned(),
            expected: self.expected.trim().to_owned(),
            expected_percent,
            due_on: self.due_on.clone(),
            made_on: today.to_owned(),
            based_on: super::findings::record::entries(&self.based_on),
            outcome: None,
        })
    }
}

fn parse_percent(text: &str) -> Result<Option<f64>, String> {
    let text = text.trim().trim_end_matches('%').trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    // A clinician may write a decimal comma.
    match text.replace(',', ".").parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Some(percent)),
        _ => Err("Give a number from 0 to 100, or leave it empty.".to_owned()),
    }
}

fn is_iso_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// What the Consult screen hands to the Decisions screen. It stays in memory: a patient's characteristics do not go
/// into an address that the browser remembers.
#[derive(Clone, Copy)]
pub struct DecisionHandOver(StoredValue<Option<DecisionForm>>);

impl DecisionHandOver {
    /// Leaves a half-filled form for the Decisions screen.
    pub fn leave(&self, form: DecisionForm) {
        self.0.set_value(Some(form));
    }

    /// Takes it out, if there is one.
    #[must_use]
    pub fn take(&self) -> Option<DecisionForm> {
        self.0.try_update_value(Option::take).flatten()
    }
}

/// Provides what this store needs as context; once, at the root of the page.
pub fn provide() {
    provide_context(DecisionHandOver(StoredValue::new(None)));
}

/// The form handed over between screens.
///
/// # Panics
/// If [`provide`] was not called at the root.
#[must_use]
pub fn use_hand_over() -> DecisionHandOver {
    expect_context::<DecisionHandOver>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::decision::DecisionOutcome;

    fn form() -> DecisionForm {
        DecisionForm {
            label: "bed 4".into(),
            decided: "anticoagulate".into(),
            expected: "no clot".into(),
            percent: "80".into(),
            due_on: "2026-12-24".into(),
            based_on: "Consult\nFinding".into(),
            ..DecisionForm::default()
        }
    }

    fn saved(id: &str, due_on: &str) -> SavedDecision {
        let mut decision = form().check("2026-11-22").unwrap();
        decision.due_on = due_on.into();
        SavedDecision { id: id.into(), revision: 1, decision }
    }

    #[test]
    fn due_means_the_day_has_come_and_nothing_is_recorded() {
        let mut closed = saved("c", "2026-01-01");
        closed.decision.outcome = Some(DecisionOutcome {
            happened: "well".into(),
            as_expected: Some(true),
            recorded_on: "2026-01-02".into(),
        });
        let all = [saved("a", "2026-11-22"), saved("b", "2026-11-23"), closed, saved("d", "2026-03-01")];
        let due: Vec<String> = due(&all, "2026-11-22").into_iter().map(|saved| saved.id).collect();
        assert_eq!(due, ["d", "a"]);
        assert_eq!(standing(&all[1].decision, "2026-11-22"), DecisionStanding::Open);
        assert_eq!(standing(&all[2].decision, "2026-11-22"), DecisionStanding::Closed);
    }

    #[test]
    fn a_full_form_is_a_decision() {
        let decision = form().check("2026-11-22").unwrap();
        assert_eq!(decision.expected_percent, Some(80.0));
        assert_eq!(decision.based_on, ["Consult", "Finding"]);
        assert_eq!(decision.made_on, "2026-11-22");
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let problems =
            DecisionForm { percent: "maybe".into(), ..DecisionForm::default() }.check("2026-11-22").unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            ["decision-label", "decision-decided", "decision-expected", "decision-due", "decision-percent"]
        );
    }

    #[test]
    fn percent_and_day_are_checked() {
        let with = |percent: &str, due: &str| {
            DecisionForm { percent: percent.into(), due_on: due.into(), ..form() }.check("2026-11-22")
        };
        assert_eq!(with("12,5 %", "2026-11-22").unwrap().expected_percent, Some(12.5));
        assert_eq!(with("", "2026-11-22").unwrap().expected_percent, None);
        assert!(with("101", "2026-11-22").is_err());
        assert!(with("50", "2026-11-21").is_err());
        assert!(with("50", "next week").is_err());
    }
}
