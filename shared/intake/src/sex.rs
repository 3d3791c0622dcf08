//! Words for the sex of a person.

/// One of them.
#[cfg(feature = "fhir")]
pub(crate) type Word = &'static str;

/// The sex a text stands for.
pub(crate) fn sex_of(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "f" | "female" | "woman" | "women" | "w" | "weiblich" | "femme" | "mujer" | "frau" | "femenino" | "vrouw"
        | "femmina" | "kvinna" | "kvinde" => Some("female"),
        "m" | "male" | "man" | "men" | "maennlich" | "männlich" | "homme" | "hombre" | "mann" | "masculino"
        | "maschio" => Some("male"),
        "o" | "other" | "x" | "nonbinary" | "non-binary" | "diverse" | "d" => Some("other"),
        "u" | "unknown" | "unk" => Some("unknown"),
        _ => None,
    }
}

/// A sex as it travels between two parts of one import: by its place in a list.
#[cfg(feature = "fhir")]
pub(crate) mod coded {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    const WORDS: [&str; 4] = ["unknown", "female", "male", "other"];

    pub(crate) fn serialize<S: Serializer>(sex: &&'static str, to: S) -> Result<S::Ok, S::Error> {
        let at = WORDS.iter().position(|word| word == sex).unwrap_or(0);
        u8::try_from(at).unwrap_or(0).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
        let at = u8::deserialize(from)?;
        Ok(WORDS.get(usize::from(at)).copied().unwrap_or("unknown"))
    }
}
