//! What is seen of a column in the first part of a file.

use std::collections::BTreeSet;

use columnar::day;
use model::intake::{ColumnEvidence, DateFormat};
use rustc_hash::FxHashMap;

use crate::{date, number};

/// Different values told apart.
const MAX_DISTINCT: usize = 10_000;
/// Values shown.
const MAX_TOP: usize = 12;

/// Texts that mean 'no value' wherever they stand.
pub(super) const ALWAYS_MISSING: [&str; 10] = ["NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", ".", "<NA>"];
/// Those of single systems: i2b2, Oracle's tools. They are in a plan only where they were seen.
pub(super) const RARELY_MISSING: [&str; 2] = ["@", "(null)"];
/// Texts that mean 'no value' among numbers or dates, and may be a level elsewhere.
pub(super) const SOMETIMES_MISSING: [&str; 12] =
    ["-", "--", "?", "None", "none", "missing", "Missing", "unknown", "Unknown", "UNK", "nd", "ND"];

/// Counts over the values of a column.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) n: u64,
    pub(super) n_missing: u64,
    pub(super) values: FxHashMap<String, u64>,
    pub(super) n_numbers: u64,
    pub(super) n_whole: u64,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    /// By [`date::ALL`].
    pub(super) n_dates: [u64; 5],
    /// Of each format, dates that also exist.
    pub(super) n_days: [u64; 5],
    /// Values with `.` and with `-` or `/` between the parts of a date.
    pub(super) dotted: u64,
    pub(super) n_soft_missing: u64,
    /// SAS's special missing values that were there: `.A` to `.Z`, `._`.
    pub(super) special_missing: BTreeSet<String>,
    /// Values with a sign of per cent.
    pub(super) n_percents: u64,
    /// Which of [`RARELY_MISSING`] were there.
    pub(super) rarely_missing: [bool; 2],
    pub(super) n_emails: u64,
    pub(super) n_phones: u64,
    pub(super) n_ssns: u64,
    pub(super) n_urls: u64,
    pub(super) n_ips: u64,
    pub(super) n_full_names: u64,
    /// Names with a title or a degree: `Dr. Müller`, `HOUSE, GREGORY MD`.
    pub(super) n_staff: u64,
    /// Dates without a day: `2020-03`, `03/2020`, `UNK-MAR-2020`.
    pub(super) n_partial: u64,
    /// Dates with a year of two digits.
    pub(super) n_short_dates: u64,
    pub(super) n_letters: u64,
    pub(super) n_spaces: u64,
    /// The value before was smaller, for all rows.
    pub(super) rising: Option<f64>,
    pub(super) always_rising: bool,
}

impl Seen {
    pub(super) fn new() -> Self {
        Self { always_rising: true, ..Self::default() }
    }

    pub(super) fn add(&mut self, text: &str, decimal: u8) {
        self.n += 1;
        let text = text.trim();
        let rare = RARELY_MISSING.iter().position(|missing| *missing == text);
        if let Some(is_seen) = rare.and_then(|i| self.rarely_missing.get_mut(i)) {
            *is_seen = true;
        }
        if is_special(text) {
            self.special_missing.insert(text.to_owned());
        }
        if text.is_empty() || rare.is_some() || ALWAYS_MISSING.contains(&text) || is_special(text) {
            self.n_missing += 1;
            return;
        }
        if let Some(n) = self.values.get_mut(text) {
            *n += 1;
        } else if self.values.len() < MAX_DISTINCT {
            self.values.insert(text.to_owned(), 1);
        }
        if let Some(v) = number::parse(text.as_bytes(), decimal) {
            self.n_numbers += 1;
            self.n_percents += u64::from(text.ends_with('%'));
            self.n_whole += u64::from(v.fract() == 0.0);
            self.min = Some(self.min.map_or(v, |m| m.min(v)));
            self.max = Some(self.max.map_or(v, |m| m.max(v)));
            self.always_rising &= self.rising.is_none_or(|before| before < v);
            self.rising = Some(v);
        } else {
            self.always_rising = false;
            self.n_soft_missing += u64::from(SOMETIMES_MISSING.contains(&text));
        }
        self.add_date(text);
        self.add_shape(text);
    }

