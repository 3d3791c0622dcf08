//! Words of the timeline.

/// A domain's name for people, as a heading.
pub(super) fn domain_words(domain: &str) -> String {
    match domain {
        "visit" => "Visits".to_owned(),
        "condition" => "Conditions".to_owned(),
        "drug" => "Drugs".to_owned(),
        "procedure" => "Procedures".to_owned(),
        "measurement" => "Measurements".to_owned(),
        "observation" => "Observations".to_owned(),
        "device" => "Devices".to_owned(),
        "specimen" => "Specimens".to_owned(),
        "death" => "Death".to_owned(),
        "note_finding" => "Findings in notes".to_owned(),
        "note_not_present" => "Denied, past or others'".to_owned(),
        "note" => "Notes".to_owned(),
        other => other.replace('_', " "),
    }
}

/// A variable's name for people.
pub(super) fn variable_words(name: &str) -> String {
    if name == "zip3" {
        return "ZIP code, three digits".to_owned();
    }
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_words() {
        assert_eq!(variable_words("marital_status"), "Marital status");
        assert_eq!(variable_words("zip3"), "ZIP code, three digits");
        assert_eq!(variable_words(""), "");
    }
}
