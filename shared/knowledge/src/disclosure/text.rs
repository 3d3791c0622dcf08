//! Small counts of people in an author's words.

use model::finding::{Disclosure, Finding};

/// Words that make a number before them a count of people or of what happened to them.
const COUNTED: [&str; 26] = [
    "patient",
    "patients",
    "person",
    "persons",
    "people",
    "subject",
    "subjects",
    "participant",
    "participants",
    "individual",
    "individuals",
    "man",
    "men",
    "woman",
    "women",
    "child",
    "children",
    "death",
    "deaths",
    "event",
    "events",
    "case",
    "cases",
    "recurrences",
    "relapses",
    "survivors",
];
/// Words between a number and what it counts.
const BETWEEN: [&str; 8] = ["of", "the", "these", "female", "male", "treated", "untreated", "more"];
/// Spelled-out counts. 'One' is left out: it is rarely a count.
const SPELLED: [(&str, u64); 11] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

/// Adds each text that names a small count.
pub(super) fn check(finding: &Finding, threshold: u32, found: &mut Vec<Disclosure>) {
    let mut look = |path: String, text: &str| {
        if let Some(words) = small_count(text, threshold) {
            found.push(Disclosure {
                path,
                reason: format!(
                    "the text says '{words}', and counts of 1 to {threshold} have to stay hidden: leave it out"
                ),
            });
        }
    };
    for (path, text) in [
        ("$.title", &finding.title),
        ("$.question", &finding.question),
        ("$.summary", &finding.summary),
        ("$.population.description", &finding.population.description),
        ("$.population.dataset", &finding.population.dataset),
    ] {
        look(path.to_owned(), text);
    }
    for (name, texts) in [
        ("limits", &finding.limits),
        ("not_adjusted_for", &finding.not_adjusted_for),
        ("overrides", &finding.overrides),
    ] {
        for (index, text) in texts.iter().enumerate() {
            look(format!("$.{name}[{index}]"), text);
        }
    }
    for (index, setting) in finding.methods.iter().enumerate() {
        look(format!("$.methods[{index}].value"), &setting.value);
    }
    for (index, estimate) in finding.estimates.iter().enumerate() {
        look(format!("$.estimates[{index}].method"), &estimate.method);
    }
    for (index, arm) in finding.arms.iter().enumerate() {
        look(format!("$.arms[{index}].name"), &arm.name);
    }
}

/// The words of the first small count in a text.
fn small_count(text: &str, threshold: u32) -> Option<String> {
    let words: Vec<String> =
        text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()).collect();
    for (place, word) in words.iter().enumerate() {
        let spelled = SPELLED.iter().find(|(name, _)| name == word).map(|(_, n)| *n);
        let Some(n) = word.parse::<u64>().ok().or(spelled) else { continue };
        if !(1..=u64::from(threshold)).contains(&n) {
            continue;
        }
        let rest = &words[place + 1..];
        let between = rest.iter().take_while(|w| BETWEEN.contains(&w.as_str())).count().min(2);
        if rest.get(between).is_some_and(|noun| COUNTED.contains(&noun.as_str())) {
            return Some(words[place..=place + 1 + between].join(" "));
        }
    }
    None
}
