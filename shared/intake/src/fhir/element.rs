//! The data types that resources are made of: codes, quantities, dates, references.

use std::borrow::Cow;

use super::date::{self, Precision, When};
use super::json::{Fields, Value};
use super::kind::Kind;
use super::reference::{Key, Target, literal_id, target};
use super::store::{Draft, EndField, Event, LateEnd, Link, Lists, NONE, Tally};
use super::system;
use crate::report::Flaw;

/// Why a resource gives nothing.
#[derive(Debug)]
pub(super) enum Skip {
    /// It is not meant to be an event, or not about a patient: in words.
    NotUsed(Cow<'static, str>),
    /// Something is wrong with it.
    Rejected(Flaw),
}

/// The rejection of a resource for one of its fields.
pub(super) fn reject<T>(field: &str, reason: impl Into<String>) -> Result<T, Skip> {
    Err(Skip::Rejected(Flaw { field: field.to_owned(), reason: reason.into() }))
}

/// The resource that is not used, and why.
pub(super) fn not_used<T>(why: impl Into<Cow<'static, str>>) -> Result<T, Skip> {
    Err(Skip::NotUsed(why.into()))
}

/// Why an undated resource is rejected.
pub(super) const NO_DATE: &str = "no date: it is not known when this was";

/// What becomes of an end before its start.
pub(super) const END_BEFORE: &str = "the end lies before the start; the end is set to missing";

/// The start of an event that waits for the day of its encounter.
pub(super) const LATER: i32 = i32::MIN;

/// First day and last day.
pub(super) type Span = (i32, Option<i32>);

/// Reads the elements of one resource into its draft.
pub(super) struct Reading<'s> {
    pub(super) lists: &'s mut Lists,
    pub(super) draft: &'s mut Draft,
    /// Server of the resource.
    pub(super) base: u32,
    pub(super) kind: Kind,
    /// Day of the document that the resource stands in.
    pub(super) document: Option<i32>,
}

