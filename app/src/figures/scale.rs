//! Scales: where a number stands on an axis, and which round numbers are written on it.

use model::study::TimeUnit;

/// Round numbers (1, 2, 2.5 or 5 times a power of ten) within `low..=high`, at most `most` of them, lowest first.
///
/// Empty where the range is empty or not finite.
#[must_use]
pub fn round_ticks(low: f64, high: f64, most: usize) -> Vec<f64> {
    if !(low.is_finite() && high.is_finite()) || high <= low || most < 2 {
        return Vec::new();
    }
    let step = round_step((high - low) / (most - 1) as f64);
    let slack = step * 1e-9;
    let mut ticks = Vec::new();
    let mut multiple = ((low - slack) / step).ceil();
    while multiple * step <= high + slack {
        // A multiple of the step, cleaned of the binary dust of the product (0.30000000000000004).
        let tick = (multiple * step * 1e9).round() / 1e9;
        ticks.push(if tick == 0.0 { 0.0 } else { tick });
        multiple += 1.0;
    }
    ticks
}

/// The smallest of 1, 2, 2.5, 5 or 10 times a power of ten that is at least `rough`.
fn round_step(rough: f64) -> f64 {
    let power = 10.0_f64.powf(rough.log10().floor());
    let fraction = rough / power;
    let nice = [1.0, 2.0, 2.5, 5.0].into_iter().find(|candidate| fraction <= candidate * (1.0 + 1e-9)).unwrap_or(10.0);
    nice * power
}

/// A horizontal track in HTML or SVG: from a number to percent of its width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    low: f64,
    high: f64,
    log: bool,
}

impl Track {
    /// A linear track. A range without width is widened by one half on both sides.
    #[must_use]
    pub fn linear(low: f64, high: f64) -> Self {
        let (low, high) = if high > low { (low, high) } else { (low - 0.5, low + 0.5) };
        Self { low, high, log: false }
    }

    /// A logarithmic track around 1 for ratios that holds every given number, between 1/1.5 and 1.5 at least.
    #[must_use]
    pub fn ratio(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (1.0_f64 / 1.5, 1.5_f64);
        for value in values {
            if value.is_finite() && value > 0.0 {
                // One absurd limit must not squeeze the rest into a point.
                low = low.min((value / 1.08).max(0.01));
                high = high.max((value * 1.08).min(100.0));
            }
        }
        Self { low, high, log: true }
    }

    /// Percent of the width (0 to 100; a number beyond an end stands at that end).
    #[must_use]
    pub fn percent(&self, value: f64) -> f64 {
        let (value, low, high) = if self.log {
            (value.max(f64::MIN_POSITIVE).ln(), self.low.ln(), self.high.ln())
        } else {
            (value, self.low, self.high)
        };
        ((value - low) / (high - low) * 100.0).clamp(0.0, 100.0)
    }

    /// Whether a number lies beyond an end, so that what is drawn is cut.
    #[must_use]
    pub fn is_cut(&self, value: f64) -> bool {
        value < self.low || value > self.high
    }

    /// Ticks to write under the track.
    #[must_use]
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        if !self.log {
            return round_ticks(self.low, self.high, most);
        }
        const RATIOS: [f64; 19] =
            [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0, 50.0, 100.0];
        let all: Vec<f64> = RATIOS.into_iter().filter(|ratio| !self.is_cut(*ratio)).collect();
        if all.len() <= most {
            return all;
        }
        // Too many: keep 1 and every second, third ... one on both sides of it.
        let centre = all.iter().position(|ratio| *ratio == 1.0).unwrap_or(0);
        let stride = all.len().div_ceil(most.max(1));
        all.iter()
            .enumerate()
            .filter(|(place, _)| place.abs_diff(centre).is_multiple_of(stride))
            .map(|(_, ratio)| *ratio)
            .collect()
    }
}

/// How a time axis is written: long follow-up in days or months reads better in years. Data keep their own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeAxis {
    /// Unit of the data.
    pub unit: TimeUnit,
    /// Unit written on the axis.
    pub shown: TimeUnit,
    /// Data units in one shown unit.
    pub factor: f64,
}

impl TimeAxis {
    /// The axis for data in `unit` (the word of [`TimeUnit::word`]) that go up to `last`.
    #[must_use]
    pub fn new(unit: &str, last: f64) -> Self {
        let unit = [TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months, TimeUnit::Years]
            .into_iter()
            .find(|candidate| candidate.word() == unit)
            .unwrap_or_default();
        let a_year = units_in_a_year(unit);
        let in_years = unit != TimeUnit::Years && last >= 2.0 * a_year;
        Self { unit, shown: if in_years { TimeUnit::Years } else { unit }, factor: if in_years { a_year } else { 1.0 } }
    }

