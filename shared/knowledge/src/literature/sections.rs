//! An abstract in one piece into its sections, by the headings that journals use.

use model::citation::AbstractSection;

/// Words of headings.
const WORDS: &[&str] = &[
    "abstract",
    "aim",
    "aims",
    "analysis",
    "and",
    "approach",
    "background",
    "clinical",
    "conclusion",
    "conclusions",
    "context",
    "data",
    "design",
    "diagnosis",
    "discussion",
    "evidence",
    "exposure",
    "exposures",
    "extraction",
    "findings",
    "funding",
    "hypothesis",
    "implications",
    "importance",
    "intervention",
    "interventions",
    "interpretation",
    "introduction",
    "key",
    "limitation",
    "limitations",
    "main",
    "material",
    "materials",
    "measure",
    "measurement",
    "measurements",
    "measures",
    "method",
    "methodology",
    "methods",
    "objective",
    "objectives",
    "of",
    "outcome",
    "outcomes",
    "participants",
    "patients",
    "population",
    "primary",
    "principal",
    "procedures",
    "purpose",
    "question",
    "rationale",
    "registration",
    "relevance",
    "result",
    "results",
    "review",
    "secondary",
    "selection",
    "setting",
    "settings",
    "significance",
    "sources",
    "statement",
    "study",
    "subjects",
    "summary",
    "synthesis",
    "trial",
    "s",
];
/// Words that no heading consists of alone.
const WEAK: &[&str] = &["and", "of", "key", "s", "data", "main", "primary", "secondary", "clinical", "study", "trial"];

/// Sections of a tidy text.
pub(super) fn sections(text: &str) -> Vec<AbstractSection> {
    let mut sections: Vec<AbstractSection> = Vec::new();
    let mut label: Option<String> = None;
    let mut begin = 0;
    let mut at = 0;
    while let Some(colon) = text.get(at..).and_then(|rest| rest.find(':')).map(|i| at + i) {
        at = colon + 1;
        let Some(start) = heading_before(text, begin, colon) else { continue };
        let ends_well = text[colon + 1..].chars().next().is_none_or(|c| c.is_whitespace() || c.is_uppercase());
        if !ends_well {
            continue;
        }
        push(&mut sections, label.take(), &text[begin..start]);
        label = Some(text[start..colon].trim().to_owned());
        begin = colon + 1;
    }
    push(&mut sections, label, &text[begin..]);
    sections
}

fn push(sections: &mut Vec<AbstractSection>, label: Option<String>, text: &str) {
    let text = text.trim();
    if label.is_some() || !text.is_empty() {
        sections.push(AbstractSection { label, text: text.to_owned() });
    }
}

/// Where the heading begins that ends at a colon, if one does.
fn heading_before(text: &str, begin: usize, colon: usize) -> Option<usize> {
    let before = &text[begin..colon];
    // A heading stands at the beginning or behind the end of a sentence.
    let sentence = before
        .char_indices()
        .rev()
        .take(80)
        .find(|(i, c)| {
            matches!(c, '.' | '!' | '?' | ')' | ']') && before[i + c.len_utf8()..].starts_with(char::is_whitespace)
        })
        .map(|(i, c)| i + c.len_utf8());
    let start = match sentence {
        Some(start) => start,
        None if before.chars().count() <= 60 && begin_is_boundary(text, begin) => 0,
        None => return None,
    };
    let heading = before[start..].trim();
    let is_upper = heading.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let is_title = heading.starts_with(char::is_uppercase);
    if heading.is_empty() || heading.len() > 60 || !(is_upper || is_title) {
        return None;
    }
    let words: Vec<String> =
        heading.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let is_heading = !words.is_empty()
        && words.iter().all(|w| WORDS.contains(&w.as_str()))
        && words.iter().any(|w| !WEAK.contains(&w.as_str()))
        && !heading.contains(|c: char| c.is_ascii_digit());
    is_heading.then(|| begin + start + (before[start..].len() - before[start..].trim_start().len()))
}

/// The text begins, or a heading ended here.
fn begin_is_boundary(text: &str, begin: usize) -> bool {
    begin == 0 || text[..begin].ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Option<String>, String)> {
        sections(text).into_iter().map(|s| (s.label, s.text)).collect()
    }

    #[test]
    fn headings_are_told_from_other_colons() {
        let got = read(
            "BACKGROUND: A. B: not one. METHODS AND RESULTS: We saw: 5. Conclusions: Fine. TRIAL REGISTRATION: X1.",
        );
        let labels: Vec<&str> = got.iter().filter_map(|(l, _)| l.as_deref()).collect();
        assert_eq!(labels, ["BACKGROUND", "METHODS AND RESULTS", "Conclusions", "TRIAL REGISTRATION"]);
        assert_eq!(got[0].1, "A. B: not one.");
        assert_eq!(read("No headings: here."), [(None, "No headings: here.".to_owned())]);
        assert_eq!(
            read("Intro. RESULTS: y"),
            [(None, "Intro.".to_owned()), (Some("RESULTS".to_owned()), "y".to_owned())]
        );
        assert_eq!(read(""), []);
        assert_eq!(read("OBJECTIVE: METHODS: é")[1], (Some("METHODS".to_owned()), "é".to_owned()));
    }
}
