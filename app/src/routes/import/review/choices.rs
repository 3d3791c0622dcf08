//! What the user changes at review: words that must go too, finds that stay. Plain data, no browser.

use protocol::TextPolicy;

/// Words as typed: by lines and commas, without blanks around them, each once, in the order they were typed.
pub(super) fn typed_words(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split(['\n', ',', ';']).map(str::trim).filter(|w| !w.is_empty()) {
        if !out.iter().any(|w| w.to_lowercase() == word.to_lowercase()) {
            out.push(word.to_owned());
        }
    }
    out
}

/// Says of a find that it stays, or that it goes after all.
pub(super) fn toggle(keep: &mut Vec<String>, found: &str) {
    let same = |w: &String| w.to_lowercase() == found.to_lowercase();
    if keep.iter().any(same) {
        keep.retain(|w| !same(w));
    } else {
        keep.push(found.to_owned());
    }
}

/// Whether a find is marked to stay.
pub(super) fn stays(keep: &[String], found: &str) -> bool {
    keep.iter().any(|w| w.to_lowercase() == found.to_lowercase())
}

/// The policy that was used, with what was changed since.
pub(super) fn changed(used: &TextPolicy, typed: &str, keep: &[String]) -> TextPolicy {
    TextPolicy { style: used.style, remove: typed_words(typed), keep: keep.to_vec() }
}

/// What a class of the screen is called.
pub(super) fn class_words(class: &str) -> &'static str {
    match class {
        "name" => "Names",
        "date" => "Dates",
        "phone" => "Telephone numbers",
        "fax" => "Fax numbers",
        "email" => "E-mail addresses",
        "url" => "Web addresses",
        "ip" => "IP addresses",
        "ssn" => "Social security numbers",
        "record_number" => "Record and other numbers",
        "account" => "Account and card numbers",
        "zip" => "ZIP codes",
        "address" => "Addresses and towns",
        "age" => "Ages above 89",
        _ => "Words you added",
    }
}

/// Whether a find of a class may be marked to stay: a number of a person never is a term of medicine.
pub(super) fn may_stay(class: &str) -> bool {
    matches!(class, "name" | "address" | "date")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        assert_eq!(typed_words(" Ward 7b,\nSunny Hill ; ward 7B\n\n"), ["Ward 7b", "Sunny Hill"]);
        assert!(typed_words(" ,\n").is_empty());
    }

    #[test]
    fn a_find_stays_until_it_is_said_to_go() {
        let mut keep = Vec::new();
        toggle(&mut keep, "Murphy");
        assert!(stays(&keep, "MURPHY"));
        let used = TextPolicy::default();
        let now = changed(&used, "Sunny Hill", &keep);
        assert_eq!((now.remove.len(), now.keep.len()), (1, 1));
        assert_ne!(now, used);
        toggle(&mut keep, "murphy");
        assert!(keep.is_empty());
        assert_eq!(changed(&used, "", &keep), used);
    }
}
