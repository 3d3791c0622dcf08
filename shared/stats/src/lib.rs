//! Outcome statistics: numbers in, numbers out.
