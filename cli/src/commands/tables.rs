//! How flat files, tables and notes of an import are read: as proposed, or by a mapping.

use std::path::{Path, PathBuf};

use anyhow::bail;
use model::import_mapping::{
    FileNotUsed, IMPORT_MAPPING_SCHEMA_VERSION, ImportMapping, TablePlan, TableProposal, TableShape, TablesProposal,
    table_name,
};
use model::intake::{CsvDialect, CsvMapping};
use protocol::ImportFormat;

use super::dataset::{as_document, json_file};
use crate::output::write_whole;
use crate::session::{Session, file_name};

/// How the files are read.
pub(super) struct HowToRead {
    pub(super) format: ImportFormat,
    /// Files that cannot be used.
    pub(super) not_used: Vec<String>,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
}

/// Files with the names that the import knows them by: of a folder given, the path within it.
pub(super) fn named(paths: &[PathBuf], files: &[PathBuf]) -> Vec<(String, PathBuf)> {
    let name = |file: &PathBuf| {
        let within = paths.iter().find_map(|p| file.strip_prefix(p).ok()).filter(|rest| !rest.as_os_str().is_empty());
        within.map_or_else(|| file_name(file), |rest| rest.to_string_lossy().replace('\\', "/"))
    };
    files.iter().map(|file| (name(file), file.clone())).collect()
}

/// Looks at the files and applies the mapping, where one is given.
pub(super) fn how_to_read(
    session: &mut Session,
    saved: Option<&Path>,
    save_to: Option<&Path>,
    files: &[(String, PathBuf)],
) -> anyhow::Result<HowToRead> {
    let saved = saved.map(|path| Saved::read(path, files)).transpose()?;
    if let Some(Saved { document: Document::Flat(mapping), .. }) = saved {
        return Ok(HowToRead { format: ImportFormat::Csv { mapping }, not_used: Vec::new(), warnings: Vec::new() });
    }
    let found = session.inspect_tables(files, &[])?;
    let mut warnings: Vec<String> =
        found.not_used.iter().map(|f: &FileNotUsed| format!("{} was not used: {}", f.file, f.reason)).collect();
    let (mapping, found) = match saved {
        None => {
            warnings.extend(unsure(&found));
            warnings.extend(proposed(&found));
            (ImportMapping::from(&found), found)
        }
        Some(saved) => {
            let (mapping, words, found) = saved.apply(session, files, found)?;
            warnings.extend(words);
            (mapping, found)
        }
    };
    if let Some(path) = save_to {
        let text = serde_json::to_string_pretty(&mapping)?;
        write_whole(path, text.as_bytes())?;
    }
    if let Some(problem) = mapping.problems().first() {
        bail!("{problem} Write the mapping with --save-mapping M.json, correct it, and give it with --mapping M.json.");
    }
    let not_used =
        found.not_used.iter().map(|f| f.file.clone()).filter(|f| files.iter().any(|(n, _)| n == f)).collect();
    let format = match flat(&mapping, &found, files) {
        Some(mapping) => ImportFormat::Csv { mapping },
        None => ImportFormat::Tables { mapping: Box::new(mapping) },
    };
    Ok(HowToRead { format, not_used, warnings })
}

/// The mapping of one delimited file with a row a person, which is imported as it always was.
fn flat(mapping: &ImportMapping, found: &TablesProposal, files: &[(String, PathBuf)]) -> Option<CsvMapping> {
    match (mapping.tables.as_slice(), found.tables.as_slice()) {
        ([plan], [table]) if found.texts.is_empty() && table.is_delimited && plan.shape == TableShape::Persons => {
            // What came out of an archive is no file of its own.
            files.iter().any(|(name, _)| *name == table.file).then(|| plan.mapping.clone())
        }
        _ => None,
    }
}

/// A mapping from a file.
struct Saved<'a> {
    path: &'a Path,
    document: Document,
}

enum Document {
    Tables(ImportMapping),
    Flat(CsvMapping),
}

