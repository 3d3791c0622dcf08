//! Drugs ordered, stated, given and dispensed; the Medication may be a code, a contained resource or one elsewhere.

use super::element::{LATER, Reading, Skip, Span, not_used, reject, units};
use super::json::{Fields, Value};
use super::kind::Kind;
use super::store::{EndField, Event, LateEnd, NONE, Tally};

/// Days a drug may last.
const MAX_SUPPLY_DAYS: f64 = 3650.0;

/// Reads an event of a drug.
pub(super) fn read(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    refused(r.kind, fields)?;
    r.subject(fields, &["subject", "patient"])?;
    let names: &[&str] = match r.kind {
        Kind::MedicationRequest => &["authoredOn", "dateWritten"],
        Kind::MedicationDispense => &["whenHandedOver", "whenPrepared", "recorded"],
        Kind::MedicationStatement => &["effectiveDateTime", "effectivePeriod", "effectiveTiming", "dateAsserted"],
        _ => &[
            "effectiveDateTime",
            "effectivePeriod",
            "occurenceDateTime",
            "occurencePeriod",
            "occurenceTiming",
            "recorded",
        ],
    };
    let (start, end) = r.span(fields, names)?;
    let end = end.or_else(|| supplied(r, fields, start));
    let end = if r.draft.ends.is_none() { end.or_else(|| dosed(r, fields, start)) } else { end };
    let (value, unit) = quantity(r, fields);
    let event = drug(r, fields, (start, end))?;
    r.draft.events.push(Event { value, unit, ..event });
    Ok(())
}

/// Requests that nobody made for good, and drugs that were not taken.
fn refused(kind: Kind, fields: &Fields<'_>) -> Result<(), Skip> {
    let is = |name: &str| fields.get(name).and_then(Value::boolean) == Some(true);
    if is("doNotPerform") {
        return not_used("doNotPerform is true");
    }
    if is("wasNotTaken") || is("wasNotGiven") || is("notGiven") {
        return not_used("it was not taken");
    }
    if kind == Kind::MedicationStatement {
        let taken = fields.text("taken");
        if taken.as_deref() == Some("n") {
            return not_used("it was not taken");
        }
        let adherence = fields.get("adherence").and_then(|a| a.get("code")).and_then(|c| c.first("coding"));
        if adherence.and_then(|c| c.get("code")).and_then(Value::bytes) == Some(b"not-taking") {
            return not_used("it was not taken");
        }
    }
    if kind == Kind::MedicationRequest {
        let reported = is("reportedBoolean") || is("reported") || fields.get("reportedReference").is_some();
        match fields.text("intent").as_deref() {
            Some(intent @ ("proposal" | "option")) => return not_used(format!("intent is {intent}")),
            // US Core says of a drug that the patient reports: a plan, reported.
            Some("plan") if !reported => return not_used("intent is plan"),
            _ => {}
        }
    }
    Ok(())
}

/// The event with the drug's concept, or with a link to it.
fn drug(r: &mut Reading<'_>, fields: &Fields<'_>, span: Span) -> Result<Event, Skip> {
    let event = r.event(NONE, span);
    // R4 has two fields, R5 one with either part.
    let coded = fields.get("medicationCodeableConcept").or_else(|| fields.get("medication"));
    let coded = coded.filter(|c| c.get("reference").is_none());
    if let Some(concept) = r.concept(coded) {
        return Ok(Event { concept, ..event });
    }
    let Some(reference) = fields.get("medicationReference").or_else(|| fields.get("medication")) else {
        return reject("medication", "neither a code nor a reference: it is not known what drug this was");
    };
    match r.link(fields, reference, Kind::Medication, true) {
        Some(link) => Ok(link.put(event)),
        None => reject("medicationReference", "the reference names no Medication"),
    }
}

/// The last day of the days' supply: 30 days from the first of June are over on the 30th, as OHDSI's Themis has it. Where the
/// start is that of the encounter, the days wait for it.
fn supplied(r: &mut Reading<'_>, fields: &Fields<'_>, start: i32) -> Option<i32> {
    let supply = fields
        .get("daysSupply")
        .or_else(|| fields.get("dispenseRequest").and_then(|d| d.get("expectedSupplyDuration")))?;
    let value = supply.get("value")?;
    let Some(days) = value.number().and_then(|value| days(supply, value)) else {
        r.draft.tally(Tally::Supplies);
        return None;
    };
    if start == LATER {
        r.draft.ends = Some(LateEnd::Behind(days - 1));
        return None;
    }
    start.checked_add(days - 1)
}

/// How many days a supply lasts, part of a day as a whole one.
fn days(supply: Value<'_>, value: f64) -> Option<i32> {
    let mut said = units(supply).peekable();
    let each = if said.peek().is_none() { Some(1.0) } else { said.find_map(|unit| days_of(&unit)) };
    let days = (value * each?).round().max(if value > 0.0 { 1.0 } else { 0.0 });
    #[expect(clippy::cast_possible_truncation, reason = "between 1 and 3650")]
    (1.0..=MAX_SUPPLY_DAYS).contains(&days).then_some(days as i32)
}

/// Days of a unit of time, by UCUM's code or in words.
fn days_of(unit: &str) -> Option<f64> {
    Some(match unit.trim().to_lowercase().as_str() {
        "h" | "hr" | "hrs" | "hour" | "hours" => 1.0 / 24.0,
        "d" | "day" | "days" | "day(s)" => 1.0,
        "wk" | "wks" | "week" | "weeks" | "week(s)" => 7.0,
        "mo" | "month" | "months" | "month(s)" => 30.0,
        "a" | "yr" | "year" | "years" | "year(s)" => 365.0,
        _ => return None,
    })
}

/// The end of the period that the dosage is bounded by.
fn dosed(r: &mut Reading<'_>, fields: &Fields<'_>, start: i32) -> Option<i32> {
    let dosage = fields.get("dosageInstruction").or_else(|| fields.get("dosage"))?.items().next()?;
    let period = dosage.get("timing")?.get("repeat")?.get("boundsPeriod")?;
    let last = r.when(period.get("end")?).map(|w| w.last);
    r.end(EndField::DosageBounds, start, last)
}

/// How much: of a dispense what was handed over, of an administration what was given, of a request what is to be handed
/// over.
fn quantity(r: &mut Reading<'_>, fields: &Fields<'_>) -> (Option<f64>, u32) {
    let found = match r.kind {
        Kind::MedicationDispense => fields.get("quantity"),
        Kind::MedicationAdministration => fields.get("dosage").and_then(|d| d.get("dose")),
        Kind::MedicationRequest => fields.get("dispenseRequest").and_then(|d| d.get("quantity")),
        _ => None,
    };
    found.map_or((None, 0), |q| r.quantity(q))
}
