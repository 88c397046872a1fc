//! Volatilities and correlations of the latest returns.

use super::Estimator;
use super::returns::Returns;
use crate::market::Panel;

/// How the instruments of a panel moved, in the rows up to one of them.
///
/// Returns are log returns between the closes of neighbouring rows, `rᵢ = ln(cᵢ ÷ cᵢ₋₁)`; a row without a bar makes no return,
/// and neither does the row after it. Deviations are those of samples (divided by `n − 1`). Each volatility uses all returns
/// of its instrument, each correlation the common returns of its pair, so the matrix of all pairs need not be positive
/// semidefinite where instruments have different gaps. Correlations are shrunk towards zero: `ρ × (1 − shrinkage)`, the
/// linear shrinkage of Ledoit and Wolf (2004) with a target of no correlation and a given intensity; volatilities are not.
///
/// Edge cases: prices that do not move, or by less than 1e-14 per row, which rounding alone makes, have a volatility of 0 and
/// no correlations; with fewer returns than [`Estimator::overlap_min`] (two at least) all is unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct Comovement {
    /// Annualised volatility of each instrument.
    volatilities: Vec<Option<f64>>,
    /// Correlations of all pairs, shrunk, row by row.
    correlations: Vec<Option<f64>>,
}

impl Comovement {
    /// Measures on the rows up to and including `row` only: on at most [`Estimator::window_rows`] returns.
    ///
    /// # Panics
    /// When the row is not known, or one of the window is forgotten.
    pub fn measure(panel: &Panel, row: usize, estimator: &Estimator) -> Self {
        let (mut measured, returns) = Self::uncorrelated(panel, row, estimator);
        let least = estimator.overlap_min.max(2);
        let kept = (1.0 - estimator.shrinkage.to_fraction()).max(0.0);
        for (place, first) in returns.iter().enumerate() {
            let own = measured.volatility(place).filter(|volatility| *volatility > 0.0);
            measured.correlate(place, place, own.map(|_| 1.0));
            for (other, second) in returns.iter().enumerate().skip(place + 1) {
                let correlation = first.correlation(second, least);
                measured.correlate(place, other, correlation.map(|value| kept * value));
            }
        }
        measured
    }

    /// The volatilities only, where no pair counts: all correlations are unknown.
    pub(crate) fn measure_volatilities(panel: &Panel, row: usize, estimator: &Estimator) -> Self {
        Self::uncorrelated(panel, row, estimator).0
    }

    fn uncorrelated(panel: &Panel, row: usize, estimator: &Estimator) -> (Self, Vec<Returns>) {
        let series = panel.series().iter();
        let returns: Vec<Returns> =
            series.map(|series| Returns::up_to(row, series, estimator.window_rows)).collect();
        let rows_per_year = panel.interval().rows_per_year();
        let least = estimator.overlap_min.max(2);
        let volatility = |own: &Returns| {
            let volatility = (own.variance(least)? * rows_per_year).sqrt();
            assert!(volatility.is_finite(), "row {row}: a volatility of {volatility}");
            Some(volatility)
        };
        let measured = Self {
            volatilities: returns.iter().map(volatility).collect(),
            correlations: vec![None; returns.len() * returns.len()],
        };
        (measured, returns)
    }

    /// Number of instruments.
    pub const fn instruments(&self) -> usize {
        self.volatilities.len()
    }

    /// The same for some of the instruments, in this order: from then on they have their places in it.
    ///
    /// # Panics
    /// When one of them is not there.
    #[must_use]
    pub fn of(&self, instruments: &[usize]) -> Self {
        let pairs = instruments
            .iter()
            .flat_map(|&one| instruments.iter().map(move |&other| self.correlation(one, other)));
        Self {
            volatilities: instruments.iter().map(|&one| self.volatility(one)).collect(),
            correlations: pairs.collect(),
        }
    }

    /// Volatility per year of 365 days: the deviation of the returns, times the root of the rows per year. 0 for prices that do
    /// not move; `None` with too few returns.
    ///
    /// # Panics
    /// When there is no such instrument.
    pub fn volatility(&self, instrument: usize) -> Option<f64> {
        let Some(volatility) = self.volatilities.get(instrument) else {
            unreachable!("the volatility of instrument {instrument} of {}", self.instruments());
        };
        *volatility
    }

    /// Pearson's correlation, shrunk, from −1 to 1; 1 of an instrument with itself. `None` with too few common returns, or where
    /// one of the two does not move.
    ///
    /// # Panics
    /// When one of them is not there.
    pub fn correlation(&self, one: usize, other: usize) -> Option<f64> {
        let count = self.instruments();
        let cell = self.correlations.get(one * count + other).filter(|_| other < count);
        let Some(correlation) = cell else {
            unreachable!("the correlation of instruments {one} and {other} of {count}");
        };
        *correlation
    }

    /// Covariance per year of 365 days: the shrunk correlation times both volatilities. `None` where one of the three is.
    pub fn covariance(&self, one: usize, other: usize) -> Option<f64> {
        let volatilities = self.volatility(one)? * self.volatility(other)?;
        Some(self.correlation(one, other)? * volatilities)
    }

    /// Of given volatilities and correlations; the latter of the pairs above the diagonal, row by row. What is NaN is unknown.
    #[cfg(test)]
    pub(crate) fn given(volatilities: &[f64], correlations: &[f64]) -> Self {
        let count = volatilities.len();
        let mut given = Self {
            volatilities: volatilities
                .iter()
                .map(|value| Some(*value).filter(|value| !value.is_nan()))
                .collect(),
            correlations: vec![None; count * count],
        };
        let mut correlations = correlations.iter().copied();
        for one in 0..count {
            given.correlate(one, one, Some(1.0));
            for other in one + 1..count {
                given.correlate(one, other, correlations.next().filter(|value| !value.is_nan()));
            }
        }
        given
    }

    /// The matrix is symmetric: what one has with the other, the other has with the one.
    fn correlate(&mut self, one: usize, other: usize, correlation: Option<f64>) {
        let count = self.instruments();
        assert!(
            correlation.is_none_or(|value| (-1.0..=1.0).contains(&value)),
            "instruments {one} and {other}: a correlation of {correlation:?}"
        );
        for place in [one * count + other, other * count + one] {
            let Some(cell) = self.correlations.get_mut(place) else {
                unreachable!("the correlation of instruments {one} and {other} of {count}");
            };
            *cell = correlation;
        }
    }
}
