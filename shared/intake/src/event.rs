//! Events as they wait for the end of an import, each in 48 bytes or less: there are millions of them, and each is moved
//! several times.

/// Where a row stands. By file, then line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Number of the file.
    pub(crate) file: u32,
    line: u32,
}

impl Place {
    /// A line (or row) of a file, from 1. Lines above four thousand million are told as the last of these: more rows than
    /// that are refused at the end.
    pub(crate) fn new(file: u32, line: u64) -> Self {
        Self { file, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    pub(crate) fn line(self) -> u64 {
        self.line.into()
    }
}

/// The end of an event that has none: far from every day of the years 1 to 9999.
const NO_END: i32 = i32::MIN;

/// An event as it waits for its table. `M` is what only its format knows of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event<M> {
    /// Number of the person; at the end, row of `person`.
    pub(crate) person: u32,
    /// Number of the concept among those of the import.
    pub(crate) concept: u32,
    pub(crate) start: i32,
    end: i32,
    /// Not a number where there is none: half as long as a value and whether it is there.
    value: f64,
    /// Number of the value in words.
    pub(crate) text: u32,
    /// Number of the unit.
    pub(crate) unit: u32,
    pub(crate) place: Place,
    pub(crate) more: M,
}

impl<M> Event<M> {
    /// An event of one day that says no more than that it was.
    pub(crate) fn new(person: u32, concept: u32, start: i32, place: Place, more: M) -> Self {
        Self { person, concept, start, end: NO_END, value: f64::NAN, text: 0, unit: 0, place, more }
    }

    pub(crate) fn end(&self) -> Option<i32> {
        (self.end != NO_END).then_some(self.end)
    }

    pub(crate) fn set_end(&mut self, end: Option<i32>) {
        self.end = end.unwrap_or(NO_END);
    }

    /// The last day: the end, else the start.
    pub(crate) fn last(&self) -> i32 {
        self.end().unwrap_or(self.start)
    }

    pub(crate) fn value(&self) -> Option<f64> {
        (!self.value.is_nan()).then_some(self.value)
    }

    pub(crate) fn set_value(&mut self, value: Option<f64>) {
        self.value = value.unwrap_or(f64::NAN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_takes_no_room() {
        assert!(size_of::<Event<u64>>() <= 48);
        let mut event = Event::new(0, 0, 7, Place::new(0, 1), ());
        assert_eq!((event.end(), event.value(), event.last()), (None, None, 7));
        event.set_end(Some(9));
        event.set_value(Some(0.0));
        assert_eq!((event.end(), event.value(), event.last()), (Some(9), Some(0.0), 9));
    }

    #[test]
    fn places_are_in_the_order_of_files_and_lines() {
        assert!(Place::new(0, 9) < Place::new(1, 2) && Place::new(1, 2) < Place::new(1, 3));
        assert_eq!(Place::new(0, u64::MAX).line(), u64::from(u32::MAX));
    }
}
