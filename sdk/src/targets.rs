//! The signals of a portfolio strategy for one row.

use crate::Signal;

/// One signal for each instrument: [`Signal::hold`] until it is set.
///
/// Targets are weights: shares of all the equity, the default sizing of portfolio strategies. What they ask for beyond the leverage
/// together, the host scales down in proportion. A run may size them in another way (`risk.sizing`): by a fraction, each of N
/// instruments is granted 1/N of the equity, and a target is a share of that.
///
/// ```
/// # use ct_sdk::{Row, Targets};
/// /// The same weight in every instrument that has a bar, together all of the equity.
/// fn on_row(row: &Row<'_>, targets: &mut Targets) {
///     let with_bar: Vec<usize> = row.bars().map(|(instrument, _)| instrument).collect();
///     targets.equal_weights(&with_bar);
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

    /// The share of the equity to hold in each instrument, in their order; below 0 it is short.
    ///
    /// # Panics
    /// When there are more weights than instruments.
    pub fn weights(&mut self, weights: &[f64]) {
        for (instrument, weight) in weights.iter().enumerate() {
            self.set(instrument, Signal::target(*weight));
        }
    }

    /// The same weight in each of the instruments `held`, together all of the equity; the others are flat.
    ///
    /// # Panics
    /// When there is no such instrument.
    pub fn equal_weights(&mut self, held: &[usize]) {
        let mut held = held.to_vec();
        held.sort_unstable();
        held.dedup();
        let alike: Vec<(usize, f64)> =
            held.into_iter().map(|instrument| (instrument, 1.0)).collect();
        self.inverse_volatility(&alike);
    }

    /// Weights in inverse proportion to volatility, together all of the equity: pairs of an instrument and its volatility, in any
    /// unit. One whose volatility is not above 0, or not finite, is flat, and so is one that is not named.
    ///
    /// # Panics
    /// When there is no such instrument.
    pub fn inverse_volatility(&mut self, volatilities: &[(usize, f64)]) {
        let inverse = |volatility: f64| {
            let inverse = 1.0 / volatility;
            if volatility > 0.0 && inverse.is_finite() { inverse } else { 0.0 }
        };
        let sum: f64 = volatilities.iter().map(|(_, volatility)| inverse(*volatility)).sum();
        self.signals.fill(Signal::flat());
        for (instrument, volatility) in volatilities {
            let weight = if sum > 0.0 { inverse(*volatility) / sum } else { 0.0 };
            self.set(*instrument, Signal::target(weight));
        }
    }

    /// Sends what is set even where it has not changed, so that positions that drifted with the market are brought back to it.
    pub fn rebalance(&mut self) {
        for signal in &mut self.signals {
            *signal = signal.rebalance();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn after(set: impl FnOnce(&mut Targets)) -> Vec<Signal> {
        let mut targets = Targets::new(3);
        set(&mut targets);
        targets.signals().to_vec()
    }

    #[test]
    fn weights_sum_to_all_of_the_equity_and_what_is_not_named_is_flat() {
        let (flat, half) = (Signal::flat(), Signal::target(0.5));
        assert_eq!(after(|targets| targets.equal_weights(&[0, 2])), [half, flat, half]);
        assert_eq!(after(|targets| targets.equal_weights(&[])), [flat; 3]);
        let by_risk = |volatilities: &[(usize, f64)]| {
            let volatilities = volatilities.to_vec();
            after(move |targets| targets.inverse_volatility(&volatilities))
        };
        // 1 ÷ 0.2 and 1 ÷ 0.6 are as 3 to 1.
        let (most, least) = (Signal::target(0.75), Signal::target(0.25));
        assert_eq!(by_risk(&[(1, 0.2), (0, 0.6)]), [least, most, flat]);
        assert_eq!(by_risk(&[(1, 0.2), (0, 0.0), (2, f64::NAN)]), [flat, Signal::long(), flat]);
        assert_eq!(by_risk(&[(1, f64::INFINITY)]), [flat; 3]);
        let given = after(|targets| targets.weights(&[0.5, -0.25]));
        assert_eq!(given, [half, Signal::target(-0.25), Signal::hold()]);
    }

    #[test]
    fn what_is_set_can_be_sent_again() {
        let sent = after(|targets| {
            targets.weights(&[0.5]);
            targets.rebalance();
        });
        assert_eq!(sent[0], Signal::target(0.5).rebalance());
        assert_eq!(sent[1].exposure, None);
    }
}
