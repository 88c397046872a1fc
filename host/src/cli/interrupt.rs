//! Ctrl-C: the first one ends the run at the next chance, the second one at once.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::failure::Failure;

/// Whether the user wants to stop.
#[derive(Clone, Debug)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Takes Ctrl-C over from the system, which would end the program in the middle of whatever it does.
    ///
    /// # Errors
    /// [`Failure::Run`] when the system does not allow it.
    pub(super) fn install() -> Result<Self, Failure> {
        const EXIT_CODE: i32 = 130;
        let pressed = Arc::new(AtomicBool::new(false));
        let handler = Arc::clone(&pressed);
        ctrlc::set_handler(move || {
            if handler.swap(true, Ordering::Relaxed) {
                std::process::exit(EXIT_CODE);
            }
        })
        .map_err(Failure::run)?;
        Ok(Self(pressed))
    }

    /// Break when the user wants to stop.
    pub(super) fn poll(&self) -> ControlFlow<()> {
        if self.0.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// # Errors
    /// [`Failure::Interrupted`] when the user wants to stop.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.poll().is_break() { Err(Failure::Interrupted) } else { Ok(()) }
    }
}
