//! Which covariates to show where none are named.

use std::collections::BTreeMap;

use arrow_array::Array as _;
use cohort::{Cohort, Source};
use columnar::{Column, Table};
use model::cohort::{EventQuery, Window};
use model::concept::{ConceptItem, ConceptRef, ConceptSet, Domain};
use model::covariate::Covariate;
use model::tables;

/// Most frequent concepts shown of each domain.
const CONCEPTS_PER_DOMAIN: usize = 5;
/// The year before the index date, without the date itself.
const YEAR_BEFORE: Window = Window { start_days: Some(-365), end_days: Some(-1) };

/// Covariates shown where none are named, with the concept sets they refer to.
///
/// In a flat file every variable that is a number or a category (identifiers and dates are not stored, free text is left
/// out). In a record age, sex, any variable there is, and of each domain the concepts that most subjects have in the year
/// before the index date.
#[must_use]
pub fn default_covariates(source: &Source<'_>, cohorts: &[&Cohort]) -> (Vec<Covariate>, Vec<ConceptSet>) {
    let mut found = Vec::new();
    let mut sets = Vec::new();
    let person = source.data.table(tables::PERSON).filter(|_| source.is_record());
    let holds = |name: &str| person.and_then(|t| t.column(name));
    if matches!(holds(tables::PERSON_BIRTH_YEAR), Some(Column::Number(_))) {
        found.push(Covariate::AgeAtIndex);
    }
    if matches!(holds(tables::PERSON_SEX), Some(Column::Category(_))) {
        found.push(Covariate::Sex);
    }
    for (name, column) in source.variables() {
        if matches!(column, Column::Number(_) | Column::Category(_)) {
            found.push(Covariate::Variable { name: name.to_owned(), as_category: false });
        }
    }
    if source.is_record() {
        frequent_concepts(source, cohorts, &mut found, &mut sets);
    }
    (found, sets)
}

/// Subjects with each (domain, concept) in the year before the index date.
fn count_concepts(source: &Source<'_>, cohorts: &[&Cohort]) -> BTreeMap<(u32, u32), u64> {
    let mut counts = BTreeMap::new();
    let Some(event) = source.data.table(tables::EVENT) else { return counts };
    let (Some(Column::Category(domain)), Some(Column::Index(concept)), Some(Column::Day(start))) = (
        event.column(tables::EVENT_DOMAIN),
        event.column(tables::EVENT_CONCEPT),
        event.column(tables::EVENT_START_DAY),
    ) else {
        return counts;
    };
    let mut seen: Vec<(u32, u32)> = Vec::new();
    for subject in cohorts.iter().flat_map(|c| &c.subjects) {
        let Some(period) = source.index.period_at(subject.person, subject.start_day) else { continue };
        let first = subject.start_day.saturating_sub(365).max(period.start_day);
        seen.clear();
        for row in source.index.event_rows(subject.person) {
            if start.is_valid(row)
                && domain.codes.is_valid(row)
                && (first..subject.start_day).contains(&start.value(row))
            {
                seen.push((domain.codes.value(row), concept.value(row)));
            }
        }
        seen.sort_unstable();
        seen.dedup();
        for &key in &seen {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

fn frequent_concepts(source: &Source<'_>, cohorts: &[&Cohort], found: &mut Vec<Covariate>, sets: &mut Vec<ConceptSet>) {
    let (Some(concepts), Some(Column::Category(domains))) = (
        source.data.table(tables::CONCEPT),
        source.data.table(tables::EVENT).and_then(|t| t.column(tables::EVENT_DOMAIN)),
    ) else {
        return;
    };
    let counts = count_concepts(source, cohorts);
    for domain in Domain::ALL {
        let Some(code) = domains.code_of(domain.name()) else { continue };
        let mut ranked: Vec<(u64, u32)> =
            counts.iter().filter(|((d, _), _)| *d == code).map(|((_, concept), n)| (*n, *concept)).collect();
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        for &(_, row) in ranked.iter().take(CONCEPTS_PER_DOMAIN) {
            let Some(concept) = concept_at(concepts, row as usize) else { continue };
            let words = if concept.display.is_empty() { &concept.code } else { &concept.display };
            let name = format!("{}: {words}", domain.name().replace('_', " "));
            if found.iter().any(|c| c.name() == name) {
                continue;
            }
            let id = format!("concept-{row}");
            if !sets.iter().any(|s| s.id == id) {
                let item = ConceptItem { concept: concept.clone(), include_descendants: false, exclude: false };
                sets.push(ConceptSet { id: id.clone(), name: words.clone(), items: vec![item] });
            }
            let event = EventQuery { domain: Some(domain), concept_set: Some(id), ..EventQuery::default() };
            found.push(Covariate::HasEvent { name, event, window: YEAR_BEFORE });
        }
    }
}

fn concept_at(table: &Table, row: usize) -> Option<ConceptRef> {
    let text = |name: &str| match table.column(name) {
        Some(Column::Text(a)) if row < a.len() && a.is_valid(row) => Some(a.value(row).to_owned()),
        Some(Column::Category(c)) => c.level(row).map(str::to_owned),
        _ => None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "OMOP ids are whole numbers far below 2^53")]
    let omop_id = match table.column(tables::CONCEPT_OMOP_ID) {
        Some(Column::Number(a)) if row < a.len() && a.is_valid(row) => Some(a.value(row) as i64),
        _ => None,
    };
    Some(ConceptRef {
        system: text(tables::CONCEPT_SYSTEM)?,
        code: text(tables::CONCEPT_CODE)?,
        display: text(tables::CONCEPT_DISPLAY).unwrap_or_default(),
        omop_id,
    })
}
