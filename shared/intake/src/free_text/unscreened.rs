//! Without the screen no free text is stored.

use model::intake::ScreenReview;

use crate::Settings;
use crate::key::PersonKey;
use crate::report::Reporter;

/// What is known of a person. Nothing looks for it here.
#[expect(dead_code, reason = "read by the screen, where it is built in")]
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownIdentifiers {
    pub(crate) names: Vec<String>,
    pub(crate) numbers: Vec<String>,
}

/// Free text that is not taken.
pub(crate) struct FreeText {
    n: u64,
    safe_harbor: bool,
}

impl FreeText {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self { n: 0, safe_harbor: settings.safe_harbor }
    }

    pub(crate) fn clean(&mut self, place: &str, _person: PersonKey, known: &KnownIdentifiers, text: &str) -> String {
        self.level(place, known, text)
    }

    pub(crate) fn level(&mut self, _place: &str, _known: &KnownIdentifiers, text: &str) -> String {
        if self.safe_harbor {
            self.n += 1;
            return String::new();
        }
        text.to_owned()
    }

    pub(crate) fn report(&mut self, reporter: &mut Reporter) -> ScreenReview {
        let class = "free text that this program cannot screen";
        reporter.identifiers(class, self.n, "text", "not stored");
        ScreenReview::default()
    }
}
