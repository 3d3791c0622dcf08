//! What is in a dataset: variables, domains, concepts.

use std::collections::{BTreeMap, BTreeSet};

use cohort::levels::put_in_order;
use columnar::{Category, Column, day};
use model::concept::Domain;
use model::dataset::{ColumnHeader, ColumnKind};
use model::tables;
use protocol::{
    ConceptCount, DatasetContents, DescribeDataset, DomainCount, EngineError, SearchConcepts, VariableInfo,
};

use crate::Engine;
use crate::columns::{category, concept_at, index};
use crate::datasets::{OpenDataset, chunks};

/// Concepts listed without a search.
const TOP_CONCEPTS: usize = 200;
/// A number with at most this many different values is listed by value.
const FEW_VALUES: usize = 12;

/// What is in a dataset.
pub(crate) fn describe(engine: &Engine, request: &DescribeDataset) -> Result<DatasetContents, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let events = Events::of(open);
    let mut concepts = events.as_ref().map(|e| e.concepts(open)).unwrap_or_default();
    concepts.retain(|c| c.domain != tables::DOMAIN_NOTE_NOT_PRESENT);
    concepts.truncate(TOP_CONCEPTS);
    Ok(DatasetContents {
        header: open.header.clone(),
        variables: variables(open),
        domains: events.as_ref().map(Events::domains).unwrap_or_default(),
        concepts,
        span: events.as_ref().and_then(Events::span),
        n_bytes: chunks(&open.header).map(|c| c.n_bytes).sum(),
        has_ancestors: open.data.table(tables::CONCEPT_ANCESTOR).is_some_and(|t| t.n_rows() > 0),
    })
}

fn variables(open: &OpenDataset) -> Vec<VariableInfo> {
    let Some(table) = open.data.table(tables::VARIABLE) else { return Vec::new() };
    let headers: &[ColumnHeader] =
        open.header.tables.iter().find(|t| t.name == tables::VARIABLE).map_or(&[], |t| &t.columns);
    table.columns().iter().zip(headers).map(|((_, column), header)| variable(column, header)).collect()
}

fn variable(column: &Column, header: &ColumnHeader) -> VariableInfo {
    let mut info = VariableInfo {
        name: header.name.clone(),
        label: header.label.clone(),
        kind: header.kind,
        role: header.role,
        unit: header.unit.clone(),
        n_missing: column.n_missing() as u64,
        levels: Vec::new(),
        min: None,
        max: None,
    };
    match column {
        Column::Category(category) => info.levels = level_counts(category),
        Column::Number(numbers) => {
            let mut few: BTreeMap<u64, (f64, u64)> = BTreeMap::new();
            for value in numbers.iter().flatten() {
                info.min = Some(info.min.map_or(value, |m| m.min(value)));
                info.max = Some(info.max.map_or(value, |m| m.max(value)));
                if few.len() <= FEW_VALUES {
                    few.entry(value.to_bits()).or_insert((value, 0)).1 += 1;
                }
            }
            if few.len() <= FEW_VALUES {
                let mut values: Vec<(f64, u64)> = few.into_values().collect();
                values.sort_by(|a, b| a.0.total_cmp(&b.0));
                info.levels = values.into_iter().map(|(value, n)| (value.to_string(), n)).collect();
            }
        }
        Column::Day(_) | Column::Text(_) | Column::Index(_) => {}
    }
    debug_assert!(info.kind != ColumnKind::Index, "a variable is no reference");
    info
}

fn level_counts(category: &Category) -> Vec<(String, u64)> {
    let mut counts = vec![0; category.levels.len()];
    for code in category.codes.iter().flatten() {
        if let Some(count) = counts.get_mut(code as usize) {
            *count += 1;
        }
    }
    put_in_order(category.levels.iter().cloned().zip(counts).collect(), |(level, _)| level.as_str())
}

