//! Rows of a flat file that are no persons: titles above the names of the columns, a row of units below them, totals at the end.

use super::import::CsvImport;
use crate::report::{Fate, count, counted};
use crate::scanner::Fields;
use crate::units::ucum_of_any;

/// Rows that are looked at for the names of the columns.
pub(crate) const TOP: usize = 20;

/// Words in the place of a person that begin a row of totals.
const TOTALS: [&str; 17] = [
    "total",
    "totals",
    "total:",
    "grand total",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "insgesamt",
    "mean",
    "average",
    "mittelwert",
    "median",
    "somme",
    "moyenne",
    "suma",
    "total general",
];

/// Whether the identifier of a person is a word that begins a row of totals.
pub(super) fn is_total(identifier: &[u8]) -> bool {
    identifier.len() <= 13 && TOTALS.iter().any(|word| identifier.eq_ignore_ascii_case(word.as_bytes()))
}

/// The place of the names of the columns among the first records. Titles stand above them: rows with a value or two where most have many.
pub(super) fn header_place(records: &[Vec<String>]) -> usize {
    let width = |row: &Vec<String>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let top = || records.iter().take(TOP);
    let widest = top().map(width).max().unwrap_or(0);
    let is_title = |row: &Vec<String>| {
        let declares = row.first().is_some_and(|cell| cell.trim().to_ascii_lowercase().starts_with("sep="));
        declares || (widest >= 3 && width(row) * 2 < widest)
    };
    if !records.first().is_some_and(is_title) {
        return 0;
    }
    let is_number = |cell: &String| crate::number::parse(cell.trim().as_bytes(), b'.').is_some();
    let is_header = |row: &Vec<String>| {
        let names: Vec<&String> = row.iter().filter(|cell| !cell.trim().is_empty()).collect();
        names.len() * 5 >= widest * 4
            && !names.iter().any(|cell| is_number(cell))
            && names.iter().enumerate().all(|(i, name)| !names.iter().take(i).any(|before| before == name))
    };
    // The names stand below titles alone, and something below the names.
    let n_titles = top().take_while(|row| is_title(row)).count();
    let fits = records.get(n_titles).is_some_and(is_header) && records.len() > n_titles + 1;
    if fits { n_titles } else { 0 }
}

/// The units of a row that holds nothing else: below the names of the columns, with nobody named. As many as there are columns.
pub(super) fn units(row: &[String]) -> Option<Vec<Option<&str>>> {
    let units: Vec<Option<&str>> = row.iter().map(|cell| Some(cell.trim()).filter(|cell| !cell.is_empty())).collect();
    let given = || units.iter().flatten();
    let is_unit = |unit: &&str| {
        let bare = unit.trim_matches(['(', ')', '[', ']']);
        is_time(bare)
            || matches!(bare, "€" | "$" | "£" | "EUR" | "USD" | "CHF" | "GBP")
            || matches!(bare, "%" | "-" | "kg" | "cm")
            || ucum_of_any(bare).is_some()
    };
    let n_units = given().filter(|unit| is_unit(unit)).count();
    (n_units >= 2 && n_units == given().count() && given().count() < units.len()).then_some(units)
}

fn is_time(unit: &str) -> bool {
    ["years", "months", "weeks", "days", "hours", "yrs", "jahre", "monate", "tage"]
        .iter()
        .any(|t| unit.eq_ignore_ascii_case(t))
}

/// The unit that is the last word of a name: `weight_kg`, `Glucose mg/dl`.
fn last_word(name: &str) -> Option<&str> {
    let (head, word) = name.rsplit_once(['_', ' '])?;
    let is_short = ["kg", "cm", "lb", "lbs", "mmhg"].iter().any(|unit| word.eq_ignore_ascii_case(unit));
    let is_quotient = word.contains('/') && ucum_of_any(word).is_some();
    (!head.trim().is_empty() && (is_short || is_quotient)).then_some(word)
}

