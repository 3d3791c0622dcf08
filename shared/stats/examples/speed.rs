//! Times the survival estimators on a million rows and prints one JSON line each.
//!
//! `cargo run --release -p stats --example speed [rows] [part of a name] [file]`: the data are generated, the same on
//! every machine, and written to the file for a peer to read (`e2e/bench/survival.R`): whole days, any times, event,
//! arm and the covariates, one column after the other, 64-bit floats, little end first. Lines with `answers` are those
//! the peer computes too.

use std::io::Write as _;
use std::time::Instant;

use stats::cox::{CoxData, CoxError, CoxFit, CoxModel, CoxSettings, TimeTransform, concordance, proportional_hazards};
use stats::survival::{
    Curve, CurveSettings, Durations, EventTable, LogRankWeight, kaplan_meier, log_rank, restricted_mean,
};
use stats::tick::never;

/// A linear congruential generator: any machine, any run, the same numbers.
struct Generator(u64);

impl Generator {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

const N_COVARIATES: usize = 11;

struct Data {
    days: Vec<f64>,
    times: Vec<f64>,
    event: Vec<bool>,
    arm: Vec<u32>,
    covariates: Vec<Vec<f64>>,
}

fn generate(n: usize) -> Data {
    let mut random = Generator(20_261_122);
    let mut data = Data {
        days: Vec::with_capacity(n),
        times: Vec::with_capacity(n),
        event: Vec::with_capacity(n),
        arm: Vec::with_capacity(n),
        covariates: (0..N_COVARIATES).map(|_| Vec::with_capacity(n)).collect(),
    };
    for _ in 0..n {
        let arm = u32::from(random.uniform() < 0.5);
        let mut log_hazard = -0.2 * f64::from(arm);
        for (j, column) in data.covariates.iter_mut().enumerate() {
            let x = match j {
                0 => f64::from(arm),
                1..=4 => f64::from(u8::from(random.uniform() < 0.3)),
                _ => (random.normal() * 10.0).round() / 10.0,
            };
            if j > 0 {
                log_hazard += 0.05 * (j as f64 - 5.0) / 5.0 * x;
            }
            column.push(x);
        }
        let death = -1500.0 * random.uniform().ln() * (-log_hazard).exp();
        let end = 3650.0 * random.uniform();
        data.times.push(death.min(end));
        data.days.push(death.min(end).ceil());
        data.event.push(death <= end);
        data.arm.push(arm);
    }
    data
}

/// Median of five, in milliseconds, with numbers from the result so that nothing is left out.
fn time<T>(name: &str, n: usize, mut run: impl FnMut() -> T, answers: impl FnOnce(T) -> Vec<f64>) {
    if std::env::args().nth(2).is_some_and(|only| !name.contains(&only)) {
        return;
    }
    let (mut ms, mut processor_ms) = ([0.0; 5], [0.0; 5]);
    let mut result = None;
    for (ms, processor_ms) in ms.iter_mut().zip(&mut processor_ms) {
        drop(result.take());
        let (start, cpu) = (Instant::now(), cpu_ms());
        result = Some(run());
        *ms = start.elapsed().as_secs_f64() * 1e3;
        *processor_ms = cpu_ms() - cpu;
    }
    ms.sort_by(f64::total_cmp);
    processor_ms.sort_by(f64::total_cmp);
    let answers = result.map(answers).unwrap_or_default();
    let (ms, cpu_ms) = (ms[2], processor_ms[2]);
    println!("{{\"name\":\"{name}\",\"rows\":{n},\"ms\":{ms:.2},\"cpu_ms\":{cpu_ms:.2},\"answers\":{answers:?}}}");
}

/// Time this thread has spent on a processor, where Linux tells: what a busy machine does not distort. Else 0.
fn cpu_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

/// Curves with what is read off them, and the test.
fn curves_and_test(durations: &Durations<'_>) -> Result<(Vec<Curve>, Vec<f64>), Box<dyn std::error::Error>> {
    let table = EventTable::new(durations, &mut never)?;
    let curves = kaplan_meier(&table, &CurveSettings::default(), &mut never)?;
    let mut answers = vec![log_rank(&table, LogRankWeight::LogRank, &mut never)?.chi2];
    for curve in &curves {
        // the median's limits look at the limits of every step
        let median = curve.median();
        let times = [median.time, median.lower, median.upper].map(|time| time.reached().unwrap_or(0.0));
        answers.extend(times);
        let mean = restricted_mean(curve, 1825.0)?;
        answers.extend([mean.value, mean.std_err]);
    }
    Ok((curves, answers))
}

/// What every step of the curves adds up to: survival, lower and upper limits.
fn with_steps(found: Result<(Vec<Curve>, Vec<f64>), Box<dyn std::error::Error>>) -> Vec<f64> {
    let Ok((curves, mut answers)) = found else { return vec![f64::NAN] };
    for curve in &curves {
        answers.push(curve.points().map(|p| p.survival).sum());
        answers.push(curve.points().filter_map(|p| p.lower).sum());
        answers.push(curve.points().filter_map(|p| p.upper).sum());
    }
    answers
}

/// Log likelihoods, coefficients, standard errors.
fn of_fit(fit: &CoxFit) -> Vec<f64> {
    let mut answers = vec![fit.log_likelihood_null, fit.log_likelihood];
    answers.extend(fit.coefficients.iter().flatten().map(|c| c.coef));
    answers.extend(fit.coefficients.iter().flatten().map(|c| c.std_err));
    answers
}

fn write(data: &Data, path: &str) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let event: Vec<f64> = data.event.iter().map(|&event| f64::from(u8::from(event))).collect();
    let arm: Vec<f64> = data.arm.iter().map(|&arm| f64::from(arm)).collect();
    for column in [&data.days, &data.times, &event, &arm].into_iter().chain(&data.covariates) {
        for value in column {
            file.write_all(&value.to_le_bytes())?;
        }
    }
    file.flush()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let n = std::env::args().nth(1).map_or(Ok(1_000_000), |n| n.parse())?;
    let data = generate(n);
    if let Some(path) = std::env::args().nth(3) {
        write(&data, &path)?;
    }
    let days = Durations::new(&data.days, &data.event).with_groups(&data.arm, 2);
    let times = Durations::new(&data.times, &data.event).with_groups(&data.arm, 2);
    curves_and_test(&days)?;
    time("kaplan_meier_log_rank_days", n, || curves_and_test(&days), with_steps);
    time("kaplan_meier_log_rank_times", n, || curves_and_test(&times), with_steps);
    time_curves(n, &times)?;
    let covariates: Vec<&[f64]> = data.covariates.iter().map(Vec::as_slice).collect();
    time_cox(n, "days", &CoxData { durations: days, covariates: &covariates })?;
    time_cox(n, "times", &CoxData { durations: times, covariates: &covariates })
}

