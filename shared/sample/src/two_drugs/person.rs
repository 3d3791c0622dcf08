//! One synthetic person: characteristics, treatment and outcome.

use crate::random::{Stream, logistic};

use super::{
    LOG_HAZARD_AGE, LOG_HAZARD_DIABETES, LOG_HAZARD_SEVERITY, LOG_ODDS_AGE, LOG_ODDS_SEVERITY, TRUE_HAZARD_RATIO,
};

/// Days from 1970-01-01 to 2012-01-01, the first possible day of treatment.
const FIRST_DAY: i32 = 15_340;

/// One person.
pub(super) struct Person {
    pub id: u32,
    pub female: bool,
    /// Age in whole years at the first dose.
    pub age: i32,
    pub birth_year: i32,
    /// Percent; falls with severity: the measured confounder.
    pub ejection_fraction: f64,
    pub diabetes: bool,
    pub hypertension: bool,
    pub creatinine: f64,
    pub drug_a: bool,
    /// Day of the first dose.
    pub index_day: i32,
    /// First day observed.
    pub first_day: i32,
    /// Days from the first dose to death or the end of observation.
    pub days: i32,
    pub died: bool,
}

impl Person {
    /// Draws a person. The order of the draws is part of the sample's definition.
    pub(super) fn draw(seed: u64, id: u32) -> Self {
        let mut s = Stream::of_person(seed, id);
        let female = s.chance(0.45);
        let age = whole(68.0 + 10.0 * s.normal()).clamp(30, 88);
        let diabetes = s.chance(logistic(-0.9 + 0.01 * f64::from(age - 68)));
        let hypertension = s.chance(0.6);
        // Limited to 2.5, so that the ejection fraction stays within 22 and 62 and is never cut off.
        let severity = s.normal().clamp(-2.5, 2.5);
        let ejection_fraction = libm::round((42.0 - 8.0 * severity) * 10.0) / 10.0;
        let creatinine = libm::round((1.05 + 0.12 * severity + 0.2 * s.normal()).max(0.4) * 100.0) / 100.0;
        let log_odds = LOG_ODDS_SEVERITY * severity + LOG_ODDS_AGE * f64::from(age - 68);
        let drug_a = s.chance(logistic(log_odds));
        let index_day = FIRST_DAY + s.between(0, 2190);
        let first_day = index_day - s.between(400, 1500);
        let log_hazard = LOG_HAZARD_SEVERITY * severity
            + LOG_HAZARD_AGE * f64::from(age - 68)
            + if diabetes { LOG_HAZARD_DIABETES } else { 0.0 }
            + if drug_a { libm::log(TRUE_HAZARD_RATIO) } else { 0.0 };
        // Weibull with shape 1.2 and proportional hazards: S(t) = exp(-exp(log hazard) (t / 3600)^1.2).
        let time_to_death = 3600.0 * libm::pow(-libm::log(s.uniform()) / libm::exp(log_hazard), 1.0 / 1.2);
        let follow_up = s.between(365, 2190);
        let death = whole(libm::ceil(time_to_death.min(1e6)));
        let died = death <= follow_up;
        Self {
            id,
            female,
            age,
            birth_year: 1970 + (index_day / 365) - age,
            ejection_fraction,
            diabetes,
            hypertension,
            creatinine,
            drug_a,
            index_day,
            first_day,
            days: death.min(follow_up),
            died,
        }
    }

    /// The last day observed.
    pub(super) fn last_day(&self) -> i32 {
        self.index_day + self.days
    }
}

#[expect(clippy::cast_possible_truncation, reason = "callers stay far within i32")]
fn whole(x: f64) -> i32 {
    libm::round(x) as i32
}
