//! Units and coded answers in words, each looked up once.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Assembly;

/// Words that were looked up.
#[derive(Default)]
pub(super) struct Words {
    units: FxHashMap<(i64, u32), Option<Rc<str>>>,
    answers: FxHashMap<i64, Option<Rc<str>>>,
}

impl Words {
    /// The unit by its code (UCUM's, where the vocabulary is there), else as the source wrote it.
    pub(super) fn unit(&mut self, a: &Assembly, concept: i64, text: u32) -> Option<Rc<str>> {
        let known = self.units.entry((concept, text)).or_insert_with(|| unit_of(a, concept, text).map(Rc::from));
        known.clone()
    }

    /// A coded answer.
    pub(super) fn answer(&mut self, a: &Assembly, concept: i64) -> Option<Rc<str>> {
        if concept == 0 {
            return None;
        }
        self.answers.entry(concept).or_insert_with(|| Some(Rc::from(answer(a, concept)))).clone()
    }
}

/// The unit by its code (UCUM's, where the vocabulary is there), else as the source wrote it.
pub(super) fn unit_of(a: &Assembly, concept: i64, text: u32) -> Option<String> {
    let known = a.vocabulary.get(concept).filter(|_| concept != 0).map(|c| c.code.clone()).filter(|c| !c.is_empty());
    let source = || a.records.texts.get(text).map(str::to_owned);
    known.or_else(source).or_else(|| (concept != 0).then(|| format!("OMOP {concept}")))
}

fn answer(a: &Assembly, concept: i64) -> String {
    let known = a.vocabulary.get(concept).map(|c| c.display.clone()).filter(|d| !d.is_empty());
    known.unwrap_or_else(|| format!("OMOP {concept}"))
}
