//! Two findings that differ by a few people: what one of them hides, their difference shows.

use model::finding::{Cell, Finding};

/// Warnings where the populations or arms of two findings of one dataset differ by 1 up to the threshold.
///
/// Findings on datasets of different names are not compared: their people are others.
pub fn populations_too_close(finding: &Finding, published: &Finding, threshold: u32) -> Vec<String> {
    let name = |f: &Finding| f.population.dataset.trim().to_lowercase();
    if name(finding) != name(published) {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    let mut compare = |what: &str, new: Cell, old: Cell| {
        let (new, old) = match (new, old) {
            (Cell::Count(new), Cell::Count(old)) => (new, old),
            (Cell::Hidden, Cell::Hidden) => return,
            _ => {
                warnings.push(format!(
                    "{what} is hidden in one of this and the published finding '{}', and shown in the other: who lays them \
                     side by side may work the hidden one out",
                    published.title
                ));
                return;
            }
        };
        let difference = new.abs_diff(old);
        if (1..=u64::from(threshold)).contains(&difference) {
            warnings.push(format!(
                "{what} differs from that of the published finding '{}' by {difference}: who subtracts the two learns \
                 about these few people, so publish it with the same population or not at all",
                published.title
            ));
        }
    };
    compare("The number of people", finding.population.n, published.population.n);
    compare("The number of events", finding.population.n_events, published.population.n_events);
    for arm in &finding.arms {
        for other in published.arms.iter().filter(|other| other.name == arm.name) {
            compare(&format!("The number of people in {}", arm.name), arm.n, other.n);
            compare(&format!("The number of events in {}", arm.name), arm.n_events, other.n_events);
        }
    }
    warnings
}