    fn add_date(&mut self, text: &str) {
        if text.len() > 40 || !text.bytes().any(|b| b.is_ascii_digit()) {
            return;
        }
        let (mut is_short, mut is_date) = (false, false);
        self.n_partial += u64::from(date::is_partial(text.as_bytes()));
        for (i, format) in date::ALL.into_iter().enumerate() {
            let result = date::parse(text.as_bytes(), format);
            is_short |= result == Err(date::DateFlaw::ShortYear);
            is_date |= result.is_ok();
            let plausible = match (format, result) {
                (DateFormat::Compact, Ok(d)) => (1850..=2150).contains(&day::year_of(d)),
                (_, result) => result != Err(date::DateFlaw::NoDate) && result != Err(date::DateFlaw::ShortYear),
            };
            self.n_dates[i] += u64::from(plausible);
            self.n_days[i] += u64::from(plausible && result.is_ok());
        }
        self.n_short_dates += u64::from(is_short && !is_date);
        self.dotted += u64::from(text.matches('.').count() == 2);
    }

    fn add_shape(&mut self, text: &str) {
        self.n_letters += text.chars().count() as u64;
        self.n_spaces += u64::from(text.trim().contains(' '));
        self.n_emails += u64::from(is_email(text));
        self.n_urls +=
            u64::from(text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www."));
        self.n_ips += u64::from(text.parse::<std::net::IpAddr>().is_ok());
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let parts: Vec<usize> = text.split('-').map(str::len).collect();
        let only = |extra: &str| text.chars().all(|c| c.is_ascii_digit() || extra.contains(c));
        let ssn = digits == 9 && only("-") && parts == [3, 2, 4];
        self.n_ssns += u64::from(ssn);
        let separated = text.contains(['-', '(', ' ', '+']) && !text.starts_with('-');
        let is_date =
            |format| date::Written { format, last_year: Some(2099), are_births: false }.parse(text.as_bytes()).is_ok();
        let date = date::ALL.into_iter().any(is_date);
        self.n_phones += u64::from(!ssn && !date && (9..=15).contains(&digits) && separated && only("-+() ./"));
        self.n_full_names += u64::from(is_full_name(text));
        self.n_staff += u64::from(is_staff(text));
    }

    /// Rows with a value.
    pub(super) fn n_present(&self) -> u64 {
        self.n - self.n_missing
    }

    /// Whether at least 95 in 100 of the values (a soft 'no value' left out) are such.
    pub(super) fn mostly(&self, n: u64) -> bool {
        let of = self.n_present() - self.n_soft_missing;
        of > 0 && n * 100 >= of * 95
    }

    /// The different values, most frequent first, then by text.
    pub(super) fn ranked(&self) -> Vec<(String, u64)> {
        let mut all: Vec<(String, u64)> = self.values.iter().map(|(v, n)| (v.clone(), *n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    /// The part of it that the user sees. Values of direct identifiers are not repeated.
    pub(super) fn evidence(
        &self,
        why: String,
        possible: Vec<model::dataset::ColumnRole>,
        date_order_unsure: bool,
    ) -> ColumnEvidence {
        let mut top = self.ranked();
        top.truncate(MAX_TOP);
        let numeric = self.n_numbers > 0 && self.mostly(self.n_numbers);
        ColumnEvidence {
            n: self.n,
            n_missing: self.n_missing,
            n_distinct: self.values.len() as u64,
            top,
            min: self.min.filter(|_| numeric),
            max: self.max.filter(|_| numeric),
            why,
            possible,
            date_order_unsure,
        }
    }
}

/// Whether a text is one of SAS's special missing values.
fn is_special(text: &str) -> bool {
    matches!(text.as_bytes(), [b'.', letter] if letter.is_ascii_uppercase() || *letter == b'_')
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !text.contains(' ') && host.contains('.') && !host.starts_with('.') && !host.contains('@')
    })
}

/// A name with a title before it or a degree behind it.
fn is_staff(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).map(|w| w.trim_matches('.')).filter(|w| !w.is_empty()).collect();
    let is = |w: &&str, list: &[&str]| list.iter().any(|l| w.eq_ignore_ascii_case(l));
    let titled = words.first().is_some_and(|w| is(w, &["dr", "prof", "dra", "drs", "med"]));
    let degree = words.last().is_some_and(|w| is(w, &["md", "m.d", "do", "rn", "np", "pa", "phd", "mbbs"]));
    (2..=5).contains(&words.len()) && (titled || degree)
}

/// Two or three words, each with one capital letter, at its beginning.
fn is_full_name(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    (2..=3).contains(&words.len())
        && words.iter().all(|w| {
            let mut chars = w.chars();
            chars.next().is_some_and(char::is_uppercase)
                && chars.all(|c| c.is_lowercase() || matches!(c, '\'' | '-' | '.'))
        })
}
