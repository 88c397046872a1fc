//! Ctrl-C: the first one ends the run at the next chance, the second one at once.

use std::ops::ControlFlow;

use super::failure::Failure;
use ct_host::data::fetch::Stop;
use ct_host::run::RunError;

/// Whether the user wants to stop.
#[derive(Clone, Debug)]
pub(super) struct Interrupt(Stop);

impl Interrupt {
    /// Takes Ctrl-C over from the system, which would end the program in the middle of whatever it does.
    ///
    /// # Errors
    /// [`Failure::run`] when the system does not allow it.
    pub(super) fn install() -> Result<Self, Failure> {
        const EXIT_CODE: i32 = 130;
        let stop = Stop::new();
        let pressed = stop.clone();
        ctrlc::set_handler(move || {
            if pressed.is_set() {
                std::process::exit(EXIT_CODE);
            }
            pressed.set();
        })
        .map_err(Failure::run)?;
        Ok(Self(stop))
    }

    /// Break when the user wants to stop.
    pub(super) fn poll(&self) -> ControlFlow<()> {
        if self.0.is_set() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// The same wish, as the fetcher hears of it.
    pub(super) const fn stop(&self) -> &Stop {
        &self.0
    }

    /// # Errors
    /// [`RunError::Interrupted`] when the user wants to stop.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.poll().is_break() { Err(RunError::Interrupted.into()) } else { Ok(()) }
    }
}
