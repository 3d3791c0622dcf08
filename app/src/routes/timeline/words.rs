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
        "note" => "Notes".to_owned(),
        other => other.replace('_', " "),
    }
}
