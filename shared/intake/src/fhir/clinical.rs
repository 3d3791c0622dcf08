//! Encounters, conditions, procedures, immunizations, allergies, devices.

use std::borrow::Cow;

use super::element::{Reading, Skip, not_used, reject};
use super::json::{Fields, Value};
use super::kind::Kind;
use super::store::{EndField, Event, NONE, Tally};
use crate::safe_harbor::class_words;

const NO_CODE: &str = "neither a code nor words: it is not known what this was";

/// A visit. Its concept is the class (ambulatory, inpatient ...), its value the type.
pub(super) fn encounter(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    r.subject(fields, &["subject"])?;
    let span = r.span(fields, &["period", "actualPeriod"])?;
    let class = fields.get("class").and_then(|c| c.items().next());
    let kind = fields.get("type").and_then(|t| t.items().next());
    let words = kind.map_or(0, |k| r.words(k));
    let (concept, text) = match r.concept(class) {
        Some(class) => (class, words),
        None => match r.concept(kind) {
            Some(concept) => (concept, 0),
            None => (r.lists.concepts.number("", "Encounter", ""), 0),
        },
    };
    let event = Event { text, ..r.event(concept, span) };
    r.draft.events.push(event);
    Ok(())
}

/// The codes of a status that is a CodeableConcept.
fn status_codes<'a>(fields: &Fields<'a>, name: &str) -> Vec<Cow<'a, str>> {
    let Some(status) = fields.get(name) else { return Vec::new() };
    if let Some(text) = status.text() {
        // As DSTU2 and STU3 have it.
        return vec![text];
    }
    let codings = status.get("coding").into_iter().flat_map(Value::items);
    let mut codes: Vec<_> = codings.filter_map(|c| c.get("code")?.text()).collect();
    if codes.is_empty() {
        codes.extend(status.get("text").and_then(Value::text));
    }
    codes
}

/// Whether a verification status lets the resource stand.
fn verified(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    for code in status_codes(fields, "verificationStatus") {
        match code.as_ref() {
            "refuted" | "entered-in-error" => return not_used(format!("verificationStatus is {code}")),
            "unconfirmed" | "provisional" | "differential" | "presumed" => r.draft.tally(Tally::Unconfirmed),
            _ => {}
        }
    }
    Ok(())
}

/// A diagnosis or problem, from its onset (else the day it was recorded) to its abatement.
pub(super) fn condition(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    verified(r, fields)?;
    r.subject(fields, &["subject", "patient"])?;
    // A period of the onset is when it may have begun, not how long it lasted.
    let (start, _) =
        r.span(fields, &["onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate", "dateRecorded"])?;
    let mut end = None;
    if let Some(abated) = fields.get("abatementDateTime") {
        let last = r.when(abated).map(|w| w.last);
        end = r.end(EndField::AbatementDateTime, start, last);
    } else if let Some(period) = fields.get("abatementPeriod")
        && let Some(abated) = period.get("end").or_else(|| period.get("start"))
    {
        let last = r.when(abated).map(|w| w.last);
        end = r.end(EndField::AbatementPeriod, start, last);
    } else if ["abatementAge", "abatementRange", "abatementString"].iter().any(|name| fields.get(name).is_some())
        || fields.get("abatementBoolean").and_then(Value::boolean) == Some(true)
    {
        r.draft.tally(Tally::AbatementInWords);
    }
    onset_in_words(r, fields);
    let Some(concept) = r.concept(fields.get("code")) else { return reject("code", NO_CODE) };
    let event = r.event(concept, (start, end));
    r.draft.events.push(event);
    Ok(())
}

/// Counts an onset that gives no date: the resource has another one then.
fn onset_in_words(r: &mut Reading<'_>, fields: &Fields<'_>) {
    let has = |names: &[&str]| names.iter().any(|name| fields.get(name).is_some());
    if has(&["onsetAge", "onsetRange", "onsetString"]) && !has(&["onsetDateTime", "onsetPeriod"]) {
        r.draft.tally(Tally::OnsetInWords);
    }
}

