//! Numbers and their units, concept by concept.

use columnar::Category;

use super::Reference;
use super::checks::{UNIT_MISSING, UNIT_VALUE, VALUE_RANGE, VALUE_UNIT};
use super::columns::{Concepts, EventColumns, level_of};
use super::list::{List, Share, most};
use super::{Conversion, Limits};

/// What is counted of one concept.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    with_unit: u64,
    without_unit: u64,
}

/// A concept with limits.
struct Limited {
    concept: usize,
    limits: Limits,
    /// By slot of the unit: how values in it are converted.
    conversions: Vec<Option<Conversion>>,
    range: Share,
    unit: Share,
}

/// What is looked at, and what was counted so far.
pub(super) struct Plan<'a> {
    concepts: Vec<Tally>,
    /// By concept: place in `limited`.
    limited_at: Vec<Option<usize>>,
    limited: Vec<Limited>,
    /// By slot of the unit: numbers with it.
    units: Vec<u64>,
    unit_levels: Option<&'a Category>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(concepts: &Concepts, columns: Option<&EventColumns<'a>>, reference: &dyn Reference) -> Self {
        let unit_levels = columns.and_then(|c| c.unit);
        let levels: &[String] = unit_levels.map_or(&[], |u| &u.levels);
        let mut limited = Vec::new();
        let limited_at = concepts.0.iter().enumerate().map(|(row, concept)| {
            let limits = reference.limits(concept)?;
            let conversions =
                std::iter::once(None).chain(levels.iter().map(|unit| reference.conversion(concept, unit))).collect();
            let (range, unit) = (Share::default(), Share::default());
            limited.push(Limited { concept: row, limits, conversions, range, unit });
            Some(limited.len() - 1)
        });
        let limited_at = limited_at.collect();
        Self {
            concepts: vec![Tally::default(); concepts.0.len()],
            limited_at,
            limited,
            units: vec![0; levels.len() + 1],
            unit_levels,
        }
    }

    /// Counts a number.
    #[inline]
    pub(super) fn add(&mut self, concept: usize, unit: usize, value: f64) {
        if let Some(n) = self.units.get_mut(unit) {
            *n += 1;
        }
        let Some(tally) = self.concepts.get_mut(concept) else { return };
        if unit == 0 {
            tally.without_unit += 1;
        } else {
            tally.with_unit += 1;
        }
        let at = self.limited_at.get(concept).copied().flatten();
        let Some(limited) = at.and_then(|at| self.limited.get_mut(at)) else { return };
        if unit == 0 {
            return;
        }
        let conversion = limited.conversions.get(unit).copied().flatten();
        limited.unit.add(conversion.is_none());
        if let Some(conversion) = conversion {
            let value = value * conversion.factor + conversion.offset;
            limited.range.add(!(limited.limits.low..=limited.limits.high).contains(&value));
        }
    }

    /// Lists the checks.
    pub(super) fn list(
        &self,
        concepts: &Concepts,
        columns: Option<&EventColumns<'_>>,
        reference: &dyn Reference,
        list: &mut List,
    ) {
        if columns.is_none() {
            return list.not_applicable(&VALUE_RANGE, "There is no table of events.");
        }
        self.without_unit(concepts, list);
        self.unknown_units(reference, list);
        let mut by_concept: Vec<&Limited> = self.limited.iter().filter(|l| l.unit.total > 0).collect();
        by_concept.sort_by_key(|l| (std::cmp::Reverse(l.unit.total), l.concept));
        if by_concept.is_empty() {
            let why = "No concept with numbers and units is in the table of quantities.";
            list.not_applicable(&VALUE_RANGE, why);
            list.not_applicable(&VALUE_UNIT, why);
        }
        for limited in by_concept {
            let name = concepts.words(limited.concept);
            let Limits { name: quantity, unit, low, high } = &limited.limits;
            list.add(&VALUE_UNIT, &name, limited.unit).note = format!("Units of {quantity} come to {unit}.");
            let check = list.add(&VALUE_RANGE, &name, limited.range);
            if limited.range.total > 0 {
                check.note = format!("Limits of {quantity}: {low} to {high} {unit}.");
            }
        }
    }

    fn without_unit(&self, concepts: &Concepts, list: &mut List) {
        let mut share = Share::default();
        let mut named = Vec::new();
        for (row, tally) in self.concepts.iter().enumerate() {
            // Scores and ratios have no unit by their nature.
            let has_unit = tally.with_unit > 0 || self.limited_at.get(row).copied().flatten().is_some();
            if has_unit {
                share.violated += tally.without_unit;
                share.total += tally.without_unit + tally.with_unit;
                named.push((row, tally.without_unit));
            }
        }
        let named = most(named.into_iter().map(|(row, n)| (concepts.words(row), n)));
        list.add(&UNIT_MISSING, "", share).most = named;
    }

    fn unknown_units(&self, reference: &dyn Reference, list: &mut List) {
        let mut share = Share::default();
        let mut named = Vec::new();
        for (slot, n) in self.units.iter().enumerate().skip(1) {
            let unit = self.unit_levels.map_or("", |units| level_of(units, slot, ""));
            share.total += n;
            if *n > 0 && !reference.knows_unit(unit) {
                share.violated += n;
                named.push((unit.to_owned(), *n));
            }
        }
        let named = most(named.into_iter());
        list.add(&UNIT_VALUE, "", share).most = named;
    }
}
