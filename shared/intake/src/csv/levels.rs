//! Levels of a column as they may be stored: no identifiers among them, and no ages above 89.

use columnar::Column;
use columnar::build::CategoryBuilder;
use model::intake::ColumnPlan;
use rustc_hash::FxHashMap;

use super::ages::{self, OLD};
use crate::free_text::{FreeText, KnownIdentifiers};
use crate::report::{Reporter, counted};

/// Whether a level is stored as it is: one word without digits names a thing, not somebody's number or day, and a name alone cannot
/// be told from a word.
fn is_plain(level: &str) -> bool {
    !level.contains(|c: char| c.is_whitespace() || c.is_ascii_digit() || c == '@' || c == '/')
}

/// `1000-1999`, `>= 50`, `[10, 20)`: numbers alone and what is between two. The screen, which is for prose, would take some for telephone
/// numbers. Three digits and four may be one.
fn is_range(level: &str) -> bool {
    let bare =
        level.trim_matches(|c: char| matches!(c, '<' | '>' | '=' | '≤' | '≥' | '+' | '[' | ']' | '(' | ')' | ' '));
    let mut parts = bare.splitn(2, ['-', '–', ',']).map(str::trim);
    // Zeros before it are of a number that names something: a ZIP code, a day.
    let is_padded = |p: &str| p.len() > 1 && p.starts_with('0') && !p.starts_with("0.");
    let number = |part: Option<&str>| {
        let part = part.filter(|p| p.len() <= 6 && !is_padded(p))?;
        Some((part.parse::<f64>().ok()?, part.len()))
    };
    match (number(parts.next()), parts.next()) {
        (Some(_), None) => true,
        (Some((low, n_low)), second) => {
            number(second).is_some_and(|(high, n_high)| low < high && (n_low, n_high) != (3, 4))
        }
        _ => false,
    }
}

/// Gives the names that a level, in so many rows, seems to hold of the persons of these rows.
pub(super) type Own<'a> = &'a dyn Fn(&str, u64) -> Option<KnownIdentifiers>;

