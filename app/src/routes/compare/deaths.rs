//! What becomes of deaths under the outcome that was chosen, and one click to count them.

use leptos::prelude::*;
use model::study::{Deaths, EventColumns, Outcome};
use protocol::VariableInfo;

use super::form::{columns_outcome, horizons, outcome_pairs, unit_named};
use super::state::Study;
use crate::components::*;

/// Words of a name that mean deaths of any cause and nothing else.
const DEATH_ALONE: [&str; 20] = [
    "death",
    "deaths",
    "dead",
    "died",
    "deceased",
    "mortality",
    "overall",
    "survival",
    "os",
    "vital",
    "status",
    "event",
    "all",
    "any",
    "cause",
    "causes",
    "from",
    "of",
    "time",
    "alive",
];

/// Whether an outcome is death from any cause, by its names.
fn is_death_alone(outcome: &Outcome) -> bool {
    let words = outcome.name().to_lowercase();
    let mut words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    outcome.deaths() == Deaths::Counted && words.all(|word| DEATH_ALONE.contains(&word))
}

/// Outcomes that count deaths too, in place of one that does not: those that the dataset has, else the first of the outcome
/// and of death, where it has both.
#[must_use]
pub(super) fn counting_deaths(variables: &[VariableInfo], outcome: &Outcome) -> Vec<Outcome> {
    if outcome.deaths() == Deaths::Counted {
        return Vec::new();
    }
    let pairs: Vec<Outcome> = outcome_pairs(variables).into_iter().map(|(d, e)| columns_outcome(d, e)).collect();
    let whole: Vec<Outcome> =
        pairs.iter().filter(|o| o.deaths() == Deaths::Counted && !is_death_alone(o)).cloned().collect();
    if !whole.is_empty() {
        return whole;
    }
    let death = pairs.iter().find(|pair| is_death_alone(pair));
    death.and_then(|death| with_death(outcome, death)).into_iter().collect()
}

/// The first of an outcome and of death; none where their times are in other units.
fn with_death(outcome: &Outcome, death: &Outcome) -> Option<Outcome> {
    match (outcome, death) {
        (
            Outcome::Columns { name, duration, event, unit, or: None },
            Outcome::Columns { duration: d, event: e, unit: u, .. },
        ) if unit == u && event != e => Some(Outcome::Columns {
            name: format!("{name} or death"),
            duration: duration.clone(),
            event: event.clone(),
            unit: *unit,
            or: Some(EventColumns { duration: d.clone(), event: e.clone() }),
        }),
        _ => None,
    }
}

/// An outcome of two columns without the other event.
fn alone(outcome: &Outcome) -> Option<Outcome> {
    match outcome {
        Outcome::Columns { name, duration, event, unit, or: Some(_) } => Some(Outcome::Columns {
            name: name.strip_suffix(" or death").unwrap_or(name).to_owned(),
            duration: duration.clone(),
            event: event.clone(),
            unit: *unit,
            or: None,
        }),
        _ => None,
    }
}

/// How the first of two events is counted.
fn first_of_two(outcome: &Outcome) -> Option<String> {
    match outcome {
        Outcome::Columns { event, or: Some(or), .. } => Some(format!(
            "Whichever of \u{201c}{event}\u{201d} and \u{201c}{}\u{201d} comes first counts. Follow-up ends with the shorter \
             of \u{201c}{}\u{201d} and \u{201c}{}\u{201d}.",
            or.event,
            if let Outcome::Columns { duration, .. } = outcome { duration } else { "" },
            or.duration
        )),
        _ => None,
    }
}

