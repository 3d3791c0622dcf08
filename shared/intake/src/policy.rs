//! What happens to a date.

use columnar::day;
use model::dataset::DeidentificationStep;
use model::safe_harbor::DECLARED_NONE;

use crate::{DatePolicy, Settings};

/// Moves dates as a policy says.
#[derive(Clone, Copy)]
pub(crate) struct Dates(DatePolicy);

impl Dates {
    pub(crate) fn new(policy: DatePolicy) -> Self {
        Self(policy)
    }

    /// The date as it is stored.
    pub(crate) fn moved(self, day: i32, shift: i16) -> i32 {
        match self.0 {
            DatePolicy::Shift => day + i32::from(shift),
            DatePolicy::Keep => day,
            DatePolicy::YearsOnly => {
                let year = day::year_of(day);
                day::from_ymd(year, 1, 1).unwrap_or(day)
            }
        }
    }

    /// What was done, in words.
    pub(crate) fn words(self) -> &'static str {
        match self.0 {
            DatePolicy::Shift => "moved by 1 to 365 days, the same for all dates of a person; lengths of time stay",
            DatePolicy::YearsOnly => "set to the first of January of their year",
            DatePolicy::Keep => "kept as they are, as was asked for",
        }
    }
}

/// What was chosen of de-identification, in words: for the report and the dataset's header, whatever was found.
#[must_use]
pub fn choices(settings: &Settings) -> Vec<DeidentificationStep> {
    let step = |class: &str, action: &str| DeidentificationStep { class: class.to_owned(), action: action.to_owned() };
    if !settings.safe_harbor {
        return vec![step("chosen: identifiers", DECLARED_NONE)];
    }
    let text = if settings.text.surrogates {
        "what is found in notes and text is replaced by surrogates, something made up of the same kind (names that are in no \
         list of real names); in texts that persons share, by tags"
    } else {
        "what is found in notes and text is replaced by tags such as [NAME]"
    };
    let mut out = vec![
        step("chosen: dates", Dates::new(settings.dates).words()),
        step("chosen: ages", "above 89 become 90, also where a year of birth tells them"),
        step("chosen: ZIP codes", "three digits; 000 where 20,000 people or fewer live by Census 2000 or 2010"),
        step("chosen: identifiers", "replaced by a keyed hash (BLAKE3 with a secret of this device) or dropped"),
        step("chosen: text", text),
    ];
    let (removed, kept) = (settings.text.remove.len(), settings.text.keep.len());
    if removed + kept > 0 {
        // The words themselves may be somebody's name.
        let words = format!("at review {removed} words were added to what goes and {kept} to what stays");
        out.push(step("chosen: review", &words));
    }
    out
}
