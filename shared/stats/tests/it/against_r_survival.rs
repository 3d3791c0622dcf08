//! The survival estimators against R's survival package, on the inputs and results of e2e/reference/survival.json.

#![expect(clippy::unwrap_used, reason = "a test helper that finds no number has to stop the test")]

use crate::support::compare;
use crate::support::survival_cases;

use compare::{list, same};
use serde_json::Value;
use stats::cox::{
    CoxData, CoxFit, CoxModel, CoxSettings, Ties, TimeTransform, baseline_hazards, concordance, dfbeta,
    proportional_hazards, scaled_schoenfeld, schoenfeld, score_residuals,
};
use stats::survival::{
    ConfidenceType, Curve, CurveSettings, EventTable, LogRankWeight, QuantileTime, kaplan_meier, log_rank,
    nelson_aalen, restricted_mean,
};
use stats::tick::never;
use survival_cases::{Columns, Input, committed, matrix, names};

const CLOSED: f64 = 1e-10;
const ITERATED: f64 = 1e-8;

fn each_case(kind: &str, mut check: impl FnMut(&Columns, &Value, &Input)) -> usize {
    let all = committed("survival.json");
    let sets = all["data"].as_object().expect("data");
    let cases = all[kind].as_array().expect("cases");
    for case in cases {
        let columns = Columns::new(&sets[case["set"].as_str().expect("set")]);
        check(&columns, case, &Input::new(&columns, case));
    }
    cases.len()
}

fn curve_settings(case: &Value) -> CurveSettings {
    let confidence_type = match case["conf"].as_str() {
        Some("log") => ConfidenceType::Log,
        Some("plain") => ConfidenceType::Plain,
        _ => ConfidenceType::LogLog,
    };
    CurveSettings { confidence_type, confidence_level: case["level"].as_f64().expect("level") }
}

fn each_curve(mut check: impl FnMut(&str, &Curve, &Value)) {
    let n = each_case("curves", |_, case, input| {
        let table = EventTable::new(&input.durations(), &mut never).unwrap();
        let curves = kaplan_meier(&table, &curve_settings(case), &mut never).unwrap();
        let wanted = case["curves"].as_array().unwrap();
        assert_eq!(curves.len(), wanted.len(), "{}", input.label);
        for (curve, want) in curves.iter().zip(wanted) {
            check(&input.label, curve, want);
        }
    });
    assert!(n > 30, "only {n} cases");
}

#[test]
fn kaplan_meier_agrees_with_survfit() {
    each_curve(|label, curve, want| {
        assert_eq!(curve.len() as f64, want["n_steps"].as_f64().unwrap(), "{label}");
        for (k, index) in list(&want["index"]).into_iter().enumerate() {
            let got = curve.point(index as usize);
            let wanted = |key: &str| list(&want[key])[k];
            same(label, "time", Some(got.time), wanted("time"), 1e-3, 0.0);
            same(label, "at risk", Some(got.n_at_risk), wanted("n_at_risk"), 1e-3, CLOSED);
            same(label, "events", Some(got.n_events), wanted("n_events"), 1e-3, CLOSED);
            same(label, "censored", Some(got.n_censored), wanted("n_censored"), 1e-3, CLOSED);
            same(label, "survival", Some(got.survival), wanted("survival"), 1e-6, CLOSED);
            same(label, "std_err", got.std_err, wanted("std_err"), 1e-6, CLOSED);
            same(label, "lower", got.lower, wanted("lower"), 1e-6, CLOSED);
            same(label, "upper", got.upper, wanted("upper"), 1e-6, CLOSED);
        }
    });
}

