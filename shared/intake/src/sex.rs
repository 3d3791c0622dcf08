//! Words for the sex of a person.

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