/// The unit that stands behind the name of a column: `CRP (mg/L)`, `Hb [g/dL]`.
pub(super) fn unit_in_name(name: &str) -> Option<&str> {
    let name = name.trim();
    if let Some(unit) = last_word(name) {
        return Some(unit);
    }
    let opened = match name.chars().last()? {
        ')' => name.rfind('(')?,
        ']' => name.rfind('[')?,
        _ => return None,
    };
    let unit = name.get(opened + 1..name.len() - 1)?.trim();
    (unit == "%" || ucum_of_any(unit).is_some()).then_some(unit)
}

impl CsvImport {
    /// Whether a row is a remark below the table: words in its first field, and nothing else.
    pub(super) fn is_remark(&self, buffer: &[u8], fields: &Fields) -> bool {
        let is_empty = |i: usize| fields.get(buffer, i).trim_ascii().is_empty();
        let first = || fields.get(buffer, 0).trim_ascii();
        fields.len() > 2
            && is_empty(1)
            && (2..fields.len()).all(is_empty)
            && first().contains(&b' ')
            && first().iter().filter(|b| b.is_ascii_alphabetic()).count() > 3
    }

    /// Takes the first row below the names of the columns, if it is the units that the plan has of them.
    pub(super) fn is_units_row(&mut self, buffer: &[u8], fields: &Fields) -> bool {
        let mut n = 0;
        for (i, plan) in self.mapping.columns.iter().enumerate() {
            let field = fields.get(buffer, i).trim_ascii();
            match plan.unit.as_deref() {
                _ if field.is_empty() => {}
                Some(unit) if unit.as_bytes() == field => n += 1,
                _ => return false,
            }
        }
        if n < 2 {
            return false;
        }
        count(&mut self.count, Fate::NotUsed);
        let n = counted(n, "column", "columns");
        self.reporter.warn(format!("{}: line {} holds the units of {n}, and nobody's values.", self.file, fields.line));
        true
    }

    /// Takes a row that is not the names of the columns: nothing is said while these may stand below it.
    pub(super) fn is_above(&mut self, found: &[String]) -> bool {
        if self.above.len() >= TOP || self.mapping.missing_column(found).is_none() {
            return false;
        }
        self.above.push(found.to_vec());
        self.header_seen = false;
        true
    }

    /// Says what stood above the names of the columns.
    pub(super) fn say_above(&mut self) {
        let n = self.above.len() as u64;
        if n > 0 {
            let rows = counted(n, "row above the names of the columns was", "rows above the names of the columns were");
            self.reporter.warn(format!("{}: {rows} taken for a title and not read.", self.file));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn names_stand_below_titles() {
        for (text, place) in [
            ("id,age,crp\n1,2,3", 0),
            ("Study XYZ,,,\nid,age,crp,x\n1,2,3,4", 1),
            ("Study XYZ\nExported 2021-01-01,,,\nid,age,crp,x\n1,2,3,4", 2),
            ("sep=,\nid,age\n1,2", 1),
            // Numbers below a title are no names.
            ("Study XYZ,,,\n1,2,3,4\n5,6,7,8", 0),
            (",x\n1,a\n2,b", 0),
            ("a,b,c\n,,\n1,2,3", 0),
            ("", 0),
        ] {
            assert_eq!(header_place(&rows(text)), place, "{text}");
        }
    }

    #[test]
    fn units_stand_below_names() {
        let row = |text: &str| rows(text).remove(0);
        assert_eq!(units(&row(",years,mg/L,,g/dL")), Some(vec![None, Some("years"), Some("mg/L"), None, Some("g/dL")]));
        for none in ["1,years,mg/L", ",,mg/L", ",45,mg/L", "mg/L,g/dL", ",dead,mg/L,g/dL"] {
            assert_eq!(units(&row(none)), None, "{none}");
        }
        assert_eq!(unit_in_name("CRP (mg/L)"), Some("mg/L"));
        assert_eq!(unit_in_name("Hb [g/dL]"), Some("g/dL"));
        assert_eq!(unit_in_name("weight_kg"), Some("kg"));
        assert_eq!(unit_in_name("Glucose mg/dl"), Some("mg/dl"));
        assert_eq!(unit_in_name("n/a"), None);
        assert_eq!(unit_in_name("Race (choice=White)"), None);
        assert_eq!(unit_in_name(")"), None);
        assert!(is_total(b"Total") && is_total(b"MEAN") && !is_total(b"Totalus") && !is_total(b"N"));
    }
}