#[test]
fn nelson_aalen_agrees_with_survfit() {
    each_case("curves", |_, case, input| {
        let table = EventTable::new(&input.durations(), &mut never).unwrap();
        let hazards = nelson_aalen(&table, &mut never).unwrap();
        for (hazard, want) in hazards.iter().zip(case["curves"].as_array().unwrap()) {
            let points: Vec<_> = hazard.points().collect();
            for (k, index) in list(&want["index"]).into_iter().enumerate() {
                let got = points[index as usize];
                let wanted = |key: &str| list(&want[key])[k];
                let (chaz, err) = (wanted("cumulative_hazard"), wanted("cumulative_hazard_std_err"));
                same(&input.label, "hazard", Some(got.cumulative_hazard), chaz, 1e-6, CLOSED);
                same(&input.label, "hazard error", Some(got.std_err), err, 1e-6, CLOSED);
            }
        }
    });
}

#[test]
fn quantiles_agree_with_quantile_survfit() {
    each_curve(|label, curve, want| {
        let want = &want["quantiles"];
        for (k, share) in list(&want["share"]).into_iter().enumerate() {
            let got = curve.quantile(share);
            let check = |what: &str, got: QuantileTime| {
                same(label, what, got.reached(), list(&want[what])[k], 1e-6, 0.0);
            };
            check("time", got.time);
            check("lower", got.lower);
            check("upper", got.upper);
        }
    });
}

#[test]
fn values_at_chosen_times_agree_with_summary_survfit() {
    let mut n = 0;
    each_curve(|label, curve, want| {
        if want["at"].is_null() {
            return;
        }
        for (k, time) in list(&want["at"]["time"]).into_iter().enumerate() {
            let got = curve.at(time);
            let wanted = |key: &str| list(&want["at"][key])[k];
            same(label, "at risk", Some(got.n_at_risk), wanted("n_at_risk"), 1e-3, CLOSED);
            same(label, "survival", Some(got.survival), wanted("survival"), 1e-6, CLOSED);
            same(label, "std_err", got.std_err, wanted("std_err"), 1e-6, CLOSED);
            same(label, "lower", got.lower, wanted("lower"), 1e-6, CLOSED);
            same(label, "upper", got.upper, wanted("upper"), 1e-6, CLOSED);
            n += 1;
        }
    });
    assert!(n > 20);
}

#[test]
fn restricted_mean_agrees_with_survfit() {
    let mut n = 0;
    each_curve(|label, curve, want| {
        for want in want["restricted_mean"].as_array().unwrap_or(&Vec::new()) {
            let got = restricted_mean(curve, want["tau"].as_f64().unwrap()).unwrap();
            same(label, "mean", Some(got.value), want["value"].as_f64().unwrap(), 1e-6, CLOSED);
            same(label, "error", Some(got.std_err), want["std_err"].as_f64().unwrap(), 1e-6, CLOSED);
            n += 1;
        }
    });
    assert!(n > 15);
}

#[test]
fn log_rank_agrees_with_survdiff() {
    let n = each_case("tests", |_, case, input| {
        let table = EventTable::new(&input.durations(), &mut never).unwrap();
        let weight = match case["rho"].as_f64() {
            Some(rho) if rho > 0.0 => LogRankWeight::FlemingHarrington { rho, gamma: 0.0 },
            _ => LogRankWeight::LogRank,
        };
        let got = log_rank(&table, weight, &mut never).unwrap();
        let label = &input.label;
        let number = |key: &str| case[key].as_f64().unwrap();
        same(label, "chi2", Some(got.chi2), number("chi2"), 1e-3, CLOSED);
        same(label, "p", Some(got.p), number("p"), 0.0, 1e-9);
        assert_eq!(got.df as f64, number("df"), "{label}");
        let (observed, expected) = (list(&case["observed"]), list(&case["expected"]));
        assert_eq!(got.groups.len(), observed.len());
        let variance = matrix(&case["variance"]);
        for (i, group) in got.groups.iter().enumerate() {
            same(label, "observed", Some(group.observed), observed[i], 1e-3, CLOSED);
            same(label, "expected", Some(group.expected), expected[i], 1e-3, CLOSED);
            for (j, &want) in variance[i].iter().enumerate() {
                same(label, "variance", Some(got.variance[(i, j)]), want, 1e-3, CLOSED);
            }
        }
    });
    assert!(n > 15);
}

