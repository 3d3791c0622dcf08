//! Counts over time as columns: an SVG path in a box, and what is written beside it.

/// Width of the box.
pub const WIDTH: f64 = 300.0;
/// Height of the box.
pub const HEIGHT: f64 = 60.0;

/// Columns, left to right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// The columns as one path.
    pub path: String,
    /// The largest count.
    pub most: u64,
    /// The bin that has it.
    pub most_at: String,
    /// First and last bin.
    pub ends: (String, String),
}

/// Columns of counts by bin, the tallest as high as the box.
#[must_use]
pub fn columns(bins: &[String], counts: &[u64]) -> Columns {
    let most = counts.iter().copied().max().unwrap_or(0);
    let at = counts.iter().position(|n| *n == most).unwrap_or(0);
    let n = counts.len().max(1) as f64;
    let width = WIDTH / n;
    // A gap only where columns are wide enough to be told apart.
    let gap = if width > 4.0 { 1.0 } else { 0.0 };
    let mut path = String::new();
    for (place, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // What is there is seen: at least half a unit high.
        let height = (HEIGHT * *count as f64 / most.max(1) as f64).max(0.5);
        let (left, top) = (place as f64 * width, HEIGHT - height);
        path.push_str(&format!("M{left:.2} {HEIGHT}V{top:.2}h{:.2}V{HEIGHT}Z", width - gap));
    }
    let label = |place: usize| bins.get(place).cloned().unwrap_or_default();
    Columns { path, most, most_at: label(at), ends: (label(0), label(bins.len().saturating_sub(1))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tallest_column_fills_the_box_and_none_is_lost() {
        let bins: Vec<String> = ["2019", "2020", "2021"].map(String::from).to_vec();
        let drawn = columns(&bins, &[2, 0, 1000]);
        assert_eq!(drawn.path, "M0.00 60V59.50h99.00V60ZM200.00 60V0.00h99.00V60Z");
        assert_eq!((drawn.most, drawn.most_at.as_str()), (1000, "2021"));
        assert_eq!(drawn.ends, ("2019".to_owned(), "2021".to_owned()));
        assert_eq!(columns(&[], &[]).path, "");
    }
}
