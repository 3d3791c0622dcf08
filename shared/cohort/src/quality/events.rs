//! Events: one pass over the table, person by person.

use arrow_array::Array as _;
use model::concept::{ConceptRef, Domain};
use model::tables;

use super::checks::{
    CONCEPT_REFERENCE, DEATH_WITHOUT_DAY, DOMAIN_VALUE, EVENT_AFTER_DEATH, EVENT_BEFORE_BIRTH, EVENT_DOUBLE,
    EVENT_FUTURE, EVENT_OUTSIDE, EVENT_REVERSED, EVENT_UNMAPPED, EVENT_WITHOUT_DATE, EVENT_WITHOUT_WORDS,
    PERSON_WITHOUT_DOMAIN, RESULT_MISSING, SEX_SPECIFIC,
};
use super::columns::{Concepts, EventColumns, category, day_at, level_of, slot};
use super::list::{Check, List, Share, most};
use super::persons::{add_or_no_today, births, last_day};
use super::sexes::{Sex, only};
use super::values;
use super::{DAYS_AFTER_DEATH, QualitySettings};
use crate::error::CohortError;
use crate::evaluate::Tick;
use crate::source::{Period, Source};

/// Persons between two looks at whether to go on.
const STRIDE: u32 = 4096;
/// Code system of events that came without a code.
const SOURCE: &str = "source";

/// What is counted in one domain.
#[derive(Clone, Debug, Default)]
struct Tally {
    n_persons: u64,
    last_person: Option<u32>,
    date: Share,
    reversed: Share,
    before_birth: Share,
    after_death: Share,
    outside: Share,
    future: Share,
    double: Share,
    unmapped: Share,
    wordless: Share,
    result: Share,
}

/// What is counted of one concept.
#[derive(Clone, Copy, Debug, Default)]
struct ConceptTally {
    n: u64,
    /// Slot of the domain of its events.
    domain: usize,
    without_result: u64,
    other_sex: Share,
}

/// What is known of a concept before its events are looked at.
#[derive(Clone, Copy, Debug)]
struct Known {
    unmapped: bool,
    wordless: bool,
    only: Option<Sex>,
}

/// The counts of one pass.
pub(super) struct Counts<'a> {
    domains: Vec<Tally>,
    concepts: Vec<ConceptTally>,
    no_concept: Share,
    death_without_day: Share,
    n_persons: u64,
    pub(super) values: values::Plan<'a>,
}

/// What an event must agree with.
struct Life<'a> {
    born: Option<i32>,
    died: Option<i32>,
    sex: Option<Sex>,
    periods: &'a [Period],
}

/// Fields in which two events of a person and day are alike.
type Twin = (usize, u32, i32, u64, usize, usize);

pub(super) fn count<'a>(
    source: &Source<'_>,
    settings: &QualitySettings,
    concepts: &Concepts,
    columns: Option<&EventColumns<'_>>,
    values: values::Plan<'a>,
    tick: &mut Tick<'_>,
) -> Result<Counts<'a>, CohortError> {
    let mut counts = Counts {
        domains: vec![Tally::default(); columns.map_or(1, EventColumns::n_domains)],
        concepts: vec![ConceptTally::default(); concepts.0.len()],
        no_concept: Share::default(),
        death_without_day: Share::default(),
        n_persons: source.index.n_persons() as u64,
        values,
    };
    let Some(columns) = columns else { return Ok(counts) };
    let known: Vec<Known> = concepts.0.iter().map(known_of).collect();
    let births = births(source);
    let sex_column = source.data.table(tables::PERSON).and_then(|t| category(t, tables::PERSON_SEX));
    let latest = last_day(settings);
    let death = columns.domain.code_of(Domain::Death.name()).map(|code| code as usize + 1);
    let measurement = columns.domain.code_of(Domain::Measurement.name()).map(|code| code as usize + 1);
    let mut twins = Vec::new();
    let n_persons = u32::try_from(source.index.n_persons()).unwrap_or(u32::MAX);
    for person in 0..n_persons {
        if person % STRIDE == 0 && !tick(0.9 * f64::from(person) / f64::from(n_persons)) {
            return Err(CohortError::Cancelled);
        }
        let row = person as usize;
        let life = Life {
            born: births.get(row).copied().flatten(),
            died: source.index.death_day(person),
            sex: sex_column.and_then(|c| c.level(row)).and_then(Sex::from_name),
            periods: source.index.periods(person),
        };
        let rows = source.index.event_rows(person);
        let had_death = counts.person(person, &life, columns, &known, rows.clone(), latest, measurement, death);
        if had_death {
            counts.death_without_day.add(life.died.is_none());
        }
        counts.doubles(columns, rows, &mut twins);
    }
    Ok(counts)
}

