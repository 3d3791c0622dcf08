//! Units and coded answers in words.

use super::super::record::Records;
use super::super::vocabulary::Vocabulary;

/// The unit of a number by its code (UCUM's, where the vocabulary is there), else as the source wrote it.
pub(super) fn unit_of(records: &Records, vocabulary: &Vocabulary, number: u32) -> Option<String> {
    let (concept, text) = records.units.get(number);
    let known = vocabulary.get(concept).filter(|_| concept != 0).map(|c| c.code.clone()).filter(|c| !c.is_empty());
    let source = || records.texts.get(text).map(str::to_owned);
    known.or_else(source).or_else(|| (concept != 0).then(|| format!("OMOP {concept}")))
}

/// A coded answer.
pub(super) fn answer_of(vocabulary: &Vocabulary, concept: i64) -> String {
    let known = vocabulary.get(concept).map(|c| c.display.clone()).filter(|d| !d.is_empty());
    known.unwrap_or_else(|| format!("OMOP {concept}"))
}
