//! The study population: two cohorts, nobody twice, everybody at risk, with the outcome's time where it is wanted.

use cohort::{Cohort, EventDays, Source, Subject, evaluate, find_events};
use model::cohort::EventQuery;
use model::concept::Domain;
use model::results::{ArmAttrition, AttritionRow};
use model::study::{Outcome, Overlap, StudyPlan, TimeAtRisk};

use crate::error::StudyError;
use crate::outcome::OutcomeColumns;

/// Those analysed, target first, each person once.
pub(crate) struct Population {
    pub(crate) subjects: Vec<Subject>,
    /// Whether each is in the target arm.
    pub(crate) treated: Vec<bool>,
    /// Time at risk, in the outcome's unit.
    pub(crate) time: Vec<f64>,
    /// Whether it ended with the outcome.
    pub(crate) event: Vec<bool>,
    pub(crate) attrition: Vec<ArmAttrition>,
    pub(crate) warnings: Vec<String>,
}

/// A subject with follow-up, before it is put with the others.
pub(crate) struct Followed {
    pub(crate) subject: Subject,
    pub(crate) time: f64,
    pub(crate) event: bool,
}

/// Both arms down to those analysed.
pub(crate) fn population(
    source: &Source<'_>,
    plan: &StudyPlan,
    tick: &mut cohort::Tick<'_>,
) -> Result<Population, StudyError> {
    let mut warnings = Vec::new();
    let mut arms = Vec::new();
    for arm in [&plan.target, &plan.comparator] {
        let cohort = evaluate(source, &arm.cohort, tick).map_err(StudyError::of(&format!("arm '{}'", arm.name)))?;
        warnings.extend(cohort.warnings.iter().map(|w| format!("{}: {w}", arm.name)));
        arms.push(first_entries(cohort));
    }
    let (all_target, mut target_rows) = arms.remove(0);
    let (all_comparator, mut comparator_rows) = arms.remove(0);
    let target = without_overlap(&all_target, &all_comparator, plan.overlap);
    let comparator = without_overlap(&all_comparator, &all_target, plan.overlap);
    let words = match plan.overlap {
        Overlap::RemoveFromBoth => "in one arm only",
        Overlap::KeepFirst => "not in the other arm before or on the same day",
    };
    push(&mut target_rows, words, target.len());
    push(&mut comparator_rows, words, comparator.len());
    let outcome = Followup::new(source, &plan.outcome, plan.time_at_risk, &mut warnings)?;
    let mut population = Population {
        subjects: Vec::new(),
        treated: Vec::new(),
        time: Vec::new(),
        event: Vec::new(),
        attrition: Vec::new(),
        warnings,
    };
    let sides = [(&plan.target, target, target_rows, true), (&plan.comparator, comparator, comparator_rows, false)];
    for (arm, subjects, mut rows, treated) in sides {
        for f in outcome.follow(subjects, &mut rows) {
            population.subjects.push(f.subject);
            population.treated.push(treated);
            population.time.push(f.time);
            population.event.push(f.event);
        }
        population.attrition.push(ArmAttrition { arm: arm.name.clone(), rows });
    }
    Ok(population)
}

fn push(rows: &mut Vec<AttritionRow>, rule: &str, n: usize) {
    rows.push(AttritionRow { rule: rule.to_owned(), persons: n as u64, events: n as u64 });
}

/// A person's first entry; later ones are counted out.
pub(crate) fn first_entries(cohort: Cohort) -> (Vec<Subject>, Vec<AttritionRow>) {
    let mut subjects = cohort.subjects;
    let mut rows = cohort.attrition;
    let n = subjects.len();
    subjects.dedup_by_key(|s| s.person);
    if subjects.len() < n {
        push(&mut rows, "first entry of each person", subjects.len());
    }
    (subjects, rows)
}

/// Subjects of `mine` that stay, given the other arm; both sorted by person.
fn without_overlap(mine: &[Subject], other: &[Subject], overlap: Overlap) -> Vec<Subject> {
    let theirs = |person: u32| other.binary_search_by_key(&person, |s| s.person).ok().and_then(|i| other.get(i));
    let stays = |s: &&Subject| match (theirs(s.person), overlap) {
        (None, _) => true,
        (Some(_), Overlap::RemoveFromBoth) => false,
        (Some(other), Overlap::KeepFirst) => s.start_day < other.start_day,
    };
    mine.iter().filter(stays).copied().collect()
}

/// Days of an outcome in dated records.
pub(crate) struct OutcomeDays {
    events: EventDays,
    /// Deaths, where they count as the outcome too.
    deaths: Option<EventDays>,
}

impl OutcomeDays {
    /// The first day of the outcome from `first` to `last`.
    fn first(&self, person: u32, first: i32, last: i32) -> Option<i32> {
        let death = self.deaths.as_ref().and_then(|deaths| deaths.first(person, first, last));
        self.events.first(person, first, last).into_iter().chain(death).min()
    }
}

/// How follow-up is read.
pub(crate) enum Followup {
    Columns { time: Vec<f64>, known: Vec<bool>, event: Vec<bool>, at_risk: TimeAtRisk },
    Events { days: OutcomeDays, washout_days: Option<i32>, at_risk: TimeAtRisk },
}

