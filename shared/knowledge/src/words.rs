//! A finding in plain words, made from its numbers: direction, size, interval, what it means and what it does not.

use model::finding::{Cell, Estimate, Finding, Measure};
use model::results::PoolReport;
use model::words::{count, decimals, fixed, range, with_interval};

use crate::pool::ENOUGH_STUDIES;

/// A paragraph about a finding: who was studied, what was found, how sure it is, what was not adjusted for.
///
/// Made of the published numbers only, so that it discloses nothing that they do not. Nothing in it says that one thing
/// caused another.
pub fn of_finding(finding: &Finding) -> String {
    let outcome = finding.plan.outcome.name();
    let (target, comparator) = (&finding.plan.target.name, &finding.plan.comparator.name);
    let mut sentences = vec![population(finding, target, comparator)];
    let adjusted = finding.estimates.iter().find(|e| e.adjusted);
    let unadjusted = finding.estimates.iter().find(|e| !e.adjusted);
    match adjusted.or(unadjusted) {
        None if is_hidden(finding) => sentences
            .push("No estimate is published: with so few people or events it would show single persons.".to_owned()),
        None => sentences.push("No estimate could be made from these data; the limits say why.".to_owned()),
        Some(main) => {
            sentences.push(direction(main, outcome, target, comparator));
            sentences.push(certainty(main).to_owned());
            if let (true, Some(crude)) = (main.adjusted, unadjusted) {
                sentences.push(if number(crude.estimate) == number(main.estimate) {
                    format!("Without adjustment the {} was the same to two digits.", crude.measure.words())
                } else {
                    format!("Without adjustment the {} was {}.", crude.measure.words(), number(crude.estimate))
                });
            }
            if !main.adjusted {
                sentences.push("Nothing was adjusted for, so the groups may have differed from the start.".to_owned());
            }
            if main.measure == Measure::HazardRatio {
                sentences.extend(proportional_hazards(main));
            }
        }
    }
    if !finding.not_adjusted_for.is_empty() {
        sentences.push(format!("Not adjusted for: {}.", finding.not_adjusted_for.join(", ")));
    }
    sentences.push("This is an observed association, not proof of an effect.".to_owned());
    sentences.join(" ")
}

fn is_hidden(finding: &Finding) -> bool {
    let arms = finding.arms.iter().flat_map(|arm| [arm.n, arm.n_events]);
    arms.chain([finding.population.n, finding.population.n_events]).any(|cell| cell == Cell::Hidden)
}

fn population(finding: &Finding, target: &str, comparator: &str) -> String {
    let dataset = &finding.population.dataset;
    let whom = format!("{target} was compared with {comparator}");
    match (finding.population.n, finding.population.n_events) {
        (Cell::Count(n), Cell::Count(events)) => {
            format!("In {dataset}, {whom}: {} people, {} with the outcome.", count(n), count(events))
        }
        (Cell::Count(n), Cell::Hidden) => format!(
            "In {dataset}, {whom}: {} people; the number with the outcome is hidden to protect single persons.",
            count(n)
        ),
        (Cell::Hidden, _) => {
            format!("In {dataset}, {whom}; the number of people is hidden to protect single persons.")
        }
    }
}

fn percent(level: f64) -> String {
    number_with(level * 100.0, 3)
}

fn direction(e: &Estimate, outcome: &str, target: &str, comparator: &str) -> String {
    let decimals = decimals(e.estimate, e.lower, e.upper);
    let interval = format!(
        "{} {} ({}% confidence interval {})",
        e.measure.words(),
        fixed(e.estimate, decimals),
        percent(e.level),
        range(e.lower, e.upper, decimals)
    );
    let method = if e.adjusted && !e.method.is_empty() { format!(", adjusted by {}", e.method) } else { String::new() };
    let null = if e.measure.is_ratio() { 1.0 } else { 0.0 };
    let what = match e.measure {
        Measure::HazardRatio => "rate",
        Measure::RiskRatio | Measure::RiskDifference => "risk",
        Measure::OddsRatio => "odds",
    };
    let size = match e.measure {
        Measure::RiskDifference => {
            format!("{} percentage points", number_with(100.0 * e.estimate.abs(), 2))
        }
        _ => format!("{}%", number_with(100.0 * (e.estimate - 1.0).abs(), 2)),
    };
    let possible = e.lower <= null && null <= e.upper;
    if number(e.estimate) == number(null) {
        return format!(
            "The {what} of '{outcome}' was about the same with {target} as with {comparator}: {interval}{method}."
        );
    }
    let side = if e.estimate < null { "lower" } else { "higher" };
    let seems = if possible { "The best guess is that the" } else { "The" };
    let verb = if possible { "is" } else { "was" };
    format!(
        "{seems} {what} of '{outcome}' {verb} {size} {side} with {target} than with {comparator}: {interval}{method}."
    )
}

