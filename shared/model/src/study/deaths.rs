//! What becomes of deaths under an outcome. Whoever dies can have no other event any more: an outcome that does not count
//! deaths censors them, and its reader must be told.

use super::Outcome;
use crate::concept::Domain;

/// What becomes of a death before the outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deaths {
    /// It is the outcome, or a part of it.
    Counted,
    /// It ends follow-up like any other loss: the hazard is cause-specific.
    Censored,
    /// The names do not say.
    Unknown,
}

/// Words that say that deaths are counted; the abbreviations are those of end points that count them.
const COUNTED: [&str; 20] = [
    "death",
    "deaths",
    "dead",
    "died",
    "dying",
    "deceased",
    "mortality",
    "survival",
    "alive",
    "vital",
    "os",
    "dfs",
    "rfs",
    "pfs",
    "efs",
    "mfs",
    "dmfs",
    "ttd",
    "demise",
    "surv",
];

/// Words that say nothing of what happened.
const GENERIC: [&str; 18] = [
    "status",
    "event",
    "events",
    "outcome",
    "endpoint",
    "end",
    "point",
    "cens",
    "censor",
    "censored",
    "censoring",
    "delta",
    "fustat",
    "observed",
    "indicator",
    "failure",
    "fail",
    "flag",
];

/// What a name says: `recurrence or death` counts deaths, `status` says nothing, `breast-cancer-specific survival` counts
/// some of them and so says nothing that can be relied on.
fn of_name(name: &str) -> Deaths {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says = |list: &[&str]| words.iter().any(|word| list.contains(word));
    if says(&COUNTED) {
        return if says(&["specific"]) { Deaths::Unknown } else { Deaths::Counted };
    }
    let is_generic = |word: &&str| GENERIC.contains(word) || word.chars().all(char::is_numeric) || word.len() == 1;
    if words.iter().all(is_generic) { Deaths::Unknown } else { Deaths::Censored }
}

impl Outcome {
    /// What becomes of a death before the outcome, as far as the outcome's names say it.
    #[must_use]
    pub fn deaths(&self) -> Deaths {
        match self {
            Outcome::Columns { name, event, or, .. } => {
                let names = [name, event].into_iter().chain(or.as_ref().map(|or| &or.event));
                let said: Vec<Deaths> = names.map(|name| of_name(name)).collect();
                // One that says it speaks for all; of the others one that says something.
                [Deaths::Counted, Deaths::Censored]
                    .into_iter()
                    .find(|deaths| said.contains(deaths))
                    .unwrap_or(Deaths::Unknown)
            }
            Outcome::Event { event, or_death, .. } if *or_death || event.domain == Some(Domain::Death) => {
                Deaths::Counted
            }
            Outcome::Event { name, .. } => match of_name(name) {
                Deaths::Counted | Deaths::Unknown => Deaths::Unknown,
                Deaths::Censored => Deaths::Censored,
            },
        }
    }

    /// What the reader of a result must know about deaths; nothing where they are counted.
    #[must_use]
    pub fn deaths_in_words(&self) -> Option<String> {
        let name = self.name().trim();
        let censored = "ends follow-up and counts as censored (cause-specific)";
        match self.deaths() {
            Deaths::Counted => None,
            Deaths::Censored => Some(format!(
                "A death before '{name}' {censored}; with many deaths prefer {} (deaths counted too) or the cumulative \
                 incidence.",
                free_of(name)
            )),
            Deaths::Unknown => Some(format!(
                "If '{name}' does not count deaths, a death before it {censored}; with many deaths prefer an outcome that \
                 counts them, or the cumulative incidence."
            )),
        }
    }
}

/// The end point that counts deaths too: `recurrence-free survival`.
fn free_of(name: &str) -> String {
    if !name.is_empty() && name.chars().all(|c| c.is_alphabetic() || c == '-') {
        format!("{name}-free survival")
    } else {
        "the outcome or death, whichever comes first".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohort::EventQuery;
    use crate::study::{EventColumns, TimeUnit};

    fn columns(name: &str, event: &str) -> Outcome {
        Outcome::Columns {
            name: name.into(),
            duration: "time".into(),
            event: event.into(),
            unit: TimeUnit::Days,
            or: None,
        }
    }

    fn event(name: &str, domain: Domain, or_death: bool) -> Outcome {
        let event = EventQuery { domain: Some(domain), ..EventQuery::default() };
        Outcome::Event { name: name.into(), concept_sets: Vec::new(), event, washout_days: None, or_death }
    }

    #[test]
    fn what_counts_deaths_needs_no_words() {
        for (name, column) in [
            ("recurrence or death", "status"),
            ("death", "death"),
            ("Overall survival", "x"),
            ("recurrence-free survival", "recur"),
            ("end point", "os_event"),
        ] {
            assert_eq!(columns(name, column).deaths_in_words(), None, "{name}");
        }
        assert_eq!(event("death", Domain::Death, false).deaths(), Deaths::Counted);
        assert_eq!(event("stroke", Domain::Condition, true).deaths(), Deaths::Counted);
        let Outcome::Columns { name, duration, event, unit, .. } = columns("relapse", "relapse") else {
            unreachable!()
        };
        let or = Some(EventColumns { duration: "dtime".into(), event: "death".into() });
        assert_eq!(Outcome::Columns { name, duration, event, unit, or }.deaths(), Deaths::Counted);
    }

    #[test]
    fn what_censors_deaths_says_so() {
        assert_eq!(
            columns("recurrence", "recur").deaths_in_words().as_deref(),
            Some(
                "A death before 'recurrence' ends follow-up and counts as censored (cause-specific); with many deaths prefer \
                 recurrence-free survival (deaths counted too) or the cumulative incidence."
            )
        );
        let words = event("heart failure", Domain::Condition, false).deaths_in_words().unwrap();
        assert!(words.contains("prefer the outcome or death, whichever comes first (deaths counted too)"), "{words}");
        assert_eq!(columns("nonfatal infarction", "mi").deaths(), Deaths::Censored);
    }

    #[test]
    fn names_that_say_nothing_are_not_trusted() {
        for (name, column) in [("status", "status"), ("event", "event_1"), ("cancer-specific survival", "status")] {
            assert_eq!(columns(name, column).deaths(), Deaths::Unknown, "{name}");
            assert!(columns(name, column).deaths_in_words().unwrap().starts_with("If '"));
        }
        assert_eq!(event("death in hospital", Domain::Visit, false).deaths(), Deaths::Unknown);
    }

    #[test]
    fn outcomes_of_before_are_read_and_written_as_they_were() {
        let json = r#"{"type":"columns","name":"recurrence","duration":"time","event":"recur","unit":"days"}"#;
        let read: Outcome = serde_json::from_str(json).unwrap();
        assert_eq!(read, columns("recurrence", "recur"));
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
}