fn known_of(concept: &ConceptRef) -> Known {
    let system = concept.system.as_str();
    let unmapped = system.is_empty()
        || system == SOURCE
        || concept.code.is_empty()
        || (system == "OMOP" && concept.code == "0")
        || system.ends_with("/data-absent-reason")
        || system.ends_with("/v3-NullFlavor");
    Known { unmapped, wordless: concept.display.is_empty(), only: only(concept) }
}

impl Counts<'_> {
    /// Counts a person's events; says whether one of them is a death.
    #[expect(clippy::too_many_arguments, reason = "what is looked up once for all persons")]
    fn person(
        &mut self,
        person: u32,
        life: &Life<'_>,
        columns: &EventColumns<'_>,
        known: &[Known],
        rows: std::ops::Range<usize>,
        latest: Option<i32>,
        measurement: Option<usize>,
        death: Option<usize>,
    ) -> bool {
        let mut had_death = false;
        // Events come by day, periods by start: those that have begun are walked through once.
        let (mut next_period, mut observed_until) = (0, i32::MIN);
        for row in rows {
            let domain = slot(columns.domain, row);
            let concept = columns.concept[row] as usize;
            had_death |= death == Some(domain);
            let Some(tally) = self.domains.get_mut(domain) else { continue };
            if tally.last_person != Some(person) {
                tally.last_person = Some(person);
                tally.n_persons += 1;
            }
            let start = day_at(columns.start, row);
            tally.date.add(start.is_none());
            if let Some(start) = start {
                if let Some(end) = columns.end.and_then(|ends| day_at(ends, row)) {
                    tally.reversed.add(end < start);
                }
                if let Some(born) = life.born {
                    tally.before_birth.add(start < born);
                }
                if let Some(died) = life.died {
                    tally.after_death.add(start > died.saturating_add(DAYS_AFTER_DEATH));
                }
                if let Some(latest) = latest {
                    tally.future.add(start > latest);
                }
                while let Some(period) = life.periods.get(next_period).filter(|p| p.start_day <= start) {
                    observed_until = observed_until.max(period.end_day);
                    next_period += 1;
                }
                tally.outside.add(start > observed_until);
            }
            let is_known = known.get(concept);
            self.no_concept.add(is_known.is_none());
            let has_number = columns.value.is_some_and(|values| values.is_valid(row));
            let has_result = has_number || columns.value_text.is_some_and(|texts| texts.codes.is_valid(row));
            if let (Some(known), Some(of)) = (is_known, self.concepts.get_mut(concept)) {
                of.n += 1;
                of.domain = domain;
                tally.unmapped.add(known.unmapped);
                tally.wordless.add(known.wordless);
                if measurement == Some(domain) {
                    tally.result.add(!has_result);
                    of.without_result += u64::from(!has_result);
                }
                if let (Some(only), Some(sex)) = (known.only, life.sex) {
                    of.other_sex.add(only != sex);
                }
            }
            if has_number && let Some(values) = columns.value {
                self.values.add(concept, columns.unit.map_or(0, |units| slot(units, row)), values.value(row));
            }
        }
        had_death
    }

    /// Counts what a person has twice: events of one day are sorted, and like stands beside like.
    fn doubles(&mut self, columns: &EventColumns<'_>, rows: std::ops::Range<usize>, twins: &mut Vec<Twin>) {
        let mut from = rows.start;
        while from < rows.end {
            let day = day_at(columns.start, from);
            let mut to = from + 1;
            while to < rows.end && day_at(columns.start, to) == day {
                to += 1;
            }
            twins.clear();
            twins.extend((from..to).map(|row| twin(columns, row)));
            if twins.len() > 1 {
                twins.sort_unstable();
            }
            let mut before = None;
            for twin in twins.iter() {
                if let Some(tally) = self.domains.get_mut(twin.0) {
                    tally.double.add(before == Some(twin));
                }
                before = Some(twin);
            }
            from = to;
        }
    }
}

