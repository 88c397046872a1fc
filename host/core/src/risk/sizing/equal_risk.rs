//! Equal risk: capital in inverse proportion to volatility.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fixed::share;
use super::{Granted, SizingInput, returns_needed};
use crate::market::known_log_returns;
use crate::order::{Rule, Size, SizingBasis};
use crate::risk::{Comovement, Cut, Estimator, equal_contribution_weights};
use crate::units::{Money, ROWS_MAX, Rate, Rounding, UnitsError};

/// `amount = |target| × fraction × equity × wᵢ`, where the weights `w` sum to 1 over the instruments whose volatility is known
/// and above zero: `wᵢ = (1 ÷ σᵢ) ÷ Σ (1 ÷ σⱼ)`, or the weights whose contributions to the volatility of all are equal.
///
/// `σ` is the sample deviation of the log returns. Known is a volatility of half a window of returns, two at least. An
/// instrument that starts to have one takes capital from the others with their next decisions. Equal contributions are those of
/// long positions; covariances of pairs with fewer common returns count as zero. Refused ([`Rule::VolatilityUnknown`]) is an
/// instrument whose own volatility is not known, or zero, and one that moves exactly against others, so that no weights exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EqualRisk {
    /// Share of the equity that full positions in all instruments take together, up to `risk.margin.leverage_max`.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 125))]
    pub fraction: Rate,
    /// Rows over which volatility is measured.
    #[schemars(range(min = 2, max = ROWS_MAX))]
    pub window_rows: usize,
    /// Whether correlations count.
    pub method: EqualRiskMethod,
}

/// What makes risks equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EqualRiskMethod {
    /// The same volatility for each instrument held alone.
    #[default]
    InverseVolatility,
    /// The same contribution to the volatility of all instruments held together (Maillard, Roncalli, Teiletche 2010).
    EqualContribution,
}

/// An instrument's volatility, and its part of the capital.
#[derive(Clone, Copy, Debug)]
struct Part {
    annual: f64,
    weight: f64,
}

impl Default for EqualRisk {
    fn default() -> Self {
        Self { fraction: Rate::ONE, window_rows: 168, method: EqualRiskMethod::default() }
    }
}

impl EqualRisk {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        let Some(Part { weight, .. }) = self.part(input) else {
            let series = input.panel.series_of(input.instrument);
            let value = known_log_returns(series, input.row, self.window_rows).len() as f64;
            let limit = returns_needed(self.window_rows) as f64;
            return Ok(Granted::Nothing(Cut { rule: Rule::VolatilityUnknown, value, limit }));
        };
        let equity = share(input.target)?.of(input.equity.max(Money::ZERO), Rounding::Down)?;
        let granted = self.fraction.of(equity, Rounding::Down)?;
        let amount = Rate::from_fraction(weight)?.of(granted, Rounding::Down)?;
        Ok(Granted::Size(Size::Amount(amount)))
    }

    pub(super) fn basis(&self, input: &SizingInput<'_>) -> Option<SizingBasis> {
        let Part { annual, weight } = self.part(input)?;
        Some(SizingBasis::EqualRisk { annual, weight })
    }

    pub(super) const fn lookback_rows(&self) -> usize {
        self.window_rows.saturating_add(1)
    }

    /// The instrument's part of all instruments whose volatility is known and above zero.
    fn part(&self, input: &SizingInput<'_>) -> Option<Part> {
        let estimator = Estimator {
            window_rows: self.window_rows,
            overlap_min: returns_needed(self.window_rows),
            shrinkage: Rate::ZERO,
            refresh_rows: 1,
        };
        let measure = match self.method {
            EqualRiskMethod::InverseVolatility => Comovement::measure_volatilities,
            EqualRiskMethod::EqualContribution => Comovement::measure,
        };
        let comovement = measure(input.panel, input.row, &estimator);
        let moves = |place: &usize| comovement.volatility(*place).is_some_and(|value| value > 0.0);
        let known: Vec<usize> = input.sharing.clone().filter(moves).collect();
        let own = known.iter().position(|&place| place == input.instrument.index())?;
        let annual = comovement.volatility(input.instrument.index())?;
        let weight = match self.method {
            EqualRiskMethod::InverseVolatility => {
                let inverse =
                    |place: &usize| comovement.volatility(*place).map(|value| 1.0 / value);
                let sum: f64 = known.iter().filter_map(inverse).sum();
                1.0 / annual / sum
            }
            EqualRiskMethod::EqualContribution => {
                let comovement = comovement.of(&known);
                let weights = equal_contribution_weights(&comovement, &vec![1.0; known.len()])?;
                let Some(weight) = weights.get(own).copied() else {
                    unreachable!("{} weights of {}", weights.len(), known.len());
                };
                weight
            }
        };
        assert!(
            (0.0..=1.0 + 1e-9).contains(&weight),
            "row {}: {:?} has {weight} of the capital",
            input.row,
            input.instrument
        );
        Some(Part { annual, weight })
    }
}
