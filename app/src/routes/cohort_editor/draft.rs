//! What the editor edits: a flat, keyed form of a cohort definition. It goes to a definition and back without loss;
//! what the editor cannot show (nested groups of an imported definition) is kept as it is.

use model::cohort::{
    CohortDefinition, Condition, CountTest, EndStrategy, Entry, EventQuery, InclusionRule, Limit, NumberRange, Test,
    Window,
};
use model::concept::{ConceptItem, ConceptSet, Domain};

mod conditions;

use conditions::{concept_sets_of, is_group, shown};

/// A definition while it is edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// How a person enters; absent: everyone.
    pub entry: Option<EntryDraft>,
    /// Rules in order.
    pub rules: Vec<RuleDraft>,
    /// How a subject leaves.
    pub end_strategy: EndStrategy,
    /// Carried along as it came: the editor does not show it.
    pub censoring_events: Vec<EventQuery>,
    /// Concept sets that carried parts refer to.
    pub kept_sets: Vec<ConceptSet>,
    next_key: u32,
}

/// An entry event while it is edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryDraft {
    /// Which event.
    pub event: EventDraft,
    /// First, last or all.
    pub limit: Limit,
    /// Days of observation before.
    pub prior_observation_days: u32,
    /// Days without the same event before.
    pub washout_days: u32,
}

/// An event query while it is edited: it owns its concepts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventDraft {
    /// Only this domain.
    pub domain: Option<Domain>,
    /// Concepts; empty: any of the domain.
    pub concepts: Vec<ConceptItem>,
    /// Name of the concept set; empty: made from the concepts.
    pub set_name: String,
    /// Only values in this range.
    pub value: Option<NumberRange>,
    /// Only this unit.
    pub unit: Option<String>,
}

/// How the tests of a rule are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    /// All must hold.
    #[default]
    All,
    /// Any must hold.
    Any,
    /// At least this many.
    AtLeast(u32),
}

/// A rule while it is edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleDraft {
    /// Stays with the rule while it moves.
    pub key: u32,
    /// Name in the attrition table; empty: made from the tests.
    pub name: String,
    /// Subjects must not meet it.
    pub negate: bool,
    /// How tests are joined.
    pub join: Join,
    /// The tests.
    pub tests: Vec<TestDraft>,
}

/// A test while it is edited.
#[derive(Clone, Debug, PartialEq)]
pub struct TestDraft {
    /// Stays with the test while it moves.
    pub key: u32,
    /// Subjects must not meet it.
    pub negate: bool,
    /// The test.
    pub what: What,
}

/// What is tested.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A variable of a flat file.
    Variable {
        /// Column.
        name: String,
        /// Test.
        test: Test,
    },
    /// Events around the index date.
    Event {
        /// Which.
        event: EventDraft,
        /// When.
        window: Window,
        /// How many.
        count: CountTest,
    },
    /// Age at the index date.
    Age(NumberRange),
    /// Recorded sex.
    Sex(Vec<String>),
    /// A condition that the editor does not show, kept as it is.
    Kept(Condition),
}

impl Draft {
    /// The draft of a definition.
    #[must_use]
    pub fn from_definition(definition: &CohortDefinition) -> Self {
        let mut draft = Self {
            name: definition.name.clone(),
            description: definition.description.clone(),
            end_strategy: definition.end_strategy,
            censoring_events: definition.censoring_events.clone(),
            ..Self::default()
        };
        let sets = &definition.concept_sets;
        if let Entry::Event { event, limit, prior_observation_days, washout_days } = &definition.entry {
            draft.entry = Some(EntryDraft {
                event: EventDraft::from_query(event, sets),
                limit: *limit,
                prior_observation_days: *prior_observation_days,
                washout_days: *washout_days,
            });
        }
        for rule in &definition.inclusion_rules {
            let rule = draft.rule_from(rule, sets);
            draft.rules.push(rule);
        }
        let mut referred: Vec<&str> =
            draft.censoring_events.iter().filter_map(|event| event.concept_set.as_deref()).collect();
        for test in draft.rules.iter().flat_map(|rule| &rule.tests) {
            if let What::Kept(condition) = &test.what {
                concept_sets_of(condition, &mut referred);
            }
        }
        draft.kept_sets = sets.iter().filter(|set| referred.contains(&set.id.as_str())).cloned().collect();
        draft
    }

