use model::results::RiskTableRow;

use super::*;

fn point(time: f64, at_risk: f64, events: f64, censored: f64, survival: f64) -> CurvePoint {
    let inside = survival > 0.0 && survival < 1.0;
    CurvePoint {
        time,
        n_at_risk: at_risk,
        n_events: events,
        n_censored: censored,
        survival,
        std_err: inside.then_some(0.1),
        lower: inside.then_some((survival - 0.1).max(0.0)),
        upper: inside.then_some((survival + 0.1).min(1.0)),
    }
}

fn report() -> SurvivalReport {
    SurvivalReport {
        groups: vec![
            GroupCurve {
                name: "a <b>".to_owned(),
                n: 4,
                curve: vec![
                    point(100.0, 4.0, 0.0, 1.0, 1.0),
                    point(200.0, 3.0, 1.0, 0.0, 2.0 / 3.0),
                    point(400.0, 2.0, 1.0, 0.0, 1.0 / 3.0),
                    point(900.0, 1.0, 1.0, 0.0, 0.0),
                ],
                ..GroupCurve::default()
            },
            GroupCurve {
                name: "b".to_owned(),
                n: 2,
                curve: vec![point(300.0, 2.0, 1.0, 0.0, 0.5), point(1000.0, 1.0, 0.0, 1.0, 0.5)],
                ..GroupCurve::default()
            },
        ],
        ..SurvivalReport::default()
    }
}

fn colours() -> FigureColours {
    FigureColours {
        ink: "#111111".to_owned(),
        quiet: "#555555".to_owned(),
        line: "#dddddd".to_owned(),
        surface: "#ffffff".to_owned(),
        series: vec!["#005f73".to_owned(), "#9b2226".to_owned()],
    }
}

fn drawn(options: &CurveOptions) -> PlotFigure {
    let report = report();
    let last = last_time(&report);
    let axis = TimeAxis::new("days", last);
    figure(&curves(&report, &axis, 0.95), &axis, last, options, &colours()).unwrap()
}

#[test]
fn curves_begin_at_one_and_end_with_follow_up() {
    let report = report();
    let axis = TimeAxis::new("days", last_time(&report));
    let views = curves(&report, &axis, 0.95);
    assert_eq!((views[0].times[0], views[0].survival[0]), (0.0, 1.0));
    assert_eq!(views[1].times.last(), Some(&1000.0));
    assert_eq!(views[0].times.len(), views[0].hover.len());
    assert!(views[0].hover[2].starts_with("66.7% (95% CI 56.7% to 76.7%)"));
}

#[test]
fn the_band_ends_where_the_interval_does() {
    let report = report();
    let axis = TimeAxis::new("days", 1000.0);
    let views = curves(&report, &axis, 0.95);
    // At 900 the curve is at 0: no interval exists, and none is drawn.
    assert_eq!(views[0].band.0, [0.0, 100.0, 200.0, 400.0]);
    assert_eq!(views[0].band.1[1], 1.0);
}

#[test]
fn arms_differ_by_dash_and_not_by_colour_alone() {
    let figure = drawn(&CurveOptions::default());
    let dashes: Vec<&str> =
        figure.data.as_array().unwrap().iter().filter_map(|trace| trace["line"]["dash"].as_str()).collect();
    assert_eq!(dashes, ["solid", "dash"]);
}

#[test]
fn switches_take_traces_away() {
    let all = drawn(&CurveOptions::default());
    let bare = drawn(&CurveOptions { band: false, censor_ticks: false, ..CurveOptions::default() });
    // Two arms: two edges of a band, a curve and censor ticks each.
    assert_eq!(all.data.as_array().unwrap().len(), 8);
    assert_eq!(bare.data.as_array().unwrap().len(), 2);
    assert_eq!(all.data[1]["fill"], "tonexty");
    assert_eq!(all.data[1]["fillcolor"], "rgba(0,95,115,0.16)");
    assert_eq!(all.data[4]["line"]["shape"], "hv");
}

#[test]
fn names_are_text_and_stand_on_their_own_side() {
    let figure = drawn(&CurveOptions::default());
    let labels = figure.layout["annotations"].as_array().unwrap();
    assert_eq!(labels[0]["text"], "a &lt;b&gt;");
    assert_eq!(labels[0]["yanchor"], "top");
    assert_eq!(labels[1]["yanchor"], "bottom");
    let narrow = drawn(&CurveOptions { names: false, ..CurveOptions::default() });
    assert_eq!(narrow.layout["annotations"].as_array().map(Vec::len), Some(0));
}

#[test]
fn axis_ticks_follow_the_zoom() {
    let whole = drawn(&CurveOptions::default());
    let zoomed = drawn(&CurveOptions { range: Some((0.0, 200.0)), ..CurveOptions::default() });
    assert_eq!(whole.layout["xaxis"]["range"][1], 1000.0);
    assert_eq!(zoomed.layout["xaxis"]["range"][1], 200.0);
    assert_ne!(whole.layout["xaxis"]["tickvals"], zoomed.layout["xaxis"]["tickvals"]);
    assert_eq!(whole.layout["uirevision"], zoomed.layout["uirevision"]);
}

#[test]
fn censor_ticks_are_thinned() {
    let many: Vec<CurvePoint> =
        (1..=5000).map(|day| point(f64::from(day), 5001.0 - f64::from(day), 0.0, 1.0, 1.0)).collect();
    let ticks = censor_ticks(&many, 5000.0);
    assert!(ticks.len() > 100 && ticks.len() <= MOST_CENSOR_TICKS + 1, "{}", ticks.len());
}

#[test]
fn risk_table_stands_under_the_ticks() {
    let axis = TimeAxis::new("days", 1000.0);
    let rows = [RiskTableRow { group: "a".to_owned(), n_at_risk: vec![1234.0, 10.5], n_events: vec![0.0, 3.0] }];
    let view = risk_table(&rows, &[365.25, 730.5], &axis, (365.25, 1095.75));
    assert_eq!(view.ticks[0], (0.0, "1".to_owned()));
    assert!((view.ticks[1].0 - 50.0).abs() < 1e-9);
    assert_eq!(view.rows[0].1, ["1,234", "10.5"]);
}

#[test]
fn the_table_is_short_and_the_file_is_whole() {
    let mut report = report();
    report.groups[1].curve = (1..=1000).map(|day| point(f64::from(day), 1.0, 0.0, 0.0, 0.5)).collect();
    assert!(table(&report).len() < 80);
    assert_eq!(table(&report).last().unwrap()[1], "1,000");
    assert_eq!(csv(&report).lines().count(), 1 + 4 + 1000);
}

#[test]
fn csv_cells_are_quoted_and_never_formulas() {
    assert_eq!(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    assert_eq!(csv_cell("=1+1"), "'=1+1");
    assert_eq!(csv_cell("-1.5"), "-1.5");
}

#[test]
fn counts_are_grouped() {
    assert_eq!(count(1_234_567.0), "1,234,567");
    assert_eq!(count(12.34), "12.3");
    assert_eq!(count(999.0), "999");
}

#[test]
fn a_colour_is_made_see_through_however_it_is_written() {
    assert_eq!(see_through("#0b6a7a", 0.5), "rgba(11,106,122,0.5)");
    assert_eq!(see_through(" rgb(92, 196, 211) ", 0.16), "rgba(92,196,211,0.16)");
    for other in ["teal", "#fff", "rgb(1, 2)", "rgb(300, 2, 3)", "light-dark(#fff, #000)"] {
        assert_eq!(see_through(other, 0.5), other);
    }
}
