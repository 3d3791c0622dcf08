//! The distribution behind a row of Table 1: a histogram or bars, the groups side by side on one scale.

use model::results::{Histogram, TableVariable};

use super::kaplan_meier::count;
use crate::format::variable::shown;
use crate::format::{alike, are_years, ungrouped};

/// Width of the drawing in its own units; it is stretched to the space there is, so it holds no text.
pub const WIDTH: f64 = 100.0;
/// Height of the drawing in its own units.
pub const HEIGHT: f64 = 36.0;

/// What is drawn behind a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// A number: a histogram a group, same bins, heights in percent of the group.
    Histogram {
        /// Group and the outline of its bars.
        groups: Vec<(String, String)>,
        /// Lower end of the first bin.
        low: String,
        /// Upper end of the last bin.
        high: String,
        /// Tallest bar, in percent of its group.
        tallest: String,
        /// The figure's table: bin, then count a group.
        table: Vec<(String, Vec<String>)>,
    },
    /// A category: a bar a level and group.
    Bars {
        /// Group names.
        groups: Vec<String>,
        /// Level, then percent (0 to 100) and label a group.
        levels: Vec<(String, Vec<(f64, String)>)>,
    },
    /// There is nothing to draw, and why.
    Nothing(&'static str),
}

/// The distribution behind a row.
#[must_use]
pub fn distribution(variable: &TableVariable) -> Distribution {
    if variable.by_group.iter().all(|summary| summary.n == 0) {
        return Distribution::Nothing("Nobody has a value.");
    }
    if !variable.levels.is_empty() {
        return bars(variable);
    }
    let histograms: Vec<(&str, &Histogram)> = variable
        .by_group
        .iter()
        .filter_map(|summary| Some((summary.group.as_str(), summary.histogram.as_ref()?)))
        .filter(|(_, histogram)| histogram.edges.len() == histogram.counts.len() + 1)
        .collect();
    if histograms.is_empty() {
        return Distribution::Nothing("There is no histogram for this variable.");
    }
    let tallest = histograms.iter().flat_map(|(_, histogram)| shares(histogram)).fold(0.0, f64::max);
    let edges = &histograms[0].1.edges;
    let is_year = are_years(&format!("{} {}", variable.name, variable.label), edges);
    let ends: Vec<String> = alike(edges).into_iter().map(|end| if is_year { ungrouped(&end) } else { end }).collect();
    Distribution::Histogram {
        groups: histograms
            .iter()
            .map(|(group, histogram)| ((*group).to_owned(), outline(&shares(histogram), tallest)))
            .collect(),
        low: ends.first().cloned().unwrap_or_default(),
        high: ends.last().cloned().unwrap_or_default(),
        tallest: format!("{:.0}%", tallest * 100.0),
        table: ends
            .windows(2)
            .enumerate()
            .map(|(bin, ends)| {
                (
                    ends.join(" to "),
                    histograms
                        .iter()
                        .map(|(_, histogram)| histogram.counts.get(bin).map_or_else(String::new, |n| count(*n as f64)))
                        .collect(),
                )
            })
            .collect(),
    }
}

fn bars(variable: &TableVariable) -> Distribution {
    Distribution::Bars {
        groups: variable.by_group.iter().map(|summary| summary.group.clone()).collect(),
        levels: variable
            .levels
            .iter()
            .enumerate()
            .map(|(level, name)| {
                let by_group = variable
                    .by_group
                    .iter()
                    .map(|summary| {
                        let percent = summary.percent.get(level).copied().unwrap_or(0.0);
                        let n = summary.count.get(level).copied().unwrap_or(0);
                        (percent.clamp(0.0, 100.0), format!("{} ({percent:.1}%)", count(n as f64)))
                    })
                    .collect();
                (shown(name), by_group)
            })
            .collect(),
    }
}

/// Each bin's share of its group.
#[must_use]
pub fn shares(histogram: &Histogram) -> Vec<f64> {
    let total: u64 = histogram.counts.iter().sum();
    histogram.counts.iter().map(|n| if total == 0 { 0.0 } else { *n as f64 / total as f64 }).collect()
}

/// The outline of bars as an SVG path in a box of [`WIDTH`] by [`HEIGHT`], standing on its lower edge.
#[must_use]
pub fn outline(shares: &[f64], tallest: f64) -> String {
    path(shares, tallest, HEIGHT, -HEIGHT)
}

/// The outline of bars that stand on `base` and grow by `reach` (negative: upwards) at the tallest.
#[must_use]
pub fn path(shares: &[f64], tallest: f64, base: f64, reach: f64) -> String {
    if shares.is_empty() || tallest <= 0.0 {
        return String::new();
    }
    let bar = WIDTH / shares.len() as f64;
    let mut out = format!("M0 {base:.2}");
    for (bin, share) in shares.iter().enumerate() {
        let top = base + share / tallest * reach;
        let (left, right) = (bin as f64 * bar, (bin + 1) as f64 * bar);
        out.push_str(&format!("L{left:.2} {top:.2}L{right:.2} {top:.2}"));
    }
    out.push_str(&format!("L{WIDTH:.2} {base:.2}Z"));
    out
}

#[cfg(test)]
mod tests {
    use model::results::VariableSummary;

    use super::*;

    fn number(counts: &[&[u64]]) -> TableVariable {
        TableVariable {
            name: "age".to_owned(),
            kind: "number".to_owned(),
            by_group: counts
                .iter()
                .enumerate()
                .map(|(place, counts)| VariableSummary {
                    group: format!("g{place}"),
                    n: counts.iter().sum(),
                    histogram: Some(Histogram { edges: vec![0.0, 10.0, 20.0], counts: counts.to_vec() }),
                    ..VariableSummary::default()
                })
                .collect(),
            ..TableVariable::default()
        }
    }

    #[test]
    fn groups_of_different_size_share_one_scale() {
        let Distribution::Histogram { groups, low, high, tallest, table } =
            distribution(&number(&[&[50, 50], &[1, 3]]))
        else {
            panic!("a histogram");
        };
        assert_eq!((low.as_str(), high.as_str(), tallest.as_str()), ("0", "20", "75%"));
        // 75% of the second group is the tallest bar: it reaches the top edge.
        assert_eq!(groups[1].1, "M0 36.00L0.00 24.00L50.00 24.00L50.00 0.00L100.00 0.00L100.00 36.00Z");
        assert_eq!(table[0], ("0 to 10".to_owned(), vec!["50".to_owned(), "1".to_owned()]));
    }

    #[test]
    fn categories_are_bars_in_the_order_of_the_levels() {
        let variable = TableVariable {
            levels: vec!["low".to_owned(), "high".to_owned()],
            by_group: vec![VariableSummary {
                group: "all".to_owned(),
                n: 4,
                count: vec![1, 3],
                percent: vec![25.0, 75.0],
                ..VariableSummary::default()
            }],
            ..TableVariable::default()
        };
        let Distribution::Bars { levels, .. } = distribution(&variable) else {
            panic!("bars");
        };
        assert_eq!(levels[1], ("high".to_owned(), vec![(75.0, "3 (75.0%)".to_owned())]));
    }

    #[test]
    fn nobody_with_a_value_is_said() {
        assert_eq!(distribution(&number(&[&[0, 0]])), Distribution::Nothing("Nobody has a value."));
    }
}
