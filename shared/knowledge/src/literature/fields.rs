//! Values of fields: white space, entities, DOIs, PubMed numbers, years.

/// One blank for every run of white space, none at the ends.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The letter of a named entity, of those that abstracts have.
pub(super) fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => " ",
        "middot" => "\u{b7}",
        "ndash" => "\u{2013}",
        "mdash" => "\u{2014}",
        "minus" => "\u{2212}",
        "plusmn" => "\u{b1}",
        "times" => "\u{d7}",
        "le" => "\u{2264}",
        "ge" => "\u{2265}",
        "micro" | "mu" => "\u{3bc}",
        "alpha" => "\u{3b1}",
        "beta" => "\u{3b2}",
        "gamma" => "\u{3b3}",
        "delta" => "\u{3b4}",
        "chi" => "\u{3c7}",
        "deg" => "\u{b0}",
        "reg" => "\u{ae}",
        "trade" => "\u{2122}",
        "hellip" => "\u{2026}",
        "lsquo" | "rsquo" => "\u{2019}",
        "ldquo" => "\u{201c}",
        "rdquo" => "\u{201d}",
        _ => return None,
    })
}

/// The letter of `#183` or `#xB7`.
pub(super) fn numbered(reference: &str) -> Option<char> {
    let digits = reference.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code).filter(|c| !c.is_control() || c.is_whitespace())
}

/// Entities in a text that is no XML (exports of web pages leave them there), and its inline markup taken out.
pub(super) fn plain(text: &str) -> String {
    let text = untag(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(i, _)| i);
        let name = end.and_then(|end| rest.get(1..end)).unwrap_or_default();
        match (entity(name), numbered(name)) {
            (Some(letters), _) => out.push_str(letters),
            (None, Some(letter)) => out.push(letter),
            (None, None) => {
                out.push('&');
                rest = &rest[1..];
                continue;
            }
        }
        rest = &rest[name.len() + 2..];
    }
    out.push_str(rest);
    tidy(&out)
}

/// Takes `<i>`, `</sub>` and their like out; `p<0.05` stays.
fn untag(text: &str) -> String {
    const INLINE: [&str; 14] =
        ["i", "b", "u", "em", "sub", "sup", "strong", "italic", "bold", "p", "br", "span", "jats:p", "jats:title"];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let close = rest.char_indices().take(40).find(|(_, c)| *c == '>').map(|(i, _)| i);
        let inside = close.and_then(|close| rest.get(1..close)).unwrap_or_default();
        let name = inside.trim_start_matches('/').trim_end_matches('/');
        let name = name.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        if INLINE.contains(&name.as_str()) {
            if name == "p" || name == "br" {
                out.push(' ');
            }
            rest = &rest[inside.len() + 2..];
        } else {
            out.push('<');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

/// A DOI out of a field that holds one, without an address before it.
pub(super) fn doi(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("10.")?;
    // What stands before it must be an address or a name for it, not another number.
    let before = lower.get(..at)?.trim_end();
    if before.ends_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let doi: String = text.get(at..)?.chars().take_while(|c| !c.is_whitespace() && *c != '"' && *c != '<').collect();
    let doi = doi.trim_end_matches(['.', ',', ';', ']', '>']);
    let (prefix, suffix) = doi.split_once('/')?;
    let registrant = prefix.strip_prefix("10.")?;
    let is_one = (4..=9).contains(&registrant.len())
        && registrant.chars().all(|c| c.is_ascii_digit() || c == '.')
        && !suffix.is_empty();
    is_one.then(|| doi.to_owned())
}

/// A PubMed number: 1 to 8 digits, no zero at the front.
pub(super) fn pmid(text: &str) -> Option<String> {
    let digits = text.trim();
    let is_one =
        (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    is_one.then(|| digits.to_owned())
}

/// A PubMed number after a word for it (`PMID: 123`, an address at PubMed).
pub(super) fn pmid_named(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let after = ["pmid", "pubmed.ncbi.nlm.nih.gov/", "ncbi.nlm.nih.gov/pubmed/", "medline:"]
        .iter()
        .find_map(|word| lower.find(word).map(|at| at + word.len()))?;
    let rest = lower.get(after..)?.trim_start_matches([':', ' ', '=', '/', '-']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    pmid(&digits)
}

/// The first year in a date.
pub(super) fn year(text: &str) -> Option<i32> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| run.len() == 4 || run.len() == 8)
        .filter_map(|run| run.get(..4)?.parse().ok())
        .find(|year| (1500..=2200).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dois_and_numbers_are_told() {
        for text in ["10.1000/abc.1", "https://doi.org/10.1000/abc.1", "doi: 10.1000/abc.1.", "10.1000/abc.1 [doi]"] {
            assert_eq!(doi(text).as_deref(), Some("10.1000/abc.1"), "{text}");
        }
        for text in ["", "10.5", "S0140-6736(10.1000)", "version10.1000/x", "10.abcd/x"] {
            assert_eq!(doi(text), None, "{text}");
        }
        assert_eq!(pmid(" 123 ").as_deref(), Some("123"));
        for text in ["WOS:123", "012", "123456789", "", "12a"] {
            assert_eq!(pmid(text), None, "{text}");
        }
        assert_eq!(pmid_named("PMID: 987 PMCID: PMC1").as_deref(), Some("987"));
        assert_eq!(pmid_named("https://pubmed.ncbi.nlm.nih.gov/987/").as_deref(), Some("987"));
        assert_eq!(
            (year("2019/03/01/"), year("Winter 1999-2000"), year("20190301"), year("n.d.")),
            (Some(2019), Some(1999), Some(2019), None)
        );
    }

    #[test]
    fn entities_and_markup_become_text() {
        assert_eq!(
            plain("p &lt; 0&#xb7;05 &amp; <i>x</i>&nbsp;y  &unknown; A&B <0.001 &"),
            "p < 0\u{b7}05 & x y &unknown; A&B <0.001 &"
        );
        assert_eq!(plain("H<sub>2</sub>O, p<0.05, n>3"), "H2O, p<0.05, n>3");
    }
}