    fn rule_from(&mut self, rule: &InclusionRule, sets: &[ConceptSet]) -> RuleDraft {
        let (negate, condition) = match &rule.condition {
            // `Not` around a group is the rule's own; around one test it is the test's.
            Condition::Not { of } if is_group(of) => (true, &**of),
            other => (false, other),
        };
        let (join, members) = match condition {
            Condition::All { of } => (Join::All, of.as_slice()),
            Condition::Any { of } => (Join::Any, of.as_slice()),
            Condition::AtLeast { n, of } => (Join::AtLeast(*n), of.as_slice()),
            single => (Join::All, std::slice::from_ref(single)),
        };
        let tests = members.iter().map(|member| self.test_from(member, sets)).collect();
        let mut draft = RuleDraft { key: self.key(), name: String::new(), negate, join, tests };
        if rule.name != draft.words() {
            draft.name.clone_from(&rule.name);
        }
        draft
    }

    fn test_from(&mut self, condition: &Condition, sets: &[ConceptSet]) -> TestDraft {
        let (negate, inner) = match condition {
            Condition::Not { of } if shown(of).is_some() => (true, &**of),
            other => (false, other),
        };
        let what = match inner {
            Condition::Event { event, window, count } => {
                What::Event { event: EventDraft::from_query(event, sets), window: *window, count: *count }
            }
            other => shown(other).unwrap_or_else(|| What::Kept(other.clone())),
        };
        TestDraft { key: self.key(), negate, what }
    }

    /// A key that no rule or test of this draft has had.
    pub fn key(&mut self) -> u32 {
        self.next_key += 1;
        self.next_key
    }

    /// The definition.
    #[must_use]
    pub fn definition(&self) -> CohortDefinition {
        let mut definition = CohortDefinition::everyone(self.name.trim());
        self.description.trim().clone_into(&mut definition.description);
        definition.concept_sets.clone_from(&self.kept_sets);
        definition.censoring_events.clone_from(&self.censoring_events);
        definition.end_strategy = self.end_strategy;
        let sets = &mut definition.concept_sets;
        if let Some(entry) = &self.entry {
            definition.entry = Entry::Event {
                event: entry.event.query(sets),
                limit: entry.limit,
                prior_observation_days: entry.prior_observation_days,
                washout_days: entry.washout_days,
            };
        }
        definition.inclusion_rules =
            self.rules.iter().filter(|rule| !rule.tests.is_empty()).map(|rule| rule.inclusion_rule(sets)).collect();
        definition
    }

    /// The rule of a key.
    #[must_use]
    pub fn rule(&self, key: u32) -> Option<&RuleDraft> {
        self.rules.iter().find(|rule| rule.key == key)
    }

    /// The rule of a key, to change.
    pub fn rule_mut(&mut self, key: u32) -> Option<&mut RuleDraft> {
        self.rules.iter_mut().find(|rule| rule.key == key)
    }

    /// The test of a key.
    #[must_use]
    pub fn test(&self, key: u32) -> Option<&TestDraft> {
        let mut tests = self.rules.iter().flat_map(|rule| &rule.tests);
        tests.find(|test| test.key == key)
    }

    /// The test of a key, to change.
    pub fn test_mut(&mut self, key: u32) -> Option<&mut TestDraft> {
        let mut tests = self.rules.iter_mut().flat_map(|rule| &mut rule.tests);
        tests.find(|test| test.key == key)
    }

    /// Appends a rule with one test and returns the rule's key.
    pub fn add_rule(&mut self, what: What) -> u32 {
        let test = TestDraft { key: self.key(), negate: false, what };
        let key = self.key();
        self.rules.push(RuleDraft { key, tests: vec![test], ..RuleDraft::default() });
        key
    }

    /// Appends a test to a rule.
    pub fn add_test(&mut self, rule: u32, what: What) {
        let key = self.key();
        if let Some(rule) = self.rule_mut(rule) {
            rule.tests.push(TestDraft { key, negate: false, what });
        }
    }

    /// Removes a test; a rule without tests goes with its last one.
    pub fn remove_test(&mut self, key: u32) {
        for rule in &mut self.rules {
            rule.tests.retain(|test| test.key != key);
        }
        self.rules.retain(|rule| !rule.tests.is_empty());
    }

