//! Changing a draft: rules, conditions and groups found by their keys.

use super::{CensorDraft, Draft, EventDraft, Join, RuleDraft, TestDraft, What};

impl Draft {
    /// A key that no rule, test or event of this draft has had.
    pub fn key(&mut self) -> u32 {
        self.next_key += 1;
        self.next_key
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

    /// The test of a key, however deep it lies.
    #[must_use]
    pub fn test(&self, key: u32) -> Option<&TestDraft> {
        self.rules.iter().find_map(|rule| find(&rule.tests, key))
    }

    /// The test of a key, to change.
    pub fn test_mut(&mut self, key: u32) -> Option<&mut TestDraft> {
        self.rules.iter_mut().find_map(|rule| find_mut(&mut rule.tests, key))
    }

    /// How the conditions of a rule or a group are joined, and which they are.
    #[must_use]
    pub fn group(&self, key: u32) -> Option<(Join, &[TestDraft])> {
        match (self.rule(key), self.test(key).map(|test| &test.what)) {
            (Some(rule), _) => Some((rule.join, &rule.tests)),
            (None, Some(What::Group { join, tests })) => Some((*join, tests)),
            _ => None,
        }
    }

    fn group_mut(&mut self, key: u32) -> Option<(&mut Join, &mut Vec<TestDraft>)> {
        if let Some(place) = self.rules.iter().position(|rule| rule.key == key) {
            let rule = self.rules.get_mut(place)?;
            return Some((&mut rule.join, &mut rule.tests));
        }
        match &mut self.test_mut(key)?.what {
            What::Group { join, tests } => Some((join, tests)),
            _ => None,
        }
    }

    /// Joins the conditions of a rule or a group in another way.
    pub fn set_join(&mut self, key: u32, join: Join) {
        if let Some((now, _)) = self.group_mut(key) {
            *now = join;
        }
    }

    /// Appends a rule with one test and returns the rule's key.
    pub fn add_rule(&mut self, what: What) -> u32 {
        let test = TestDraft { key: self.key(), negate: false, what };
        let key = self.key();
        self.rules.push(RuleDraft { key, tests: vec![test], ..RuleDraft::default() });
        key
    }

    /// Appends a test to a rule or a group.
    pub fn add_test(&mut self, to: u32, what: What) {
        let key = self.key();
        if let Some((_, tests)) = self.group_mut(to) {
            tests.push(TestDraft { key, negate: false, what });
        }
    }

    /// Puts a test into a group of its own, to which others can be added: any of them must hold.
    pub fn wrap(&mut self, key: u32) {
        let inner = self.key();
        if let Some(test) = self.test_mut(key) {
            let what = std::mem::replace(&mut test.what, What::Group { join: Join::Any, tests: Vec::new() });
            let own = TestDraft { key: inner, negate: std::mem::take(&mut test.negate), what };
            test.what = What::Group { join: Join::Any, tests: vec![own] };
        }
    }

    /// Removes a test; a group or a rule without tests goes with its last one.
    pub fn remove_test(&mut self, key: u32) {
        for rule in &mut self.rules {
            remove(&mut rule.tests, key);
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

    /// Appends a censoring event.
    pub fn add_censoring(&mut self, event: EventDraft) {
        let key = self.key();
        self.censoring.push(CensorDraft { key, event });
    }

    /// The censoring event of a key.
    #[must_use]
    pub fn censor(&self, key: u32) -> Option<&CensorDraft> {
        self.censoring.iter().find(|censor| censor.key == key)
    }

    /// Writes a censoring event.
    pub fn set_censoring(&mut self, key: u32, event: EventDraft) {
        if let Some(censor) = self.censoring.iter_mut().find(|censor| censor.key == key) {
            censor.event = event;
        }
    }

    /// Removes a censoring event.
    pub fn remove_censoring(&mut self, key: u32) {
        self.censoring.retain(|censor| censor.key != key);
    }
}

fn find(tests: &[TestDraft], key: u32) -> Option<&TestDraft> {
    tests.iter().find_map(|test| match &test.what {
        _ if test.key == key => Some(test),
        What::Group { tests, .. } => find(tests, key),
        _ => None,
    })
}

fn find_mut(tests: &mut [TestDraft], key: u32) -> Option<&mut TestDraft> {
    for test in tests {
        if test.key == key {
            return Some(test);
        }
        if let What::Group { tests, .. } = &mut test.what
            && let Some(found) = find_mut(tests, key)
        {
            return Some(found);
        }
    }
    None
}

/// Removes a test below; says whether it was there. Only groups that this empties go.
fn remove(tests: &mut Vec<TestDraft>, key: u32) -> bool {
    let n = tests.len();
    tests.retain(|test| test.key != key);
    if tests.len() < n {
        return true;
    }
    let emptied = tests.iter_mut().position(|test| match &mut test.what {
        What::Group { tests, .. } => remove(tests, key),
        _ => false,
    });
    if let Some(place) = emptied {
        let is_empty =
            matches!(tests.get(place).map(|test| &test.what), Some(What::Group { tests, .. }) if tests.is_empty());
        if is_empty {
            tests.remove(place);
        }
    }
    emptied.is_some()
}
