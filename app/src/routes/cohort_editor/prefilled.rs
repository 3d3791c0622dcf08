//! A new cohort that begins with a concept which was found elsewhere.

use model::concept::{ConceptItem, ConceptRef, Domain};

use super::draft::{Draft, EntryDraft, EventDraft};

/// The draft that an address asks for: everyone, or those with an event of the concept named by `system` and `code`.
pub(super) fn draft(query: impl Fn(&str) -> Option<String>) -> Draft {
    let text = |name: &str| query(name).filter(|text| !text.is_empty());
    let (Some(system), Some(code)) = (text("system"), text("code")) else {
        return Draft::default();
    };
    let concept = ConceptRef {
        system,
        code,
        display: text("display").unwrap_or_default(),
        omop_id: text("omop").and_then(|id| id.parse().ok()),
    };
    let name = if concept.display.is_empty() { concept.code.clone() } else { concept.display.clone() };
    let event = EventDraft {
        domain: text("domain").and_then(|name| Domain::from_name(&name)),
        concepts: vec![ConceptItem { concept, include_descendants: false, exclude: false }],
        ..EventDraft::default()
    };
    let mut draft = Draft::default();
    draft.name = name;
    draft.entry = Some(EntryDraft { event, ..EntryDraft::default() });
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::cohort::Entry;

    #[test]
    fn a_concept_in_the_address_is_the_entry_event() {
        let query = |name: &str| {
            let value = match name {
                "system" => "SNOMED",
                "code" => "84114007",
                "display" => "Heart failure",
                "domain" => "condition",
                "omop" => "316139",
                _ => "",
            };
            Some(value.to_owned())
        };
        let made = draft(query);
        assert_eq!(made.name, "Heart failure");
        let definition = made.definition();
        let Entry::Event { event, .. } = &definition.entry else { panic!("an entry event") };
        assert_eq!(event.domain, Some(Domain::Condition));
        let items = &definition.concept_sets[0].items;
        assert_eq!((items.len(), items[0].concept.omop_id), (1, Some(316_139)));
        assert_eq!(draft(|_| None), Draft::default());
        assert_eq!(draft(|name| (name == "code").then(|| "1".to_owned())), Draft::default());
    }
}