    /// Removes a rule.
    pub fn remove_rule(&mut self, key: u32) {
        self.rules.retain(|rule| rule.key != key);
    }

    /// Moves a rule up (or down); says whether it moved.
    pub fn move_rule(&mut self, key: u32, up: bool) -> bool {
        let Some(from) = self.rules.iter().position(|rule| rule.key == key) else {
            return false;
        };
        let to = if up { from.checked_sub(1) } else { Some(from + 1).filter(|to| *to < self.rules.len()) };
        match to {
            Some(to) => {
                self.rules.swap(from, to);
                true
            }
            None => false,
        }
    }
}

impl RuleDraft {
    fn inclusion_rule(&self, sets: &mut Vec<ConceptSet>) -> InclusionRule {
        let mut conditions: Vec<Condition> = self.tests.iter().map(|test| test.condition(sets)).collect();
        let single = conditions.len() == 1 && !matches!(self.join, Join::AtLeast(_)) && !self.negate;
        let condition = if single {
            conditions.remove(0)
        } else {
            let group = match self.join {
                Join::All => Condition::All { of: conditions },
                Join::Any => Condition::Any { of: conditions },
                Join::AtLeast(n) => Condition::AtLeast { n, of: conditions },
            };
            if self.negate { Condition::Not { of: Box::new(group) } } else { group }
        };
        let name = self.name.trim();
        InclusionRule { name: if name.is_empty() { self.words() } else { name.to_owned() }, condition }
    }

    /// The rule in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let tests: Vec<String> = self.tests.iter().map(TestDraft::words).collect();
        let joined = match self.join {
            Join::All => tests.join(" and "),
            Join::Any => tests.join(" or "),
            Join::AtLeast(n) => format!("at least {n} of: {}", tests.join("; ")),
        };
        if self.negate { format!("not ({joined})") } else { joined }
    }
}

impl TestDraft {
    fn condition(&self, sets: &mut Vec<ConceptSet>) -> Condition {
        let condition = match &self.what {
            What::Variable { name, test } => Condition::Variable { name: name.clone(), test: test.clone() },
            What::Event { event, window, count } => {
                Condition::Event { event: event.query(sets), window: *window, count: *count }
            }
            What::Age(range) => Condition::AgeAtIndex { range: *range },
            What::Sex(one_of) => Condition::Sex { one_of: one_of.clone() },
            What::Kept(condition) => condition.clone(),
        };
        if self.negate { Condition::Not { of: Box::new(condition) } } else { condition }
    }

    /// The test in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let words = super::words::what(&self.what);
        if self.negate { format!("not ({words})") } else { words }
    }
}

impl EventDraft {
    /// The draft of a query, its concepts looked up in the sets it refers to.
    #[must_use]
    pub fn from_query(query: &EventQuery, sets: &[ConceptSet]) -> Self {
        let set = query.concept_set.as_ref().and_then(|id| sets.iter().find(|set| set.id == *id));
        Self {
            domain: query.domain,
            concepts: set.map(|set| set.items.clone()).unwrap_or_default(),
            set_name: set.map(|set| set.name.clone()).unwrap_or_default(),
            value: query.value,
            unit: query.unit.clone(),
        }
    }

    /// The query; its concepts become a set (one that is already there where the concepts are the same).
    pub fn query(&self, sets: &mut Vec<ConceptSet>) -> EventQuery {
        EventQuery {
            domain: self.domain,
            concept_set: (!self.concepts.is_empty()).then(|| self.set_id(sets)),
            value: self.value,
            unit: self.unit.clone(),
        }
    }

    fn set_id(&self, sets: &mut Vec<ConceptSet>) -> String {
        if let Some(same) = sets.iter().find(|set| set.items == self.concepts) {
            return same.id.clone();
        }
        let id = (1..).map(|n| format!("set-{n}")).find(|id| sets.iter().all(|set| set.id != *id)).unwrap_or_default();
        sets.push(ConceptSet {
            id: id.clone(),
            name: if self.set_name.is_empty() { super::words::concepts(&self.concepts) } else { self.set_name.clone() },
            items: self.concepts.clone(),
        });
        id
    }
}

#[cfg(test)]
mod tests;