fn twin(columns: &EventColumns<'_>, row: usize) -> Twin {
    let end = columns.end.and_then(|ends| day_at(ends, row)).unwrap_or(i32::MIN);
    // No number is stored as NaN: its bits stand for none.
    let value = columns.value.filter(|v| v.is_valid(row)).map_or(f64::NAN, |v| v.value(row)).to_bits();
    let text = columns.value_text.map_or(0, |texts| slot(texts, row));
    let unit = columns.unit.map_or(0, |units| slot(units, row));
    (slot(columns.domain, row), columns.concept[row], end, value, text, unit)
}

/// Lists the checks of the counts.
pub(super) fn list(
    counts: &Counts<'_>,
    concepts: &Concepts,
    columns: Option<&EventColumns<'_>>,
    settings: &QualitySettings,
    list: &mut List,
) {
    let Some(columns) = columns else {
        for check in [&EVENT_WITHOUT_DATE, &EVENT_UNMAPPED, &EVENT_REVERSED, &EVENT_BEFORE_BIRTH, &EVENT_AFTER_DEATH] {
            list.not_applicable(check, "There is no table of events.");
        }
        return;
    };
    let parts = domains(counts, columns);
    let mut by_domain = |check: &Check, of: fn(&Tally) -> Share, why: &str| {
        let some: Vec<(&str, Share)> =
            parts.iter().map(|(name, tally)| (*name, of(tally))).filter(|(_, s)| s.total > 0).collect();
        if some.is_empty() {
            list.not_applicable(check, why);
        }
        for (name, share) in some {
            list.add(check, name, share);
        }
    };
    by_domain(&EVENT_WITHOUT_DATE, |t| t.date, "There are no events.");
    by_domain(&EVENT_WITHOUT_WORDS, |t| t.wordless, "There are no events with a concept.");
    by_domain(&EVENT_REVERSED, |t| t.reversed, "No event has an end.");
    by_domain(&EVENT_BEFORE_BIRTH, |t| t.before_birth, "No person with dated events has a year of birth.");
    by_domain(&EVENT_AFTER_DEATH, |t| t.after_death, "No person with dated events has a day of death.");
    by_domain(&EVENT_OUTSIDE, |t| t.outside, "No event has a date.");
    by_domain(&EVENT_DOUBLE, |t| t.double, "There are no events.");
    if settings.today.is_some() {
        by_domain(&EVENT_FUTURE, |t| t.future, "No event has a date.");
    } else {
        add_or_no_today(list, &EVENT_FUTURE, "", settings, Share::default());
    }
    unmapped(counts, concepts, columns, list);
    let is_known = |name: &str| Domain::from_name(name).is_some() || name == tables::DOMAIN_NOTE_NOT_PRESENT;
    // That notes deny nothing of a person is nothing missing.
    for (name, tally) in parts.iter().filter(|(name, _)| *name != tables::DOMAIN_NOTE_NOT_PRESENT) {
        let violated = counts.n_persons.saturating_sub(tally.n_persons);
        list.add(&PERSON_WITHOUT_DOMAIN, name, Share { violated, total: counts.n_persons });
    }
    let odd = parts.iter().filter(|(name, _)| !is_known(name)).map(|(_, t)| t.date.total).sum();
    let total = parts.iter().map(|(_, t)| t.date.total).sum();
    list.add(&DOMAIN_VALUE, "", Share { violated: odd, total });
    list.add(&CONCEPT_REFERENCE, "", counts.no_concept);
    list.add(&DEATH_WITHOUT_DAY, "", counts.death_without_day);
    results(counts, concepts, &parts, list);
    sexes(counts, concepts, list);
}

