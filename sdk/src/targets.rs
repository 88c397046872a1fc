//! The signals of a portfolio strategy for one row.

use crate::Signal;

/// One signal for each instrument: [`Signal::hold`] until it is set.
///
/// A target is a share of what the host grants to the instrument, not of the account: when equity is sized by a fraction, each of N
/// instruments is granted at most 1/N of it. So all of them fully long are equal weights, and four of sixteen fully long are a quarter of
/// the equity; the rest stays in cash.
///
/// ```
/// # use ct_sdk::{Signal, Targets};
/// /// Invests all that is granted, the same amount in each instrument.
/// fn equal_weights(targets: &mut Targets) {
///     for instrument in 0..targets.instruments() {
///         targets.set(instrument, Signal::long());
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
