//! Times the survival estimators on a million rows and prints one JSON line each.
//!
//! `cargo run --release -p stats --example speed [rows] [part of a name]`: the data are generated, the same on every machine.

use std::time::Instant;

use stats::cox::{CoxData, CoxModel, CoxSettings, TimeTransform, concordance, proportional_hazards};
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

/// Best of five, in milliseconds, with a number from the result so that nothing is left out.
fn time(name: &str, n: usize, mut run: impl FnMut() -> f64) {
    if std::env::args().nth(2).is_some_and(|only| !name.contains(&only)) {
        return;
    }
    let (mut best, mut best_cpu) = (f64::INFINITY, f64::INFINITY);
    let mut result = 0.0;
    for _ in 0..5 {
        let (start, cpu) = (Instant::now(), cpu_ms());
        result = run();
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
        best_cpu = best_cpu.min(cpu_ms() - cpu);
    }
    println!("{{\"name\":\"{name}\",\"rows\":{n},\"ms\":{best:.2},\"cpu_ms\":{best_cpu:.2},\"result\":{result}}}");
}

/// Time this thread has spent on a processor, where Linux tells: what a busy machine does not distort. Else 0.
fn cpu_ms() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
}

fn curves_and_test(durations: &Durations<'_>) -> Result<f64, Box<dyn std::error::Error>> {
    let table = EventTable::new(durations, &mut never)?;
    let curves = kaplan_meier(&table, &CurveSettings::default(), &mut never)?;
    let test = log_rank(&table, LogRankWeight::LogRank, &mut never)?;
    let mean = restricted_mean(&curves[0], 1825.0)?.value;
    // the median's limits look at the limits of every step
    let median = |curve: &Curve| curve.median().upper.reached().unwrap_or(0.0);
    Ok(test.chi2 + mean + curves.iter().map(median).sum::<f64>())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let n = std::env::args().nth(1).map_or(Ok(1_000_000), |n| n.parse())?;
    let data = generate(n);
    let days = Durations::new(&data.days, &data.event).with_groups(&data.arm, 2);
    let times = Durations::new(&data.times, &data.event).with_groups(&data.arm, 2);
    curves_and_test(&days)?;
    time("kaplan_meier_log_rank_days", n, || curves_and_test(&days).unwrap_or(f64::NAN));
    time("kaplan_meier_log_rank_times", n, || curves_and_test(&times).unwrap_or(f64::NAN));

    time("event_table_times", n, || {
        EventTable::new(&times, &mut never).map_or(f64::NAN, |t| t.groups()[0].time().len() as f64)
    });
    let table = EventTable::new(&times, &mut never)?;
    let settings = CurveSettings::default();
    time("kaplan_meier_times", n, || {
        kaplan_meier(&table, &settings, &mut never).map_or(f64::NAN, |c| c[0].len() as f64)
    });
    time("log_rank_times", n, || {
        log_rank(&table, LogRankWeight::LogRank, &mut never).map_or(f64::NAN, |test| test.chi2)
    });
    drop(table);

    let covariates: Vec<&[f64]> = data.covariates.iter().map(Vec::as_slice).collect();
    for (name, durations) in [("days", days), ("times", times)] {
        let data = CoxData { durations, covariates: &covariates };
        let settings = CoxSettings::default();
        let fit_once = || {
            let model = CoxModel::new(&data, &settings, &mut never)?;
            model.fit(&mut never)
        };
        fit_once()?;
        time(&format!("cox_efron_{name}"), n, || fit_once().map_or(f64::NAN, |fit| fit.log_likelihood));
        time(&format!("cox_prepare_{name}"), n, || {
            CoxModel::new(&data, &settings, &mut never).map_or(f64::NAN, |m| m.n_events() as f64)
        });
        let model = CoxModel::new(&data, &settings, &mut never)?;
        let fit = model.fit(&mut never)?;
        time(&format!("cox_concordance_{name}"), n, || {
            concordance(&model, &fit, &mut never).ok().flatten().map_or(f64::NAN, |c| c.value)
        });
        time(&format!("cox_proportional_hazards_{name}"), n, || {
            let how = TimeTransform::KaplanMeier;
            proportional_hazards(&model, &fit, &[], how, &mut never)
                .map_or(f64::NAN, |test| test.rows.iter().filter_map(|r| r.test).map(|t| t.chi2).sum())
        });
    }
    Ok(())
}
