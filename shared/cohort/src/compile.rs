//! A definition checked against a dataset and turned into tests on its columns.

use columnar::Column;
use model::cohort::{CohortDefinition, Condition, CountTest, EndStrategy, Entry, EventQuery, Test, Window};
use model::tables;

use crate::column_test::{ColumnTest, inclusive};
use crate::concepts::Concepts;
use crate::error::{Problem, Problems};
use crate::names::hint;
use crate::query::Query;
use crate::source::Source;
use crate::structure::check_definition;

/// What is recorded as sex; a level among these that a dataset lacks is met by nobody, and is no mistake.
const SEXES: [&str; 4] = ["female", "male", "other", "unknown"];

/// A definition that fits its dataset.
pub(crate) struct Plan<'a> {
    /// Queries that conditions refer to by number, each once.
    pub(crate) queries: Vec<Query>,
    pub(crate) entry: Option<Query>,
    pub(crate) rules: Vec<(&'a str, Node<'a>)>,
    pub(crate) censoring: Vec<Query>,
    pub(crate) warnings: Vec<String>,
}

/// A condition that fits its dataset.
pub(crate) enum Node<'a> {
    All(Vec<Node<'a>>),
    Any(Vec<Node<'a>>),
    AtLeast(u32, Vec<Node<'a>>),
    Not(Box<Node<'a>>),
    /// A test on a column with one row a person.
    Person(ColumnTest<'a>),
    /// Whole years between two bounds, both included.
    Age(f64, f64),
    Events {
        query: usize,
        window: Window,
        count: CountTest,
    },
}

/// Checks a definition against a dataset: every problem, or the plan.
pub(crate) fn compile<'a>(source: &Source<'a>, definition: &'a CohortDefinition) -> Result<Plan<'a>, Vec<Problem>> {
    let mut compiler = Compiler {
        source: *source,
        definition,
        concepts: Concepts::new(*source, &definition.concept_sets),
        asked: Vec::new(),
        queries: Vec::new(),
        problems: Problems::default(),
        warnings: source.index.warnings().to_vec(),
    };
    check_definition(definition, &mut compiler.problems);
    let entry = compiler.entry();
    let mut rules = Vec::with_capacity(definition.inclusion_rules.len());
    for (i, rule) in definition.inclusion_rules.iter().enumerate() {
        if let Some(node) = compiler.node(&rule.condition, &format!("inclusion_rules[{i}].condition")) {
            rules.push((rule.name.as_str(), node));
        }
    }
    let censoring = compiler.censoring();
    if definition.end_strategy != EndStrategy::EndOfObservation && !source.is_record() {
        compiler.problems.add(
            "end_strategy",
            "this dataset has one row a person and no days to count; choose the end of observation",
        );
    }
    let Compiler { queries, problems, warnings, .. } = compiler;
    let problems = problems.into_vec();
    if problems.is_empty() { Ok(Plan { queries, entry, rules, censoring, warnings }) } else { Err(problems) }
}

struct Compiler<'a> {
    source: Source<'a>,
    definition: &'a CohortDefinition,
    concepts: Concepts<'a>,
    asked: Vec<&'a EventQuery>,
    queries: Vec<Query>,
    problems: Problems,
    warnings: Vec<String>,
}

impl<'a> Compiler<'a> {
    fn entry(&mut self) -> Option<Query> {
        if self.source.is_record() && self.source.data.table(tables::OBSERVATION_PERIOD).is_none() {
            self.problems.add(
                "entry",
                "this dataset has events but no observation periods, so it is not known when anybody was observed; \
                 import it again with observation_period",
            );
        }
        match &self.definition.entry {
            Entry::Everyone => None,
            Entry::Event { event, .. } => self.query(event, "entry.event"),
        }
    }

    fn censoring(&mut self) -> Vec<Query> {
        let events = self.definition.censoring_events.iter().enumerate();
        events.filter_map(|(i, event)| self.query(event, &format!("censoring_events[{i}]"))).collect()
    }

    fn query(&mut self, query: &EventQuery, path: &str) -> Option<Query> {
        Query::new(
            query,
            &mut self.concepts,
            &self.definition.concept_sets,
            &self.source,
            path,
            &mut self.problems,
            &mut self.warnings,
        )
    }

    fn nodes(&mut self, of: &'a [Condition], path: &str) -> Option<Vec<Node<'a>>> {
        let nodes: Vec<_> =
            of.iter().enumerate().map(|(i, part)| self.node(part, &format!("{path}.of[{i}]"))).collect();
        nodes.into_iter().collect()
    }

    fn node(&mut self, condition: &'a Condition, path: &str) -> Option<Node<'a>> {
        match condition {
            Condition::All { of } => self.nodes(of, path).map(Node::All),
            Condition::Any { of } => self.nodes(of, path).map(Node::Any),
            Condition::AtLeast { n, of } => self.nodes(of, path).map(|nodes| Node::AtLeast(*n, nodes)),
            Condition::Not { of } => self.node(of, &format!("{path}.of")).map(|node| Node::Not(Box::new(node))),
            Condition::Variable { name, test } => self.variable(name, test, path),
            Condition::Event { event, window, count } => {
                let query = if let Some(at) = self.asked.iter().position(|asked| *asked == event) {
                    at
                } else {
                    let query = self.query(event, &format!("{path}.event"))?;
                    self.asked.push(event);
                    self.queries.push(query);
                    self.queries.len() - 1
                };
                Some(Node::Events { query, window: *window, count: *count })
            }
            Condition::AgeAtIndex { range } => {
                if !self.source.is_record() {
                    let text = "this dataset has no dates to tell an age at; use a condition on its age variable";
                    self.problems.add(path, text);
                    return None;
                }
                if self.source.birth_year().is_none() {
                    self.problems.add(path, "this dataset has no year of birth");
                    return None;
                }
                let (low, high) = inclusive(range);
                Some(Node::Age(low, high))
            }
            Condition::Sex { one_of } => self.sex(one_of, path),
        }
    }

    fn variable(&mut self, name: &str, test: &Test, path: &str) -> Option<Node<'a>> {
        let Some(column) = self.source.variable(name) else {
            let names = self.source.variables().map(|(name, _)| name);
            self.problems.add(path, format!("there is no variable '{name}'{}", hint(name, names)));
            return None;
        };
        ColumnTest::new(name, column, test, path, &mut self.problems, &mut self.warnings).map(Node::Person)
    }

    fn sex(&mut self, one_of: &[String], path: &str) -> Option<Node<'a>> {
        let column = self.source.data.table(tables::PERSON).and_then(|t| t.column(tables::PERSON_SEX));
        let Some(column @ Column::Category(category)) = column else {
            self.problems.add(path, "this dataset has no recorded sex; use a condition on a variable");
            return None;
        };
        let known = |level: &str| category.code_of(level).is_some();
        let mut fine = true;
        for level in one_of.iter().filter(|l| !known(l) && !SEXES.contains(&l.as_str())) {
            self.problems.add(path, format!("sex has no level '{level}'{}", hint(level, SEXES.into_iter())));
            fine = false;
        }
        fine.then(|| Node::Person(ColumnTest::levels(column, category, one_of)))
    }
}
