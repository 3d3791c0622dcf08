//! What the editor edits: a keyed form of a cohort definition. It goes to a definition and back without loss; the one
//! thing that the editor cannot show (a 'not' of a 'not') is kept as it is.

use model::cohort::{Condition, CountTest, EndStrategy, Limit, NumberRange, Test, Window};
use model::concept::{ConceptItem, ConceptSet, Domain};

mod edit;
mod event;
mod read;
mod write;

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
    /// Events that end a subject's time in the cohort.
    pub censoring: Vec<CensorDraft>,
    /// Concept sets as they came: those that are still referred to keep their ids and names, those that never were stay.
    pub kept_sets: Vec<ConceptSet>,
    /// Ids of those that no part referred to when they came.
    never_referred: Vec<String>,
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

/// A censoring event while it is edited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CensorDraft {
    /// Stays with the event.
    pub key: u32,
    /// Which event.
    pub event: EventDraft,
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
    /// Id of the concept set it came with; empty once its concepts were changed.
    pub set_id: String,
    /// Only values in this range.
    pub value: Option<NumberRange>,
    /// Only this unit.
    pub unit: Option<String>,
    /// Only findings of notes said in one of these ways.
    pub context: Option<model::cohort::NoteContext>,
}

/// How conditions are joined.
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
    /// Conditions joined within another one.
    Group {
        /// How.
        join: Join,
        /// The conditions.
        tests: Vec<TestDraft>,
    },
    /// A condition that the editor does not show, kept as it is.
    Kept(Condition),
}

#[cfg(test)]
mod tests;
