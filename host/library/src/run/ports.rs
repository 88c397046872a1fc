//! What a run needs of the program around it.

use std::ops::ControlFlow;

use super::{Clock, Folders, Observer, RunError, Silent};
use ct_data::fetch::Stop;

/// What a run needs of the program around it. A run reads no environment and no clock, and prints nothing.
#[derive(Clone, Debug)]
pub struct Ports<'a> {
    /// Where things are kept when the configuration names no folder.
    pub folders: Folders,
    /// Whether someone wants to stop. Any thread may set it.
    pub stop: Stop,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// Who hears how the run gets on.
    pub observer: &'a dyn Observer,
}

impl<'a> Ports<'a> {
    /// Nothing is kept where the configuration does not say so, and nobody listens.
    pub fn silent(clock: &'a dyn Clock) -> Self {
        Self { folders: Folders::default(), stop: Stop::new(), clock, observer: &Silent }
    }

    /// Says what the user should know.
    pub(super) fn notice(&self, text: &str) {
        self.observer.notice(text);
    }

    /// Break when someone wants to stop.
    pub(super) fn poll(&self) -> ControlFlow<()> {
        if self.stop.is_set() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// # Errors
    /// [`RunError::Interrupted`] when someone wants to stop.
    pub(super) fn check(&self) -> Result<(), RunError> {
        if self.poll().is_break() { Err(RunError::Interrupted) } else { Ok(()) }
    }

    /// Milliseconds on the clock.
    pub(super) fn elapsed_ms(&self) -> f64 {
        self.clock.elapsed().as_secs_f64() * 1_000.0
    }
}