/// What the interval allows; its numbers stand beside the estimate already.
fn certainty(e: &Estimate) -> &'static str {
    let null = if e.measure.is_ratio() { 1.0 } else { 0.0 };
    if e.lower <= null && null <= e.upper {
        "The data are also compatible with no difference and with a difference the other way."
    } else {
        "The interval leaves out 'no difference'."
    }
}

fn proportional_hazards(e: &Estimate) -> Option<String> {
    let p = e.ph_p?;
    Some(if p < 0.05 {
        "The ratio changed over time (proportional hazards are doubtful), so one number is an average over follow-up: look at the curves.".to_owned()
    } else {
        "There was no sign that the ratio changed over time.".to_owned()
    })
}

/// A sentence or two about a pooled result; numbers on the natural scale.
pub fn of_pool(
    measure: Measure,
    outcome: &str,
    adjusted: bool,
    common: &PoolReport,
    random: Option<&PoolReport>,
) -> String {
    let kind = if adjusted { "Adjusted" } else { "Unadjusted" };
    let words = measure.words();
    let range = |r: &PoolReport| with_interval(r.estimate, r.lower, r.upper);
    let Some(random) = random else {
        return format!(
            "Only one finding has such an estimate: {words} {} for '{outcome}'. There is nothing to pool yet.",
            range(common)
        );
    };
    let null = if measure.is_ratio() { 1.0 } else { 0.0 };
    let mut sentences = vec![format!(
        "{kind} {words} for '{outcome}' across {} findings: {} by random effects with 95% confidence interval, {} by fixed effect.",
        random.k,
        range(random),
        range(common)
    )];
    sentences.push(if random.lower <= null && null <= random.upper {
        "Together the findings do not settle whether there is a difference.".to_owned()
    } else {
        let side = if random.estimate < null { "lower" } else { "higher" };
        format!("Together the findings point to a {side} risk in the group named first.")
    });
    if random.k < ENOUGH_STUDIES as u64 {
        sentences.push(
            "How much they differ beyond chance (I\u{b2}), and what a further site would find (prediction interval), is not \
             given with fewer than three findings."
                .to_owned(),
        );
    }
    if let (Some(lower), Some(upper)) = (random.prediction_lower, random.prediction_upper) {
        let decimals = decimals(random.estimate, lower, upper);
        sentences.push(format!(
            "At a further site the true {words} would be expected between {} and {}.",
            fixed(lower, decimals),
            fixed(upper, decimals)
        ));
    }
    if let Some(i2) = random.i2 {
        sentences.push(format!("About {}% of the variation between findings is more than chance.", number_with(i2, 2)));
    }
    sentences.join(" ")
}

/// A number with up to four significant digits, without an exponent and trailing zeros.
pub(crate) fn trimmed(value: f64) -> String {
    number_with(value, 4)
}

/// Two decimals for numbers around 1, more digits for small ones.
pub(crate) fn number(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if value.abs() >= 0.1 {
        format!("{value:.2}")
    } else {
        number_with(value, 2)
    }
}

/// So many significant digits, without an exponent and trailing zeros.
fn number_with(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    let decimals = (digits - 1 - value.abs().log10().floor() as i32).clamp(0, 12);
    let text = format!("{value:.0$}", decimals.unsigned_abs() as usize);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