impl<'a> Saved<'a> {
    fn read(path: &'a Path, files: &[(String, PathBuf)]) -> anyhow::Result<Self> {
        let value = json_file(path)?;
        if value.get("columns").is_some() {
            if files.len() != 1 {
                bail!(
                    "{} is the mapping of one flat file, and {} files were given. Write one for all with --save-mapping M.json.",
                    path.display(),
                    files.len()
                );
            }
            return Ok(Self { path, document: Document::Flat(as_document(path, "a mapping", &value)?) });
        }
        let mapping: ImportMapping = as_document(path, "a mapping", &value)?;
        if mapping.schema_version > IMPORT_MAPPING_SCHEMA_VERSION {
            bail!("{} was written by a newer version of Rounds. Update Rounds and try again.", path.display());
        }
        Ok(Self { path, document: Document::Tables(mapping) })
    }

    /// The mapping for what was found. Where its columns are not found, the files may be written otherwise than guessed: then
    /// they are looked at again as the mapping says.
    fn apply(
        self,
        session: &mut Session,
        files: &[(String, PathBuf)],
        found: TablesProposal,
    ) -> anyhow::Result<(ImportMapping, Vec<String>, TablesProposal)> {
        let Document::Tables(mapping) = self.document else { bail!("a mapping of one flat file needs no look at it") };
        let misfit = match mapping.apply(&found) {
            Ok((applied, words)) => return Ok((applied, words, found)),
            Err(misfit) => misfit,
        };
        let said: Vec<(String, CsvDialect)> = mapping.tables.iter().map(dialect).collect();
        let again = session.inspect_tables(files, &said)?;
        let (applied, words) =
            mapping.apply(&again).map_err(|_again| anyhow::anyhow!("{}: {misfit}.", self.path.display()))?;
        Ok((applied, words, again))
    }
}

/// How a table was written, by its name.
fn dialect(plan: &TablePlan) -> (String, CsvDialect) {
    let mapping = &plan.mapping;
    let said = CsvDialect {
        delimiter: Some(mapping.delimiter),
        encoding: None,
        quote: Some(mapping.quote),
        decimal: Some(mapping.decimal),
    };
    (plan.file.clone(), said)
}

/// What was said of how each table is read, but for what is said elsewhere: of the order of dates by [`unsure`].
fn proposed(found: &TablesProposal) -> Vec<String> {
    let of = |table: &TableProposal| {
        let name = table_name(&table.file, table.sheet.as_deref());
        // The import counts for itself who stands in several rows.
        let is_said = |w: &str| {
            w.contains("could be day-month-year or month-day-year")
                || w.contains("takes each row as a person of its own")
        };
        let told = table.proposal.warnings.iter().filter(|w| !is_said(w));
        told.map(|warning| format!("{name}: {warning}")).collect::<Vec<_>>()
    };
    let not_used = |table: &TableProposal| {
        format!("{} was not used: {}.", table_name(&table.file, table.sheet.as_deref()), table.why)
    };
    let (used, left): (Vec<_>, Vec<_>) = found.tables.iter().partition(|t| t.shape != TableShape::NotUsed);
    used.into_iter().flat_map(of).chain(left.into_iter().map(not_used)).collect()
}

/// Dates whose order was guessed.
fn unsure(found: &TablesProposal) -> Vec<String> {
    let of = |table: &TableProposal| {
        let name = table_name(&table.file, table.sheet.as_deref());
        let columns = table.proposal.mapping.columns.iter().zip(&table.proposal.evidence);
        let unsure = columns.filter(|(c, e)| c.role.is_day() && e.date_order_unsure);
        unsure
            .map(|(c, _)| {
                format!(
                    "{name}: nothing in the dates of '{}' says whether the day or the month comes first; one order was taken. If it \
                     is the wrong one, all these dates are wrong: write the mapping with --save-mapping, correct date_format, and \
                     give it with --mapping.",
                    c.name
                )
            })
            .collect::<Vec<_>>()
    };
    found.tables.iter().flat_map(of).collect()
}
