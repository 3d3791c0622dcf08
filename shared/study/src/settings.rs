//! Settings: from the model's words to those of stats, and printed on results.

use std::ops::ControlFlow;

use model::results::Setting;
use model::study::{AnalysisSettings, CiType, Ties};
use model::words::grouped;
use stats::cox::CoxSettings;
use stats::survival::{ConfidenceType, CurveSettings};

/// stats' way of asking whether to go on, from ours.
pub(crate) fn stats_tick(tick: &mut cohort::Tick<'_>) -> impl FnMut(f64) -> ControlFlow<()> {
    move |share| if tick(share) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

pub(crate) fn setting(name: &str, value: impl Into<String>) -> Setting {
    Setting { name: name.to_owned(), value: value.into() }
}

pub(crate) fn curve_settings(settings: &AnalysisSettings) -> CurveSettings {
    let confidence_type = match settings.ci {
        CiType::LogLog => ConfidenceType::LogLog,
        CiType::Log => ConfidenceType::Log,
        CiType::Plain => ConfidenceType::Plain,
    };
    CurveSettings { confidence_type, confidence_level: settings.level }
}

pub(crate) fn cox_settings(settings: &AnalysisSettings) -> CoxSettings {
    let ties = match settings.ties {
        Ties::Efron => stats::cox::Ties::Efron,
        Ties::Breslow => stats::cox::Ties::Breslow,
    };
    CoxSettings { ties, confidence_level: settings.level, ..CoxSettings::default() }
}

pub(crate) fn ties_word(ties: Ties) -> &'static str {
    match ties {
        Ties::Efron => "efron",
        Ties::Breslow => "breslow",
    }
}

/// The method by the name of its author, for people.
fn ties_name(ties: Ties) -> &'static str {
    match ties {
        Ties::Efron => "Efron",
        Ties::Breslow => "Breslow",
    }
}

fn ci_word(ci: CiType) -> &'static str {
    match ci {
        CiType::LogLog => "log-log",
        CiType::Log => "log",
        CiType::Plain => "plain",
    }
}

/// The statistical settings that every survival result prints; times with their unit, where it is known.
pub(crate) fn printed(settings: &AnalysisSettings, unit: Option<&str>) -> Vec<Setting> {
    let time =
        |t: &f64| unit.map_or_else(|| grouped(&t.to_string()), |unit| format!("{} {unit}", grouped(&t.to_string())));
    let horizons: Vec<String> = settings.horizons.iter().map(time).collect();
    vec![
        setting("survival curves", "Kaplan-Meier, Greenwood standard errors (robust with weights that are no counts)"),
        setting("confidence interval of curves", ci_word(settings.ci)),
        setting("confidence interval of medians", "where the limits of the curve reach 50% (Brookmeyer and Crowley)"),
        setting("confidence level", settings.level.to_string()),
        setting("comparison of curves", "log-rank test"),
        setting("ties in Cox regression", ties_name(settings.ties)),
        setting("proportional hazards", "score test of Grambsch and Therneau, time transformed by 1 - Kaplan-Meier"),
        setting(
            "survival reported at",
            if horizons.is_empty() { "no times chosen".to_owned() } else { horizons.join("; ") },
        ),
        setting(
            "restricted mean up to",
            settings.tau.as_ref().map_or("the smallest of the groups' last times".to_owned(), time),
        ),
    ]
}

/// What is wrong with the settings, each in words.
pub(crate) fn check(settings: &AnalysisSettings) -> Vec<String> {
    let mut problems = Vec::new();
    if !(settings.level > 0.0 && settings.level < 1.0) {
        problems
            .push(format!("the confidence level is {}; give a number between 0 and 1, such as 0.95", settings.level));
    }
    if let Some(tau) = settings.tau
        && !(tau.is_finite() && tau > 0.0)
    {
        problems.push(format!("the restriction time (tau) is {tau}; give a number above 0"));
    }
    for time in settings.horizons.iter().filter(|t| !(t.is_finite() && **t >= 0.0)) {
        problems.push(format!("survival cannot be reported at time {time}; give numbers from 0 on"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_their_unit_and_their_thousands_apart() {
        let settings = AnalysisSettings {
            horizons: vec![365.0, 1095.75, 12_345.0],
            tau: Some(1826.0),
            ..AnalysisSettings::default()
        };
        let value = |unit: Option<&str>, name: &str| {
            let list = printed(&settings, unit);
            list.into_iter().find(|s| s.name == name).map(|s| s.value).unwrap_or_default()
        };
        assert_eq!(value(Some("days"), "survival reported at"), "365 days; 1,095.75 days; 12,345 days");
        assert_eq!(value(Some("days"), "restricted mean up to"), "1,826 days");
        assert_eq!(value(None, "restricted mean up to"), "1,826");
        assert_eq!(value(None, "ties in Cox regression"), "Efron");
    }
}