fn time_curves(n: usize, times: &Durations<'_>) -> Result<(), Box<dyn std::error::Error>> {
    time("event_table_times", n, || EventTable::new(times, &mut never), |_| Vec::new());
    let table = EventTable::new(times, &mut never)?;
    let settings = CurveSettings::default();
    time("curves_times", n, || kaplan_meier(&table, &settings, &mut never), |_| Vec::new());
    time("log_rank_times", n, || log_rank(&table, LogRankWeight::LogRank, &mut never), |_| Vec::new());
    Ok(())
}

fn time_cox(n: usize, name: &str, data: &CoxData<'_>) -> Result<(), Box<dyn std::error::Error>> {
    let settings = CoxSettings::default();
    let fit_once = || CoxModel::new(data, &settings, &mut never)?.fit(&mut never);
    time(&format!("cox_efron_{name}"), n, fit_once, |fit| fit.as_ref().map(of_fit).unwrap_or_default());
    // what R's coxph does unless told not to
    let fit_and_concordance = || -> Result<_, CoxError> {
        let model = CoxModel::new(data, &settings, &mut never)?;
        let fit = model.fit(&mut never)?;
        let concordance = concordance(&model, &fit, &mut never)?;
        Ok((fit, concordance))
    };
    time(&format!("cox_efron_with_concordance_{name}"), n, fit_and_concordance, |found| {
        let Ok((fit, concordance)) = found else { return vec![f64::NAN] };
        of_fit(&fit).into_iter().chain(concordance.iter().flat_map(|c| [c.value, c.std_err])).collect()
    });
    time(&format!("cox_prepare_{name}"), n, || CoxModel::new(data, &settings, &mut never), |_| Vec::new());
    let model = CoxModel::new(data, &settings, &mut never)?;
    let fit = model.fit(&mut never)?;
    time(&format!("cox_concordance_{name}"), n, || concordance(&model, &fit, &mut never), |_| Vec::new());
    let how = TimeTransform::KaplanMeier;
    let test = || proportional_hazards(&model, &fit, &[], how, &mut never);
    time(&format!("cox_proportional_hazards_{name}"), n, test, |_| Vec::new());
    Ok(())
}