/// The event table's columns.
struct Events<'a> {
    person: &'a [u32],
    concept: &'a [u32],
    domain: &'a Category,
    start: &'a Column,
    unit: Option<&'a Category>,
}

/// Counts of one concept while events are walked through.
#[derive(Default)]
struct Count {
    events: u64,
    persons: u64,
    last_person: Option<u32>,
    domain: u32,
    units: BTreeMap<u32, u64>,
}

impl Count {
    fn add(&mut self, person: u32) {
        self.events += 1;
        // Events are sorted by person: a person is new if it is not the one before.
        if self.last_person != Some(person) {
            self.persons += 1;
            self.last_person = Some(person);
        }
    }
}

impl<'a> Events<'a> {
    fn of(open: &'a OpenDataset) -> Option<Self> {
        let table = open.data.table(tables::EVENT)?;
        Some(Self {
            person: index(table, tables::EVENT_PERSON)?,
            concept: index(table, tables::EVENT_CONCEPT)?,
            domain: category(table, tables::EVENT_DOMAIN)?,
            start: table.column(tables::EVENT_START_DAY)?,
            unit: category(table, tables::EVENT_UNIT),
        })
    }

    fn start_day(&self, row: usize) -> Option<i32> {
        match self.start {
            Column::Day(days) if !self.start.is_missing(row) => Some(days.value(row)),
            _ => None,
        }
    }

    fn span(&self) -> Option<(String, String)> {
        let days = (0..self.person.len()).filter_map(|row| self.start_day(row));
        let (first, last) = days.fold(None, |span: Option<(i32, i32)>, d| {
            Some(span.map_or((d, d), |(first, last)| (first.min(d), last.max(d))))
        })?;
        Some((day::format_iso(first), day::format_iso(last)))
    }

    fn domains(&self) -> Vec<DomainCount> {
        let mut counts: Vec<(Count, BTreeMap<i32, u64>)> = Vec::new();
        counts.resize_with(self.domain.levels.len(), Default::default);
        for (row, person) in self.person.iter().enumerate() {
            if let Some((count, years)) = counts.get_mut(self.domain.codes.value(row) as usize) {
                count.add(*person);
                if let Some(start) = self.start_day(row) {
                    *years.entry(day::year_of(start)).or_default() += 1;
                }
            }
        }
        let named = self.domain.levels.iter().zip(counts);
        let mut found: Vec<DomainCount> = named
            .filter(|(_, (count, _))| count.events > 0)
            .map(|(name, (count, years))| DomainCount {
                domain: name.clone(),
                events: count.events,
                persons: count.persons,
                by_year: years.into_iter().collect(),
            })
            .collect();
        found.sort_by_key(|d| Domain::from_name(&d.domain).map_or((true, Domain::NoteFinding), |known| (false, known)));
        found
    }

