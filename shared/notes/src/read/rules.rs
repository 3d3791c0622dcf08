//! The rules of context, out of `rules/context.tsv`.

use super::phrases::{self, Phrases};
use super::vocabulary::Vocabulary;

/// The rules that are built in.
pub(crate) const BUILT_IN: &str = include_str!("../../rules/context.tsv");

/// What a rule says of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    /// It is not there.
    Negation,
    /// It may be there.
    Possible,
    /// It was.
    Historical,
    /// It may come to be.
    Hypothetical,
    /// It is someone else's.
    Other,
}

/// What rules compete for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Negation and possible.
    Polarity,
    /// Historical and hypothetical.
    Temporality,
    /// Other.
    Experiencer,
}

/// The groups in the order in which they are looked at.
pub(crate) const GROUPS: [Group; 3] = [Group::Polarity, Group::Temporality, Group::Experiencer];

impl Category {
    pub(crate) fn group(self) -> Group {
        match self {
            Category::Negation | Category::Possible => Group::Polarity,
            Category::Historical | Category::Hypothetical => Group::Temporality,
            Category::Other => Group::Experiencer,
        }
    }

    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "negation" => Category::Negation,
            "possible" => Category::Possible,
            "historical" => Category::Historical,
            "hypothetical" => Category::Hypothetical,
            "other" => Category::Other,
            _ => return None,
        })
    }
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RuleKind {
    /// Says something of the findings in its scope.
    Trigger,
    /// Looks like a trigger and is none.
    Pseudo,
    /// Ends the scope of triggers.
    Terminator,
    /// A heading that says something of all that stands below it.
    Section,
}

/// A row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// Identifier.
    pub(crate) id: &'static str,
    /// What it does.
    pub(crate) kind: RuleKind,
    /// What it says, or whose scope it ends. A section may say nothing.
    pub(crate) categories: Vec<Category>,
    /// Reaches behind itself.
    pub(crate) forward: bool,
    /// Reaches before itself.
    pub(crate) backward: bool,
    /// Words that it reaches; 0: to the end of the sentence.
    pub(crate) scope: u32,
    /// Its phrases, lists written out.
    pub(crate) phrases: Vec<String>,
    /// A sentence with `{}` in place of the phrase and the finding in brackets.
    #[cfg_attr(not(test), allow(dead_code, reason = "read by the tests of the rules"))]
    pub(crate) example: &'static str,
    /// What the rule makes of it.
    #[cfg_attr(not(test), allow(dead_code, reason = "read by the tests of the rules"))]
    pub(crate) expected: &'static str,
}

impl Rule {
    /// Whether it has to do with a group.
    pub(crate) fn in_group(&self, group: Group) -> bool {
        self.categories.iter().any(|c| c.group() == group)
    }
}

/// The rules, and where their phrases are found.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    /// Rows, in the order of the file.
    pub(crate) rows: Vec<Rule>,
    /// Phrases of triggers, pseudo-triggers and terminators.
    pub(crate) phrases: Phrases,
    /// Lines that could not be read, with why. A test holds that there are none.
    pub(crate) problems: Vec<String>,
}

impl Rules {
    /// Reads the file; gives the headings separately.
    pub(crate) fn read(file: &'static str, vocabulary: &mut Vocabulary) -> (Self, Phrases) {
        let (mut rules, mut headings) = (Rules::default(), Phrases::default());
        let mut lists: Vec<(&str, Vec<&str>)> = Vec::new();
        for (n, line) in file.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('@')
                && let Some((name, words)) = line.split_once('\t')
            {
                lists.push((name, words.split('|').map(str::trim).collect()));
                continue;
            }
            match row(line, &lists) {
                Ok(rule) => rules.add(rule, &mut headings, vocabulary),
                Err(why) => rules.problems.push(format!("rules/context.tsv, line {}: {why}", n + 1)),
            }
        }
        (rules, headings)
    }

    fn add(&mut self, rule: Rule, headings: &mut Phrases, vocabulary: &mut Vocabulary) {
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        for phrase in &rule.phrases {
            let words = phrases::words(phrase, vocabulary);
            let of = if rule.kind == RuleKind::Section { &mut *headings } else { &mut self.phrases };
            if !of.add(&words, number) {
                self.problems.push(format!("rules/context.tsv, {}: '{phrase}' has no word", rule.id));
            }
        }
        self.rows.push(rule);
    }

    /// A row by its number.
    pub(crate) fn get(&self, number: u32) -> Option<&Rule> {
        self.rows.get(number as usize)
    }
}

/// A phrase with every word of its lists in their places.
fn written_out(phrase: &str, lists: &[(&str, Vec<&str>)]) -> Result<Vec<String>, String> {
    let Some(at) = phrase.find('@') else { return Ok(vec![phrase.to_owned()]) };
    let (before, from) = phrase.split_at(at);
    let end = from.find(' ').unwrap_or(from.len());
    let (name, behind) = from.split_at(end);
    let (_, words) = lists.iter().find(|(n, _)| *n == name).ok_or_else(|| format!("no list '{name}' stands above"))?;
    let mut out = Vec::new();
    for word in words {
        out.extend(written_out(&format!("{before}{word}{behind}"), lists)?);
    }
    Ok(out)
}

fn row(line: &'static str, lists: &[(&str, Vec<&str>)]) -> Result<Rule, String> {
    let fields: Vec<&'static str> = line.split('\t').map(str::trim).collect();
    let [id, kind, categories, direction, scope, phrases, example, expected] = fields.as_slice() else {
        return Err(format!("{} fields, not 8", fields.len()));
    };
    let kind = match *kind {
        "trigger" => RuleKind::Trigger,
        "pseudo" => RuleKind::Pseudo,
        "terminator" => RuleKind::Terminator,
        "section" => RuleKind::Section,
        other => return Err(format!("kind '{other}' is not trigger, pseudo, terminator or section")),
    };
    let read = |c: &str| Category::read(c).ok_or_else(|| format!("'{c}' is no category"));
    let categories: Vec<Category> =
        if *categories == "-" { Vec::new() } else { categories.split(',').map(read).collect::<Result<_, _>>()? };
    let (forward, backward) = match *direction {
        "forward" => (true, false),
        "backward" => (false, true),
        "both" => (true, true),
        "-" => (false, false),
        other => return Err(format!("direction '{other}' is not forward, backward, both or -")),
    };
    let scope = scope.parse().map_err(|_no_number| format!("scope '{scope}' is not a number of words"))?;
    if kind == RuleKind::Trigger && (categories.len() != 1 || !(forward || backward)) {
        return Err("a trigger has one category and a direction".to_owned());
    }
    let mut all = Vec::new();
    for phrase in phrases.split(" | ").map(str::trim) {
        all.extend(written_out(phrase, lists)?);
    }
    let phrases = all;
    Ok(Rule { id, kind, categories, forward, backward, scope, phrases, example, expected })
}