#[test]
fn weighted_log_rank_agrees_with_lifelines() {
    let sets = committed("survival.json")["data"].clone();
    let tests = committed("weighted_log_rank.json")["tests"].clone();
    let tests = tests.as_array().expect("tests");
    assert!(tests.len() >= 20);
    for case in tests {
        let columns = Columns::new(&sets[case["set"].as_str().expect("set")]);
        let input = Input::new(&columns, case);
        let weight = match case["kind"].as_str().expect("kind") {
            "gehan-breslow" => LogRankWeight::GehanBreslow,
            "tarone-ware" => LogRankWeight::TaroneWare,
            "peto-peto" => LogRankWeight::PetoPeto,
            "fleming-harrington 1 0" => LogRankWeight::FlemingHarrington { rho: 1.0, gamma: 0.0 },
            "fleming-harrington 0 1" => LogRankWeight::FlemingHarrington { rho: 0.0, gamma: 1.0 },
            _ => LogRankWeight::FlemingHarrington { rho: 1.0, gamma: 1.0 },
        };
        let table = EventTable::new(&input.durations(), &mut never).unwrap();
        let got = log_rank(&table, weight, &mut never).unwrap();
        let label = format!("{} {}", input.label, case["kind"]);
        same(&label, "chi2", Some(got.chi2), case["chi2"].as_f64().unwrap(), 1e-3, 1e-9);
        assert_eq!(got.df as f64, case["df"].as_f64().unwrap());
    }
}

