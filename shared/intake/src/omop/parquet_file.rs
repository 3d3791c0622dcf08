//! OMOP tables as Parquet files.

use super::layout::Layout;
use super::row::Row;
use super::{OmopImport, Sink, settle};
use crate::IntakeError;
use crate::event::Place;
use crate::parquet::{Damage, Stream};

impl OmopImport {
    fn damage(&self, damage: Damage) -> IntakeError {
        let file = self.files.last().map_or_else(String::new, |f| f.file.clone());
        let at = damage.column.map(|c| format!("the column '{c}': ")).unwrap_or_default();
        IntakeError::Parquet { file, detail: format!("{at}{}.", damage.reason) }
    }

    /// Begins a Parquet file with its first bytes.
    pub(super) fn begin_parquet(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.parquet = Some(Stream::new());
        let tail = open.tail.take().filter(|tail| crate::footer_bytes(tail).is_some_and(|n| n <= tail.len() as u64));
        if let Some(tail) = tail {
            self.describe_parquet(Some(&tail))?;
        }
        self.push_parquet(bytes)
    }

    /// Takes the next bytes of a Parquet file.
    pub(super) fn push_parquet(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        let Some(stream) = self.open.as_mut().and_then(|o| o.parquet.as_mut()) else { return Ok(()) };
        if stream.is_open() {
            stream.push(bytes);
            return self.read_parquet();
        }
        stream.hold(bytes).map_err(|e| self.damage(e))
    }

    /// Ends a Parquet file.
    pub(super) fn end_parquet(&mut self) -> Result<(), IntakeError> {
        let Some(stream) = self.open.as_mut().and_then(|o| o.parquet.as_mut()) else { return Ok(()) };
        if !stream.is_open() {
            self.describe_parquet(None)?;
            self.read_parquet()?;
        }
        let complete = self.open.as_ref().and_then(|o| o.parquet.as_ref()).is_none_or(Stream::is_complete);
        if !complete {
            let reason = "its values end before its rows do: it seems to be cut. Copy it again".to_owned();
            return Err(self.damage(reason.into()));
        }
        if let Some(open) = &mut self.open {
            open.parquet = None;
            open.skip = true;
        }
        Ok(())
    }

    /// Reads the description and chooses the columns.
    fn describe_parquet(&mut self, tail: Option<&[u8]>) -> Result<(), IntakeError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let Some(stream) = &mut open.parquet else { return Ok(()) };
        let meta = stream.describe(tail).map_err(|e| self.damage(e))?;
        let names: Vec<String> = meta.names().map(str::to_owned).collect();
        let Some(open) = &mut self.open else { return Ok(()) };
        let layout = open.table.map(|table| Layout::new(table, &names));
        let mut wanted = Vec::new();
        match layout {
            Some(Ok(mut layout)) => {
                wanted = layout.narrow();
                open.layout = Some(layout);
            }
            other => {
                let Some(counts) = self.files.last_mut() else { return Ok(()) };
                if let Some(Err(missing)) = other {
                    self.reporter.warn(format!("{} has no column {missing}: its rows were not used.", counts.file));
                }
                counts.rows_read += meta.n_rows;
                counts.rows_not_used += meta.n_rows;
                self.n_rows += meta.n_rows;
            }
        }
        if let Some(stream) = &mut open.parquet {
            stream.open(meta, wanted);
        }
        Ok(())
    }

    /// Reads the row groups that are complete.
    fn read_parquet(&mut self) -> Result<(), IntakeError> {
        loop {
            let Some(stream) = self.open.as_mut().and_then(|o| o.parquet.as_mut()) else { return Ok(()) };
            let Some(mut rows) = stream.next().map_err(|e| self.damage(e))? else { return Ok(()) };
            loop {
                let n = rows.ready().map_err(|e| self.damage(e))?;
                if n == 0 {
                    break;
                }
                self.take_ready(&rows, n);
            }
        }
    }

    fn take_ready(&mut self, rows: &crate::parquet::Rows, n: usize) {
        let index = super::file_number(&self.files);
        let layout = self.open.as_ref().and_then(|o| o.layout.as_ref());
        let (Some(layout), Some(counts)) = (layout, self.files.last_mut()) else { return };
        let file = counts.file.clone();
        let mut sink = Sink {
            records: &mut self.records,
            vocabulary: &mut self.vocabulary,
            reporter: &mut self.reporter,
            file: &file,
        };
        for row in 0..n {
            // A Parquet file has no lines: rows are counted from 1.
            let line = counts.rows_read + 1;
            let fate = sink.take(layout, Row::Cells(rows, row), Place::new(index, line));
            settle(counts, &file, line, fate, sink.reporter);
        }
        self.n_rows += n as u64;
    }
}
