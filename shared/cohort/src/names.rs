//! Words for error messages: nearest names and short lists.

/// Number of single-letter edits (insert, delete, replace, swap of neighbours) between two words, upper and lower case
/// alike.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replace = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replace.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

/// ` (did you mean 'age' or 'stage'?)` where something is near, else the names there are.
pub(crate) fn hint<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let lower = wanted.to_lowercase();
    let length = wanted.chars().count();
    let mut near: Vec<(usize, &str)> = names
        .iter()
        .filter_map(|&name| {
            let distance = edit_distance(wanted, name);
            let holds = lower.len() >= 3 && name.to_lowercase().contains(&lower);
            ((distance <= 1 + length / 4 && distance < length) || holds).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.truncate(3);
    if near.is_empty() {
        return format!(" (there are: {})", short_list(&names, 12));
    }
    let near: Vec<String> = near.iter().map(|(_, name)| format!("'{name}'")).collect();
    format!(" (did you mean {}?)", near.join(" or "))
}

/// `a, b, c and 4 more`.
pub(crate) fn short_list(names: &[&str], most: usize) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let shown = names.iter().take(most).copied().collect::<Vec<_>>().join(", ");
    if names.len() > most { format!("{shown} and {} more", names.len() - most) } else { shown }
}

/// `1 person`, `2 persons`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", model::words::count(n)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("nodes", "NODES"), 0);
        assert_eq!(edit_distance("nodse", "nodes"), 1);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }

    #[test]
    fn nearest_names_come_first_and_else_what_there_is() {
        assert_eq!(hint("nods", ["age", "nodes"].into_iter()), " (did you mean 'nodes'?)");
        assert_eq!(hint("zzzz", ["age", "nodes"].into_iter()), " (there are: age, nodes)");
        assert_eq!(hint("time", ["rfstime", "age"].into_iter()), " (did you mean 'rfstime'?)");
    }
}
