//! Notes: documents, compositions, and the texts of reports.

use std::borrow::Cow;

use super::element::{Reading, Skip, not_used, reject};
use super::json::{Fields, Value};
use super::plain::{self, Form};
use super::store::{NONE, Note, Tally};

/// Reads a DocumentReference: its text is a note.
pub(super) fn read(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    if let Some(status @ ("entered-in-error" | "cancelled")) = fields.text("docStatus").as_deref() {
        return not_used(format!("docStatus is {status}"));
    }
    r.subject(fields, &["subject"])?;
    let contents = fields.get("content").into_iter().flat_map(Value::items).filter_map(|c| c.get("attachment"));
    let contents: Vec<_> = contents.collect();
    let text = best(r, &contents)?;
    let day = day(r, fields)?;
    if fields.text("status").as_deref() == Some("superseded") {
        r.draft.tally(Tally::SupersededDocuments);
    }
    let title = title(r, fields.get("type").or_else(|| fields.get("category").and_then(|c| c.items().next())));
    r.draft.notes.push(Note { resource: NONE, day, title, text, of: NONE });
    Ok(())
}

/// The date of the document, else of its context, else of its attachment.
fn day(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<i32, Skip> {
    let names = ["date", "created", "indexed", "period"];
    if names.iter().any(|name| fields.get(name).is_some()) {
        return r.span(fields, &names).map(|(day, _)| day);
    }
    let period = fields.get("context").and_then(|c| c.items().next()).and_then(|c| c.get("period"));
    if let Some(period) = period
        && let Ok(Some((day, _))) = r.period(period)
    {
        return Ok(day);
    }
    let mut contents = fields.get("content").into_iter().flat_map(Value::items);
    let created = contents.find_map(|c| c.get("attachment")?.get("creation"));
    match created.and_then(|v| r.when(v).ok()) {
        Some(when) => Ok(when.first),
        None => reject("date", "no date: it is not known when this was written"),
    }
}

/// Sections within one another, at most.
const MAX_SECTIONS: usize = 8;

/// Reads a Composition: what its sections tell is a note. Narratives that are generated from entries repeat these, and are left out.
pub(super) fn composition(r: &mut Reading<'_>, fields: &Fields<'_>) -> Result<(), Skip> {
    r.subject(fields, &["subject"])?;
    let mut text = String::new();
    for section in fields.get("section").into_iter().flat_map(Value::items) {
        tell(section, 0, &mut text);
    }
    if text.is_empty() {
        return not_used("its sections hold no text of their own");
    }
    let (day, _) = r.span(fields, &["date"])?;
    let title = title(r, fields.get("type"));
    r.draft.notes.push(Note { resource: NONE, day, title, text, of: NONE });
    Ok(())
}

/// Adds the heading and the narrative of a section, and of those within it.
fn tell(section: Value<'_>, depth: usize, text: &mut String) {
    let narrative = section.get("text");
    let generated = narrative.and_then(|t| t.get("status")).and_then(Value::bytes) == Some(b"generated");
    let repeats = generated && section.get("entry").is_some();
    let div = narrative.filter(|_| !repeats).and_then(|t| t.get("div")).and_then(Value::text);
    let told = div.map(|div| plain::html(&div)).filter(|told| !told.trim().is_empty());
    if let Some(told) = told {
        let heading = section.get("title").and_then(Value::text);
        let blank = if text.is_empty() { "" } else { "\n\n" };
        let heading = heading.map(|h| format!("{}:\n", h.trim_end_matches(':'))).unwrap_or_default();
        text.push_str(&format!("{blank}{heading}{}", told.trim()));
    }
    if depth < MAX_SECTIONS {
        for inner in section.get("section").into_iter().flat_map(Value::items) {
            tell(inner, depth + 1, text);
        }
    }
}

/// The texts of a DiagnosticReport: what was presented, and the conclusion.
pub(super) fn of_report(r: &mut Reading<'_>, fields: &Fields<'_>, day: i32) {
    let forms: Vec<_> = fields.get("presentedForm").into_iter().flat_map(Value::items).collect();
    let mut texts = Vec::new();
    if !forms.is_empty() {
        match best(r, &forms) {
            Ok(text) => texts.push(text),
            Err(Skip::NotUsed(_)) => {}
            Err(Skip::Rejected(flaw)) => r.draft.flaws.push(flaw),
        }
    }
    // A generated narrative repeats the fields; an additional one says what they do not.
    let narrative = fields.get("text");
    let adds = narrative.and_then(|t| t.get("status")).and_then(Value::bytes) == Some(b"additional");
    if let Some(div) = narrative.filter(|_| adds).and_then(|t| t.get("div")).and_then(Value::text) {
        texts.push(plain::html(&div));
    }
    if let Some(conclusion) = fields.get("conclusion").and_then(Value::text)
        && !texts.iter().any(|t| t.contains(conclusion.as_ref()))
    {
        texts.push(conclusion.into_owned());
    }
    texts.retain(|t| !t.trim().is_empty());
    if texts.is_empty() {
        return;
    }
    let title = title(r, fields.get("code"));
    r.draft.notes.push(Note { resource: NONE, day, title, text: texts.join("\n\n"), of: NONE });
}

fn title(r: &mut Reading<'_>, of: Option<Value<'_>>) -> u32 {
    let Some(of) = of else { return 0 };
    // One spelling a type: the words of the code where there is one.
    r.words(of)
}

/// The text of attachments that are one document in several formats: plain text before HTML before RTF.
fn best(r: &mut Reading<'_>, attachments: &[Value<'_>]) -> Result<String, Skip> {
    let (mut elsewhere, mut other) = (false, None);
    let mut forms: Vec<(Form, &str, Value<'_>)> = Vec::new();
    let types: Vec<Cow<'_, str>> =
        attachments.iter().map(|a| a.get("contentType").and_then(Value::text).unwrap_or_default()).collect();
    for (attachment, kind) in attachments.iter().zip(&types) {
        let Some(data) = attachment.get("data") else {
            elsewhere |= attachment.get("url").is_some();
            continue;
        };
        match Form::of(kind) {
            Some(form) => forms.push((form, kind, data)),
            None => other = Some(kind),
        }
    }
    crate::order::sort_by_key(&mut forms, |(form, ..)| *form);
    let Some((form, kind, data)) = forms.first() else {
        if other.is_some() {
            r.draft.tally(Tally::NoTextFormats);
            return not_used("its content is no text");
        }
        if elsewhere {
            r.draft.tally(Tally::TextElsewhere);
            return not_used("its text stands elsewhere (only an address is given)");
        }
        return reject("content.attachment", "neither data nor an address: there is no text");
    };
    if forms.len() > 1 {
        r.draft.tally_of(Tally::OtherFormats, forms.len() as u64 - 1);
    }
    let Some(bytes) = data.bytes().and_then(plain::base64) else {
        return reject("content.attachment.data", "the data are not base64: they cannot be read");
    };
    let (text, exact) = plain::decoded(&bytes, kind);
    if !exact {
        r.draft.tally(Tally::OtherBytes);
    }
    let text = match form {
        Form::Plain => text,
        Form::Html => plain::html(&text),
        Form::Rtf => plain::rtf(&text),
    };
    if text.trim().is_empty() { not_used("its text is empty") } else { Ok(text) }
}