impl Reading<'_> {
    /// An event of the resource's own domain, without a value.
    pub(super) fn event(&self, concept: u32, (start, end): Span) -> Event {
        let (kind, domain) = (self.kind, self.kind.domain());
        Event { resource: NONE, kind, domain, concept, link: NONE, start, end, value: None, text: 0, unit: 0 }
    }

    /// The concept of a CodeableConcept (or of a CodeableReference's concept, or of a Coding): of several codings the one
    /// that [`system::rank`] prefers; words without a code stand for themselves.
    pub(super) fn concept(&mut self, value: Option<Value<'_>>) -> Option<u32> {
        let value = value?;
        let value = value.get("concept").unwrap_or(value);
        let mut best: Option<(u8, &str, Cow<'_, str>, Value<'_>)> = None;
        let mut n = 0u64;
        let codings = value.get("coding").unwrap_or(value);
        for coding in codings.items() {
            let Some(code) = coding.get("code").and_then(Value::text) else { continue };
            n += 1;
            let system = coding.get("system").and_then(Value::bytes).and_then(|b| std::str::from_utf8(b).ok());
            let name = system::name_of(system.unwrap_or_default());
            let rank = system::rank(name);
            if best.as_ref().is_none_or(|(r, ..)| rank < *r) {
                best = Some((rank, name, code, coding));
            }
        }
        let words = value.get("text").and_then(Value::text);
        if let Some((rank, name, code, coding)) = best
            && (rank < 6 || words.is_none())
        {
            if n > 1 {
                self.draft.tally_of(Tally::OtherCodings, n - 1);
            }
            let display = coding.get("display").and_then(Value::text);
            // The words beside a code may be written by hand; the display is the code system's.
            return Some(self.lists.concepts.number(name, &code, display.as_deref().unwrap_or_default()));
        }
        let display = || codings.items().find_map(|c| c.get("display").and_then(Value::text));
        words.or_else(display).map(|words| self.lists.concepts.number("", &words, ""))
    }

    /// A CodeableConcept in words, as the answer to a question.
    pub(super) fn words(&mut self, value: Value<'_>) -> u32 {
        let display = value.get("coding").and_then(|c| c.items().find_map(|c| c.get("display").and_then(Value::text)));
        if let Some(display) = display {
            return self.lists.texts.coded(&display);
        }
        if let Some(words) = value.get("text").and_then(Value::text) {
            return self.lists.texts.free(&words);
        }
        let code = value.get("coding").and_then(|c| c.items().find_map(|c| c.get("code").and_then(Value::text)));
        code.map_or(0, |code| self.lists.texts.coded(&code))
    }

    /// Number and unit of a Quantity.
    pub(super) fn quantity(&mut self, value: Value<'_>) -> (Option<f64>, u32) {
        let unit = units(value).next().map_or(0, |unit| self.lists.texts.coded(&unit));
        (value.get("value").and_then(Value::number), unit)
    }

    /// Counts identifiers that are left out.
    pub(super) fn identifier(&mut self, class: &'static str, place: &'static str, action: &'static str, n: u64) {
        if n > 0 {
            let told = self.lists.told(class, place, action);
            self.draft.identifiers.push((told, n));
        }
    }

    /// A date; how exact it is, is counted.
    pub(super) fn when(&mut self, value: Value<'_>) -> Result<When, &'static str> {
        let Some(text) = value.bytes() else { return Err("not a date: it is no text") };
        let when = date::parse(text)?;
        if when.precision < Precision::Day {
            self.draft.tally(Tally::PartialDates);
        }
        Ok(when)
    }

    /// First and last day of the first of these fields that is there: a date, a Period, or a Timing.
    pub(super) fn span(&mut self, fields: &Fields<'_>, names: &[&str]) -> Result<Span, Skip> {
        let said = |name: &str, e: &str| reject(name, format!("{e}; correct the date in the source"));
        for name in names {
            let Some(value) = fields.get(name) else { continue };
            if !value.is_object() {
                match self.when(value) {
                    Ok(when) => return Ok((when.first, None)),
                    Err(e) => return said(name, e),
                }
            }
            if let Some(first) = value.first("event") {
                match self.when(first) {
                    Ok(when) => return Ok((when.first, None)),
                    Err(e) => return said(name, e),
                }
            }
            let period = value.get("repeat").and_then(|r| r.get("boundsPeriod")).unwrap_or(value);
            match self.period(period) {
                Ok(Some(span)) => return Ok(span),
                Ok(None) => {}
                Err(e) => return said(name, e),
            }
        }
        if self.kind != Kind::Encounter
            && let Some(encounter) = fields.get("encounter").or_else(|| fields.get("context"))
            && let Target::Resource(key) = target(encounter, Kind::Encounter, self.base, &mut self.lists.bases)
        {
            // The day of the visit, once that is known.
            self.draft.dated_by = Some(key);
            return Ok((LATER, None));
        }
        if let Some(day) = self.document.filter(|_| is_listed(self.kind)) {
            self.draft.tally(Tally::DatedByDocument);
            return Ok((day, None));
        }
        let first = names.first().copied().unwrap_or_default();
        reject(first, NO_DATE)
    }

    /// Start and end of a Period; the start alone where the end is no good.
    pub(super) fn period(&mut self, period: Value<'_>) -> Result<Option<Span>, &'static str> {
        let (start, end) = (period.get("start"), period.get("end"));
        let Some(from) = start.or(end) else { return Ok(None) };
        let first = self.when(from)?.first;
        let Some(end) = end.filter(|_| start.is_some()) else { return Ok(Some((first, None))) };
        let last = self.when(end).map(|w| w.last);
        Ok(Some((first, self.end(EndField::PeriodEnd, first, last))))
    }

    /// The end of an event, if it is one. Where the start is that of the encounter, the end waits for it too.
    pub(super) fn end(&mut self, field: EndField, start: i32, end: Result<i32, &'static str>) -> Option<i32> {
        let reason = match end {
            Ok(end) if start == LATER => {
                self.draft.ends = Some(LateEnd::Day(field, end));
                return None;
            }
            Ok(end) if end >= start => return Some(end),
            Ok(_) => END_BEFORE.to_owned(),
            Err(e) => format!("{e}; the end is set to missing"),
        };
        self.draft.flaws.push(Flaw { field: field.name().to_owned(), reason });
        None
    }

    /// Whose the resource is, by the first of these fields that is there.
    pub(super) fn subject(&mut self, fields: &Fields<'_>, names: &[&str]) -> Result<(), Skip> {
        // Of several subjects (R5's Composition) the first.
        let found = names.iter().find_map(|name| Some((*name, fields.get(name)?.items().next()?)));
        let Some((name, reference)) = found else {
            return reject(names.first().copied().unwrap_or_default(), "no patient: the resource belongs to nobody");
        };
        match target(reference, Kind::Patient, self.base, &mut self.lists.bases) {
            Target::Resource(key) => {
                self.draft.subject = Some(key);
                if let Some(ids) = &mut self.lists.subject_ids
                    && let Some(id) = literal_id(reference)
                {
                    ids.entry(key).or_insert_with(|| String::from_utf8_lossy(id).into_owned());
                }
                Ok(())
            }
            Target::OtherType(other) => {
                let known = ["Group", "Device", "Location", "Practitioner", "Organization", "Medication", "Substance"];
                let other = known.into_iter().find(|k| k.as_bytes() == other).unwrap_or("another type of resource");
                not_used(format!("about a {other}, not about a patient").replace("a another", "another"))
            }
            Target::Contained(_) => {
                reject(name, "the patient stands inside of the resource only: export the Patient resources too")
            }
            Target::Unclear => reject(name, "the reference names no patient by id or identifier"),
        }
    }

    /// A link to the Medication or Device that a Reference (or a CodeableReference) names.
    pub(super) fn link(
        &mut self,
        fields: &Fields<'_>,
        reference: Value<'_>,
        kind: Kind,
        needed: bool,
    ) -> Option<LinkTo> {
        let reference = reference.get("reference").filter(|r| r.is_object()).unwrap_or(reference);
        let words = reference.get("display").and_then(Value::text);
        let key = match target(reference, kind, self.base, &mut self.lists.bases) {
            Target::Contained(id) => {
                let inside = fields.get("contained").into_iter().flat_map(Value::items);
                let mut inside = inside.filter(|c| c.get("id").and_then(Value::bytes) == Some(id));
                let concept = inside.next().and_then(|c| self.own_concept(&Fields::of(c), kind));
                return concept.or_else(|| words.map(|w| self.lists.concepts.number("", &w, ""))).map(LinkTo::Concept);
            }
            Target::Resource(key) => Some(key),
            Target::OtherType(_) | Target::Unclear => None,
        };
        let spoken = words.map(|words| self.lists.concepts.number("", &words, ""));
        if key.is_none() && spoken.is_none() {
            return None;
        }
        let number = u32::try_from(self.lists.links.len()).unwrap_or(NONE);
        self.lists.links.push(Link { key, kind, spoken, needed });
        Some(LinkTo::Later(number))
    }

    /// What a Medication or Device is.
    pub(super) fn own_concept(&mut self, fields: &Fields<'_>, kind: Kind) -> Option<u32> {
        if kind == Kind::Device {
            let name = fields.get("deviceName").or_else(|| fields.get("name")).and_then(|n| n.items().next());
            let name = name.and_then(|n| n.get("name").or_else(|| n.get("value"))).and_then(Value::text);
            let of_type = fields.get("type").and_then(|t| t.items().next());
            return self.concept(of_type).or_else(|| name.map(|name| self.lists.concepts.number("", &name, "")));
        }
        self.concept(fields.get("code")).or_else(|| {
            let ingredient = fields.get("ingredient")?.items().next()?;
            self.concept(ingredient.get("itemCodeableConcept").or_else(|| ingredient.get("item")))
        })
    }
}

/// Whether resources of a kind are what a summary of a patient lists as it is on its day, often without a date: problems, allergies,
/// drugs. (The International Patient Summary asks for no date of them.)
fn is_listed(kind: Kind) -> bool {
    matches!(kind, Kind::Condition | Kind::AllergyIntolerance | Kind::MedicationStatement | Kind::MedicationRequest)
}

/// What a Quantity says of its unit, the best first: its code where that is UCUM's (or of no system), its words, its other code.
pub(super) fn units(quantity: Value<'_>) -> impl Iterator<Item = Cow<'_, str>> {
    let system = quantity.get("system").and_then(Value::text);
    let is_ucum = system.is_none_or(|system| system.is_empty() || system::name_of(&system) == "UCUM");
    let of = move |name: &str| quantity.get(name).and_then(Value::text).filter(|unit| !unit.trim().is_empty());
    [of("code").filter(|_| is_ucum), of("unit"), of("code")].into_iter().flatten()
}

/// Where an event's concept comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkTo {
    /// It is known.
    Concept(u32),
    /// From the resource that the link of this number names.
    Later(u32),
}

impl LinkTo {
    /// Gives an event its concept.
    pub(super) fn put(self, event: Event) -> Event {
        match self {
            LinkTo::Concept(concept) => Event { concept, ..event },
            LinkTo::Later(link) => Event { concept: NONE, link, ..event },
        }
    }
}

/// The key of a resource: by its URN, else by its id on its server.
pub(super) fn key_of(kind: Kind, id: Option<Value<'_>>, full: super::reference::FullUrl<'_>) -> Option<Key> {
    let id = full.urn.or_else(|| id.and_then(Value::bytes)).filter(|id| !id.is_empty())?;
    Some(Key::new(full.base, kind, id))
}
