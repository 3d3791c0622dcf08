//! What is chosen of de-identification.

use clap::{Args, ValueEnum};
use protocol::{DatePolicy, TextPolicy, TextStyle};

/// What happens to dates. Real dates cannot be kept.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DatesArg {
    /// Moved by a secret number of days a person; lengths of time stay.
    Shift,
    /// Set to the first of January of their year.
    Years,
}

/// What stands in the place of what is found in notes and text.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TextArg {
    /// Something made up of the same kind.
    Surrogates,
    /// Tags such as [NAME].
    Tags,
}

/// The choices of `rounds import`.
#[derive(Args)]
pub struct PrivacyArgs {
    /// What happens to dates.
    #[arg(long, value_enum, default_value = "shift")]
    dates: DatesArg,
    /// What stands in the place of identifiers found in notes and text.
    #[arg(long, value_enum, default_value = "surrogates")]
    text: TextArg,
    /// A word or phrase that goes from notes and text too, in any case (may be given several times).
    #[arg(long)]
    remove: Vec<String>,
    /// A word that stays in notes and text though it looks like an identifier (may be given several times).
    #[arg(long)]
    keep: Vec<String>,
}

impl PrivacyArgs {
    /// What happens to dates.
    pub fn dates(&self) -> DatePolicy {
        match self.dates {
            DatesArg::Shift => DatePolicy::Shift,
            DatesArg::Years => DatePolicy::YearsOnly,
        }
    }

    /// What happens to text.
    pub fn text(&self) -> TextPolicy {
        let style = match self.text {
            TextArg::Surrogates => TextStyle::Surrogates,
            TextArg::Tags => TextStyle::Tags,
        };
        TextPolicy { style, remove: self.remove.clone(), keep: self.keep.clone() }
    }
}

/// The year it is (UTC, by the mean length of a year: ages are reckoned to it, a day more or less does not matter).
pub fn this_year() -> Option<i32> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    i32::try_from(since.as_secs() / 31_556_952).ok().map(|years| 1970 + years)
}
