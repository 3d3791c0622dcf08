//! How a delimited file is written, as the user corrects it.

use leptos::prelude::*;
use model::intake::{CsvDialect, CsvMapping, QuoteMark};

use super::Wizard;
use crate::components::*;
use crate::stores::engine::use_engine;

/// What can be said of how a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Delimiter,
    Encoding,
    Quote,
    Decimal,
}

const DELIMITERS: [(char, &str, &str); 6] = [
    (',', "comma", "comma  ,"),
    (';', "semicolon", "semicolon  ;"),
    ('\t', "tab", "tab"),
    ('|', "bar", "vertical bar  |"),
    (' ', "blank", "blank"),
    (':', "colon", "colon  :"),
];

const ENCODINGS: [(&str, &str); 4] = [
    ("utf-8", "UTF-8"),
    ("windows-1252", "windows-1252 (older Windows, Latin-1)"),
    ("utf-16le", "UTF-16 (little-endian)"),
    ("utf-16be", "UTF-16 (big-endian)"),
];

const QUOTES: [(QuoteMark, &str, &str); 3] = [
    (QuoteMark::Double, "double", "double  \""),
    (QuoteMark::Single, "single", "single  '"),
    (QuoteMark::None, "none", "none: a mark is a letter like others"),
];

const DECIMALS: [(char, &str, &str); 2] = [('.', "point", "point: 1.5"), (',', "comma", "comma: 1,5")];

/// The name in a list that belongs to a value.
fn name_of<T: PartialEq>(list: &[(T, &'static str, &'static str)], value: &T) -> String {
    list.iter().find(|(v, ..)| v == value).map_or("", |(_, name, _)| name).to_owned()
}

/// The value in a list that belongs to a name.
fn named<T: Clone>(list: &[(T, &'static str, &'static str)], name: &str) -> Option<T> {
    list.iter().find(|(_, n, _)| *n == name).map(|(value, ..)| value.clone())
}

impl Part {
    const ALL: [Self; 4] = [Self::Delimiter, Self::Encoding, Self::Quote, Self::Decimal];

    fn label(self) -> &'static str {
        match self {
            Self::Delimiter => "Columns separated by",
            Self::Encoding => "Letters (encoding)",
            Self::Quote => "Quotation marks",
            Self::Decimal => "Decimal sign",
        }
    }

    /// What was said, or else what the file is read with now; empty where neither is known.
    fn value(self, said: &CsvDialect, now: Option<&CsvMapping>) -> String {
        match self {
            Self::Delimiter => {
                said.delimiter.or(now.map(|m| m.delimiter)).map_or_else(String::new, |d| name_of(&DELIMITERS, &d))
            }
            Self::Encoding => said.encoding.clone().or_else(|| now.map(|m| m.encoding.clone())).unwrap_or_default(),
            Self::Quote => said.quote.or(now.map(|m| m.quote)).map_or_else(String::new, |q| name_of(&QUOTES, &q)),
            Self::Decimal => {
                said.decimal.or(now.map(|m| m.decimal)).map_or_else(String::new, |d| name_of(&DECIMALS, &d))
            }
        }
    }

    /// Says it; an empty or unknown name leaves it to be guessed.
    fn say(self, said: &mut CsvDialect, name: &str) {
        match self {
            Self::Delimiter => said.delimiter = named(&DELIMITERS, name),
            Self::Encoding => {
                said.encoding = ENCODINGS.iter().find(|(n, _)| *n == name).map(|(n, _)| (*n).to_owned());
            }
            Self::Quote => said.quote = named(&QUOTES, name),
            Self::Decimal => said.decimal = named(&DECIMALS, name),
        }
    }

    fn options(self) -> Vec<(String, String)> {
        fn pairs<T>(list: &[(T, &'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
            list.iter().map(|(_, name, words)| (*name, *words)).collect()
        }
        let list = match self {
            Self::Delimiter => pairs(&DELIMITERS),
            Self::Encoding => ENCODINGS.to_vec(),
            Self::Quote => pairs(&QUOTES),
            Self::Decimal => pairs(&DECIMALS),
        };
        let guess = ("", "guess from the file");
        std::iter::once(guess).chain(list).map(|(name, words)| (name.to_owned(), words.to_owned())).collect()
    }
}

/// The four things that can be said; each change reads the first rows again.
#[component]
pub(super) fn DialectFields(wizard: Wizard) -> impl IntoView {
    let engine = use_engine();
    let now = Memo::new(move |_| wizard.csv().map(|csv| csv.mapping));
    let fields = Part::ALL
        .into_iter()
        .map(|part| {
            let value = Signal::derive(move || wizard.said.with(|said| now.with(|now| part.value(said, now.as_ref()))));
            let change = move |name: String| {
                wizard.said.update(|said| part.say(said, &name));
                wizard.look(engine);
            };
            view! { <Select label=part.label() value=value options=part.options() on_change=change/> }
        })
        .collect_view();
    view! { <div class="grid">{fields}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_shown_and_can_be_taken_back() {
        for part in Part::ALL {
            for (name, words) in part.options().into_iter().filter(|(name, _)| !name.is_empty()) {
                assert!(!words.is_empty());
                let mut said = CsvDialect::default();
                part.say(&mut said, &name);
                assert_eq!(part.value(&said, None), name);
                assert_ne!(said, CsvDialect::default());
                part.say(&mut said, "");
                assert_eq!(said, CsvDialect::default());
            }
        }
    }

    #[test]
    fn what_is_guessed_shows_where_nothing_is_said() {
        let now = CsvMapping {
            delimiter: '\t',
            encoding: "windows-1252".to_owned(),
            quote: QuoteMark::Single,
            decimal: ',',
            missing: Vec::new(),
            columns: Vec::new(),
        };
        let shown = Part::ALL.map(|part| part.value(&CsvDialect::default(), Some(&now)));
        assert_eq!(shown, ["tab", "windows-1252", "single", "comma"]);
        let said = CsvDialect { delimiter: Some(' '), ..CsvDialect::default() };
        assert_eq!(Part::Delimiter.value(&said, Some(&now)), "blank");
    }
}
