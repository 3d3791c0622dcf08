//! A row a code: its words, for the codes of other tables.

use model::import_mapping::DictionaryShape;

use super::{Common, No, Row};
use crate::IntakeError;
use crate::csv::sink::readable;
use crate::report::Flaw;
use crate::tables::dictionaries::{Dictionary, Said};
use crate::tables::store::Store;

/// Where the columns are.
pub(super) struct Columns {
    shape: DictionaryShape,
    code: usize,
    label: usize,
    version: Option<usize>,
    unit: Option<usize>,
    category: Option<usize>,
    /// The place of the dictionary among those of the import.
    place: usize,
}

impl Columns {
    pub(super) fn new(
        shape: &DictionaryShape,
        at: &dyn Fn(&str) -> Result<usize, IntakeError>,
        store: &mut Store,
    ) -> Result<Self, IntakeError> {
        let of = |name: &Option<String>| name.as_deref().map(at).transpose();
        let place = store.dictionaries.len();
        store.dictionaries.push(Dictionary::new(store.file, &shape.of));
        Ok(Self {
            code: at(&shape.code)?,
            label: at(&shape.label)?,
            version: of(&shape.version)?,
            unit: of(&shape.unit)?,
            category: of(&shape.category)?,
            place,
            shape: shape.clone(),
        })
    }

    /// Takes a row. It counts as not used until a row of another table has its code.
    pub(super) fn take(&self, row: Row<'_>, common: &Common, store: &mut Store) -> No {
        let text = |at: usize, column: &str| {
            let field = row.get(at);
            let text = if common.missing.is(field) { Ok("") } else { readable(field) };
            text.map_err(|reason| {
                let reason = reason.replace("; set to missing", "");
                No::Rejected(Flaw { field: column.to_owned(), reason })
            })
        };
        let other = |at: Option<usize>| at.and_then(|at| text(at, "").ok()).unwrap_or_default();
        let (code, label) = match (text(self.code, &self.shape.code), text(self.label, &self.shape.label)) {
            (Ok(code), Ok(label)) => (code, label),
            (Err(no), _) | (_, Err(no)) => return no,
        };
        if code.is_empty() {
            let reason = "no code: it is not known whose words these are".to_owned();
            return No::Rejected(Flaw { field: self.shape.code.clone(), reason });
        }
        let (version, unit, category) = (other(self.version), other(self.unit), other(self.category));
        if let Some(dictionary) = store.dictionaries.get_mut(self.place).filter(|_| !label.is_empty()) {
            dictionary.add(&Said { code, version, label, category, unit });
        }
        No::NotUsed
    }
}
