//! The intake report while it is made: counts are exact, the list of rejections is capped.

use columnar::build::CategoryBuilder;
use model::intake::{FileCount, IdentifierFound, IntakeReport, Rejection};

/// Rejections listed; all are counted.
pub(crate) const MAX_LISTED: usize = 1000;

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Kept,
    Rejected,
    #[cfg_attr(not(feature = "omop"), allow(dead_code, reason = "a flat file has no row that is not used"))]
    NotUsed,
}

/// Something that was rejected, before it is known whether its row is kept.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "fhir", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Flaw {
    pub(crate) field: String,
    pub(crate) reason: String,
}

/// The report while it is made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reporter {
    pub(crate) report: IntakeReport,
    /// The warnings, looked up by their words: a hundred thousand files may each have one.
    said: CategoryBuilder,
}

impl Reporter {
    pub(crate) fn new(format: &str) -> Self {
        Self {
            report: IntakeReport { format: format.to_owned(), ..IntakeReport::default() },
            said: CategoryBuilder::new(),
        }
    }

    /// Whether another rejection would be listed: making its words can be spared if not.
    pub(crate) fn lists_more(&self) -> bool {
        self.report.rejected.len() < MAX_LISTED
    }

    fn list(&mut self, file: &str, line: u64, field: String, reason: String) {
        if self.lists_more() {
            self.report.rejected.push(Rejection { file: file.to_owned(), line, field, reason });
        }
    }

    /// Lists a rejected row; [`Reporter::count`] counts it.
    pub(crate) fn row(&mut self, file: &str, line: u64, flaw: Flaw) {
        self.list(file, line, flaw.field, flaw.reason);
    }

    /// Counts and lists a value that was set to missing.
    pub(crate) fn value(&mut self, file: &str, line: u64, flaw: Flaw) {
        self.report.values_rejected += 1;
        self.list(file, line, flaw.field, flaw.reason);
    }

    /// Ends a file: its counts and the totals.
    pub(crate) fn file(&mut self, count: FileCount) {
        self.report.rows_read += count.rows_read;
        self.report.rows_kept += count.rows_kept;
        self.report.rows_rejected += count.rows_rejected;
        self.report.rows_not_used += count.rows_not_used;
        self.report.files.push(count);
    }

    /// Takes over what another reporter holds of rows and values; its files are not counted.
    #[cfg(feature = "tables")]
    pub(crate) fn absorb(&mut self, other: &Reporter) {
        self.report.values_rejected += other.report.values_rejected;
        for r in &other.report.rejected {
            self.list(&r.file, r.line, r.field.clone(), r.reason.clone());
        }
        for i in &other.report.identifiers {
            self.identifiers(&i.class, i.found, &i.place, i.action.clone());
        }
        for warning in &other.report.warnings {
            self.warn(warning.as_str());
        }
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        let n_said = self.said.levels().len();
        self.said.intern(&text);
        if self.said.levels().len() > n_said {
            self.report.warnings.push(text);
        }
    }

    /// Says what there was any of: how many, `one is`, `many are`, and what became of them.
    #[cfg(feature = "omop")]
    pub(crate) fn warn_counts(&mut self, counts: &[(u64, &str, &str, &str)]) {
        for (n, one, many, rest) in counts {
            if *n > 0 {
                self.warn(format!("{} {rest}.", counted(*n, one, many)));
            }
        }
    }

    /// Counts identifiers found at a place (file and field, notes, other text).
    pub(crate) fn identifiers(&mut self, class: &str, found: u64, place: &str, action: impl Into<String>) {
        if found == 0 {
            return;
        }
        let action = action.into();
        let same = |i: &&mut IdentifierFound| i.class == class && i.place == place && i.action == action;
        match self.report.identifiers.iter_mut().find(same) {
            Some(i) => i.found += found,
            None => self.report.identifiers.push(IdentifierFound {
                class: class.to_owned(),
                found,
                place: place.to_owned(),
                action,
            }),
        }
    }
}

/// Adds a row to the counts of a file.
pub(crate) fn count(file: &mut FileCount, fate: Fate) {
    file.rows_read += 1;
    match fate {
        Fate::Kept => file.rows_kept += 1,
        Fate::Rejected => file.rows_rejected += 1,
        Fate::NotUsed => file.rows_not_used += 1,
    }
}

/// `1 row`, `2,345 rows`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(n)) }
}

fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}
