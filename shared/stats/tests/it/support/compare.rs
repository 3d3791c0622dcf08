//! Comparing numbers with what R wrote.

use serde_json::Value;

/// A list of numbers, also where R unboxed a single one; null becomes NaN.
pub fn list(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().map(|v| v.as_f64().unwrap_or(f64::NAN)).collect(),
        other => vec![other.as_f64().unwrap_or(f64::NAN)],
    }
}

/// Compares against a wanted number of at least `scale` in size; NaN wants none.
#[track_caller]
pub fn same(label: &str, what: &str, got: Option<f64>, want: f64, scale: f64, tolerance: f64) {
    let got = got.filter(|v| !v.is_nan());
    match got {
        None => assert!(want.is_nan(), "{label}: {what}: got nothing, want {want:e}"),
        Some(got) => {
            let off = (got - want).abs() / want.abs().max(scale);
            assert!(off <= tolerance, "{label}: {what}: got {got:e}, want {want:e}, off by {off:e}");
        }
    }
}
