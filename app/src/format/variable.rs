//! Variables in words: their labels, and what the codes of their levels stand for.

use protocol::VariableInfo;

/// The words of a variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariableWords {
    /// Column name.
    name: String,
    /// Label without the key of its codes; empty where there is none.
    label: String,
    /// Code and what it stands for.
    key: Vec<(String, String)>,
}

impl VariableWords {
    /// Reads a label that may end with the key of the codes, as data dictionaries write it: `Hormonal therapy (0 no, 1 yes)`,
    /// `Sex (m = male, f = female)`. Something else in brackets stays in the label: a code of the key is a number or one of
    /// `levels`, and at least one is.
    pub fn new<'a>(name: &str, label: &str, levels: impl IntoIterator<Item = &'a str>) -> Self {
        let label = if label.trim() == name { "" } else { label.trim() };
        let levels: Vec<&str> = levels.into_iter().collect();
        let read = label.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')).and_then(|(label, inside)| {
            let key: Option<Vec<(String, String)>> = inside.split([',', ';']).map(code_and_words).collect();
            let key = key.filter(|key| key.len() > 1 && key.iter().any(|(code, _)| levels.contains(&code.as_str())))?;
            let is_code = |code: &str| code.parse::<f64>().is_ok() || levels.contains(&code);
            key.iter().all(|(code, _)| is_code(code)).then(|| (label.trim().to_owned(), key))
        });
        let (label, key) = read.unwrap_or_else(|| (label.to_owned(), Vec::new()));
        Self { name: name.to_owned(), label, key }
    }

    /// The words of a dataset's variable.
    #[must_use]
    pub fn of(info: &VariableInfo) -> Self {
        Self::new(&info.name, &info.label, info.levels.iter().map(|(level, _)| level.as_str()))
    }

    /// `Hormonal therapy`; the column's name where there is no label.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.label.is_empty() { &self.name } else { &self.label }
    }

    /// What a level stands for, where the label says it.
    #[must_use]
    pub fn meaning(&self, level: &str) -> Option<&str> {
        self.key.iter().find(|(code, _)| code == level).map(|(_, words)| words.as_str())
    }

    /// A level in a list of levels: `1 (yes)`; the level alone where nothing is said of it.
    #[must_use]
    pub fn level(&self, level: &str) -> String {
        let shown = shown(level);
        self.meaning(level).map_or_else(|| shown.clone(), |words| format!("{shown} ({words})"))
    }

    /// The variable in a sentence: `hormonal therapy`, or its column in quotes.
    #[must_use]
    pub fn in_prose(&self) -> String {
        if self.label.is_empty() { format!("\u{2018}{}\u{2019}", self.name) } else { lower_first(&self.label) }
    }

    /// A level in a sentence: `hormonal therapy (yes)`; without a label column and level in quotes.
    #[must_use]
    pub fn level_in_prose(&self, level: &str) -> String {
        if self.label.is_empty() {
            format!("\u{2018}{}\u{2019} = \u{2018}{}\u{2019}", self.name, shown(level))
        } else {
            let level = self.meaning(level).map_or_else(|| shown(level), str::to_owned);
            format!("{} ({level})", lower_first(&self.label))
        }
    }
}

/// A level as it is printed: `≤20` for `<=20`.
#[must_use]
pub fn shown(level: &str) -> String {
    level.replace("<=", "\u{2264}").replace(">=", "\u{2265}")
}

/// `0 no`, `0 = no` and `0: no`.
fn code_and_words(part: &str) -> Option<(String, String)> {
    let part = part.trim();
    let end = part.find(|c: char| c.is_whitespace() || c == '=' || c == ':')?;
    let (code, words) = part.split_at(end);
    let words = words.trim_start_matches(|c: char| c.is_whitespace() || c == '=' || c == ':').trim();
    (!code.is_empty() && !words.is_empty()).then(|| (code.to_owned(), words.to_owned()))
}

/// The first letter small, as within a sentence; an abbreviation (`ER status`) stays.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(_), Some(second)) if second.is_uppercase() || !second.is_alphabetic() => text.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(letters).collect(),
        (None, _) => String::new(),
    }
}

/// A variable in a list to choose from: `hormon – Hormonal therapy (0 no, 1 yes)`.
#[must_use]
pub fn name_and_label(info: &VariableInfo) -> String {
    if info.label.is_empty() || info.label == info.name {
        info.name.clone()
    } else {
        format!("{} \u{2013} {}", info.name, info.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_codes_is_read_from_the_label() {
        let hormon = VariableWords::new("hormon", "Hormonal therapy (0 no, 1 yes)", ["0", "1"]);
        assert_eq!((hormon.label(), hormon.meaning("1"), hormon.meaning("2")), ("Hormonal therapy", Some("yes"), None));
        assert_eq!(hormon.level("0"), "0 (no)");
        assert_eq!(hormon.level_in_prose("1"), "hormonal therapy (yes)");
        let sex = VariableWords::new("sex", "Sex (m = male; f: female)", ["m", "f"]);
        assert_eq!(sex.level_in_prose("f"), "sex (female)");
    }

    #[test]
    fn other_brackets_stay_in_the_label() {
        for label in ["Age (at surgery, in years)", "Score (0 to 10)", "Size (mm)", "Dose (mg, per day)"] {
            assert_eq!(VariableWords::new("x", label, ["0", "1"]).label(), label);
        }
        // a number of many values has no levels
        assert_eq!(VariableWords::new("x", "Pain (0 none, 10 worst)", []).label(), "Pain (0 none, 10 worst)");
    }

    #[test]
    fn without_a_label_the_column_and_its_value_stand_in_quotes() {
        let bare = VariableWords::new("arm", "arm", ["A"]);
        assert_eq!(bare.level_in_prose("A"), "\u{2018}arm\u{2019} = \u{2018}A\u{2019}");
        assert_eq!((bare.label(), bare.in_prose().as_str()), ("arm", "\u{2018}arm\u{2019}"));
        let grade = VariableWords::new("grade", "Differentiation grade", ["2", "3"]);
        assert_eq!(grade.level_in_prose("3"), "differentiation grade (3)");
        assert_eq!(VariableWords::new("er", "ER status", []).in_prose(), "ER status");
    }

    #[test]
    fn levels_are_printed_with_the_signs_of_print() {
        let size = VariableWords::new("size", "Tumour size", ["<=20", ">50"]);
        assert_eq!((size.level("<=20").as_str(), size.level(">50").as_str()), ("\u{2264}20", ">50"));
        assert_eq!(size.level_in_prose("<=20"), "tumour size (\u{2264}20)");
    }
}