impl Followup {
    /// # Errors
    /// [`StudyError`] if outcome or time at risk do not fit the dataset.
    pub(crate) fn new(
        source: &Source<'_>,
        outcome: &Outcome,
        at_risk: TimeAtRisk,
        warnings: &mut Vec<String>,
    ) -> Result<Self, StudyError> {
        let mut problems = Vec::new();
        if !(at_risk.start.is_finite() && at_risk.start >= 0.0) {
            problems.push(format!("the time at risk starts at {}; give a number from 0 on", at_risk.start));
        }
        if let Some(end) = at_risk.end
            && !(end.is_finite() && end > at_risk.start)
        {
            problems.push(format!("the time at risk ends at {end}, not after its start at {}", at_risk.start));
        }
        match outcome {
            Outcome::Columns { duration, event, or, .. } => {
                let read = OutcomeColumns::read(source, duration, event, or.as_ref()).map_err(|p| problems.extend(p));
                let (Ok(OutcomeColumns { time, event, known }), true) = (read, problems.is_empty()) else {
                    return Err(StudyError::Invalid(problems));
                };
                Ok(Self::Columns { time, known, event, at_risk })
            }
            Outcome::Event { event, concept_sets, washout_days, or_death, .. } => {
                if at_risk.start.fract() != 0.0 || at_risk.end.is_some_and(|e| e.fract() != 0.0) {
                    problems.push("time at risk is in whole days on dated records".to_owned());
                }
                if !problems.is_empty() {
                    return Err(StudyError::Invalid(problems));
                }
                let (events, found) = find_events(source, event, concept_sets).map_err(StudyError::of("outcome"))?;
                warnings.extend(found.into_iter().map(|w| format!("outcome: {w}")));
                let death = EventQuery { domain: Some(Domain::Death), ..EventQuery::default() };
                let deaths = or_death.then(|| find_events(source, &death, &[])).transpose();
                let deaths = deaths.map_err(StudyError::of("deaths"))?.map(|(deaths, _)| deaths);
                let washout_days = washout_days.map(|d| i32::try_from(d).unwrap_or(i32::MAX));
                Ok(Self::Events { days: OutcomeDays { events, deaths }, washout_days, at_risk })
            }
        }
    }

    /// Follows subjects and adds a row a step that may leave somebody out.
    pub(crate) fn follow(&self, subjects: Vec<Subject>, rows: &mut Vec<AttritionRow>) -> Vec<Followed> {
        match self {
            Self::Columns { time, known, event, at_risk } => {
                let at = |s: &Subject| s.person as usize;
                let mut kept: Vec<Followed> = subjects
                    .into_iter()
                    .filter(|s| known.get(at(s)).copied().unwrap_or(false))
                    .map(|subject| Followed { subject, time: time[at(&subject)], event: event[at(&subject)] })
                    .collect();
                push(rows, "duration and event known", kept.len());
                if at_risk.start > 0.0 {
                    kept.retain(|f| f.time > at_risk.start);
                    push(rows, &format!("still at risk at {}", at_risk.start), kept.len());
                }
                for f in &mut kept {
                    if let Some(end) = at_risk.end.filter(|end| f.time > *end) {
                        f.time = end;
                        f.event = false;
                    }
                    f.time -= at_risk.start;
                }
                kept
            }
            Self::Events { days, washout_days, at_risk } => {
                follow_events(days, *washout_days, *at_risk, subjects, rows)
            }
        }
    }
}

/// Follow-up in days on dated records.
///
/// With the time at risk starting on day 0, an outcome on the index date has time 0; starting on day s > 0, an outcome on
/// that day has time 1, so that time 0 is the end of the day before.
fn follow_events(
    days: &OutcomeDays,
    washout_days: Option<i32>,
    at_risk: TimeAtRisk,
    mut subjects: Vec<Subject>,
    rows: &mut Vec<AttritionRow>,
) -> Vec<Followed> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole days; beyond the range it saturates")]
    let (start, end) = (at_risk.start as i32, at_risk.end.map(|e| e as i32));
    let events = &days.events;
    if let Some(n_days) = washout_days {
        subjects.retain(|s| {
            let last = if start == 0 { s.start_day.saturating_sub(1) } else { s.start_day };
            events.count(s.person, s.start_day.saturating_sub(n_days), last) == 0
        });
        let words = if n_days >= 36_500 { "before".to_owned() } else { format!("in the {n_days} days before") };
        push(rows, &format!("without the outcome {words}"), subjects.len());
    }
    if start > 0 {
        subjects.retain(|s| {
            let first = s.start_day.saturating_add(start);
            s.end_day >= first && events.count(s.person, s.start_day, first - 1) == 0
        });
        push(rows, &format!("still at risk {start} days after the index date"), subjects.len());
    }
    let follow = |subject: Subject| {
        let first = subject.start_day.saturating_add(start);
        let last = end.map_or(subject.end_day, |e| subject.end_day.min(subject.start_day.saturating_add(e)));
        let outcome = days.first(subject.person, first, last);
        let n_days = i64::from(outcome.unwrap_or(last)) - i64::from(first) + i64::from(start > 0);
        #[expect(clippy::cast_precision_loss, reason = "days of a life")]
        Followed { subject, time: n_days as f64, event: outcome.is_some() }
    };
    subjects.into_iter().map(follow).collect()
}
