//! Ages: nobody is older than 90, whatever the unit and the format, and whether they are numbers or levels.
//!
//! The rule, for every format: an age counts in completed years. 89 years and 11 months are 89 and stay; from 90 completed years on, an
//! age is 'over 89' (45 CFR 164.514(b)(2)(i)(C)) and becomes 90 years in its unit. A number that is no age of anybody in its unit (more
//! than 130 years) is not taken for an old person: it is a code such as 999, or in another unit than it seems.

use super::names;

/// What becomes of ages in a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ages {
    /// Unit in words.
    pub(crate) unit: &'static str,
    /// How many of it are a year.
    in_a_year: f64,
}

/// What becomes of an age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Age {
    /// It stays as it is.
    Stays,
    /// It is over 89: 90 years, in its unit.
    Old(f64),
    /// Nobody is so old.
    Nobodys,
}

/// Years from which on an age is over 89, and which it becomes.
const OLD_YEARS: f64 = crate::safe_harbor::OLDEST + 1.0;
/// Ages of people in years, at most: what is more is a code, such as 999 for 'unknown'.
const OLDEST_LEVEL: f64 = 130.0;

const YEARS: Ages = Ages { unit: "years", in_a_year: 1.0 };
const MONTHS: Ages = Ages { unit: "months", in_a_year: 12.0 };
const WEEKS: Ages = Ages { unit: "weeks", in_a_year: 365.25 / 7.0 };
const DAYS: Ages = Ages { unit: "days", in_a_year: 365.25 };
const HOURS: Ages = Ages { unit: "hours", in_a_year: 365.25 * 24.0 };
const MINUTES: Ages = Ages { unit: "minutes", in_a_year: 365.25 * 24.0 * 60.0 };

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
            "y" | "yr" | "yrs" | "year" | "years" | "a" | "jahr" | "jahre" => YEARS,
            "mo" | "mos" | "mon" | "month" | "months" | "mo_j" | "mo_g" | "mo_s" | "monat" | "monate" => MONTHS,
            "w" | "wk" | "wks" | "week" | "weeks" | "woche" | "wochen" => WEEKS,
            "d" | "day" | "days" | "tag" | "tage" => DAYS,
            "h" | "hr" | "hrs" | "hour" | "hours" => HOURS,
            "min" | "minute" | "minutes" => MINUTES,
            _ => return None,
        })
    }

    /// Of an age whose unit may not be said: then it is in years.
    #[cfg(feature = "omop")]
    pub(crate) fn in_unit(unit: Option<&str>) -> Self {
        unit.and_then(Self::by_unit).unwrap_or(YEARS)
    }

    /// The unit of a column of ages of which no name says it, by its largest values: where these are more than anybody's years.
    pub(super) fn guessed(largest: f64) -> Option<Self> {
        [MONTHS, DAYS].into_iter().find(|ages| largest <= ages.most())
    }

    /// Whether it is in years.
    pub(super) fn are_years(self) -> bool {
        self == YEARS
    }

    /// More than anybody's age.
    pub(super) fn most(self) -> f64 {
        OLDEST_LEVEL * self.in_a_year
    }

    /// Whether an age stays as it is.
    #[inline]
    pub(crate) fn keeps(self, age: f64) -> bool {
        age < OLD_YEARS * self.in_a_year
    }

    /// What becomes of an age.
    pub(crate) fn settle(self, age: f64) -> Age {
        if self.keeps(age) {
            Age::Stays
        } else if age > self.most() {
            Age::Nobodys
        } else {
            Age::Old((OLD_YEARS * self.in_a_year).round())
        }
    }

    /// What was done to them, in words.
    pub(crate) fn words(self) -> String {
        if self == YEARS {
            "set to 90".to_owned()
        } else {
            format!("set to 90 years ({} {})", (OLD_YEARS * self.in_a_year).round(), self.unit)
        }
    }

    /// Why a number is no age, in words.
    pub(crate) fn no_age(self, value: f64) -> String {
        format!(
            "{value} {} is nobody's age: set to missing. If the column is in another unit, say so in the plan",
            self.unit
        )
    }
}

fn by_name(text: &str) -> Option<Ages> {
    let words = names::words(text);
    let any = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    let is_age = any(&[
        "age",
        "ages",
        "alter",
        "edad",
        "eta",
        "idade",
        "leeftijd",
        "alder",
        "agey",
        "ageyr",
        "ageyears",
        "ageyrs",
        "agecat",
        "agemonths",
        "agemonth",
        "agemos",
        "agemo",
        "ageinmonths",
        "agedays",
        "ageday",
        "ageindays",
        "ageweeks",
        "agewks",
        "alterjahre",
        "altermonate",
        "altertage",
    ]);
    if !is_age || any(&["gestational", "group", "grp"]) {
        None
    } else if any(&[
        "months",
        "month",
        "mo",
        "mos",
        "agemonths",
        "agemonth",
        "agemos",
        "agemo",
        "ageinmonths",
        "monate",
        "monaten",
        "altermonate",
        "mois",
        "meses",
        "mesi",
        "maanden",
    ]) {
        Some(MONTHS)
    } else if any(&[
        "weeks",
        "week",
        "wk",
        "wks",
        "ageweeks",
        "agewks",
        "wochen",
        "semaines",
        "semanas",
        "settimane",
        "weken",
    ]) {
        Some(WEEKS)
    } else if any(&[
        "days",
        "day",
        "agedays",
        "ageday",
        "ageindays",
        "tage",
        "tagen",
        "altertage",
        "jours",
        "dias",
        "giorni",
        "dagen",
    ]) {
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
            ("alter_monate", None, Some("months")),
            ("Alter (Tage)", None, Some("days")),
            ("age_mo", None, Some("months")),
            ("âge en mois", None, Some("months")),
            ("edad_meses", None, Some("months")),
            ("age", Some("hours"), Some("hours")),
            ("survival_months", None, None),
        ] {
            assert_eq!(of(name, unit), want, "{name} {unit:?}");
        }
        assert_eq!(Ages::of("x", "age", None), Some(YEARS));
    }

    /// One rule for all units: over 89 is who has completed 90 years.
    #[test]
    fn ages_count_in_completed_years() {
        for (ages, value, want) in [
            (YEARS, 89.0, Age::Stays),
            (YEARS, 89.9, Age::Stays),
            (YEARS, 90.0, Age::Old(90.0)),
            (YEARS, 130.0, Age::Old(90.0)),
            (YEARS, 999.0, Age::Nobodys),
            (YEARS, -3.0, Age::Stays),
            (MONTHS, 1079.0, Age::Stays),
            (MONTHS, 1080.0, Age::Old(1080.0)),
            (MONTHS, 1152.0, Age::Old(1080.0)),
            (MONTHS, 9999.0, Age::Nobodys),
            (WEEKS, 4696.0, Age::Stays),
            (WEEKS, 4697.0, Age::Old(4696.0)),
            (DAYS, 32_872.0, Age::Stays),
            (DAYS, 36_525.0, Age::Old(32_873.0)),
        ] {
            assert_eq!(ages.settle(value), want, "{value} {}", ages.unit);
        }
        assert_eq!(Ages::guessed(1100.0), Some(MONTHS));
        assert_eq!(Ages::guessed(40_000.0), Some(DAYS));
        assert_eq!(Ages::guessed(1e6), None);
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