    /// Every concept that has events, by domain, most frequent first. What notes only deny or tell of others comes under
    /// [`tables::DOMAIN_NOTE_NOT_PRESENT`], where no note says that it is there.
    fn concepts(&self, open: &OpenDataset) -> Vec<ConceptCount> {
        let Some(table) = open.data.table(tables::CONCEPT) else { return Vec::new() };
        // Nearly every concept has one domain: the first one seen is counted in place, others beside it.
        let mut counts: Vec<Option<Count>> = Vec::new();
        counts.resize_with(table.n_rows(), Default::default);
        let mut others: BTreeMap<(u32, u32), Count> = BTreeMap::new();
        for (row, (person, concept)) in self.person.iter().zip(self.concept).enumerate() {
            let domain = self.domain.codes.value(row);
            let Some(first) = counts.get_mut(*concept as usize) else { continue };
            let first = first.get_or_insert_with(|| Count { domain, ..Count::default() });
            let count = if first.domain == domain {
                first
            } else {
                others.entry((*concept, domain)).or_insert_with(|| Count { domain, ..Count::default() })
            };
            count.add(*person);
            if let Some(unit) = self.unit.filter(|u| u.level(row).is_some()) {
                *count.units.entry(unit.codes.value(row)).or_default() += 1;
            }
        }
        let firsts = (0u32..).zip(counts).filter_map(|(concept, count)| Some((concept, count?)));
        let all: Vec<(u32, Count)> =
            firsts.chain(others.into_iter().map(|((concept, _), count)| (concept, count))).collect();
        let code = |name: &str| self.domain.code_of(name);
        let (present, absent) = (code(Domain::NoteFinding.name()), code(tables::DOMAIN_NOTE_NOT_PRESENT));
        let of =
            |code: Option<u32>| all.iter().filter(move |(_, c)| Some(c.domain) == code).map(|(concept, _)| *concept);
        let said: BTreeSet<u32> = of(present).collect();
        let mut found: Vec<ConceptCount> = all
            .iter()
            .filter(|(concept, count)| Some(count.domain) != absent || !said.contains(concept))
            .map(|(row, count)| ConceptCount {
                concept: concept_at(table, *row as usize),
                domain: self.domain.levels.get(count.domain as usize).cloned().unwrap_or_default(),
                events: count.events,
                persons: count.persons,
                units: self.named_units(&count.units),
            })
            .collect();
        found.sort_by(|a, b| {
            b.events.cmp(&a.events).then_with(|| a.concept.cmp(&b.concept)).then_with(|| a.domain.cmp(&b.domain))
        });
        found
    }

    fn named_units(&self, units: &BTreeMap<u32, u64>) -> Vec<(String, u64)> {
        let levels = self.unit.map_or(&[][..], |u| &u.levels);
        let mut named: Vec<(String, u64)> =
            units.iter().filter_map(|(code, n)| Some((levels.get(*code as usize)?.clone(), *n))).collect();
        named.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        named
    }
}

/// How well a concept's text answers the words asked for: a whole word counts more than the beginning of one, and that
/// more than letters inside one ('drug a' is not first of all 'Drug B (fictional)').
fn closeness(text: &str, words: &[String]) -> usize {
    let tokens: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let of = |word: &String| match word {
        word if tokens.contains(&word.as_str()) => 2,
        word if tokens.iter().any(|token| token.starts_with(word.as_str())) => 1,
        _ => 0,
    };
    words.iter().map(of).sum()
}

/// Concepts whose words or code hold every word asked for, the closest first, then the most frequent.
pub(crate) fn search(engine: &Engine, request: &SearchConcepts) -> Result<Vec<ConceptCount>, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let words: Vec<String> = request.text.split_whitespace().map(str::to_lowercase).collect();
    let text_of = |count: &ConceptCount| format!("{} {}", count.concept.display, count.concept.code).to_lowercase();
    let mut found = Events::of(open).map(|e| e.concepts(open)).unwrap_or_default();
    found.retain(|count| {
        // Who looks among the findings of notes may ask for what they deny.
        let absent = count.domain == tables::DOMAIN_NOTE_NOT_PRESENT;
        let in_domain = match request.domain {
            None => !absent,
            Some(Domain::NoteFinding) if absent => true,
            Some(domain) => domain.name() == count.domain,
        };
        let text = text_of(count);
        in_domain && words.iter().all(|w| text.contains(w.as_str()))
    });
    if !words.is_empty() {
        // Stable: what is as close stays by frequency.
        found.sort_by_cached_key(|count| std::cmp::Reverse(closeness(&text_of(count), &words)));
    }
    found.truncate(request.limit as usize);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::closeness;

    #[test]
    fn whole_words_stand_before_beginnings_and_these_before_letters_within() {
        let words: Vec<String> = ["drug", "a"].map(str::to_owned).to_vec();
        assert!(closeness("drug a (fictional) a1", &words) > closeness("drug b (fictional) b1", &words));
        assert!(closeness("aspirin drug", &words) > closeness("drug b (fictional) b1", &words));
        assert!(closeness("drug a", &words) > closeness("aspirin drug", &words));
    }
}
