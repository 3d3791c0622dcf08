//! Estimates pooled, wherever they come from: the words, the forest plot, and the numbers as tables.

use leptos::prelude::*;
use model::results::{PoolReport, PooledRow};

use super::forest_plot::ForestPlot;
use crate::components::*;
use crate::figures::forest::{ENOUGH_STUDIES, Forest, prediction};
use crate::format::{decimals, fixed, range, with_interval};

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
                    let decimals = decimals(row.estimate, row.lower, row.upper);
                    let [estimate, lower, upper] = [row.estimate, row.lower, row.upper].map(|x| fixed(x, decimals));
                    vec![row.label.clone(), estimate, lower, upper, weight]
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

/// In place of what two studies cannot tell.
const NOT_GIVEN: &str = "not given with fewer than three studies";

fn model(name: &str, report: &PoolReport) -> Vec<String> {
    let dash = || "\u{2013}".to_owned();
    let tau2 = match (report.tau2, report.tau2_lower, report.tau2_upper) {
        (Some(tau2), Some(lower), Some(upper)) => with_interval(tau2, lower, upper),
        (Some(tau2), Some(lower), None) => {
            let decimals = decimals(tau2, lower, lower);
            format!("{} ({} and up)", fixed(tau2, decimals), fixed(lower, decimals))
        }
        (Some(tau2), ..) => fixed(tau2, decimals(tau2, tau2, tau2)),
        (None, ..) => dash(),
    };
    let enough = report.k >= ENOUGH_STUDIES;
    let prediction = match prediction(report) {
        Some((lower, upper)) => range(lower, upper, decimals(report.estimate, lower, upper)),
        // One common effect has no other one to be expected.
        None if enough || report.method == "fixed" => dash(),
        None => NOT_GIVEN.to_owned(),
    };
    let i2 = match report.i2 {
        Some(i2) if enough => format!("{i2:.0}%"),
        _ if enough => dash(),
        _ => NOT_GIVEN.to_owned(),
    };
    vec![
        name.to_owned(),
        with_interval(report.estimate, report.lower, report.upper),
        prediction,
        tau2,
        i2,
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
            k: 3,
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
            ["0.80 (0.70 to 0.90)", "0.50 to 1.30", "0.010 (0.000 and up)", "42%", "0.031"].map(String::from)
        );
        for table in [rows, models] {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.caption);
        }
        let of_sites = PooledNumbers { of: PooledOf::Sites, unit: None, ..numbers() };
        assert_eq!(of_sites.rows_table().caption, "The mean difference of each site");
        assert_eq!(of_sites.rows_table().columns[0].label, "Site and data");
    }

    #[test]
    fn two_studies_do_not_tell_how_much_studies_differ() {
        let mut two = numbers();
        two.fixed.k = 2;
        "fixed".clone_into(&mut two.fixed.method);
        two.random.as_mut().unwrap().k = 2;
        let table = two.models_table().unwrap();
        assert_eq!((table.rows[0][2].as_str(), table.rows[0][4].as_str()), ("\u{2013}", NOT_GIVEN));
        assert_eq!((table.rows[1][2].as_str(), table.rows[1][4].as_str()), (NOT_GIVEN, NOT_GIVEN));
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
