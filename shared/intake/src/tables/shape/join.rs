//! Which column joins the tables, and which tables hold persons.

use std::collections::BTreeSet;

use model::dataset::ColumnRole;

use super::{Looked, references};

/// Chooses the column that joins the tables: one that names a person by its own name, else one whose values are those of
/// another table's.
pub(in crate::tables) fn join(tables: &mut [Looked]) {
    references::dictionaries(tables);
    references::encounters(tables);
    for table in tables.iter_mut().filter(|t| t.dictionary.is_none()) {
        if table.encounter.is_some() && table.candidates().is_empty() {
            table.forget_person();
        }
        if let Some(best) = table.candidates().first().copied() {
            table.set_person(best);
        }
    }
    if tables.len() < 2 {
        return;
    }
    let known: Vec<BTreeSet<String>> = tables
        .iter()
        .map(|t| t.person().map(|i| t.values(i).into_iter().map(str::to_owned).collect()).unwrap_or_default())
        .collect();
    let mut n_shared = vec![0; tables.len()];
    for (at, table) in tables.iter_mut().enumerate() {
        if table.dictionary.is_some() || (table.encounter.is_some() && table.person().is_none()) {
            continue;
        }
        let others: BTreeSet<&str> = known
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != at)
            .flat_map(|(_, set)| set.iter().map(String::as_str))
            .collect();
        let shared = |i: usize| {
            let values = table.values(i);
            let n = values.iter().filter(|v| others.contains(*v)).count();
            if n * 2 >= values.len() && n >= 3 { n } else { 0 }
        };
        let now = table.person().map_or(0, shared);
        // Small whole numbers are shared by chance: years of age are not persons.
        let is_code = |i: usize| {
            table.column(i).is_some_and(|c| {
                !matches!(c.role, ColumnRole::Number | ColumnRole::Date | ColumnRole::Death | ColumnRole::Duration)
            })
        };
        // Nor are those who treat, whatever table they have of their own.
        let may_be = |i: &usize| is_code(*i) && !table.column(*i).is_some_and(|c| references::is_of_staff(&c.name));
        let best = (0..table.proposal.mapping.columns.len()).filter(may_be).max_by_key(|i| shared(*i));
        let n = best.map_or(0, shared);
        if let Some(found) = n_shared.get_mut(at) {
            *found = now.max(n);
        }
        if now == 0
            && let Some(best) = best.filter(|_| n > 0)
        {
            table.set_person(best);
        }
    }
    // Clinics, providers and payers have ids too: where other tables agree on who the persons are, these are none.
    let agree = n_shared.iter().filter(|n| **n > 0).count() >= 2;
    let is_said = tables.iter().any(Looked::says_person);
    let strangers =
        tables.iter_mut().zip(&n_shared).filter(|(t, n)| **n == 0 && t.encounter.is_none() && !t.says_person());
    strangers.filter(|(t, _)| agree || (is_said && t.is_of_staff())).for_each(|(table, _)| table.forget_person());
}
