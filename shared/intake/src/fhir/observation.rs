//! Observations: laboratory values, vital signs, answers, with their components; and reports as events.

use model::concept::Domain;

use super::element::{Reading, Skip, Span, not_used, reject, units};
use super::json::{Fields, Value};
use super::store::{Event, Tally};
use crate::safe_harbor::class_words;

/// The forms of `value[x]`.
const VALUES: [&str; 14] = [
    "valueQuantity",
    "valueCodeableConcept",
    "valueString",
    "valueInteger",
    "valueBoolean",
    "valueDecimal",
    "valueRange",
    "valueRatio",
    "valueDateTime",
    "valuePeriod",
    "valueTime",
    "valueSampledData",
    "valueAttachment",
    "valueReference",
];

/// Codes of HL7's data-absent-reason; other words are not repeated in a report.
const ABSENT: [&str; 15] = [
    "unknown",
    "asked-unknown",
    "temp-unknown",
    "not-asked",
    "asked-declined",
    "masked",
    "not-applicable",
    "unsupported",
    "as-text",
    "error",
    "not-a-number",
    "negative-infinity",
    "positive-infinity",
    "not-performed",
    "not-permitted",
];

/// The fields that may date an Observation.
pub(super) const DATES: [&str; 5] =
    ["effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming", "issued"];

/// What a value is stored as.
#[derive(Default)]
struct Stored {
    value: Option<f64>,
    text: u32,
    unit: u32,
    /// A number, whatever became of it.
    numeric: bool,
}

/// Reads an Observation, and the contained ones that it is a group of.
pub(super) fn read(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    r.subject(fields, &["subject"])?;
    let span = r.span(fields, &DATES)?;
    observed(r, fields, span)?;
    super::inside::observations(r, fields, "hasMember", span);
    Ok(())
}

/// An event of an Observation's own code, and one of each component that has a value.
pub(super) fn observed(r: &mut Reading<'_>, fields: &Fields<'_>, span: Span) -> Result<(), Skip> {
    let Some(concept) = r.concept(fields.get("code")) else {
        return reject("code", "neither a code nor words: it is not known what was observed");
    };
    let found = VALUES.iter().find_map(|name| Some((*name, fields.get(name)?)));
    let components = fields.get("component");
    let absent = fields.get("dataAbsentReason");
    if found.is_none()
        && components.is_none()
        && fields.get("hasMember").is_none()
        && let Some(reason) = absent
    {
        let code = reason.first("coding").and_then(|c| c.get("code")).and_then(Value::text).unwrap_or_default();
        let code = ABSENT.into_iter().find(|known| *known == code).unwrap_or("of another kind");
        return not_used(format!("there is no result (dataAbsentReason {code})"));
    }
    let domain = domain(fields);
    let interpretation = fields.get("interpretation").filter(|_| components.is_none() && absent.is_none());
    let stored = answer(r, found, interpretation).unwrap_or_default();
    let numeric = stored.numeric || components.is_some_and(|c| c.items().any(|c| c.get("valueQuantity").is_some()));
    let domain = domain.unwrap_or(if numeric { Domain::Measurement } else { Domain::Observation });
    let event = put(r, concept, span, domain, &stored);
    r.draft.events.push(event);
    for component in components.into_iter().flat_map(Value::items) {
        let found = VALUES.iter().find_map(|name| Some((*name, component.get(name)?)));
        let interpretation = component.get("interpretation").filter(|_| component.get("dataAbsentReason").is_none());
        let concept = r.concept(component.get("code"));
        let (Some(stored), Some(concept)) = (answer(r, found, interpretation), concept) else {
            r.draft.tally(Tally::ComponentsWithoutValue);
            continue;
        };
        let event = put(r, concept, span, domain, &stored);
        r.draft.events.push(event);
    }
    Ok(())
}

/// The value; without one the interpretation, where that is the only answer that there is: positive, high ...
fn answer(r: &mut Reading<'_>, found: Option<(&str, Value<'_>)>, interpretation: Option<Value<'_>>) -> Option<Stored> {
    match (found, interpretation.and_then(|i| i.items().next())) {
        (Some((name, value)), _) => Some(stored(r, name, value)),
        (None, Some(words)) => Some(Stored { text: r.words(words), ..Stored::default() }),
        (None, None) => None,
    }
}

fn put(r: &Reading<'_>, concept: u32, span: Span, domain: Domain, stored: &Stored) -> Event {
    let &Stored { value, text, unit, .. } = stored;
    Event { domain, value, text, unit, ..r.event(concept, span) }
}

/// The domain that the category says: OMOP has laboratory values and vital signs as measurements, other answers as
/// observations.
fn domain(fields: &Fields<'_>) -> Option<Domain> {
    let categories = fields.get("category").into_iter().flat_map(Value::items);
    let codings = categories.flat_map(|c| c.get("coding").into_iter().flat_map(Value::items));
    let mut found = None;
    for code in codings.filter_map(|c| c.get("code")?.bytes()) {
        match code {
            b"laboratory" | b"vital-signs" | b"LAB" => return Some(Domain::Measurement),
            b"social-history" | b"survey" | b"sdoh" | b"functional-status" | b"disability-status"
            | b"cognitive-status" | b"activity" | b"therapy" => found = Some(Domain::Observation),
            _ => {}
        }
    }
    found
}

