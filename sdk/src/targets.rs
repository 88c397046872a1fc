//! The signals of a portfolio strategy for one row.

use crate::Signal;

/// One signal for each instrument: [`Signal::hold`] until it is set.
///
/// ```
/// # use ct_sdk::{Signal, Targets};
/// fn equal_weights(targets: &mut Targets) {
///     let weight = 1.0 / targets.instruments() as f64;
///     for instrument in 0..targets.instruments() {
///         targets.set(instrument, Signal::target(weight));
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Targets {
    signals: Vec<Signal>,
}

impl Targets {
    pub(crate) fn new(instruments: usize) -> Self {
        Self { signals: vec![Signal::hold(); instruments] }
    }

    /// Number of instruments of the run.
    pub fn instruments(&self) -> usize {
        self.signals.len()
    }

    /// Says what to hold of an instrument from the next row on.
    ///
    /// # Panics
    /// When there is no such instrument.
    #[inline]
    #[expect(
        clippy::panic,
        reason = "an instrument that is not there is a mistake in the strategy's code"
    )]
    pub fn set(&mut self, instrument: usize, signal: Signal) {
        let instruments = self.signals.len();
        match self.signals.get_mut(instrument) {
            Some(slot) => *slot = signal,
            None => panic!("instrument {instrument} of {instruments}"),
        }
    }

    /// Sets every instrument back to [`Signal::hold`].
    #[inline]
    pub(crate) fn clear(&mut self) {
        self.signals.fill(Signal::hold());
    }

    #[inline]
    pub(crate) fn signals(&self) -> &[Signal] {
        &self.signals
    }
}
