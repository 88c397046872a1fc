//! What each position adds to the portfolio's volatility.

use crate::market::{InstrumentId, PerInstrument};
use crate::risk::Comovement;

/// Halvings of the share that is searched: what is left, 2⁻⁶⁴, is far below the 1e-12 that rates count in.
const HALVINGS: u32 = 64;

/// Contribution of each position to the portfolio's volatility per year of 365 days: `wᵢ (Σw)ᵢ ÷ √(wᵀΣw)`.
///
/// `weights` are signed shares of equity, negative for short positions, in the order of the instruments. Contributions add
/// up to the portfolio's volatility (Euler's theorem; Litterman 1996); a position that hedges the others has a negative
/// one. A covariance that is not known counts as 0. A portfolio that does not move contributes nothing; so does one whose
/// variance is not above 0, which estimates from different rows can make of positions that nearly cancel out.
///
/// # Panics
/// When there is not one weight for each instrument of `comovement`.
///
/// ```
/// use ct_core::market::{Bars, Instrument, Panel, RawColumns};
/// use ct_core::risk::{Comovement, Estimator, contributions};
///
/// let close = vec![100.0, 101.0, 100.0, 102.0];
/// let bars = Bars::new("1d".parse()?, RawColumns {
///     time: (0..4).map(|day| day * 86_400_000).collect(),
///     open: close.clone(),
///     high: close.clone(),
///     low: close.clone(),
///     close,
///     volume: vec![1.0; 4],
/// })?;
/// let panel = Panel::new(vec![(Instrument::unrestricted("BTCUSDT"), bars)])?;
/// let estimator = Estimator { overlap_min: 2, ..Estimator::default() };
/// let comovement = Comovement::measure(&panel, 3, &estimator);
/// // The only position makes all of the volatility: half the instrument's for half of the equity.
/// let volatility = comovement.volatility(0).ok_or("too few returns")?;
/// let found = contributions(&[0.5], &comovement);
/// assert!((found.iter().sum::<f64>() - 0.5 * volatility).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn contributions(weights: &[f64], comovement: &Comovement) -> Vec<f64> {
    let covariances = covariances_with(weights, comovement);
    let parts = || weights.iter().zip(&covariances).map(|(weight, with)| weight * with);
    let variance: f64 = parts().sum();
    if variance > 0.0 {
        let volatility = variance.sqrt();
        parts().map(|part| part / volatility).collect()
    } else {
        vec![0.0; weights.len()]
    }
}

/// The largest share, from 0 to 1, of its signed weight that `instrument` may take for its contribution to stay within
/// `contribution_max`, which is a volatility per year of 0 or more. `weights` are those of all positions.
///
/// 1 where the whole weight fits, as it does wherever the covariances that matter are not known: a contribution counts as 0
/// then. A hedge fits as long as its contribution is negative. The contribution is below the limit up to one share and above
/// it from there on, so the share is found by halving. A weight that is no finite number gets nothing.
pub(crate) fn largest_share(
    weights: &PerInstrument<f64>,
    instrument: InstrumentId,
    contribution_max: f64,
    comovement: &Comovement,
) -> f64 {
    assert!(contribution_max >= 0.0, "{instrument:?} may add a volatility of {contribution_max}");
    let mut others = weights.clone();
    others[instrument] = 0.0;
    let others = others.values();
    let covariances = covariances_with(others, comovement);
    let place = instrument.index();
    let Some(with_others) = covariances.get(place).copied() else {
        unreachable!("{} covariances, but none of {instrument:?}", covariances.len());
    };
    let position = Position {
        weight: weights[instrument],
        // What is not known counts as 0.
        variance: comovement.covariance(place, place).unwrap_or_default(),
        with_others,
        variance_of_others: others.iter().zip(&covariances).map(|(own, with)| own * with).sum(),
    };
    if position.contribution(1.0) <= contribution_max {
        return 1.0;
    }
    let (mut fits, mut exceeds) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = 0.5 * (fits + exceeds);
        if position.contribution(middle) <= contribution_max {
            fits = middle;
        } else {
            exceeds = middle;
        }
    }
    assert!((0.0..=exceeds).contains(&fits), "a share of {fits} fits, and {exceeds} exceeds");
    fits
}

/// One position among others that stay as they are.
#[derive(Clone, Copy, Debug)]
struct Position {
    /// Signed share of equity.
    weight: f64,
    /// Variance of its instrument.
    variance: f64,
    /// Covariance of its instrument with the other positions together.
    with_others: f64,
    /// Variance of the other positions together.
    variance_of_others: f64,
}

impl Position {
    /// Contribution of a `share` of the position.
    fn contribution(&self, share: f64) -> f64 {
        let weight = share * self.weight;
        let own = weight * (weight * self.variance + self.with_others);
        let variance = own + weight * self.with_others + self.variance_of_others;
        if variance <= 0.0 { 0.0 } else { own / variance.sqrt() }
    }
}

/// `Σw`: covariance of each instrument with all positions together. Positions of nothing are left out.
fn covariances_with(weights: &[f64], comovement: &Comovement) -> Vec<f64> {
    let (count, expected) = (weights.len(), comovement.instruments());
    assert!(count == expected, "{count} weights of {expected} instruments");
    let held: Vec<(usize, f64)> =
        weights.iter().copied().enumerate().filter(|(_, weight)| *weight != 0.0).collect();
    let with = |instrument| {
        let known = |&(other, weight): &(usize, f64)| {
            comovement.covariance(instrument, other).map(|covariance| weight * covariance)
        };
        held.iter().filter_map(known).sum()
    };
    (0..weights.len()).map(with).collect()
}
