//! Findings: drafting, disclosure control, signing, pooling across sites, and saying a result in words.
//!
//! Start with [`disclosure::protect`] and [`disclosure::check_json`] (what may leave a device), then [`sign`]
//! (whose it is), [`pool`] (what several sites say together) and [`words`] (the same for people).
//!
//! **Invariant:** this crate sees aggregates only, never a patient's row, and does no input or output. What
//! [`disclosure::protect`] returns passes [`disclosure::check`].

pub mod disclosure;
pub mod draft;
pub mod literature;
pub mod pool;
pub mod sign;
pub mod words;
