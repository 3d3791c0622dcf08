//! Outcomes in columns: a duration and its event, or the first of two events.

use cohort::Source;
use model::study::EventColumns;

use crate::columns::{events, numbers};

/// Duration and event of every row.
pub(crate) struct OutcomeColumns {
    pub(crate) time: Vec<f64>,
    pub(crate) event: Vec<bool>,
    /// Rows where everything needed is known.
    pub(crate) known: Vec<bool>,
}

impl OutcomeColumns {
    /// Reads an event, and with `or` whichever of two comes first.
    ///
    /// t = min(t1, t2); an event where one of those at t is. Follow-up ends with the shorter of the two: whoever was looked
    /// after no longer for one of them could have had it unseen, and counting only deaths from then on would count those
    /// who die and not those who live.
    ///
    /// # Errors
    /// Everything that does not fit the columns, in words.
    pub(crate) fn read(
        source: &Source<'_>,
        duration: &str,
        event: &str,
        or: Option<&EventColumns>,
    ) -> Result<Self, Vec<String>> {
        let first = Self::pair(source, duration, event);
        let Some(or) = or else {
            return first;
        };
        match (first, Self::pair(source, &or.duration, &or.event)) {
            (Ok(first), Ok(second)) => Ok(first.or(&second)),
            (first, second) => Err(first.err().into_iter().chain(second.err()).flatten().collect()),
        }
    }

    fn pair(source: &Source<'_>, duration: &str, event: &str) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let time = numbers(source, duration, "duration").map_err(|p| problems.push(p));
        let event = events(source, event).map_err(|p| problems.push(p));
        let (Ok(time), Ok((event, event_valid))) = (time, event) else {
            return Err(problems);
        };
        if let Some(bad) = time.values.iter().zip(&time.valid).position(|(t, v)| *v && *t < 0.0) {
            return Err(vec![format!(
                "the duration '{duration}' is negative in row {}; it runs from the index date on",
                bad + 1
            )]);
        }
        let known = time.valid.iter().zip(&event_valid).map(|(a, b)| *a && *b).collect();
        Ok(Self { time: time.values, event, known })
    }

    fn or(mut self, other: &Self) -> Self {
        for (row, time) in self.time.iter_mut().enumerate() {
            let (t1, t2) = (*time, other.time[row]);
            self.event[row] = (self.event[row] && t1 <= t2) || (other.event[row] && t2 <= t1);
            self.known[row] &= other.known[row];
            *time = t1.min(t2);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[(f64, bool, bool)]) -> OutcomeColumns {
        OutcomeColumns {
            time: rows.iter().map(|row| row.0).collect(),
            event: rows.iter().map(|row| row.1).collect(),
            known: rows.iter().map(|row| row.2).collect(),
        }
    }

    #[test]
    fn the_first_of_two_events_counts_and_follow_up_ends_with_the_shorter_one() {
        let recurrence = of(&[
            (3.0, true, true),  // then dies
            (9.0, false, true), // dies that day
            (5.0, false, true), // not looked after any more, dies later: unseen recurrences are possible
            (8.0, false, true), // alive
            (4.0, true, false), // unknown
            (7.0, true, true),  // died before it, which cannot be
        ]);
        let death = of(&[
            (9.0, true, true),
            (9.0, true, true),
            (7.0, true, true),
            (10.0, false, true),
            (9.0, true, true),
            (6.0, true, true),
        ]);
        let either = recurrence.or(&death);
        assert_eq!(either.time, [3.0, 9.0, 5.0, 8.0, 4.0, 6.0]);
        assert_eq!(either.event, [true, true, false, false, true, true]);
        assert_eq!(either.known, [true, true, true, true, false, true]);
    }
}
