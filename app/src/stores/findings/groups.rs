//! Findings by question: an original and its replications, however long the chain.

use std::collections::{BTreeMap, BTreeSet};

use model::canonical::ContentId;
use model::finding::Finding;

use super::record::SavedFinding;

/// An original and what replicates it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Id of the original (it may not be on this device).
    pub root: ContentId,
    /// Place of the original in the list that was grouped.
    pub original: Option<usize>,
    /// Places of the replications, in the order they were made.
    pub replications: Vec<usize>,
}

impl Group {
    /// Places of all findings of the group, the original first.
    pub fn members(&self) -> impl Iterator<Item = usize> + '_ {
        self.original.into_iter().chain(self.replications.iter().copied())
    }
}

/// Groups findings, in the order in which the list first names a group.
#[must_use]
pub fn group(findings: &[SavedFinding]) -> Vec<Group> {
    let parents: BTreeMap<&ContentId, &ContentId> =
        findings.iter().filter_map(|saved| Some((saved.id(), saved.finding.replicates.as_ref()?))).collect();
    let mut groups: Vec<Group> = Vec::new();
    for (place, saved) in findings.iter().enumerate() {
        let root = root_of(saved.id(), &parents);
        let at = groups.iter().position(|group| group.root == root).unwrap_or_else(|| {
            groups.push(Group { root: root.clone(), original: None, replications: Vec::new() });
            groups.len() - 1
        });
        if root == *saved.id() {
            groups[at].original = Some(place);
        } else {
            groups[at].replications.push(place);
        }
    }
    for group in &mut groups {
        group.replications.sort_by(|a, b| {
            let (a, b) = (&findings[*a], &findings[*b]);
            a.finding.made_on.cmp(&b.finding.made_on).then_with(|| a.id().cmp(b.id()))
        });
    }
    groups
}

/// The group that a finding belongs to.
#[must_use]
pub fn group_of<'a>(groups: &'a [Group], findings: &[SavedFinding], id: &ContentId) -> Option<&'a Group> {
    let place = findings.iter().position(|saved| saved.id() == id)?;
    groups.iter().find(|group| group.members().any(|member| member == place))
}

/// Follows the chain of replications to its start. A content id cannot refer to itself, but a record is not trusted to
/// know that: what was seen is not followed again.
fn root_of(id: &ContentId, parents: &BTreeMap<&ContentId, &ContentId>) -> ContentId {
    let mut seen = BTreeSet::new();
    let mut at = id;
    while let Some(parent) = parents.get(at) {
        if !seen.insert(at) {
            break;
        }
        at = parent;
    }
    at.clone()
}

/// Whether a finding has every word of a search, in any order and case.
#[must_use]
pub fn matches(finding: &Finding, search: &str) -> bool {
    let text = [
        finding.title.as_str(),
        finding.question.as_str(),
        finding.summary.as_str(),
        finding.population.dataset.as_str(),
        finding.population.description.as_str(),
        finding.plan.outcome.name(),
        finding.plan.target.name.as_str(),
        finding.plan.comparator.name.as_str(),
        finding.author.name.as_str(),
        finding.author.site.as_str(),
    ]
    .join(" ")
    .to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::record::fixtures;
    use super::*;

    fn replication(of: &SavedFinding, site: &str) -> SavedFinding {
        let mut finding = fixtures::finding();
        finding.replicates = Some(of.id().clone());
        finding.author.site = site.into();
        fixtures::saved(&finding)
    }

    #[test]
    fn replications_stand_under_their_original() {
        let original = fixtures::saved(&fixtures::finding());
        let first = replication(&original, "Freiburg");
        let of_first = replication(&first, "Leiden");
        let mut other = fixtures::finding();
        other.title = "Something else".into();
        let other = fixtures::saved(&other);
        let findings = vec![of_first, other, first, original];
        let groups = group(&findings);
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0].original, Some(3));
        let mut members: Vec<usize> = groups[0].members().collect();
        members.sort_unstable();
        assert_eq!(members, [0, 2, 3]);
        assert_eq!(groups[1].original, Some(1));
        let found = group_of(&groups, &findings, findings[0].id()).unwrap();
        assert_eq!(found.original, Some(3));
    }

    #[test]
    fn a_replication_without_its_original_is_still_shown() {
        let original = fixtures::saved(&fixtures::finding());
        let findings = vec![replication(&original, "Freiburg"), replication(&original, "Leiden")];
        let groups = group(&findings);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].original, None);
        assert_eq!(groups[0].replications.len(), 2);
    }

    #[test]
    fn search_wants_every_word() {
        let finding = fixtures::finding();
        assert!(matches(&finding, "HORMONAL rotterdam"));
        assert!(matches(&finding, ""));
        assert!(!matches(&finding, "hormonal insulin"));
    }
}
