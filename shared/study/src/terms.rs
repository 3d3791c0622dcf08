//! Covariates as model terms: numbers as they are, categories against their first level.

use cohort::{CovariateColumn, CovariateValues};

use crate::error::StudyError;

/// Groups that are compared, and levels of a covariate in a model: more are an identifier, and their matrices fill the memory.
pub(crate) const MAX_LEVELS: usize = 100;

/// One column of a design.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Term {
    /// `column`, or `column=level`.
    pub(crate) name: String,
    /// The covariate it belongs to.
    pub(crate) covariate: String,
    /// The level it is compared with; none of a number.
    pub(crate) reference: Option<String>,
    pub(crate) values: Vec<f64>,
}

/// A term in a sentence: `chemo = 1` for `chemo=1`.
pub(crate) fn in_words(term: &str) -> String {
    term.replacen('=', " = ", 1)
}

/// A design without intercept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Terms {
    pub(crate) terms: Vec<Term>,
    /// Rows with a value of every covariate.
    pub(crate) complete: Vec<bool>,
    /// Categories with fewer than two levels among the rows: they give no term.
    pub(crate) constant: Vec<String>,
}

impl Terms {
    /// A term a number, a term a level but the first that occurs for a category.
    ///
    /// # Errors
    /// A category of more than [`MAX_LEVELS`] levels.
    pub(crate) fn of(columns: Vec<CovariateColumn>, n_rows: usize) -> Result<Self, StudyError> {
        let mut design = Self { complete: vec![true; n_rows], ..Self::default() };
        for column in columns {
            for (row, slot) in design.complete.iter_mut().enumerate() {
                *slot &= column.values.is_valid(row);
            }
            match column.values {
                CovariateValues::Number { values, .. } => design.push(&column.name, &column.name, None, values),
                CovariateValues::Category { codes, valid, levels } => {
                    let mut used = vec![false; levels.len()];
                    for (code, _) in codes.iter().zip(&valid).filter(|(_, v)| **v) {
                        if let Some(slot) = used.get_mut(*code as usize) {
                            *slot = true;
                        }
                    }
                    let n_used = used.iter().filter(|u| **u).count();
                    if n_used > MAX_LEVELS {
                        return Err(StudyError::invalid(format!(
                            "'{}' has {n_used} different values, and a model takes a covariate of at most {MAX_LEVELS}: is it \
                             an identifier?",
                            column.name
                        )));
                    }
                    if n_used < 2 {
                        design.constant.push(column.name.clone());
                    }
                    let mut levels = levels.iter().enumerate().filter(|(level, _)| used[*level]);
                    let Some((_, reference)) = levels.next() else { continue };
                    for (level, text) in levels {
                        let is_level = codes.iter().map(|c| f64::from(u8::from(*c as usize == level))).collect();
                        design.push(&format!("{}={text}", column.name), &column.name, Some(reference), is_level);
                    }
                }
            }
        }
        Ok(design)
    }

    /// A sentence for every category that gives no term.
    pub(crate) fn left_out(&self) -> Vec<String> {
        self.constant
            .iter()
            .map(|name| format!("'{name}' is constant among the subjects compared; it was left out"))
            .collect()
    }

    pub(crate) fn push(&mut self, name: &str, covariate: &str, reference: Option<&String>, values: Vec<f64>) {
        let reference = reference.cloned();
        self.terms.push(Term { name: name.to_owned(), covariate: covariate.to_owned(), reference, values });
    }

    /// The same with a term in front, of those who are not `reference`.
    pub(crate) fn with_first(mut self, name: &str, reference: &str, values: Vec<f64>) -> Self {
        let reference = Some(reference.to_owned());
        let term = Term { name: name.to_owned(), covariate: name.to_owned(), reference, values };
        self.terms.insert(0, term);
        self
    }

    /// The rows to keep, in order; no copy if that is all of them.
    pub(crate) fn into_kept(self, keep: &[bool]) -> Self {
        if keep.iter().all(|k| *k) { self } else { self.filter(keep) }
    }

    /// The rows to keep, in order.
    pub(crate) fn filter(&self, keep: &[bool]) -> Self {
        let terms = self.terms.iter().map(|t| Term { values: crate::rows::filtered(&t.values, keep), ..t.clone() });
        Self {
            terms: terms.collect(),
            complete: crate::rows::filtered(&self.complete, keep),
            constant: self.constant.clone(),
        }
    }

    /// Terms of one covariate together, each with its name.
    pub(crate) fn by_covariate(&self) -> Vec<(String, Vec<usize>)> {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        for (i, term) in self.terms.iter().enumerate() {
            match groups.last_mut() {
                Some((name, members)) if *name == term.covariate => members.push(i),
                _ => groups.push((term.covariate.clone(), vec![i])),
            }
        }
        groups
    }

    pub(crate) fn columns(&self) -> Vec<&[f64]> {
        self.terms.iter().map(|t| t.values.as_slice()).collect()
    }
}
