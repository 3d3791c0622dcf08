//! Words of the timeline.

use crate::format::capital;

/// A variable's name for people.
pub(super) fn variable_words(name: &str) -> String {
    if name == "zip3" {
        return "ZIP code, three digits".to_owned();
    }
    capital(&name.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_have_words() {
        assert_eq!(variable_words("marital_status"), "Marital status");
        assert_eq!(variable_words("zip3"), "ZIP code, three digits");
        assert_eq!(variable_words(""), "");
    }
}
