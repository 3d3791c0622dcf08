//! Checking a document of unknown origin: what is no finding to the letter is refused.

use super::check;
use model::finding::{Disclosure, FINDING_SCHEMA_VERSION, Finding};
use serde_json::Value;

/// Everything that keeps a JSON text from being published: it is no finding, has a field that findings do not have (a
/// number in an unknown place is a number nobody checked), or discloses.
pub fn check_json(text: &str, threshold: u32) -> Vec<Disclosure> {
    let refused = |path: &str, reason: String| vec![Disclosure { path: path.to_owned(), reason }];
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return refused("$", format!("this is not JSON: {error}")),
    };
    match value.get("kind").and_then(Value::as_str) {
        Some("finding") => {}
        Some(kind) => return refused("$.kind", format!("only findings are published, and this is a {kind}")),
        None => {
            return refused("$.kind", "only findings are published, and this does not say that it is one".to_owned());
        }
    }
    // From the text, not from the value: a key that stands twice is an error here.
    let finding: Finding = match model::json::read(text) {
        Ok(finding) => finding,
        Err(error) => return refused("$", format!("this is not a finding as this version knows them: {error}")),
    };
    if finding.schema_version != FINDING_SCHEMA_VERSION {
        return refused(
            "$.schema_version",
            format!(
                "this is a finding of version {}, and this place knows version {FINDING_SCHEMA_VERSION}",
                finding.schema_version
            ),
        );
    }
    let mut found = Vec::new();
    match serde_json::to_value(&finding) {
        Ok(read) => unread_fields(&value, &read, "$", &mut found),
        Err(error) => return refused("$", format!("this finding cannot be written again: {error}")),
    }
    found.extend(check(&finding, threshold));
    found
}

/// Adds every part of the input that reading it as a finding did not keep.
fn unread_fields(input: &Value, read: &Value, path: &str, found: &mut Vec<Disclosure>) {
    match (input, read) {
        (Value::Object(input), Value::Object(read)) => {
            for (key, value) in input {
                let path = format!("{path}.{key}");
                match read.get(key) {
                    Some(kept) => unread_fields(value, kept, &path, found),
                    // A null stands for an absent field.
                    None if value.is_null() => {}
                    None => found.push(Disclosure {
                        path,
                        reason: "findings have no such field, so nobody checked what it discloses: take it out"
                            .to_owned(),
                    }),
                }
            }
        }
        (Value::Array(input), Value::Array(read)) if input.len() == read.len() => {
            for (index, (value, kept)) in input.iter().zip(read).enumerate() {
                unread_fields(value, kept, &format!("{path}[{index}]"), found);
            }
        }
        (Value::Number(input), Value::Number(read)) if input.as_f64() == read.as_f64() => {}
        (input, read) if input == read => {}
        _ => found.push(Disclosure {
            path: path.to_owned(),
            reason: "this is written otherwise than findings are: write it as they are".to_owned(),
        }),
    }
}
