//! A header that is not the plan's to the letter: its columns are found by their names.

use model::intake::ColumnPlan;

use super::import::CsvImport;
use super::sink::Sink;
use crate::IntakeError;

impl CsvImport {
    /// Puts the plan into the order of the file's columns. Columns that the plan does not know are left out, and said.
    pub(super) fn by_name(&mut self, found: &[String]) -> Result<(), IntakeError> {
        let missing = self.mapping.missing_column(found);
        let n_unnamed = |names: &mut dyn Iterator<Item = &String>| names.filter(|name| name.is_empty()).count();
        let planned_unnamed = n_unnamed(&mut self.mapping.columns.iter().map(|c| &c.name));
        let detail = match missing {
            Some(column) => format!("it names the column '{column}', which the file does not have"),
            None if planned_unnamed > n_unnamed(&mut found.iter()) => {
                "it has a column without a name that the file does not have".to_owned()
            }
            None => String::new(),
        };
        if self.is_above(found) {
            return Ok(());
        }
        super::inspect::check_header(&self.file, found, self.mapping.delimiter)?;
        if !detail.is_empty() {
            return Err(IntakeError::Mapping { file: self.file.clone(), detail });
        }
        self.say_above();
        let mut planned: Vec<Option<(ColumnPlan, Sink)>> = std::mem::take(&mut self.mapping.columns)
            .into_iter()
            .zip(std::mem::take(&mut self.sinks))
            .map(Some)
            .collect();
        let mut unknown = Vec::new();
        for name in found {
            let place = planned.iter_mut().find(|p| p.as_ref().is_some_and(|(plan, _)| plan.name == *name));
            let (plan, sink) = place.and_then(Option::take).unwrap_or_else(|| {
                unknown.push(if name.is_empty() { "(without a name)".to_owned() } else { format!("'{name}'") });
                (ColumnPlan::left_out(name), Sink::Skip { seen: 0 })
            });
            self.mapping.columns.push(plan);
            self.sinks.push(sink);
        }
        self.own_names.again(&self.mapping);
        if !unknown.is_empty() {
            self.reporter.warn(format!(
                "{} has columns that the plan does not know; they were left out: {}.",
                self.file,
                unknown.join(", ")
            ));
        }
        Ok(())
    }
}
