//! Entry events: who could be in a cohort, and from which day.

use columnar::BitSet;
use model::cohort::{Entry, Limit};
use model::results::AttritionRow;

use crate::column_test::of_slice;
use crate::describe::describe_query;
use crate::query::EventDays;
use crate::source::{Period, Source};

/// An entry that rules are applied to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) person: u32,
    pub(crate) day: i32,
    pub(crate) period: Period,
}

/// The entries that rules are applied to, sorted by person, then day.
pub(crate) enum Candidates {
    /// Every person of a flat dataset once; entry `i` is person `i`.
    Everyone(usize),
    Listed(Vec<Candidate>),
}

impl Candidates {
    pub(crate) fn len(&self) -> usize {
        match self {
            Candidates::Everyone(n) => *n,
            Candidates::Listed(list) => list.len(),
        }
    }

    /// A set of persons as a set of entries.
    pub(crate) fn of_persons(&self, persons: BitSet) -> BitSet {
        match self {
            Candidates::Everyone(_) => persons,
            Candidates::Listed(list) => of_slice(list, |c| persons.get(c.person as usize)),
        }
    }

    /// Distinct persons among some entries.
    pub(crate) fn persons(&self, among: &BitSet) -> u64 {
        match self {
            Candidates::Everyone(_) => among.count() as u64,
            Candidates::Listed(list) => distinct(among.iter().filter_map(|i| list.get(i)).map(|c| c.person)),
        }
    }

    pub(crate) fn row(&self, rule: &str, among: &BitSet) -> AttritionRow {
        AttritionRow { rule: rule.to_owned(), persons: self.persons(among), events: among.count() as u64 }
    }
}

/// Number of distinct persons in a sorted sequence.
pub(crate) fn distinct(sorted: impl Iterator<Item = u32>) -> u64 {
    let mut last = None;
    let mut n = 0;
    for person in sorted {
        if last != Some(person) {
            n += 1;
            last = Some(person);
        }
    }
    n
}

/// The first attrition row, before anything was asked.
pub(crate) fn all_persons(source: &Source<'_>, entry: &Entry) -> AttritionRow {
    let persons = source.index.n_persons() as u64;
    let events = match entry {
        Entry::Everyone => persons,
        Entry::Event { .. } => source.index.n_events(),
    };
    AttritionRow { rule: "all persons".to_owned(), persons, events }
}

/// Everyone: all rows of a flat dataset, or the start of each person's first observation period.
pub(crate) fn everyone(source: &Source<'_>, rows: &mut Vec<AttritionRow>) -> Candidates {
    let n_persons = source.index.n_persons();
    if !source.is_record() {
        return Candidates::Everyone(n_persons);
    }
    let list: Vec<Candidate> = (0..n_persons)
        .filter_map(|person| u32::try_from(person).ok())
        .filter_map(|person| {
            let period = *source.index.periods(person).first()?;
            Some(Candidate { person, day: period.start_day, period })
        })
        .collect();
    push_row(rows, "observed at some time (from the start of the first observation period)", &list);
    Candidates::Listed(list)
}

fn push_row(rows: &mut Vec<AttritionRow>, rule: &str, list: &[Candidate]) {
    let persons = distinct(list.iter().map(|c| c.person));
    rows.push(AttritionRow { rule: rule.to_owned(), persons, events: list.len() as u64 });
}

/// What an [`Entry::Event`] asks for beside its query.
pub(crate) struct Qualifiers {
    pub(crate) limit: Limit,
    pub(crate) prior_observation_days: u32,
    pub(crate) washout_days: u32,
}

/// Entry events in the order of Circe's primary criteria: within an observation period, enough observation before, no
/// such event in the washout, and last the limit, so that `First` is the first *qualifying* event.
pub(crate) fn at_events(
    source: &Source<'_>,
    events: &EventDays,
    words: &str,
    ask: &Qualifiers,
    rows: &mut Vec<AttritionRow>,
) -> Candidates {
    let n_persons = u32::try_from(source.index.n_persons()).unwrap_or(u32::MAX);
    rows.push(AttritionRow {
        rule: format!("entry event: {words}"),
        persons: events.n_persons(),
        events: events.n_events(),
    });
    let mut list: Vec<Candidate> = Vec::with_capacity(events.n_events() as usize);
    for person in 0..n_persons {
        let at = |&day: &i32| Some(Candidate { person, day, period: source.index.period_at(person, day)? });
        list.extend(events.of(person).iter().filter_map(at));
    }
    push_row(rows, "entry event within an observation period", &list);
    let prior = ask.prior_observation_days;
    if prior > 0 {
        list.retain(|c| i64::from(c.day) - i64::from(c.period.start_day) >= i64::from(prior));
        push_row(rows, &format!("at least {prior} days of observation before"), &list);
    }
    let washout = i32::try_from(ask.washout_days).unwrap_or(i32::MAX);
    if washout > 0 {
        list.retain(|c| {
            let from = c.day.saturating_sub(washout).max(c.period.start_day);
            events.count(c.person, from, c.day.saturating_sub(1)) == 0
        });
        push_row(rows, &format!("no such event in the {washout} days before"), &list);
    }
    match ask.limit {
        Limit::All => {}
        Limit::First => {
            list.dedup_by_key(|c| c.person);
            push_row(rows, "earliest entry event of each person", &list);
        }
        Limit::Last => {
            list.reverse();
            list.dedup_by_key(|c| c.person);
            list.reverse();
            push_row(rows, "latest entry event of each person", &list);
        }
    }
    Candidates::Listed(list)
}

/// Words for an entry event's attrition row.
pub(crate) fn entry_words(definition: &model::cohort::CohortDefinition) -> String {
    match &definition.entry {
        Entry::Everyone => String::new(),
        Entry::Event { event, .. } => describe_query(event, &definition.concept_sets),
    }
}