/// The column, its levels through the identifier screen. Levels that become one are counted and said.
pub(super) fn screened(
    column: CategoryBuilder,
    plan: &ColumnPlan,
    (place, own): (&str, Own<'_>),
    free: &mut FreeText,
    reporter: &mut Reporter,
) -> Column {
    let column = column.finish();
    let Column::Category(found) = &column else { return column };
    let are_ages = ages::are_levels(&plan.name, &plan.label, plan.unit.as_deref());
    let (mut changed, mut is_changed, mut is_old) = (Vec::with_capacity(found.levels.len()), false, Vec::new());
    let mut n_rows = vec![0_u64; found.levels.len()];
    for code in found.codes.iter().flatten() {
        if let Some(n) = n_rows.get_mut(code as usize) {
            *n += 1;
        }
    }
    for (level, n_rows) in found.levels.iter().zip(n_rows) {
        let old = are_ages && ages::is_old(level);
        let text = if old {
            OLD.to_owned()
        } else if let Some(known) = own(level, n_rows) {
            free.level(place, &known, level)
        } else if is_plain(level) || is_range(level) {
            level.clone()
        } else {
            free.level(place, &KnownIdentifiers::default(), level)
        };
        is_changed |= text != *level;
        is_old.push(old && text != *level);
        changed.push(text);
    }
    if !is_changed {
        return column;
    }
    let (mut out, mut n_old) = (CategoryBuilder::new(), 0);
    out.reserve(found.codes.len());
    for code in &found.codes {
        let code = code.map(|c| c as usize);
        n_old += u64::from(code.is_some_and(|c| is_old.get(c) == Some(&true)));
        out.push(code.and_then(|c| changed.get(c)).map(String::as_str));
    }
    reporter.identifiers("ages over 89", n_old, place, "level set to 90+");
    let mut as_one: FxHashMap<&str, u64> = FxHashMap::default();
    for text in changed.iter().filter(|text| *text != OLD) {
        *as_one.entry(text).or_default() += 1;
    }
    let (n_before, n_after) = as_one.values().filter(|n| **n > 1).fold((0, 0), |(b, a), n| (b + n, a + 1));
    if n_before > 0 {
        reporter.warn(format!(
            "{place}: {} became {} when identifiers were replaced: their rows cannot be told apart any more. If the column is text \
             rather than levels, take it as text.",
            counted(n_before, "level", "different levels"),
            counted(n_after, "level", "levels"),
        ));
    }
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    fn through(levels: &[&str], name: &str) -> (Vec<Option<String>>, Reporter) {
        let (mut column, mut reporter) = (CategoryBuilder::new(), Reporter::new("csv"));
        levels.iter().for_each(|l| column.push(Some(l)));
        let settings = Settings { review: true, ..Settings::new("test", [7; 32]) };
        let mut free = FreeText::new(&settings);
        let made = screened(column, &ColumnPlan::left_out(name), ("f.csv: x", &|_, _| None), &mut free, &mut reporter);
        let review = free.report(&mut reporter);
        // What is to be looked at before anything is stored: levels in which something was found, and no others.
        assert_eq!(review.n_texts > 0, reporter.report.identifiers.iter().any(|i| !i.action.contains("90+")));
        let Column::Category(made) = made else { panic!("levels stay levels") };
        ((0..levels.len()).map(|row| made.level(row).map(str::to_owned)).collect(), reporter)
    }

    #[test]
    fn ordinary_levels_stay_what_they_are() {
        let usual = [
            "stage II",
            "Yes - mild",
            "Grade 3",
            "hormone therapy",
            "T2 N1 M0",
            "5-FU",
            "FOLFOX4",
            "Lev+5FU",
            "HER2+",
            "ER+/PR-",
            "< 50",
            "50-60",
            ">= 3",
            "1-3 nodes",
            "10 mg",
            "type 2 diabetes",
            "not applicable",
            "New York",
            "African American",
            "Black or African American",
            "White",
            "Crohn's disease",
            "Hodgkin lymphoma",
            "Wilms tumor",
            "ECOG 1",
            "1",
            "2",
            "12",
            "1.5",
            "grade 3/4",
            "1/2",
            "non-small cell",
            "no event",
            "never smoker",
            "ex-smoker",
            "squamous cell carcinoma",
            "NYHA III",
            "60-69",
            "2 or more",
            "0",
            "2015",
            "G1",
            "pT3",
            "left upper lobe",
            "Arm A",
            "Arm B: placebo",
            "standard",
            "current every day smoker",
            "Some college",
            "High school graduate",
            "Married",
            "Stage IIIA",
            "ST elevation",
            "Ductal Carcinoma",
            "Complete Response",
            "Partial Response",
            "Progressive Disease",
            "Stable Disease",
            "Not Hispanic",
            "100 mg/m2",
            "Yes, severe",
            "Group 1",
            "Site 3",
            "Week 12",
            "Day 1",
            "Cycle 2 Day 15",
            "A-",
            "2nd line",
            "1000-1999",
            "15000-19999",
            "[10, 20)",
            "1971-1982",
            "> 5",
        ];
        let (found, reporter) = through(&usual, "kind");
        let changed: Vec<_> = usual.iter().zip(&found).filter(|(u, f)| f.as_deref() != Some(**u)).collect();
        assert!(changed.is_empty(), "{changed:?}");
        assert!(reporter.report.identifiers.is_empty() && reporter.report.warnings.is_empty());
    }

    #[test]
    fn identifiers_among_levels_go_and_what_becomes_one_is_said() {
        let levels = ["ok", "call Ann Baker 617-555-0142", "call Bob Miller 617-555-0199", "seen on 03/14/2020", "ok"];
        let (found, reporter) = through(&levels, "remark");
        let found: Vec<&str> = found.iter().flatten().map(String::as_str).collect();
        assert_eq!(found, ["ok", "call [NAME] [PHONE]", "call [NAME] [PHONE]", "seen on [DATE]", "ok"]);
        let of = |class: &str| reporter.report.identifiers.iter().find(|i| i.class == class).map(|i| i.found);
        assert_eq!((of("names"), of("telephone numbers"), of("dates")), (Some(2), Some(2), Some(1)));
        assert_eq!(reporter.report.warnings.len(), 1, "{:?}", reporter.report.warnings);
        assert!(reporter.report.warnings[0].contains("2 different levels became 1 level"));
    }

    #[test]
    fn levels_of_ages_end_at_ninety() {
        let (found, reporter) = through(&["80-89", "90-94", "95-99", "100+", "60-69", "90+"], "age_group");
        let found: Vec<&str> = found.iter().flatten().map(String::as_str).collect();
        assert_eq!(found, ["80-89", "90+", "90+", "90+", "60-69", "90+"]);
        let old = reporter.report.identifiers.iter().find(|i| i.class == "ages over 89").expect("they are counted");
        assert_eq!((old.found, reporter.report.warnings.len()), (3, 0));
        let (found, _) = through(&["80-89", "90-94"], "dose");
        assert_eq!(found[1].as_deref(), Some("90-94"));
    }
}