/// What is said under the choice of the outcome, with a click to count deaths.
#[component]
pub(super) fn DeathsNote(study: Study) -> impl IntoView {
    let form = study.form;
    let outcome = Memo::new(move |_| form.with(|form| form.outcome.clone()));
    // Another duration has its own last time, and with it other times at which survival is reported.
    let choose = move |chosen: Outcome| {
        if let Outcome::Columns { duration, .. } = &chosen
            && let Some(times) = study.contents.with_value(|contents| {
                let info = contents.variables.iter().find(|variable| variable.name == *duration)?;
                Some(horizons(unit_named(info.unit.as_deref()), info.max))
            })
        {
            form.update(|form| form.settings.horizons = times);
        }
        form.update(|form| form.outcome = Some(chosen));
    };
    let offers = move |outcome: &Outcome| {
        let found = study.contents.with_value(|contents| counting_deaths(&contents.variables, outcome));
        let buttons = found.into_iter().map(|offer| {
            let label = format!("Use {} instead", offer.name());
            view! { <Button label=label small=true on_click=move || choose(offer.clone())/> }
        });
        let buttons: Vec<_> = buttons.collect();
        (!buttons.is_empty()).then(|| view! { <div class="row">{buttons}</div> })
    };
    move || {
        let outcome = outcome.get()?;
        let offered = offers(&outcome);
        let censored = outcome.deaths_in_words().map(|words| {
            view! {
                <Notice title="What becomes of deaths">
                    <p>{words}</p>
                    {offered}
                </Notice>
            }
        });
        let first = first_of_two(&outcome).map(|words| {
            let back = alone(&outcome).map(|alone| {
                let label = format!("Use {} alone", alone.name());
                view! { <Button label=label small=true on_click=move || choose(alone.clone())/> }
            });
            view! {
                <Notice title="The first of two events">
                    <p>{words}</p>
                    <div class="row">{back}</div>
                </Notice>
            }
        });
        Some(view! { {censored} {first} })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::dataset::{ColumnKind, ColumnRole};
    use model::study::TimeUnit;

    fn variable(name: &str, label: &str, role: ColumnRole) -> VariableInfo {
        VariableInfo {
            name: name.to_owned(),
            label: label.to_owned(),
            kind: ColumnKind::Number,
            role,
            unit: (role == ColumnRole::Duration).then(|| "days".to_owned()),
            n_missing: 0,
            levels: Vec::new(),
            min: None,
            max: None,
        }
    }

    fn rotterdam() -> Vec<VariableInfo> {
        vec![
            variable("rtime", "Time to recurrence", ColumnRole::Duration),
            variable("recur", "Recurrence", ColumnRole::Event),
            variable("dtime", "Time to death", ColumnRole::Duration),
            variable("death", "Death", ColumnRole::Event),
            variable("rfstime", "Time to either", ColumnRole::Duration),
            variable("status", "Recurrence or death", ColumnRole::Event),
        ]
    }

    fn first(variables: &[VariableInfo]) -> Outcome {
        let pairs = outcome_pairs(variables);
        columns_outcome(pairs[0].0, pairs[0].1)
    }

    #[test]
    fn an_outcome_that_counts_deaths_is_offered_where_the_data_have_it() {
        let variables = rotterdam();
        let offers = counting_deaths(&variables, &first(&variables));
        let [Outcome::Columns { name, duration, event, or, .. }] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!((name.as_str(), duration.as_str(), event.as_str()), ("recurrence or death", "rfstime", "status"));
        assert_eq!(*or, None);
        assert!(counting_deaths(&variables, &offers[0]).is_empty(), "nothing is offered in place of it");
    }

    #[test]
    fn else_the_first_of_the_two_events_is() {
        let variables = &rotterdam()[..4];
        let recurrence = first(variables);
        let offers = counting_deaths(variables, &recurrence);
        let [Outcome::Columns { name, event, or: Some(or), .. }] = offers.as_slice() else { panic!("{offers:?}") };
        assert_eq!((name.as_str(), event.as_str()), ("recurrence or death", "recur"));
        assert_eq!((or.duration.as_str(), or.event.as_str()), ("dtime", "death"));
        assert_eq!(alone(&offers[0]).as_ref(), Some(&recurrence));
        let words = first_of_two(&offers[0]).unwrap();
        assert!(words.contains("shorter of \u{201c}rtime\u{201d} and \u{201c}dtime\u{201d}"), "{words}");
        assert_eq!(first_of_two(&recurrence), None);
    }

    #[test]
    fn times_in_other_units_are_not_put_together() {
        let mut variables = rotterdam()[..4].to_vec();
        variables[2].unit = Some("months".to_owned());
        assert!(counting_deaths(&variables, &first(&variables)).is_empty());
        assert!(counting_deaths(&variables[..2], &first(&variables)).is_empty(), "deaths are not known");
    }

    #[test]
    fn death_itself_needs_no_other_outcome() {
        let death = |name: &str| Outcome::Columns {
            name: name.to_owned(),
            duration: "t".to_owned(),
            event: "death".to_owned(),
            unit: TimeUnit::Days,
            or: None,
        };
        assert!(is_death_alone(&death("death from any cause")) && is_death_alone(&death("overall survival")));
        assert!(!is_death_alone(&death("recurrence or death")));
        assert!(counting_deaths(&rotterdam(), &death("death")).is_empty());
    }
}
