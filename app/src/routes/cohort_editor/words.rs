//! A test in a few words: the name a rule gets unless its author gives it one. The full English of a definition comes
//! from the engine.

use model::cohort::{CountTest, NumberRange, Test, Window};
use model::concept::ConceptItem;

use super::draft::{EventDraft, What};
use crate::figures::scale::plain_number;
use crate::format::domain;

/// A test in a few words.
#[must_use]
pub fn what(what: &What) -> String {
    match what {
        What::Variable { name, test } => match test {
            Test::Range { range } => format!("{name} {}", range_words(range)),
            Test::OneOf { levels } if levels.is_empty() => format!("{name} is none of its levels"),
            Test::OneOf { levels } => format!("{name} is {}", levels.join(" or ")),
            Test::Missing => format!("{name} is missing"),
            Test::NotMissing => format!("{name} is known"),
        },
        What::Event { event: query, window, count } => {
            format!("{} {} {}", count_words(*count), event(query), window_words(*window))
        }
        What::Age(range) => format!("age at index {}", range_words(range)),
        What::Sex(one_of) if one_of.is_empty() => "sex is none of those recorded".to_owned(),
        What::Sex(one_of) => format!("sex is {}", one_of.join(" or ")),
        What::Group { join, tests } => format!("({})", join.words(tests)),
        What::Kept(_) => "a condition kept as it was imported".to_owned(),
    }
}

/// An event in a few words.
#[must_use]
pub fn event(event: &EventDraft) -> String {
    let mut words = if !event.set_name.is_empty() {
        event.set_name.clone()
    } else if event.concepts.is_empty() {
        event.domain.map_or_else(|| "event of any kind".to_owned(), |of| domain::one(of.name()))
    } else {
        concepts(&event.concepts)
    };
    if let Some(range) = &event.value {
        words.push_str(&format!(" with a value {}", range_words(range)));
    }
    if let Some(unit) = &event.unit {
        words.push_str(&format!(" {unit}"));
    }
    words
}

/// Concepts by their displays; a long list is cut.
#[must_use]
pub fn concepts(items: &[ConceptItem]) -> String {
    let names: Vec<&str> = items
        .iter()
        .filter(|item| !item.exclude)
        .map(|item| match item.concept.display.as_str() {
            "" => item.concept.code.as_str(),
            display => display,
        })
        .collect();
    match names.as_slice() {
        [] => "no concept".to_owned(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} or {two}"),
        [one, rest @ ..] => format!("{one} or {} others", rest.len()),
    }
}

/// A range as people say it.
#[must_use]
pub fn range_words(range: &NumberRange) -> String {
    match (range.min, range.max) {
        (None, None) => "of any number".to_owned(),
        (Some(min), None) if range.min_exclusive => format!("above {}", plain_number(min)),
        (Some(min), None) => format!("at least {}", plain_number(min)),
        (None, Some(max)) if range.max_exclusive => format!("below {}", plain_number(max)),
        (None, Some(max)) => format!("at most {}", plain_number(max)),
        (Some(min), Some(max)) => format!(
            "{} {} to {} {}",
            if range.min_exclusive { "above" } else { "from" },
            plain_number(min),
            if range.max_exclusive { "below" } else { "at most" },
            plain_number(max)
        ),
    }
}

/// How many, as people say it.
#[must_use]
pub fn count_words(count: CountTest) -> String {
    match count {
        CountTest::AtLeast { n: 0 | 1 } => "any".to_owned(),
        CountTest::AtLeast { n } => format!("at least {n}"),
        CountTest::AtMost { n: 0 } | CountTest::Exactly { n: 0 } => "no".to_owned(),
        CountTest::AtMost { n } => format!("at most {n}"),
        CountTest::Exactly { n } => format!("exactly {n}"),
    }
}

/// A window around the index date as people say it.
#[must_use]
pub fn window_words(window: Window) -> String {
    let day = |days: i32| match days {
        0 => "the index date".to_owned(),
        -1 => "the day before".to_owned(),
        1 => "the day after".to_owned(),
        d if d < 0 => format!("{} days before", d.unsigned_abs()),
        d => format!("{d} days after"),
    };
    match (window.start_days, window.end_days) {
        (None, None) => "at any time".to_owned(),
        (Some(0), Some(0)) => "on the index date".to_owned(),
        (None, Some(-1)) => "at any time before the index date".to_owned(),
        (None, Some(0)) => "at any time up to the index date".to_owned(),
        (Some(1), None) => "at any time after the index date".to_owned(),
        (Some(0), None) => "on the index date or later".to_owned(),
        (None, Some(end)) => format!("up to {}", day(end)),
        (Some(start), None) => format!("from {} on", day(start)),
        (Some(start), Some(end)) => format!("from {} to {}", day(start), day(end)),
    }
}

#[cfg(test)]
mod tests {
    use model::concept::Domain;

    use super::*;

    #[test]
    fn windows_read_like_speech() {
        let words = |start, end| window_words(Window { start_days: start, end_days: end });
        assert_eq!(words(None, None), "at any time");
        assert_eq!(words(None, Some(-1)), "at any time before the index date");
        assert_eq!(words(Some(-365), Some(-1)), "from 365 days before to the day before");
        assert_eq!(words(Some(0), Some(30)), "from the index date to 30 days after");
    }

    #[test]
    fn ranges_read_like_speech() {
        let range = |min, max, min_exclusive| NumberRange { min, max, min_exclusive, max_exclusive: false };
        assert_eq!(range_words(&range(Some(40.0), None, false)), "at least 40");
        assert_eq!(range_words(&range(Some(40.0), None, true)), "above 40");
        assert_eq!(range_words(&range(Some(1.5), Some(2.0), false)), "from 1.5 to at most 2");
    }

    #[test]
    fn a_negative_count_reads_as_no() {
        let none = What::Event {
            event: EventDraft { domain: Some(Domain::Drug), ..EventDraft::default() },
            window: Window { start_days: None, end_days: Some(-1) },
            count: CountTest::AtMost { n: 0 },
        };
        assert_eq!(what(&none), "no drug at any time before the index date");
    }
}
