//! Files without a line that names their columns: databases export tables so. The order of the columns is then the data model's.

use super::layout::Table;
use super::reader::delimiter;
use crate::scanner::{Fields, Scanner};

/// Columns by table and version.
const COLUMNS: &str = include_str!("../../data/omop-columns.tsv");

/// The names of the columns of a table whose first line, with these fields, names none; the version they are of beside them. Nothing
/// where the line could name columns, or where its length is not the table's.
pub(super) fn columns(table: Table, first: &[String]) -> Option<(&'static str, Vec<String>)> {
    // Every table begins with a number: an id of its own, a person, a concept.
    let begins = first.first().is_some_and(|id| id.trim().parse::<i64>().is_ok());
    if !begins {
        return None;
    }
    let rows = COLUMNS.lines().filter(|line| !line.starts_with('#'));
    let of_table = rows.filter_map(|line| {
        let mut parts = line.split('\t');
        let (name, version, columns) = (parts.next()?, parts.next()?, parts.next()?);
        (name == table.name()).then_some((version, columns))
    });
    let fits = |(_, columns): &(&str, &str)| columns.split(',').count() == first.len();
    let (version, columns) = of_table.into_iter().find(fits)?;
    Some((version, columns.split(',').map(str::to_owned).collect()))
}

/// Whether a file's first bytes are those of an OMOP table that names no columns.
pub(crate) fn has_no_header(file_name: &str, head: &[u8]) -> bool {
    let Some(table) = Table::of_file(file_name) else { return false };
    let head = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head);
    let line = head.split(|&b| b == b'\n' || b == b'\r').next().unwrap_or_default();
    let (mut fields, mut from) = (Fields::default(), 0);
    if Scanner::new(delimiter(line), Some(b'"')).next(head, &mut from, true, &mut fields).is_none() {
        return false;
    }
    let first: Vec<String> =
        (0..fields.len()).map(|i| String::from_utf8_lossy(fields.get(head, i)).into_owned()).collect();
    columns(table, &first).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_columns_says_the_version() {
        let first = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!(columns(Table::Measurement, &first(23)).map(|c| c.0), Some("5.4"));
        assert_eq!(columns(Table::Measurement, &first(20)).map(|c| c.0), Some("5.3"));
        assert!(columns(Table::Measurement, &first(7)).is_none());
        assert!(columns(Table::Person, &["person_id".to_owned()]).is_none());
        for table in Table::all() {
            let rows = COLUMNS.lines().filter(|l| l.split('\t').next() == Some(table.name())).count();
            assert!(rows > 0, "{}", table.name());
        }
        assert!(has_no_header("death.csv", b"1,2020-01-01,,0,0,,0\n"));
        assert!(
            !has_no_header("death.csv", b"person_id,death_date\n1,2020-01-01\n") && !has_no_header("x.csv", b"1,2\n")
        );
    }
}
