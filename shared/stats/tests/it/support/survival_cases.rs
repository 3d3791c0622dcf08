//! Cases of the survival reference: input columns by name, and what R made of them.

use std::collections::BTreeMap;

use serde_json::Value;
use stats::survival::Durations;

use crate::support::compare::list;

/// Reads a reference file that a committed R script made.
pub fn committed(name: &str) -> Value {
    let path = format!("{}/../../e2e/reference/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    serde_json::from_str(&text).expect("JSON")
}

/// Names, also a single one.
pub fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(|v| v.as_str().map(String::from)).collect(),
        other => other.as_str().map(String::from).into_iter().collect(),
    }
}

/// A matrix by rows, also where it has one row or column only.
pub fn matrix(value: &Value) -> Vec<Vec<f64>> {
    match value {
        Value::Array(rows) => rows.iter().map(list).collect(),
        other => vec![list(other)],
    }
}

/// Columns of a data set.
pub struct Columns(pub BTreeMap<String, Vec<f64>>);

impl Columns {
    pub fn new(value: &Value) -> Self {
        let object = value.as_object().expect("columns");
        Self(object.iter().map(|(name, values)| (name.clone(), list(values))).collect())
    }

    pub fn get(&self, name: &str) -> &[f64] {
        self.0.get(name).unwrap_or_else(|| panic!("no column {name}"))
    }
}

/// What a case names, as the estimators want it.
#[derive(Default)]
pub struct Input {
    pub time: Vec<f64>,
    pub event: Vec<bool>,
    pub entry: Option<Vec<f64>>,
    pub weight: Option<Vec<f64>>,
    pub group: Option<Vec<u32>>,
    pub n_groups: u32,
    pub strata: Option<Vec<u32>>,
    pub cluster: Option<Vec<u32>>,
    pub label: String,
}

impl Input {
    pub fn new(columns: &Columns, case: &Value) -> Self {
        let get = |key: &str| case[key].as_str().map(|name| columns.get(name));
        let codes = |key: &str| get(key).map(|v| v.iter().map(|v| *v as u32).collect::<Vec<u32>>());
        let ranked = |key: &str| {
            get(key).map(|values| {
                let mut levels = values.to_vec();
                levels.sort_by(f64::total_cmp);
                levels.dedup();
                let place = |v: &f64| levels.iter().position(|l| l == v).expect("level") as u32;
                (values.iter().map(place).collect::<Vec<u32>>(), levels.len() as u32)
            })
        };
        let group = ranked("group");
        let label: Vec<String> =
            ["set", "time", "entry", "group", "strata", "weight", "cluster", "ties", "conf", "rho"]
                .iter()
                .filter(|key| !case[**key].is_null())
                .map(|key| format!("{key}={}", case[*key]))
                .chain([names(&case["covariates"]).join("+")])
                .collect();
        Self {
            time: get("time").expect("time").to_vec(),
            event: get("event").expect("event").iter().map(|&e| e == 1.0).collect(),
            entry: get("entry").map(<[f64]>::to_vec),
            weight: get("weight").map(<[f64]>::to_vec),
            n_groups: group.as_ref().map_or(1, |(_, n)| *n),
            group: group.map(|(codes, _)| codes),
            strata: codes("strata"),
            cluster: codes("cluster"),
            label: label.join(" "),
        }
    }

    pub fn durations(&self) -> Durations<'_> {
        Durations {
            time: &self.time,
            event: &self.event,
            entry: self.entry.as_deref(),
            weight: self.weight.as_deref(),
            group: self.group.as_deref(),
            n_groups: self.n_groups,
            strata: self.strata.as_deref(),
            cluster: self.cluster.as_deref(),
        }
    }
}
