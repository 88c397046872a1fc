//! Volatility target: calm markets get more capital than wild ones.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fixed::part_of_capital;
use super::{Granted, SizingInput, returns_needed};
use crate::market::{known_log_returns, mean_and_variance};
use crate::order::{Rule, SizingBasis};
use crate::risk::Cut;
use crate::units::{ROWS_MAX, Rate, UnitsError};

/// `amount = |target| × equity ÷ instruments × clamp(annual ÷ σ, floor, cap)`, where `σ` is the annualised volatility of
/// the instrument's log returns: `√(variance per row × rows per year)`, with a year of 365 days
/// (exponential weights: J.P. Morgan 1996).
///
/// Returns are those between the closes of neighbouring rows; a missing bar takes two away, and weights count the returns that
/// are there. A volatility of zero grants the cap. With fewer returns than half a window, or than two, it is refused
/// ([`Rule::VolatilityUnknown`]). A cap below the floor wins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VolatilityTarget {
    /// Wanted volatility per year, 365 days: 0.4 for 40 %.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 5))]
    pub annual: Rate,
    /// How volatility is measured.
    pub estimator: VolatilityEstimator,
    /// Rows that are looked at.
    #[schemars(range(min = 2, max = ROWS_MAX))]
    pub window_rows: usize,
    /// Smallest share of the instrument's capital.
    pub floor: Rate,
    /// Largest share of the instrument's capital.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub cap: Rate,
}

/// How volatility is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VolatilityEstimator {
    /// Exponential weights with `λ = 1 − 2 ÷ (window_rows + 1)`, mean taken as zero.
    #[default]
    Ewma,
    /// Sample deviation over the window.
    Window,
}

/// A volatility, and what it makes of the instrument's capital.
#[derive(Clone, Copy, Debug)]
struct Measurement {
    annual: f64,
    share: f64,
}

impl Default for VolatilityTarget {
    fn default() -> Self {
        Self {
            annual: Rate::known(0.4),
            estimator: VolatilityEstimator::default(),
            window_rows: 100,
            floor: Rate::ZERO,
            cap: Rate::ONE,
        }
    }
}

impl VolatilityTarget {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        match self.measure(input) {
            Ok(Measurement { share, .. }) => part_of_capital(input, share),
            Err(cut) => Ok(Granted::Nothing(cut)),
        }
    }

    pub(super) fn basis(&self, input: &SizingInput<'_>) -> Option<SizingBasis> {
        let Measurement { annual, share } = self.measure(input).ok()?;
        Some(SizingBasis::Volatility { annual, share })
    }

    fn measure(&self, input: &SizingInput<'_>) -> Result<Measurement, Cut> {
        let series = input.panel.series_of(input.instrument);
        let returns = known_log_returns(series, input.row, self.window_rows);
        let needed = returns_needed(self.window_rows);
        if returns.len() < needed {
            let (value, limit) = (returns.len() as f64, needed as f64);
            return Err(Cut { rule: Rule::VolatilityUnknown, value, limit });
        }
        let annual = (self.variance(&returns) * input.panel.interval().rows_per_year()).sqrt();
        assert!(annual.is_finite(), "row {}: a volatility of {annual}", input.row);
        let (floor, cap) = (self.floor.to_fraction(), self.cap.to_fraction());
        let scale = self.annual.to_fraction() / annual;
        let share = if scale.is_finite() { scale.max(floor).min(cap) } else { cap };
        Ok(Measurement { annual, share })
    }

    pub(super) const fn lookback_rows(&self) -> usize {
        self.window_rows.saturating_add(1)
    }

    /// Variance per row.
    fn variance(&self, returns: &[f64]) -> f64 {
        match self.estimator {
            VolatilityEstimator::Window => {
                let Some((_, variance)) = mean_and_variance(returns) else {
                    unreachable!("the variance of {} returns", returns.len());
                };
                variance
            }
            VolatilityEstimator::Ewma => weighted_variance(returns, self.window_rows),
        }
    }
}

/// `Σ λ^age r² ÷ Σ λ^age`.
fn weighted_variance(returns: &[f64], window_rows: usize) -> f64 {
    let lambda = 1.0 - 2.0 / (window_rows as f64 + 1.0);
    let (mut sum, mut weights) = (0.0, 0.0);
    for value in returns {
        sum = lambda * sum + value * value;
        weights = lambda * weights + 1.0;
    }
    sum / weights
}