fn stored(r: &mut Reading<'_>, name: &str, value: Value<'_>) -> Stored {
    let number = |value: Option<f64>| Stored { value, numeric: true, ..Stored::default() };
    let text = |text: u32| Stored { text, ..Stored::default() };
    match name {
        "valueQuantity" => {
            let (number, unit) = r.quantity(value);
            let comparator = value.get("comparator").and_then(Value::text);
            if comparator.is_some() {
                r.draft.tally(Tally::Comparators);
            }
            let text = comparator.map_or(0, |c| r.lists.texts.coded(&c));
            if number.is_none() && value.get("value").is_some() {
                r.draft.flaws.push(crate::report::Flaw {
                    field: "valueQuantity.value".to_owned(),
                    reason: "not a number; set to missing".to_owned(),
                });
            }
            Stored { value: number, text, unit, numeric: true }
        }
        "valueCodeableConcept" => text(r.words(value)),
        "valueString" => text(value.text().map_or(0, |t| r.lists.texts.free(&t))),
        "valueInteger" | "valueDecimal" => number(value.number()),
        "valueBoolean" => text(value.boolean().map_or(0, |b| r.lists.texts.coded(if b { "true" } else { "false" }))),
        "valueRange" => range(r, value),
        "valueRatio" => ratio(r, value),
        "valueDateTime" | "valuePeriod" => {
            r.identifier(
                class_words("date"),
                "Observation.value[x]",
                "dates that are the value of an observation dropped",
                1,
            );
            Stored::default()
        }
        _ => {
            r.draft.tally(Tally::ValuesNotUsed);
            Stored::default()
        }
    }
}

/// `2 - 4` as a text.
fn range(r: &mut Reading<'_>, value: Value<'_>) -> Stored {
    let of = |name: &str| value.get(name).and_then(|q| q.get("value")?.number()).map(|v| v.to_string());
    let (low, high) = (of("low").unwrap_or_default(), of("high").unwrap_or_default());
    let unit = value.get("low").or_else(|| value.get("high")).map_or(0, |q| r.quantity(q).1);
    Stored { text: r.lists.texts.coded(&format!("{low} - {high}")), unit, numeric: true, value: None }
}

/// `1:128` as a text, with the sign of a part that is a limit; its value where both parts are numbers, in the quotient of their
/// units.
fn ratio(r: &mut Reading<'_>, value: Value<'_>) -> Stored {
    let of = |name: &str| value.get(name).and_then(|q| q.get("value")?.number());
    let (Some(above), Some(below)) = (of("numerator"), of("denominator")) else {
        return Stored { numeric: true, ..Stored::default() };
    };
    let unit = |name: &str| value.get(name).and_then(|q| units(q).next()).filter(|unit| unit != "1");
    let unit = quotient(unit("numerator").as_deref(), unit("denominator").as_deref());
    let sign = |name: &str| value.get(name).and_then(|q| q.get("comparator")?.text());
    let (sign_above, sign_below) = (sign("numerator"), sign("denominator"));
    if sign_above.is_some() || sign_below.is_some() {
        r.draft.tally(Tally::Comparators);
    }
    let (sign_above, sign_below) = (sign_above.unwrap_or_default(), sign_below.unwrap_or_default());
    let text = r.lists.texts.coded(&format!("{sign_above}{above}:{sign_below}{below}"));
    let value = (below != 0.0).then(|| above / below).filter(|v| v.is_finite());
    Stored { value, text, unit: r.lists.texts.coded(&unit), numeric: true }
}

/// The unit of a quotient as UCUM writes it: none where both are the same.
fn quotient(above: Option<&str>, below: Option<&str>) -> String {
    match (above, below) {
        (above, None) => above.unwrap_or_default().to_owned(),
        (Some(above), Some(below)) if above == below => String::new(),
        (above, Some(below)) if below.contains(['/', '.']) => format!("{}/({below})", above.unwrap_or_default()),
        (above, Some(below)) => format!("{}/{below}", above.unwrap_or_default()),
    }
}

/// A DiagnosticReport's own event: what was examined. Reports that only hold a text are notes.
pub(super) fn report(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    r.subject(fields, &["subject"])?;
    let span = r.span(fields, &["effectiveDateTime", "effectivePeriod", "issued"])?;
    super::document::of_report(r, fields, span.0);
    if !r.draft.notes.is_empty() && fields.get("result").is_none() && domain(fields).is_none() {
        return Ok(());
    }
    let Some(concept) = r.concept(fields.get("code")) else {
        return reject("code", "neither a code nor words: it is not known what was examined");
    };
    let domain = domain(fields).unwrap_or(Domain::Observation);
    let event = Event { domain, ..r.event(concept, span) };
    r.draft.events.push(event);
    super::inside::observations(r, fields, "result", span);
    Ok(())
}
