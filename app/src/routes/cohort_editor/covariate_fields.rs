//! A covariate made from events before the index date, while it is made.

use leptos::prelude::*;
use model::cohort::Window;
use model::concept::ConceptSet;
use model::covariate::Covariate;
use protocol::DatasetContents;

use super::MaybeNumber;
use super::draft::EventDraft;
use super::entry::whole;
use super::event_fields::EventFields;
use super::words;
use crate::components::*;

/// What is read of the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// Whether there was any.
    #[default]
    Has,
    /// How many there were.
    Count,
    /// The last value.
    Value,
}

impl Reading {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Has, "has", "Whether there was any"),
        (Self::Count, "count", "How many there were"),
        (Self::Value, "value", "The last value"),
    ];

    fn word(self) -> String {
        Self::ALL.iter().find(|(reading, ..)| *reading == self).map_or("has", |(_, word, _)| word).to_owned()
    }

    fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map(|(reading, ..)| *reading).unwrap_or_default()
    }
}

/// A covariate made from events up to the index date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventCovariate {
    /// What is read.
    pub reading: Reading,
    /// Of which events.
    pub event: EventDraft,
    /// Within the last days; absent: ever.
    pub days: Option<u32>,
}

impl EventCovariate {
    /// The name it gets.
    #[must_use]
    pub fn name(&self) -> String {
        let words = words::event(&self.event);
        match self.reading {
            Reading::Has => words,
            Reading::Count => format!("number of: {words}"),
            Reading::Value => format!("last value: {words}"),
        }
    }

    /// The covariate; its concepts become a set.
    pub fn covariate(&self, sets: &mut Vec<ConceptSet>) -> Covariate {
        let (name, event) = (self.name(), self.event.query(sets));
        let start_days = self.days.map(|days| i32::try_from(days).map_or(i32::MIN, |days| -days));
        let window = Window { start_days, end_days: Some(0) };
        match self.reading {
            Reading::Has => Covariate::HasEvent { name, event, window },
            Reading::Count => Covariate::EventCount { name, event, window },
            Reading::Value => Covariate::LastValue { name, event, window },
        }
    }
}

/// Asks for a covariate made from events.
#[component]
pub fn AddEventCovariate(
    /// What is in the dataset.
    contents: StoredValue<DatasetContents>,
    /// Heading that opens the fields.
    #[prop(into)]
    summary: Signal<String>,
    /// Words of the button.
    #[prop(into)]
    label: Signal<String>,
    /// Called with the covariate asked for.
    #[prop(into)]
    on_add: Callback<(EventCovariate,)>,
) -> impl IntoView {
    let made = RwSignal::new(EventCovariate { days: Some(365), ..EventCovariate::default() });
    let says_which = move || made.with(|made| made.event.domain.is_some() || !made.event.concepts.is_empty());
    let add = move || {
        let asked = made.get_untracked();
        made.update(|made| made.event = EventDraft::default());
        on_add.run((asked,));
    };
    let options: Vec<(String, String)> =
        Reading::ALL.iter().map(|(_, word, words)| ((*word).to_owned(), (*words).to_owned())).collect();
    let options = StoredValue::new(options);
    view! {
        <Details summary=summary>
            <div class="stack">
                <div class="grid">
                    <Select
                        label="What"
                        value=move || made.with(|made| made.reading.word())
                        options=options.get_value()
                        on_change=move |word: String| made.update(|made| made.reading = Reading::from_word(&word))
                    />
                    <NumberInput
                        label="Within the last"
                        unit="days"
                        min=0.0
                        value=Signal::derive(move || made.with(|made| made.days.map(f64::from)))
                        hint="Up to and including the index date. Empty: ever."
                        on_change=move |days: MaybeNumber| {
                            made.update(|made| made.days = days.map(|days| whole(Some(days))));
                        }
                    />
                </div>
                <EventFields
                    contents=contents
                    event=Signal::derive(move || made.with(|made| made.event.clone()))
                    on_change=move |event: EventDraft| made.update(|made| made.event = event)
                />
                <div class="row">
                    <Button label=label icon=IconName::Plus disabled=Signal::derive(move || !says_which()) on_click=add/>
                </div>
            </div>
        </Details>
    }
}

#[cfg(test)]
mod tests {
    use model::concept::Domain;

    use super::*;

    #[test]
    fn covariates_of_one_event_have_names_of_their_own() {
        let event = EventDraft { domain: Some(Domain::Visit), ..EventDraft::default() };
        let name = |reading| EventCovariate { reading, event: event.clone(), days: None }.name();
        assert_eq!(name(Reading::Has), "visit");
        assert_eq!(name(Reading::Count), "number of: visit");
        assert_eq!(name(Reading::Value), "last value: visit");
    }

    #[test]
    fn the_window_ends_at_the_index_date() {
        let covariate = |days| {
            let event = EventDraft { domain: Some(Domain::Visit), ..EventDraft::default() };
            EventCovariate { reading: Reading::Count, event, days }.covariate(&mut Vec::new())
        };
        let window = |covariate| match covariate {
            Covariate::EventCount { window, .. } => window,
            other => panic!("{other:?}"),
        };
        assert_eq!(window(covariate(Some(90))), Window { start_days: Some(-90), end_days: Some(0) });
        assert_eq!(window(covariate(None)), Window { start_days: None, end_days: Some(0) });
        assert_eq!(window(covariate(Some(u32::MAX))).start_days, Some(i32::MIN));
        for (reading, word, _) in Reading::ALL {
            assert_eq!((Reading::from_word(word), reading.word().as_str()), (reading, word));
        }
    }
}
