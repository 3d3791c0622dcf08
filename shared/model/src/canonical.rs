//! Canonical JSON (object keys sorted, no white space) and content ids (SHA-256 of it, in hex).

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Hex SHA-256 of a document's canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentId(pub String);

impl std::fmt::Display for ContentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Canonical JSON of a value: keys sorted at every level, no white space, numbers as serde_json prints them.
///
/// # Errors
/// If the value has no JSON form (a map with keys that are no strings, or a number that is not finite).
pub fn canonical_json<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    // serde_json's Map is a BTreeMap (the feature `preserve_order` is off), so this sorts every object.
    serde_json::to_string(&serde_json::to_value(value)?)
}

/// The content id of a text of bytes.
#[must_use]
pub fn content_id_of_bytes(bytes: &[u8]) -> ContentId {
    ContentId(hex::encode(Sha256::digest(bytes)))
}

/// The content id of a document.
///
/// # Errors
/// As [`canonical_json`].
pub fn content_id<T: Serialize + ?Sized>(value: &T) -> Result<ContentId, serde_json::Error> {
    Ok(content_id_of_bytes(canonical_json(value)?.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_at_every_level() {
        let value: serde_json::Value = serde_json::from_str(r#"{"b":{"z":1,"a":[{"y":2,"x":3}]},"a":1.5}"#).unwrap();
        assert_eq!(canonical_json(&value).unwrap(), r#"{"a":1.5,"b":{"a":[{"x":3,"y":2}],"z":1}}"#);
    }

    #[test]
    fn content_id_is_sha256() {
        assert_eq!(content_id_of_bytes(b"abc").0, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
