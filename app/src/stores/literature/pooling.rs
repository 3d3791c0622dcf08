//! Which estimates were ticked, what they are called in the plot, and what is asked of the engine. Pure.

use std::collections::{BTreeMap, BTreeSet};

use model::citation::{Citation, EffectFlag, EffectMeasure, FoundEffect};
use protocol::{EffectToPool, PoolEffects};

use super::SavedCitation;

/// An estimate of a citation: the citation's id and the estimate's place in it.
pub type EffectKey = (String, usize);

/// First author and year: `Doe 2021`.
#[must_use]
pub fn study_name(citation: &Citation) -> String {
    let author = citation.authors.first().map(|name| {
        // `Doe, Jane` and `Doe J`; a group keeps its name.
        let family = name.split(',').next().unwrap_or_default().trim();
        if name.contains(',') { family.to_owned() } else { without_initials(family) }
    });
    let author = author.filter(|a| !a.is_empty()).unwrap_or_else(|| short_title(&citation.title));
    match citation.year {
        Some(year) => format!("{author} {year}"),
        None => author,
    }
}

/// `Doe JA` without its initials.
fn without_initials(name: &str) -> String {
    match name.rsplit_once(' ') {
        Some((family, initials)) if initials.len() <= 3 && initials.chars().all(char::is_uppercase) => {
            family.to_owned()
        }
        _ => name.to_owned(),
    }
}

fn short_title(title: &str) -> String {
    match title.char_indices().nth(40) {
        Some((cut, _)) => format!("{}\u{2026}", title[..cut].trim_end()),
        None => title.to_owned(),
    }
}

/// Why an estimate cannot be pooled; nothing where it can.
#[must_use]
pub fn why_not(effect: &FoundEffect) -> Option<String> {
    if effect.interval.is_none() {
        return Some("It has no interval, so it cannot be weighed.".to_owned());
    }
    effect
        .flags
        .iter()
        .find(|flag| flag.forbids_pooling())
        .map(|flag| flag.words().to_owned())
        .or_else(|| effect.std_err.is_none().then(|| "No standard error follows from its interval.".to_owned()))
}

/// Flags in words.
#[must_use]
pub fn flag_words(flags: &[EffectFlag]) -> Vec<&'static str> {
    flags.iter().map(|flag| flag.words()).collect()
}

/// How many ticked estimates there are of each measure.
#[must_use]
pub fn counts(citations: &[SavedCitation], ticked: &BTreeSet<EffectKey>) -> Vec<(EffectMeasure, usize)> {
    let mut counts: BTreeMap<EffectMeasure, usize> = BTreeMap::new();
    for (saved, place) in chosen(citations, ticked) {
        if let Some(effect) = saved.citation.effects.get(place) {
            *counts.entry(effect.measure).or_default() += 1;
        }
    }
    counts.into_iter().collect()
}

/// The ticked estimates in the order of the list.
fn chosen<'a>(
    citations: &'a [SavedCitation],
    ticked: &'a BTreeSet<EffectKey>,
) -> impl Iterator<Item = (&'a SavedCitation, usize)> {
    citations.iter().flat_map(move |saved| {
        let first = (saved.id.clone(), 0);
        let last = (saved.id.clone(), usize::MAX);
        ticked.range(first..=last).map(move |(_, place)| (saved, *place))
    })
}

/// What is asked of the engine: the ticked estimates of one measure. Two of one article are told apart by letters.
#[must_use]
pub fn request(citations: &[SavedCitation], ticked: &BTreeSet<EffectKey>, measure: EffectMeasure) -> PoolEffects {
    let rows: Vec<(&SavedCitation, &FoundEffect)> = chosen(citations, ticked)
        .filter_map(|(saved, place)| Some((saved, saved.citation.effects.get(place)?)))
        .filter(|(_, effect)| effect.measure == measure && effect.interval.is_some())
        .collect();
    let mut of_name: BTreeMap<String, usize> = BTreeMap::new();
    for (saved, _) in &rows {
        *of_name.entry(study_name(&saved.citation)).or_default() += 1;
    }
    let mut seen: BTreeMap<String, u8> = BTreeMap::new();
    let effects = rows
        .into_iter()
        .filter_map(|(saved, effect)| {
            let interval = effect.interval?;
            let name = study_name(&saved.citation);
            let nth = seen.entry(name.clone()).or_default();
            let label = if of_name.get(&name).is_some_and(|n| *n > 1) {
                format!("{name} ({})", char::from(b'a' + (*nth).min(25)))
            } else {
                name
            };
            *nth = nth.saturating_add(1);
            Some(EffectToPool {
                label,
                study: saved.id.clone(),
                measure: effect.measure,
                estimate: effect.estimate,
                lower: interval.lower,
                upper: interval.upper,
                level: interval.level,
                unit: effect.unit.clone(),
                adjusted: effect.adjusted,
                retraction: saved.citation.retraction,
            })
        })
        .collect();
    PoolEffects { measure, effects }
}