    /// Ticks in the data's unit that are round in the shown unit.
    #[must_use]
    pub fn ticks(&self, low: f64, high: f64, most: usize) -> Vec<f64> {
        round_ticks(low / self.factor, high / self.factor, most).into_iter().map(|tick| tick * self.factor).collect()
    }

    /// A time as it is written under the axis.
    #[must_use]
    pub fn label(&self, time: f64) -> String {
        plain_number(time / self.factor)
    }

    /// The title under the axis, short enough for a telephone; [`TimeAxis::note`] says how units were converted.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self.shown {
            TimeUnit::Days => "Days since the index date",
            TimeUnit::Weeks => "Weeks since the index date",
            TimeUnit::Months => "Months since the index date",
            TimeUnit::Years => "Years since the index date",
        }
    }

    /// How units were converted, for a sentence beside the figure; `None` where they were not.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        (self.shown != self.unit).then(|| format!("A year is {} {}.", plain_number(self.factor), self.unit.word()))
    }
}

/// How many of a unit make a year.
#[must_use]
pub fn units_in_a_year(unit: TimeUnit) -> f64 {
    match unit {
        TimeUnit::Days => 365.25,
        TimeUnit::Weeks => 365.25 / 7.0,
        TimeUnit::Months => 12.0,
        TimeUnit::Years => 1.0,
    }
}

/// A number without trailing zeros, at most four decimals.
#[must_use]
pub fn plain_number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        assert_eq!(round_ticks(0.0, 1.0, 6), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(round_ticks(0.0, 19.3, 6), [0.0, 5.0, 10.0, 15.0]);
        assert_eq!(round_ticks(3.2, 4.1, 4), [3.5, 4.0]);
        assert_eq!(round_ticks(-1.0, 1.0, 5), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert!(round_ticks(1.0, 1.0, 5).is_empty());
        assert!(round_ticks(0.0, f64::INFINITY, 5).is_empty());
    }

    #[test]
    fn never_more_ticks_than_asked_for() {
        for high in 1..400 {
            let high = f64::from(high) * 0.37;
            for most in 2..9 {
                let ticks = round_ticks(0.0, high, most);
                assert!(ticks.len() <= most, "{high} {most}: {ticks:?}");
                assert!(ticks.iter().all(|tick| (0.0..=high).contains(tick)));
            }
        }
    }

    #[test]
    fn long_follow_up_in_days_is_written_in_years() {
        let axis = TimeAxis::new("days", 7043.0);
        assert_eq!(axis.shown, TimeUnit::Years);
        let ticks = axis.ticks(0.0, 7043.0, 6);
        assert_eq!(ticks, [0.0, 5.0 * 365.25, 10.0 * 365.25, 15.0 * 365.25]);
        assert_eq!(axis.label(ticks[2]), "10");
        assert_eq!(axis.title(), "Years since the index date");
        assert_eq!(axis.note().as_deref(), Some("A year is 365.25 days."));
    }

    #[test]
    fn short_follow_up_keeps_its_unit() {
        let axis = TimeAxis::new("days", 365.0);
        assert_eq!(axis.shown, TimeUnit::Days);
        assert_eq!(axis.ticks(0.0, 365.0, 5), [0.0, 100.0, 200.0, 300.0]);
        assert_eq!(axis.title(), "Days since the index date");
        assert_eq!(axis.note(), None);
    }

    #[test]
    fn a_ratio_track_is_symmetric_around_one() {
        let track = Track::ratio([0.5, 2.0]);
        assert!((track.percent(1.0) - 50.0).abs() < 1e-9);
        assert!((track.percent(0.5) + track.percent(2.0) - 100.0).abs() < 1e-9);
        assert!(track.is_cut(3.0));
        assert!(track.ticks(9).contains(&1.0));
        assert!(Track::ratio([0.01, 80.0]).ticks(5).contains(&1.0));
        assert!(Track::ratio([0.01, 80.0]).ticks(5).len() <= 6);
    }

    #[test]
    fn a_linear_track_without_width_still_has_a_place() {
        assert!((Track::linear(3.0, 3.0).percent(3.0) - 50.0).abs() < 1e-9);
        assert!((Track::linear(0.0, 10.0).percent(20.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn numbers_lose_their_tails() {
        assert_eq!(plain_number(2.50), "2.5");
        assert_eq!(plain_number(-0.0), "0");
        assert_eq!(plain_number(365.25), "365.25");
    }
}
