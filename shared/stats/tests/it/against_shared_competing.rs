//! Cumulative incidence and Gray's test on data sets and R results outside the repository, where they are there.

use crate::support::csv_frame;

use csv_frame::Frame;
use serde_json::Value;
use stats::survival::{CompetingRisks, cumulative_incidence, gray_test};
use stats::tick::never;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

/// Data set, where its result stands, column of the time, of the cause, of the group.
const CASES: [(&str, [&str; 2], &str, &str, &str); 3] = [
    ("mgus2", ["mgus2", "cuminc_sex"], "etime", "ev", "sex"),
    ("km_bmt", ["km_bmt", "cuminc"], "t2", "ev", "group"),
    ("pbc", ["pbc", "cuminc_trt"], "time", "status", "trt"),
];

fn frame(name: &str, text: &str) -> Frame {
    let mut frame = Frame::new(text);
    match name {
        "mgus2" => {
            frame.derive("etime", |row| if row("pstat") == 0.0 { row("futime") } else { row("ptime") });
            frame.derive("ev", |row| if row("pstat") == 1.0 { 1.0 } else { row("death") * 2.0 });
        }
        "km_bmt" => frame.derive("ev", |row| if row("d2") == 1.0 { 1.0 } else { row("d1") * 2.0 }),
        _ => {}
    }
    frame
}

#[test]
fn shared_competing_risks() {
    let read = |path: String| std::fs::read_to_string(path).ok();
    let Some(all) = read(format!("{SHARED}/reference/competing.json")) else {
        println!("shared data are not here: 0 of {} sets with competing risks were checked", CASES.len());
        return;
    };
    let all: Value = serde_json::from_str(&all).unwrap();
    let mut n = 0;
    for (name, place, time, cause, group) in CASES {
        let text = read(format!("{SHARED}/survival/{name}.csv")).unwrap();
        let frame = frame(name, &text);
        let rows = frame.complete(&[time, cause, group]);
        let time = frame.numbers(time, &rows);
        let cause: Vec<u32> = frame.numbers(cause, &rows).into_iter().map(|cause| cause as u32).collect();
        let (group, n_groups) = frame.codes(group, &rows);
        let n_causes = *cause.iter().max().unwrap();
        let data = CompetingRisks { time: &time, cause: &cause, n_causes, group: Some(&group), n_groups, strata: None };
        let want = &all[place[0]][place[1]];
        let close = |what: &str, got: f64, want: &Value| {
            let want = want.as_f64().unwrap();
            assert!((got - want).abs() <= 1e-9 * want.abs().max(1e-6), "{name} {what}: {got} is not {want}");
        };
        for curve in cumulative_incidence(&data, &mut never).unwrap() {
            let row = ((curve.cause - 1) * n_groups + curve.group) as usize;
            for (k, time) in want["at"]["times"].as_array().unwrap().iter().enumerate() {
                let time = time.as_f64().unwrap();
                let after = curve.points.partition_point(|point| point.time <= time);
                if want["at"]["est"][row][k].is_null() {
                    continue;
                }
                close("estimate", curve.points[after - 1].estimate, &want["at"]["est"][row][k]);
                close("variance", curve.points[after - 1].variance, &want["at"]["var"][row][k]);
                n += 2;
            }
        }
        for test in want["gray"].as_array().unwrap() {
            let cause = test["cause"].as_str().unwrap().parse().unwrap();
            close("Gray's test", gray_test(&data, cause, &mut never).unwrap().chi2, &test["stat"]);
            n += 1;
        }
    }
    println!("{n} numbers of competing risks were checked on shared data");
    assert!(n > 80, "{n}");
}
