//! The Kelly criterion: the fraction that the record of the strategy justifies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fixed::part_of_capital;
use super::{Granted, SizingInput};
use crate::market::{known_log_returns, mean_and_variance};
use crate::order::{Rule, SizingBasis};
use crate::risk::Cut;
use crate::units::{ROWS_MAX, Rate, UnitsError};

/// `amount = |target| × equity ÷ instruments × clamp(multiple × f* × n ÷ (n + shrinkage), floor, cap)`, with the Kelly fraction `f*`
/// of a sample of `n` trades or returns. That of trades takes the average loss for the whole stake, as a bet does; a position
/// seldom loses all its value, so as a share of capital it is the cautious of the two forms in use.
///
/// With fewer than `sample_min` the share is `fallback`, within the cap. An `f*` of zero or less is no edge: it gets the floor, and
/// without one it is refused ([`Rule::NoEdge`]). A record of the strategy's own trades grows only while it trades, so without a floor
/// one without an edge keeps out of the instrument for the rest of the run. A cap below the floor wins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Kelly {
    /// Share of the Kelly fraction that is used: 0.5 for half Kelly.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub multiple: Rate,
    /// What the fraction is estimated from.
    pub sample: KellySample,
    /// Latest trades, or rows, that count.
    #[schemars(range(min = 2, max = ROWS_MAX))]
    pub window: usize,
    /// Fewer than these fall back to `fallback`.
    #[schemars(range(min = 1))]
    pub sample_min: usize,
    /// Weight of the sample against no edge at all: `n ÷ (n + shrinkage)`.
    #[schemars(extend("x-unit" = "a number"))]
    pub shrinkage: Rate,
    /// Smallest share of the instrument's capital, with which a strategy whose record shows no edge goes on; 0 stops it.
    pub floor: Rate,
    /// Largest share of the instrument's capital.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub cap: Rate,
    /// Share of the instrument's capital until the sample is large enough.
    pub fallback: Rate,
}

/// What the Kelly fraction is estimated from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum KellySample {
    /// The strategy's own closed trades in the instrument: `f* = p − (1 − p) ÷ b`, with the share of winners `p` and the
    /// ratio `b` of the average win to the average loss (Kelly 1956).
    #[default]
    Trades,
    /// The instrument's simple returns per row: `f* = μ ÷ σ²` (Thorp 2006).
    Returns,
}

/// Smallest variance that counts: closes that vary less do so by rounding alone.
const VARIANCE_MIN: f64 = 1e-28;

/// A Kelly fraction and the number of trades or returns that it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Estimate {
    fraction: f64,
    count: usize,
}

impl Default for Kelly {
    fn default() -> Self {
        Self {
            multiple: Rate::known(0.5),
            sample: KellySample::default(),
            window: 50,
            sample_min: 20,
            shrinkage: Rate::known(10.0),
            floor: Rate::ZERO,
            cap: Rate::ONE,
            fallback: Rate::known(0.1),
        }
    }
}

impl Kelly {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        let estimate = self.estimate(input);
        match self.enough(estimate) {
            Some(Estimate { fraction, .. }) if fraction <= 0.0 && self.floor.is_zero() => {
                Ok(Granted::Nothing(Cut { rule: Rule::NoEdge, value: fraction, limit: 0.0 }))
            }
            enough => part_of_capital(input, self.share(enough)),
        }
    }

    pub(super) fn basis(&self, input: &SizingInput<'_>) -> SizingBasis {
        let estimate = self.estimate(input);
        let enough = self.enough(estimate);
        SizingBasis::Kelly {
            fraction: enough.map(|estimate| estimate.fraction),
            sample: estimate.map_or(0, |estimate| estimate.count),
            share: self.share(enough),
        }
    }

    fn estimate(&self, input: &SizingInput<'_>) -> Option<Estimate> {
        match self.sample {
            KellySample::Trades => self.of_trades(input),
            KellySample::Returns => self.of_returns(input),
        }
    }

    fn enough(&self, estimate: Option<Estimate>) -> Option<Estimate> {
        estimate.filter(|estimate| estimate.count >= self.sample_min)
    }

    /// Share of the instrument's capital, the fallback without an estimate.
    fn share(&self, estimate: Option<Estimate>) -> f64 {
        let cap = self.cap.to_fraction();
        let Some(Estimate { fraction, count }) = estimate else {
            return self.fallback.to_fraction().min(cap);
        };
        let count = count as f64;
        let shrunk = fraction * count / (count + self.shrinkage.to_fraction());
        let share = (self.multiple.to_fraction() * shrunk).max(self.floor.to_fraction()).min(cap);
        assert!((0.0..=cap).contains(&share), "{estimate:?} make a share of {share}");
        share
    }

    pub(super) const fn trades_lookback(&self) -> usize {
        match self.sample {
            KellySample::Trades => self.window,
            KellySample::Returns => 0,
        }
    }

    pub(super) const fn lookback_rows(&self) -> usize {
        match self.sample {
            KellySample::Trades => 0,
            KellySample::Returns => self.window.saturating_add(1),
        }
    }

    /// From the latest round trips in the instrument, long and short alike, profits as shares of the entry notional. A trade that
    /// earned nothing is no winner. Without any loss the ratio `b` has no bound and `f*` is `p`; without any winner it has no
    /// lower one, and `f*` is −1. A trade whose entry was worth nothing has no return and does not count.
    fn of_trades(&self, input: &SizingInput<'_>) -> Option<Estimate> {
        let symbol = input.panel.series_of(input.instrument).symbol();
        let own = input.trades.iter().rev().filter(|trade| trade.symbol == *symbol);
        let profits = own.map(|trade| trade.return_on_notional).filter(|profit| profit.is_finite());
        let (mut wins, mut won, mut lost, mut count) = (0_usize, 0.0, 0.0, 0_usize);
        for profit in profits.take(self.window) {
            count += 1;
            if profit > 0.0 {
                wins += 1;
                won += profit;
            } else {
                lost -= profit;
            }
        }
        if count == 0 {
            return None;
        }
        assert!(wins <= count && count <= self.window, "{wins} winners of {count} trades");
        let share = wins as f64 / count as f64;
        let fraction = if wins == 0 {
            -1.0
        } else if lost == 0.0 {
            share
        } else {
            let ratio = (won / wins as f64) / (lost / (count - wins) as f64);
            share - (1.0 - share) / ratio
        };
        Some(Estimate { fraction, count })
    }

    /// From the latest simple returns of the instrument; a short position has the opposite ones. Closes that do not move have no
    /// edge, those that move evenly the largest there can be.
    fn of_returns(&self, input: &SizingInput<'_>) -> Option<Estimate> {
        let series = input.panel.series_of(input.instrument);
        let returns = known_log_returns(series, input.row, self.window);
        let returns: Vec<f64> = returns.into_iter().map(libm::expm1).collect();
        let (mean, variance) = mean_and_variance(&returns)?;
        let long = mean / variance.max(VARIANCE_MIN);
        let fraction = if input.target.share() < 0.0 { -long } else { long };
        Some(Estimate { fraction, count: returns.len() })
    }
}
