//! Estimates pooled, wherever they come from: the words, the forest plot, and the numbers as tables.

use leptos::prelude::*;
use model::results::{PoolReport, PooledRow};

use super::forest_plot::ForestPlot;
use crate::components::*;
use crate::figures::forest::{Forest, number, prediction, with_interval};

/// What is pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PooledOf {
    /// Findings of sites.
    Sites,
    /// Studies of the literature.
    Studies,
}

impl PooledOf {
    /// Heading of the rows.
    fn head(self) -> &'static str {
        match self {
            PooledOf::Sites => "Site and data",
            PooledOf::Studies => "Study",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            PooledOf::Sites => "site",
            PooledOf::Studies => "study",
        }
    }

    fn many(self) -> &'static str {
        match self {
            PooledOf::Sites => "sites",
            PooledOf::Studies => "studies",
        }
    }

    /// Names of the files of rows and models.
    fn files(self) -> (&'static str, &'static str) {
        match self {
            PooledOf::Sites => ("estimates-by-site", "pooled-estimates"),
            PooledOf::Studies => ("estimates-of-the-literature", "pooled-literature"),
        }
    }
}

/// The numbers behind a forest plot.
#[derive(Clone, Debug, PartialEq)]
pub struct PooledNumbers {
    /// What is pooled.
    pub of: PooledOf,
    /// What is measured, in words.
    pub measure: &'static str,
    /// Unit of a difference.
    pub unit: Option<String>,
    /// A row a site or study.
    pub rows: Vec<PooledRow>,
    /// Fixed effect.
    pub fixed: PoolReport,
    /// Random effects, where there are two rows or more.
    pub random: Option<PoolReport>,
}

impl PooledNumbers {
    fn reports(&self) -> impl Iterator<Item = &PoolReport> {
        std::iter::once(&self.fixed).chain(self.random.as_ref())
    }

    /// `known` and what the pooling itself has to say, each once.
    #[must_use]
    pub fn notes(&self, known: &[String]) -> Vec<String> {
        let mut notes: Vec<String> = Vec::new();
        for note in known.iter().chain(self.reports().flat_map(|report| &report.warnings)) {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        notes
    }

    /// A row a site or study.
    fn rows_table(&self) -> TableData {
        let unit = self.unit.as_deref().map(|unit| format!(", {unit}")).unwrap_or_default();
        let numbers = ["Estimate", "Lower", "Upper", "Weight"].map(Column::number);
        TableData {
            caption: format!("The {} of each {}{unit}", self.measure, self.of.noun()),
            columns: std::iter::once(Column::text(self.of.head())).chain(numbers).collect(),
            rows: self
                .rows
                .iter()
                .map(|row| {
                    let weight = format!("{:.1}%", row.weight);
                    vec![row.label.clone(), number(row.estimate), number(row.lower), number(row.upper), weight]
                })
                .collect(),
        }
    }

    /// A row a model; nothing where there is one estimate, which is its own pool.
    fn models_table(&self) -> Option<TableData> {
        let numbers = [
            "Estimate (95% interval)".to_owned(),
            "Prediction interval".to_owned(),
            format!("Variance between {} (tau\u{b2})", self.of.many()),
            "I\u{b2}".to_owned(),
            "p of Q".to_owned(),
        ]
        .map(Column::number);
        let names = ["Fixed effect (inverse variance)", "Random effects (REML, Hartung-Knapp)"];
        (self.rows.len() > 1).then(|| TableData {
            caption: format!("The pooled {}", self.measure),
            columns: std::iter::once(Column::text("Model")).chain(numbers).collect(),
            rows: names.iter().zip(self.reports()).map(|(name, report)| model(name, report)).collect(),
        })
    }
}

fn model(name: &str, report: &PoolReport) -> Vec<String> {
    let dash = || "\u{2013}".to_owned();
    let tau2 = match (report.tau2, report.tau2_lower, report.tau2_upper) {
        (Some(tau2), Some(lower), Some(upper)) => with_interval(tau2, lower, upper),
        (Some(tau2), Some(lower), None) => format!("{} ({} and up)", number(tau2), number(lower)),
        (Some(tau2), ..) => number(tau2),
        (None, ..) => dash(),
    };
    vec![
        name.to_owned(),
        with_interval(report.estimate, report.lower, report.upper),
        prediction(report).map_or_else(dash, |(lower, upper)| format!("{} to {}", number(lower), number(upper))),
        tau2,
        report.i2.map_or_else(dash, |i2| format!("{i2:.0}%")),
        report.q_p.map_or_else(dash, |p| format!("{p:.3}")),
    ]
}

/// The words, the forest plot, what the reader must know, and the tables.
#[component]
pub fn PooledView(
    /// The plot.
    plot: Forest,
    /// The numbers behind it.
    numbers: PooledNumbers,
    /// The result in plain words.
    words: String,
    /// What the reader must know, and what else belongs under the plot.
    children: Children,
) -> impl IntoView {
    let of = numbers.of;
    let (rows, models) = (numbers.rows_table(), numbers.models_table());
    let (rows_file, models_file) = of.files();
    let further = format!("Where a further {} is expected (prediction interval)", of.noun());
    view! {
        <div class="stack">
            <p class="published__summary">{words}</p>
            <ForestPlot plot=plot of=of.head() prediction=further/>
            {children()}
            <Details summary="The numbers as tables">
                <DataTable table=rows.clone() file_name=rows_file/>
                {models.clone().map(|models| view! { <DataTable table=models file_name=models_file/> })}
            </Details>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> PooledNumbers {
        let report = PoolReport {
            estimate: 0.8,
            lower: 0.7,
            upper: 0.9,
            tau2: Some(0.01),
            tau2_lower: Some(0.0),
            i2: Some(42.4),
            q_p: Some(0.0314),
            prediction_lower: Some(0.5),
            prediction_upper: Some(1.3),
            warnings: vec!["few".into()],
            ..PoolReport::default()
        };
        PooledNumbers {
            of: PooledOf::Studies,
            measure: "mean difference",
            unit: Some("kg".into()),
            rows: vec![PooledRow { label: "Doe 2021".into(), estimate: 0.8, lower: 0.7, upper: 0.9, weight: 61.25 }; 2],
            fixed: report.clone(),
            random: Some(report),
        }
    }

    #[test]
    fn tables_hold_every_number() {
        let rows = numbers().rows_table();
        assert_eq!(rows.caption, "The mean difference of each study, kg");
        assert_eq!(rows.rows[0], ["Doe 2021", "0.80", "0.70", "0.90", "61.2%"]);
        let models = numbers().models_table().unwrap();
        assert_eq!(models.rows.len(), 2);
        assert_eq!(
            models.rows[1][1..],
            ["0.80 (0.70 to 0.90)", "0.50 to 1.30", "0.010 (0.00 and up)", "42%", "0.031"].map(String::from)
        );
        for table in [rows, models] {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.caption);
        }
        let of_sites = PooledNumbers { of: PooledOf::Sites, unit: None, ..numbers() };
        assert_eq!(of_sites.rows_table().caption, "The mean difference of each site");
        assert_eq!(of_sites.rows_table().columns[0].label, "Site and data");
    }

    #[test]
    fn one_estimate_is_its_own_pool() {
        let one = PooledNumbers { rows: numbers().rows[..1].to_vec(), random: None, ..numbers() };
        assert_eq!(one.models_table(), None);
    }

    #[test]
    fn a_note_is_said_once() {
        assert_eq!(numbers().notes(&["read first".into(), "few".into()]), ["read first", "few"]);
    }
}
