//! Columns that are ages: nobody is older than 90, whatever the unit, and whether they are numbers or levels.

use super::names;

/// What becomes of the ages of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ages {
    /// Unit in words.
    pub(crate) unit: &'static str,
    /// What is more than this is an age above 89 ...
    above: f64,
    /// ... and becomes this: 90 years.
    becomes: f64,
}

const YEARS: Ages = Ages { unit: "years", above: 89.0, becomes: 90.0 };
const MONTHS: Ages = Ages { unit: "months", above: 90.0 * 12.0, becomes: 90.0 * 12.0 };
const WEEKS: Ages = Ages { unit: "weeks", above: 90.0 * 365.25 / 7.0, becomes: 90.0 * 365.25 / 7.0 };
const DAYS: Ages = Ages { unit: "days", above: 90.0 * 365.25, becomes: 90.0 * 365.25 };
const HOURS: Ages = Ages { unit: "hours", above: 90.0 * 365.25 * 24.0, becomes: 90.0 * 365.25 * 24.0 };
const MINUTES: Ages = Ages { unit: "minutes", above: HOURS.above * 60.0, becomes: HOURS.becomes * 60.0 };

/// Ages of people in years, at most: what is more is a code, such as 999 for 'unknown'.
const OLDEST_LEVEL: f64 = 130.0;

impl Ages {
    /// Of a column, by its name, its label and its unit; nothing where it is no age. The unit goes before what the name says of it.
    pub(crate) fn of(name: &str, label: &str, unit: Option<&str>) -> Option<Self> {
        let said = [name, label].into_iter().find_map(by_name)?;
        // A unit that nobody knows hides no age.
        Some(unit.and_then(Self::by_unit).unwrap_or(said))
    }

    /// By a unit, in UCUM or in words; nothing for one that is not understood.
    pub(crate) fn by_unit(unit: &str) -> Option<Self> {
        Some(match unit.to_ascii_lowercase().replace(['{', '}', '(', ')', ' ', '.'], "").as_str() {
            "y" | "yr" | "yrs" | "year" | "years" | "a" => YEARS,
            "mo" | "mos" | "mon" | "month" | "months" | "mo_j" | "mo_g" | "mo_s" => MONTHS,
            "w" | "wk" | "wks" | "week" | "weeks" => WEEKS,
            "d" | "day" | "days" => DAYS,
            "h" | "hr" | "hrs" | "hour" | "hours" => HOURS,
            "min" | "minute" | "minutes" => MINUTES,
            _ => return None,
        })
    }

    /// How many of the unit are a year.
    #[cfg(feature = "omop")]
    pub(crate) fn in_a_year(self) -> f64 {
        self.becomes / YEARS.becomes
    }

    /// An age as it may be stored, and whether it was changed.
    pub(crate) fn capped(self, age: f64) -> (f64, bool) {
        if age > self.above { (self.becomes, true) } else { (age, false) }
    }

    /// What was done to them, in words.
    pub(crate) fn words(self) -> String {
        if self == YEARS {
            "set to 90".to_owned()
        } else {
            format!("set to 90 years ({} {})", self.becomes.round(), self.unit)
        }
    }
}

fn by_name(text: &str) -> Option<Ages> {
    let words = names::words(text);
    let any = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    let is_age = any(&["age", "ages", "alter", "edad", "agey", "ageyears", "ageyrs", "agecat", "agemonths", "agedays"]);
    if !is_age || any(&["gestational", "group", "grp"]) {
        None
    } else if any(&["months", "month", "mo", "mos", "agemonths"]) {
        Some(MONTHS)
    } else if any(&["weeks", "week", "wk", "wks"]) {
        Some(WEEKS)
    } else if any(&["days", "day", "agedays"]) {
        Some(DAYS)
    } else {
        Some(YEARS)
    }
}

/// Level of those who are older than 89.
pub(crate) const OLD: &str = "90+";