fn unmapped(counts: &Counts<'_>, concepts: &Concepts, columns: &EventColumns<'_>, list: &mut List) {
    let parts = domains(counts, columns);
    let mut some = parts.iter().filter(|(_, tally)| tally.unmapped.total > 0).peekable();
    if some.peek().is_none() {
        list.not_applicable(&EVENT_UNMAPPED, "There are no events with a concept.");
    }
    for (name, tally) in some {
        let of_domain = counts.concepts.iter().enumerate().filter(|(row, c)| {
            level_of(columns.domain, c.domain, "no domain") == *name
                && concepts.0.get(*row).is_some_and(|concept| known_of(concept).unmapped)
        });
        let named = most(of_domain.map(|(row, c)| (concepts.words(row), c.n)));
        list.add(&EVENT_UNMAPPED, name, tally.unmapped).most = named;
    }
}

/// The domains that have events, in the order they are shown; unknown ones last.
fn domains<'a>(counts: &'a Counts<'_>, columns: &'a EventColumns<'_>) -> Vec<(&'a str, &'a Tally)> {
    let all = counts.domains.iter().enumerate().filter(|(_, tally)| tally.date.total > 0);
    let mut parts: Vec<(&str, &Tally)> =
        all.map(|(slot, tally)| (level_of(columns.domain, slot, "no domain"), tally)).collect();
    parts.sort_by_key(|(name, _)| {
        let known = Domain::from_name(name);
        (known.is_none(), known, (*name).to_owned())
    });
    parts
}

fn results(counts: &Counts<'_>, concepts: &Concepts, parts: &[(&str, &Tally)], list: &mut List) {
    let share = parts
        .iter()
        .map(|(_, tally)| tally.result)
        .fold(Share::default(), |sum, s| Share { violated: sum.violated + s.violated, total: sum.total + s.total });
    let named = counts.concepts.iter().enumerate().map(|(row, c)| (concepts.words(row), c.without_result));
    let named = most(named);
    list.add(&RESULT_MISSING, "", share).most = named;
}

fn sexes(counts: &Counts<'_>, concepts: &Concepts, list: &mut List) {
    let mut share = Share::default();
    for tally in &counts.concepts {
        share.violated += tally.other_sex.violated;
        share.total += tally.other_sex.total;
    }
    let named = most(counts.concepts.iter().enumerate().map(|(row, c)| (concepts.words(row), c.other_sex.violated)));
    let check = list.add(&SEX_SPECIFIC, "", share);
    check.most = named;
    check.note = if share.total == 0 {
        "No condition or procedure of one sex only was found in persons whose sex is known.".to_owned()
    } else {
        "Which codes are of one sex only follows from the blocks of ICD-10 and ICD-9-CM (genital organs, pregnancy and \
         birth), else from the words of the concept."
            .to_owned()
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_code() {
        let concept = |system: &str, code: &str| ConceptRef {
            system: system.into(),
            code: code.into(),
            display: String::new(),
            omop_id: None,
        };
        for (system, code, unmapped) in [
            ("SNOMED", "1", false),
            ("source", "chest pain", true),
            ("", "1", true),
            ("LOINC", "", true),
            ("OMOP", "0", true),
            ("OMOP", "4", false),
            ("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK", true),
        ] {
            assert_eq!(known_of(&concept(system, code)).unmapped, unmapped, "{system} {code}");
        }
    }
}
