//! Which of the chosen files hold citations, by their names and first lines.

use web::files::{DroppedFile, start_read};

/// Bytes looked at.
const HEAD: f64 = 65_536.0;
/// Files looked into; of further ones the name counts.
const MAX_LOOKED_INTO: usize = 50;

/// Chosen files by where they belong.
pub enum SortedOut {
    /// All hold citations.
    Citations(Vec<DroppedFile>),
    /// None does.
    Data(Vec<DroppedFile>),
    /// Some do: what to do, in words.
    Mixed(String),
}

/// Looks at the files. One that cannot be read counts as data: the import says what is wrong with it.
pub async fn sort_out(files: Vec<DroppedFile>) -> SortedOut {
    let mut names = Vec::new();
    for (i, file) in files.iter().enumerate() {
        let is_one = match by_name(&file.name) {
            Name::Yes => true,
            Name::No => false,
            Name::Perhaps if i >= MAX_LOOKED_INTO => false,
            Name::Perhaps => {
                let head = start_read(&file.handle, 0.0, HEAD.min(file.n_bytes)).await.unwrap_or_default();
                is_head(&String::from_utf8_lossy(&head))
            }
        };
        if is_one {
            names.push(file.name.clone());
        }
    }
    if names.is_empty() {
        SortedOut::Data(files)
    } else if names.len() == files.len() {
        SortedOut::Citations(files)
    } else {
        SortedOut::Mixed(format!(
            "{} of the {} files hold journal citations ({}), the others do not. Choose the citations by themselves on the \
             Literature screen, and the rest here.",
            names.len(),
            files.len(),
            crate::format::and_list(&names[..names.len().min(3)])
        ))
    }
}

/// What a name says.
#[derive(Debug, PartialEq, Eq)]
enum Name {
    Yes,
    Perhaps,
    No,
}

fn by_name(name: &str) -> Name {
    let lower = name.to_lowercase();
    match lower.rsplit('.').next() {
        Some("nbib" | "ris" | "ciw" | "enw") => Name::Yes,
        Some("xml" | "txt") => Name::Perhaps,
        _ => Name::No,
    }
}

/// Whether the first part of a text begins a file of citations.
fn is_head(head: &str) -> bool {
    let text = head.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        return ["<PubmedArticle", "<PubmedBookArticle"].iter().any(|word| text.contains(word));
    }
    text.lines().take(60).any(|line| {
        let line = line.trim_start();
        ["PMID- ", "TY  - ", "FN Clarivate", "FN Thomson Reuters"].iter().any(|begin| line.starts_with(begin))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_told_by_name_and_first_lines() {
        assert_eq!((by_name("A.NBIB"), by_name("a.xml"), by_name("person.csv")), (Name::Yes, Name::Perhaps, Name::No));
        for text in [
            "\u{feff}\nPMID- 1\n",
            "Provider: X\n\nTY  - JOUR\n",
            "<?xml version=\"1.0\"?><PubmedArticleSet><PubmedArticle>",
        ] {
            assert!(is_head(text), "{text}");
        }
        for text in
            ["id,age\n1,2\n", "<Bundle xmlns=\"http://hl7.org/fhir\"/>", "", "Seen on ward. PMID- not at the beginning"]
        {
            assert!(!is_head(text), "{text}");
        }
    }
}
