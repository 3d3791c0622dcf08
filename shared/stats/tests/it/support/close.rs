//! Comparing numbers.

/// Two-sided relative comparison; what rounding made of a wanted 0 is compared absolutely.
#[track_caller]
pub fn assert_close(what: &str, got: f64, want: f64, tolerance: f64) {
    let scale = if want == 0.0 { 1.0 } else { want.abs() };
    assert!(
        ((got - want) / scale).abs() <= tolerance,
        "{what}: got {got:e}, want {want:e}, off by {:e}",
        (got - want) / scale
    );
}