fn each_fit(mut check: impl FnMut(&str, &CoxModel<'_>, &CoxFit, &Value)) {
    let n = each_case("cox", |columns, case, input| {
        let covariates: Vec<&[f64]> = names(&case["covariates"]).iter().map(|name| columns.get(name)).collect();
        let data = CoxData { durations: input.durations(), covariates: &covariates };
        let ties = if case["ties"] == "breslow" { Ties::Breslow } else { Ties::Efron };
        let settings = CoxSettings { ties, ..CoxSettings::default() };
        let model = CoxModel::new(&data, &settings, &mut never).unwrap();
        let fit = model.fit(&mut never).unwrap();
        check(&input.label, &model, &fit, case);
    });
    assert!(n > 60, "only {n} cases");
}

#[test]
fn cox_agrees_with_coxph() {
    each_fit(|label, model, fit, want| {
        let number = |key: &str| want[key].as_f64().unwrap_or(f64::NAN);
        assert_eq!(fit.n_rows as f64, number("n"));
        assert_eq!(fit.n_events as f64, number("n_events"));
        assert_eq!(f64::from(fit.n_iterations), number("n_iterations"), "{label}: iterations");
        let robust = !want["robust_std_err"].is_null();
        assert_eq!(robust, model.is_robust(), "{label}");
        let wanted = |key: &str| list(&want[key]);
        for (i, got) in fit.coefficients.iter().enumerate() {
            let check = |what: &str, got: Option<f64>, scale: f64| {
                same(label, what, got, wanted(what)[i], scale, ITERATED);
            };
            let std_err = got.map_or(1.0, |c| c.std_err);
            check("coef", got.map(|c| c.coef), 1e-2 * std_err);
            if got.is_none() {
                // R shows 0 for the standard error of a coefficient it left out
                continue;
            }
            check("std_err", got.map(|c| c.std_err), 0.0);
            check("z", got.map(|c| c.z), 1e-2);
            check("p", got.map(|c| c.p), 1e-8);
            check("lower", got.map(|c| c.lower), 0.0);
            check("upper", got.and_then(|c| c.upper), 0.0);
            if robust {
                check("robust_std_err", got.and_then(|c| c.robust_std_err), 0.0);
            }
        }
        let logs = wanted("log_likelihood");
        same(label, "null log likelihood", Some(fit.log_likelihood_null), logs[0], 0.1, ITERATED);
        same(label, "log likelihood", Some(fit.log_likelihood), logs[1], 0.1, ITERATED);
        let tests =
            [("likelihood_ratio", fit.likelihood_ratio_test), ("wald", fit.wald_test), ("score", fit.score_test)];
        for (what, test) in tests {
            same(label, what, Some(test.chi2), number(what), 1e-2, ITERATED);
            assert_eq!(test.df as f64, number("df"));
        }
        if robust {
            let got = fit.robust_score_test.map(|test| test.chi2);
            same(label, "robust score", got, number("robust_score"), 1e-2, ITERATED);
        }
        let got = concordance(model, fit, &mut never).unwrap();
        same(label, "concordance", got.map(|c| c.value), number("concordance"), 0.0, ITERATED);
        let error = number("concordance_std_err");
        same(label, "concordance error", got.map(|c| c.std_err), error, 0.0, ITERATED);
        let variance = matrix(&want["variance"]);
        for (i, row) in variance.iter().enumerate() {
            for j in 0..fit.coefficients.len() {
                let scale = (fit.variance[(i, i)] * fit.variance[(j, j)]).sqrt().max(1e-300) * 1e-2;
                let want = row.get(j).copied().filter(|v| !v.is_nan()).unwrap_or(0.0);
                same(label, "variance", Some(fit.variance[(i, j)]), want, scale, ITERATED);
            }
            same(label, "center", Some(fit.centers[i]), wanted("centers")[i], 1e-3, 1e-12);
        }
    });
}

fn transform(name: &Value) -> TimeTransform {
    match name.as_str() {
        Some("identity") => TimeTransform::Identity,
        Some("rank") => TimeTransform::Rank,
        Some("log") => TimeTransform::Log,
        _ => TimeTransform::KaplanMeier,
    }
}

fn terms(want: &Value) -> Vec<Vec<usize>> {
    let terms = want["terms"].as_array().cloned().unwrap_or_default();
    terms.iter().map(|term| list(term).into_iter().map(|i| i as usize).collect()).collect()
}

#[test]
fn proportional_hazards_agree_with_cox_zph() {
    let mut n = 0;
    each_fit(|label, model, fit, want| {
        let terms = terms(want);
        let terms: Vec<&[usize]> = terms.iter().map(Vec::as_slice).collect();
        for want in want["proportional_hazards"].as_array().unwrap_or(&Vec::new()) {
            let how = transform(&want["transform"]);
            let got = proportional_hazards(model, fit, &terms, how, &mut never).unwrap();
            let (chi2, df, p) = (list(&want["chi2"]), list(&want["df"]), list(&want["p"]));
            assert_eq!(got.rows.len(), chi2.len());
            for (i, row) in got.rows.iter().enumerate() {
                let test = row.test.expect("a test");
                same(label, "ph chi2", Some(test.chi2), chi2[i], 1e-2, 1e-6);
                assert_eq!(test.df as f64, df[i]);
                same(label, "ph p", Some(test.p), p[i], 0.0, 1e-6);
                n += 1;
            }
        }
    });
    assert!(n > 300, "only {n} tests");
}

#[test]
fn baseline_hazard_agrees_with_basehaz() {
    each_fit(|label, model, fit, want| {
        let want = &want["baseline"];
        if want.is_null() {
            return;
        }
        let hazards = baseline_hazards(model, fit).unwrap();
        let strata = want["stratum"].as_array().map(|_| list(&want["stratum"]));
        let (center, zero) = (list(&want["at_center"]), list(&want["at_zero"]));
        for (k, time) in list(&want["time"]).into_iter().enumerate() {
            let code = strata.as_ref().map(|strata| strata[k] as u32);
            let hazard =
                hazards.iter().find(|hazard| code.is_none_or(|code| code == hazard.stratum)).expect("a stratum");
            let at = hazard.time.partition_point(|&t| t <= time) - 1;
            same(label, "baseline", Some(hazard.at_center[at]), center[k], 0.0, ITERATED);
            same(label, "baseline at zero", Some(hazard.at_zero[at]), zero[k], 0.0, ITERATED);
        }
    });
}

#[test]
fn residuals_agree_with_residuals_coxph() {
    let mut n = 0;
    each_fit(|label, model, fit, want| {
        if want["dfbeta"].is_null() {
            return;
        }
        n += 1;
        let spread = |m: &[Vec<f64>], j: usize| m.iter().fold(0.0, |s: f64, r| s.max(r[j].abs()));
        let compare = |what: &str, got: &stats::linalg::Matrix, want: &Value| {
            let want = matrix(want);
            assert_eq!(got.n_rows(), want.len(), "{label}: {what}");
            for (i, row) in want.iter().enumerate() {
                for (j, &value) in row.iter().enumerate() {
                    let scale = spread(&want, j) * 1e-2;
                    same(label, what, Some(got[(i, j)]), value, scale, ITERATED);
                }
            }
        };
        compare("score residuals", &score_residuals(model, fit).unwrap(), &want["score_residuals"]);
        compare("dfbeta", &dfbeta(model, fit).unwrap(), &want["dfbeta"]);
        let got = schoenfeld(model, fit).unwrap();
        // within tied times R's order is by row or by status and row; compare sums over ties as well as times
        let sums = |values: &dyn Fn(usize) -> Vec<f64>| {
            let mut by_time: Vec<(f64, Vec<f64>)> = Vec::new();
            for i in 0..got.time.len() {
                let values = values(i);
                match by_time.last_mut().filter(|(time, _)| *time == got.time[i]) {
                    Some((_, sum)) => sum.iter_mut().zip(values).for_each(|(s, v)| *s += v),
                    None => by_time.push((got.time[i], values)),
                }
            }
            by_time
        };
        let wanted = matrix(&want["schoenfeld"]);
        assert_eq!(got.residuals.n_rows(), wanted.len());
        let (ours, theirs) = (sums(&|i| got.residuals.row(i).to_vec()), sums(&|i| wanted[i].clone()));
        for ((_, ours), (_, theirs)) in ours.iter().zip(&theirs) {
            for (j, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                same(label, "schoenfeld", Some(*ours), *theirs, spread(&wanted, j), ITERATED);
            }
        }
    });
    assert!(n >= 5);
}

#[test]
fn scaled_schoenfeld_residuals_agree_with_cox_zph() {
    let mut n = 0;
    each_fit(|label, model, fit, want| {
        let terms = terms(want);
        let terms: Vec<&[usize]> = terms.iter().map(Vec::as_slice).collect();
        let want = &want["scaled_schoenfeld"];
        if want.is_null() {
            return;
        }
        n += 1;
        let got = scaled_schoenfeld(model, fit, &terms, TimeTransform::Rank).unwrap();
        let (times, ranks, values) = (list(&want["time"]), list(&want["transformed_time"]), matrix(&want["values"]));
        assert_eq!(got.time.len(), times.len(), "{label}");
        for i in 0..times.len() {
            same(label, "time", Some(got.time[i]), times[i], 1e-3, 0.0);
            same(label, "rank", Some(got.transformed_time[i]), ranks[i], 1e-3, 1e-12);
        }
        // rows that share stratum and time may stand in another order
        let (mut ours, mut theirs) = (0.0, 0.0);
        for (i, want) in values.iter().enumerate() {
            if got.values[i].iter().all(Option::is_none) {
                // a stratum in which no covariate varies: R repeats the coefficient there, we say nothing
                continue;
            }
            for (got, want) in got.values[i].iter().zip(want) {
                assert_eq!(got.is_none(), want.is_nan(), "{label}");
                ours += got.unwrap_or(0.0) * got.unwrap_or(0.0);
                theirs += if want.is_nan() { 0.0 } else { want * want };
            }
        }
        same(label, "sum of squares", Some(ours), theirs, 1e-3, ITERATED);
    });
    assert!(n >= 5);
}
