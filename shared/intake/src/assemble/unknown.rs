//! Rows of persons who are not among those of the import.

use model::intake::FileCount;

use crate::event::Place;
use crate::report::{Flaw, Reporter};

/// Gives what was read the rows of `person`, and remembers what is of persons who are not there.
pub(crate) struct Unknown {
    /// Row of `person` by number of the person.
    row_of: Vec<Option<u32>>,
    places: Vec<Place>,
}

impl Unknown {
    pub(crate) fn new(row_of: Vec<Option<u32>>) -> Self {
        Self { row_of, places: Vec::new() }
    }

    /// Puts the row of `person` in the place of the person's number; says whether the person is there.
    #[inline]
    pub(crate) fn settle(&mut self, person: &mut u32, place: Place) -> bool {
        match self.row_of.get(*person as usize).copied().flatten() {
            Some(row) => {
                *person = row;
                true
            }
            None => {
                self.places.push(place);
                false
            }
        }
    }

    /// Rejects the rows of persons who are not there, each row once: how many by file, in the order of the files.
    pub(crate) fn reject(
        mut self,
        (field, reason): (&str, &str),
        files: &mut [FileCount],
        reporter: &mut Reporter,
    ) -> Vec<(u32, u64)> {
        crate::order::sort(&mut self.places);
        self.places.dedup();
        let mut by_file: Vec<(u32, u64)> = Vec::new();
        for place in self.places {
            let Some(file) = files.get_mut(place.file as usize) else { continue };
            file.rows_kept = file.rows_kept.saturating_sub(1);
            file.rows_rejected += 1;
            match by_file.last_mut() {
                Some((last, n)) if *last == place.file => *n += 1,
                _ => by_file.push((place.file, 1)),
            }
            let flaw = Flaw { field: field.to_owned(), reason: reason.to_owned() };
            reporter.row(&file.file, place.line(), flaw);
        }
        by_file
    }
}
