//! A row a visit: each column that is kept gives an event on the visit's day.

use model::concept::Domain;
use model::dataset::ColumnRole;
use model::import_mapping::VisitShape;
use model::intake::ColumnPlan;

use super::{Columns, Common, NO_DAY, No, On, Row, note};
use crate::csv::ages::{self, Ages};
use crate::csv::names;
use crate::date::Written;
use crate::interned::NO_TEXT;
use crate::report::Flaw;
use crate::tables::dictionaries::Reference;
use crate::tables::store::{Concept, Event, NONE, SOURCE, Store};

/// The columns of the visits.
pub(super) struct Visits {
    columns: Vec<Column>,
    /// Columns with a day, where there are several.
    days: Vec<(usize, Written)>,
}

struct Column {
    at: usize,
    name: String,
    concept: u32,
    unit: u32,
    kind: Kind,
    /// Of several columns with a day those that may date it, the nearest first.
    dated_by: Vec<usize>,
}

enum Kind {
    Number(Option<Ages>),
    /// Words; whether they are ages or groups of ages.
    Words(bool),
    Day(Written),
    /// The day that the person died.
    Death(Written),
    Note,
}

impl Visits {
    pub(super) fn new(
        shape: &VisitShape,
        columns: &[Option<ColumnPlan>],
        places: &Columns,
        common: &Common,
        store: &mut Store,
    ) -> Self {
        let safe_harbor = common.safe_harbor;
        let is_day = |plan: &ColumnPlan| plan.name == shape.date || shape.more_dates.contains(&plan.name);
        let planned = columns.iter().enumerate().filter_map(|(at, plan)| Some((at, plan.as_ref()?)));
        let days = planned.filter(|(_, plan)| is_day(plan) && !shape.more_dates.is_empty());
        let days: Vec<(usize, Written)> = days.map(|(at, plan)| (at, Written::of(plan, common.this_year))).collect();
        let dated_by = |at: usize| {
            let before = (0..days.len()).rev().filter(|i| days.get(*i).is_some_and(|(day, _)| *day < at));
            before.take(1).chain(0..days.len()).collect()
        };
        let wanted = columns.iter().enumerate().filter_map(|(at, plan)| Some((at, plan.as_ref()?)));
        let wanted = wanted.filter(|(at, plan)| {
            Some(*at) != places.person
                && Some(*at) != places.date
                && !(safe_harbor && plan.identifier_class.is_some())
                && (days.is_empty() || !is_day(plan))
                && !shape.of_person.contains(&plan.name)
        });
        let made = wanted.filter_map(|(at, plan)| {
            let kind = match plan.role {
                ColumnRole::Drop | ColumnRole::Identifier => return None,
                ColumnRole::Number | ColumnRole::Duration => {
                    Kind::Number(Ages::of(&plan.name, &plan.label, plan.unit.as_deref()).filter(|_| safe_harbor))
                }
                // As words they would stay as they are.
                ColumnRole::Category if safe_harbor && names::is_birth_year(&plan.name) => Kind::Number(None),
                ColumnRole::Category | ColumnRole::Event => {
                    Kind::Words(safe_harbor && ages::are_levels(&plan.name, &plan.label, plan.unit.as_deref()))
                }
                ColumnRole::Date => Kind::Day(Written::of(plan, common.this_year)),
                ColumnRole::Death => Kind::Death(Written::of(plan, common.this_year)),
                ColumnRole::Text => Kind::Note,
            };
            let display = if plan.label.is_empty() { plan.name.clone() } else { plan.label.clone() };
            // Where a dictionary knows the column, its answers are codes.
            let of = match kind {
                Kind::Words(_) => store.refer(Reference {
                    file: store.file,
                    column: plan.name.clone(),
                    version: String::new(),
                    are_answers: true,
                }),
                _ => 0,
            };
            let concept = Concept { system: SOURCE.to_owned(), code: plan.name.clone(), display, of };
            Some(Column {
                at,
                name: plan.name.clone(),
                // A column of notes gives no event: its name is their title; one of deaths gives those of the persons.
                concept: if matches!(kind, Kind::Note | Kind::Death(_)) { NONE } else { store.concept(concept) },
                unit: plan.unit.as_deref().filter(|u| !u.is_empty()).map_or(NO_TEXT, |u| store.texts.intern(u)),
                kind,
                dated_by: dated_by(at),
            })
        });
        let columns = made.collect();
        Self { columns, days }
    }

    pub(super) fn take(&mut self, row: Row<'_>, on: &On, common: &mut Common, store: &mut Store) -> Result<(), No> {
        let mut n = 0;
        let days: Vec<Option<i32>> =
            self.days.iter().map(|(at, written)| common.day(row.get(*at), Some(*written)).ok()).collect();
        for column in &self.columns {
            let field = row.get(column.at);
            let nearest = column.dated_by.iter().find_map(|i| days.get(*i).copied().flatten());
            let on = &On { start: nearest.unwrap_or(on.start), ..*on };
            // Days stand for themselves.
            if on.start == NO_DAY && !matches!(column.kind, Kind::Day(_) | Kind::Death(_)) {
                if !common.missing.is(field) {
                    let reason = "no date in the row: it is not known when this was; left out".to_owned();
                    common.flaws.push(Flaw { field: column.name.clone(), reason });
                }
                continue;
            }
            let mut event = Event::new(on.person, column.concept, on.start, on.place, Domain::Observation);
            event.unit = column.unit;
            match &column.kind {
                Kind::Number(ages) => {
                    let limit = common.limit(field);
                    event.text = limit.map_or(event.text, |(_, sign)| store.texts.intern(sign));
                    let value = limit.map(|(value, _)| value).or_else(|| common.number(field, &column.name));
                    let Some(value) = value else { continue };
                    let Some(value) = common.age(value, *ages, &column.name, store) else { continue };
                    event.more = Domain::Measurement;
                    event.set_value(Some(value));
                }
                Kind::Words(are_ages) => {
                    let Some(words) = common.words(field, &column.name) else { continue };
                    let is_old = *are_ages && ages::is_old(words) && words != ages::OLD;
                    store.n_ages += u64::from(is_old);
                    let words = if is_old { ages::OLD } else { words };
                    event.text = store.texts.intern(words);
                }
                Kind::Day(written) | Kind::Death(written) => {
                    let day = match common.day(field, Some(*written)) {
                        Ok(day) => day,
                        Err(_) if common.missing.is(field) => continue,
                        Err(reason) => {
                            let reason = format!("{reason}; set to missing");
                            common.flaws.push(Flaw { field: column.name.clone(), reason });
                            continue;
                        }
                    };
                    if matches!(column.kind, Kind::Death(_)) {
                        store.deaths.push((on.person, day, on.place));
                        n += 1;
                        continue;
                    }
                    event.start = day;
                }
                Kind::Note => {
                    match note(field, Some(column.name.as_bytes()), on, common, store) {
                        Ok(()) => n += 1,
                        Err(None) => {}
                        Err(Some(reason)) => common.flaws.push(Flaw { field: column.name.clone(), reason }),
                    }
                    continue;
                }
            }
            n += 1;
            store.events.push(event);
        }
        if n > 0 { Ok(()) } else { Err(No::NotUsed) }
    }
}