/// The sentence of an effect in pieces: text, and whether it is label, estimate, interval or p-value.
#[must_use]
pub fn pieces(effect: &FoundEffect) -> Vec<(String, bool)> {
    let letters: Vec<char> = effect.sentence.chars().collect();
    let start = effect.sentence_span[0];
    let within = |[from, to]: [u32; 2]| {
        let at = |place: u32| (place.saturating_sub(start) as usize).min(letters.len());
        (at(from), at(to).max(at(from)))
    };
    let mut marks: Vec<(usize, usize)> =
        [Some(effect.label_span), Some(effect.estimate_span), effect.interval_span, effect.p_span]
            .into_iter()
            .flatten()
            .map(within)
            .collect();
    marks.sort_unstable();
    let mut pieces = Vec::new();
    let mut at = 0;
    let text = |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
    for (from, to) in marks {
        let from = from.max(at);
        if from >= to {
            continue;
        }
        if from > at {
            pieces.push((text(at, from), false));
        }
        pieces.push((text(from, to), true));
        at = to;
    }
    if at < letters.len() {
        pieces.push((text(at, letters.len()), false));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::citation::FoundInterval;

    fn effect(measure: EffectMeasure) -> FoundEffect {
        FoundEffect {
            measure,
            estimate: 0.72,
            interval: Some(FoundInterval { lower: 0.56, upper: 0.89, level: Some(0.95), credible: false }),
            std_err: Some(Default::default()),
            ..FoundEffect::default()
        }
    }

    fn saved(id: &str, authors: &[&str], effects: Vec<FoundEffect>) -> SavedCitation {
        let authors = authors.iter().map(|a| (*a).to_owned()).collect();
        SavedCitation::new(
            id.to_owned(),
            Citation { authors, effects, year: Some(2021), title: "T".to_owned(), ..Citation::default() },
        )
    }

    #[test]
    fn studies_are_called_by_author_and_year() {
        let name = |author: &str| study_name(&saved("x", &[author], Vec::new()).citation);
        assert_eq!(
            (name("Doe, Jane A"), name("Doe JA"), name("The TIRZ Group")),
            ("Doe 2021".to_owned(), "Doe 2021".to_owned(), "The TIRZ Group 2021".to_owned())
        );
        assert_eq!(study_name(&Citation { title: "A title".to_owned(), ..Citation::default() }), "A title");
    }

    #[test]
    fn one_measure_is_asked_for_and_names_are_told_apart() {
        let (hr, or) = (EffectMeasure::HazardRatio, EffectMeasure::OddsRatio);
        let shelf = [
            saved("a", &["Doe, J"], vec![effect(hr), effect(or), effect(hr)]),
            saved("b", &["Roe, K"], vec![effect(hr)]),
        ];
        let ticked: BTreeSet<EffectKey> =
            [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("gone", 0), ("b", 9)].map(|(id, n)| (id.to_owned(), n)).into();
        assert_eq!(counts(&shelf, &ticked), [(hr, 3), (or, 1)]);
        let request = request(&shelf, &ticked, hr);
        let labels: Vec<&str> = request.effects.iter().map(|e| e.label.as_str()).collect();
        assert_eq!(labels, ["Doe 2021 (a)", "Doe 2021 (b)", "Roe 2021"]);
        assert!(request.effects.iter().all(|e| e.measure == hr));
    }

    #[test]
    fn what_cannot_be_pooled_says_why() {
        assert_eq!(why_not(&effect(EffectMeasure::HazardRatio)), None);
        let alone = FoundEffect { interval: None, ..effect(EffectMeasure::HazardRatio) };
        assert!(why_not(&alone).unwrap().contains("no interval"));
        let odd = FoundEffect {
            flags: vec![EffectFlag::LevelAssumed, EffectFlag::OutsideInterval],
            ..effect(EffectMeasure::HazardRatio)
        };
        assert!(why_not(&odd).unwrap().contains("outside"));
    }

    #[test]
    fn the_sentence_is_marked_by_letters_not_bytes() {
        let found = FoundEffect {
            sentence: "\u{dc}ber: HR 0\u{b7}72 (x).".to_owned(),
            sentence_span: [10, 26],
            label_span: [16, 18],
            estimate_span: [19, 23],
            ..FoundEffect::default()
        };
        let words: Vec<(String, bool)> = pieces(&found);
        let want = [("\u{dc}ber: ", false), ("HR", true), (" ", false), ("0\u{b7}72", true), (" (x).", false)];
        assert_eq!(words, want.map(|(t, m)| (t.to_owned(), m)));
    }
}