/// A procedure, and the devices it put in or used.
pub(super) fn procedure(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    if fields.get("notDone").and_then(Value::boolean) == Some(true) {
        return not_used("notDone is true");
    }
    r.subject(fields, &["subject"])?;
    let names = ["performedDateTime", "performedPeriod", "occurrenceDateTime", "occurrencePeriod", "occurrenceTiming"];
    let span = r.span(fields, &names)?;
    let Some(concept) = r.concept(fields.get("code")) else { return reject("code", NO_CODE) };
    let event = r.event(concept, span);
    r.draft.events.push(event);
    let put_in = fields.get("focalDevice").into_iter().flat_map(Value::items).filter_map(|d| d.get("manipulated"));
    let used = fields.get("usedReference").or_else(|| fields.get("used")).into_iter().flat_map(Value::items);
    for device in put_in.chain(used) {
        if let Some(link) = r.link(fields, device, Kind::Device, false) {
            let domain = Kind::Device.domain();
            let event = link.put(Event { domain, ..r.event(NONE, (span.0, None)) });
            r.draft.events.push(event);
        }
    }
    Ok(())
}

/// A vaccine given.
pub(super) fn immunization(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    if fields.get("wasNotGiven").or_else(|| fields.get("notGiven")).and_then(Value::boolean) == Some(true) {
        return not_used("notGiven is true");
    }
    r.subject(fields, &["patient"])?;
    let span = r.span(fields, &["occurrenceDateTime", "date", "recorded"])?;
    let Some(concept) = r.concept(fields.get("vaccineCode")) else { return reject("vaccineCode", NO_CODE) };
    let event = r.event(concept, span);
    r.draft.events.push(event);
    Ok(())
}

/// An allergy or intolerance, from its onset, else the day it was recorded.
pub(super) fn allergy(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    verified(r, fields)?;
    r.subject(fields, &["patient"])?;
    let names = ["onsetDateTime", "onsetPeriod", "recordedDate", "assertedDate", "lastOccurrence"];
    // A period of the onset is when it may have begun, not how long it lasted.
    let (start, _) = r.span(fields, &names)?;
    onset_in_words(r, fields);
    let Some(concept) = r.concept(fields.get("code")) else { return reject("code", NO_CODE) };
    let event = r.event(concept, (start, None));
    r.draft.events.push(event);
    Ok(())
}

/// A device. It has no date of its own: procedures and statements of use date it.
pub(super) fn device(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    let udi = fields.get("udiCarrier").map_or(0, |u| u.items().count() as u64);
    let named = ["serialNumber", "distinctIdentifier", "lotNumber"];
    let numbers = named.iter().filter(|name| fields.get(name).is_some()).count() as u64;
    r.identifier(class_words("device"), "Device", "device identifiers and serial numbers dropped", udi + numbers);
    // In R5 a device does not say whose it is.
    if fields.get("patient").is_some() {
        r.subject(fields, &["patient"])?;
    }
    let Some(concept) = r.own_concept(fields, Kind::Device) else { return reject("type", NO_CODE) };
    r.draft.concept = Some(concept);
    Ok(())
}

/// A statement that a device is or was used.
pub(super) fn device_use(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    r.subject(fields, &["subject", "patient"])?;
    let names = ["timingDateTime", "timingPeriod", "timingTiming", "recordedOn", "dateAsserted"];
    let span = r.span(fields, &names)?;
    let Some(device) = fields.get("device") else { return reject("device", "no device") };
    if let Some(concept) = device.get("concept").and_then(|c| r.concept(Some(c))) {
        let event = r.event(concept, span);
        r.draft.events.push(event);
        return Ok(());
    }
    let Some(link) = r.link(fields, device, Kind::Device, true) else {
        return reject("device", "the reference names no device");
    };
    let event = link.put(r.event(NONE, span));
    r.draft.events.push(event);
    Ok(())
}
