//! Progress and cancelling, without a clock or a thread: the caller is asked now and then whether to go on.

use std::ops::ControlFlow;

/// What a long computation calls now and then with the fraction done (0 to 1).
///
/// Answering [`ControlFlow::Break`] ends the computation with its `Cancelled` error.
pub type Tick<'a> = dyn FnMut(f64) -> ControlFlow<()> + 'a;

/// A tick that always goes on, for short computations and tests.
pub fn never(_fraction: f64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// The caller asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped on request before it was finished")]
pub struct Cancelled;

/// Asks the caller, and turns a break into [`Cancelled`].
pub(crate) fn ask(tick: &mut Tick<'_>, fraction: f64) -> Result<(), Cancelled> {
    match tick(fraction) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Cancelled),
    }
}