/// Whether the levels of a column are ages in years, or groups of them, by its name.
pub(crate) fn are_levels(name: &str, label: &str, unit: Option<&str>) -> bool {
    let is_group = |text: &str| {
        let words = names::words(text);
        let any = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
        any(&["agegroup", "agegrp", "ageband", "agerange", "agecat", "ageclass"])
            || (any(&["age", "ages"])
                && any(&[
                    "group", "groups", "grp", "gp", "band", "range", "cat", "category", "class", "bin", "bracket",
                ])
                && !any(&["gestational", "months", "month", "days", "day", "weeks", "week"]))
    };
    is_group(name) || is_group(label) || Ages::of(name, label, unit) == Some(YEARS)
}

/// Whether a level says that somebody is 90 or older: `95-99`, `90+`, `>=90`, `100`, `>89`, `(89,95]`; not `85+`.
pub(crate) fn is_old(level: &str) -> bool {
    let digits = level.find(|c: char| c.is_ascii_digit());
    let Some((before, rest)) = digits.and_then(|at| level.split_at_checked(at)) else { return false };
    let before = before.to_lowercase();
    if before.contains(['<', '≤'])
        || ["under", "below", "less", "up to", "until", "younger"].iter().any(|w| before.contains(w))
    {
        return false;
    }
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let Ok(from) = number.trim_end_matches('.').parse::<f64>() else { return false };
    let up_to = ["and under", "and below", "and younger", "or under", "or below", "or younger", "or less"];
    if up_to.iter().any(|w| behind.to_lowercase().contains(w)) {
        return false;
    }
    // What is more than 89, and not from 89 on.
    let open = before.trim() == "(" || before.contains("over") || before.contains("above");
    let is_more = open || (before.contains('>') && !behind.starts_with('=') && !before.contains('='));
    (if is_more { from >= 89.0 } else { from > 89.0 }) && from <= OLDEST_LEVEL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_units() {
        let of = |name: &str, unit: Option<&str>| Ages::of(name, "", unit).map(|a| a.unit);
        for (name, unit, want) in [
            ("age", None, Some("years")),
            ("Age at diagnosis", Some("years"), Some("years")),
            ("age_months", None, Some("months")),
            ("age", Some("months"), Some("months")),
            ("age_days", None, Some("days")),
            ("AgeInDays", None, Some("days")),
            ("age", Some("wk"), Some("weeks")),
            ("age_months", Some("years"), Some("years")),
            ("stage", None, None),
            ("percentage", None, None),
            ("age_group", None, None),
            ("gestational_age_weeks", None, None),
            ("age", Some("Year(s)"), Some("years")),
            ("age", Some("Jahre"), Some("years")),
            ("age", Some("hours"), Some("hours")),
            ("survival_months", None, None),
        ] {
            assert_eq!(of(name, unit), want, "{name} {unit:?}");
        }
        assert_eq!(Ages::of("x", "age", None), Some(YEARS));
        assert_eq!(YEARS.capped(89.0), (89.0, false));
        assert_eq!(YEARS.capped(95.0), (90.0, true));
        assert_eq!(MONTHS.capped(1079.0), (1079.0, false));
        assert_eq!(MONTHS.capped(1152.0), (1080.0, true));
        assert_eq!(DAYS.capped(36_525.0), (32_872.5, true));
    }

    #[test]
    fn levels_that_begin_at_ninety() {
        for old in
            ["95-99", "90+", ">=90", "≥ 90", "100", "90", "90 and over", ">89", "(89,95]", "[90,95)", "over 89", "90-"]
        {
            assert!(is_old(old), "{old}");
        }
        for young in
            ["85+", "85-94", "<95", "≤ 100", "under 90", "89", "80-89", "999", "unknown", "", "(85,95]", "90 and under"]
        {
            assert!(!is_old(young), "{young}");
        }
        for name in ["age_group", "AgeGroup", "age", "age group (years)", "agecat"] {
            assert!(are_levels(name, "", None), "{name}");
        }
        for name in ["stage", "group", "gestational_age_group", "dosage_group", "age_months"] {
            assert!(!are_levels(name, "", None), "{name}");
        }
    }
}
