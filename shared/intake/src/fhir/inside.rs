//! Observations that stand inside of the report or of the group of observations that names them (`contained`).
//!
//! What is contained has no existence of its own (FHIR, DomainResource.contained): its patient and date are those of the
//! resource around it, unless it says a date itself. It is no row of a file, so its events belong to that resource.

use rustc_hash::FxHashMap;

use super::element::{Reading, Skip, Span};
use super::json::{Fields, Value};
use super::kind::Kind;
use super::observation::{DATES, observed};
use super::reference::{Target, target};

/// Makes events of the contained Observations that a field of references names, and of those that these name in turn. `span` is that of
/// the resource around them.
pub(super) fn observations(r: &mut Reading<'_>, fields: &Fields<'_>, field: &str, span: Span) {
    let Some(contained) = fields.get("contained") else { return };
    let mut inside: FxHashMap<&[u8], Value<'_>> = FxHashMap::default();
    for one in contained.items().filter(|one| kind_of(*one) == Some(Kind::Observation)) {
        if let Some(id) = one.get("id").and_then(Value::bytes) {
            inside.entry(id).or_insert(one);
        }
    }
    let mut named = names(fields.get(field));
    let kind = std::mem::replace(&mut r.kind, Kind::Observation);
    let mut at = 0;
    while let Some(id) = named.get(at).copied() {
        at += 1;
        let Some(one) = inside.remove(id).map(Fields::of) else { continue };
        if take(r, &one, span) {
            r.draft.n_inside += 1;
            named.extend(names(one.get("hasMember")));
        }
    }
    r.kind = kind;
}

/// Contained resources that would be events or notes if they stood alone.
pub(super) fn count(fields: &Fields<'_>) -> u64 {
    let all = fields.get("contained").into_iter().flat_map(Value::items).filter_map(kind_of);
    all.filter(|kind| !matches!(kind, Kind::Patient | Kind::Medication | Kind::Device)).count() as u64
}

fn kind_of(resource: Value<'_>) -> Option<Kind> {
    resource.get("resourceType").and_then(Value::bytes).and_then(Kind::of)
}

/// Ids of contained resources that references name.
fn names<'a>(references: Option<Value<'a>>) -> Vec<&'a [u8]> {
    let all = references.into_iter().flat_map(Value::items);
    all.filter_map(|one| one.get("reference")?.bytes()?.trim_ascii().strip_prefix(b"#")).collect()
}

/// Reads one; says whether it was read.
fn take(r: &mut Reading<'_>, fields: &Fields<'_>, around: Span) -> bool {
    if fields.text("status").is_some_and(|status| Kind::Observation.is_no_event(&status)) {
        return true;
    }
    if let Some(subject) = fields.get("subject") {
        let of = target(subject, Kind::Patient, r.base, &mut r.lists.bases);
        let other = matches!(of, Target::Resource(key) if r.draft.subject != Some(key));
        if other || matches!(of, Target::OtherType(_)) {
            return false;
        }
    }
    let span = own_span(r, fields).unwrap_or(around);
    // Whatever has no result is read, and is no event.
    !matches!(observed(r, fields, span), Err(Skip::Rejected(_)))
}

/// The date of its own. A bad one is said, and that of the resource around it is taken.
fn own_span(r: &mut Reading<'_>, fields: &Fields<'_>) -> Option<Span> {
    DATES.iter().find(|name| fields.get(name).is_some())?;
    let dated_by = r.draft.dated_by;
    let span = r.span(fields, &DATES);
    if r.draft.dated_by != dated_by {
        r.draft.dated_by = dated_by;
        return None;
    }
    match span {
        Ok(span) => Some(span),
        Err(Skip::Rejected(mut flaw)) => {
            flaw.field = format!("contained.{}", flaw.field);
            flaw.reason.push_str("; the date of the resource around it was taken");
            r.draft.flaws.push(flaw);
            None
        }
        Err(Skip::NotUsed(_)) => None,
    }
}
