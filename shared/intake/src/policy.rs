//! What happens to a date.

use columnar::day;

use crate::DatePolicy;

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
