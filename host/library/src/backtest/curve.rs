//! What an account was worth at the close of every bar.

use super::statistics::Compared;
use ct_core::engine::Outcome;
use ct_core::market::Panel;
use ct_core::units::{Money, Timestamp};

/// The account at the close of one bar of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarEquity {
    /// Open time of the bar.
    pub time: Timestamp,
    /// Close time of the bar, at which all of this holds.
    pub close_time: Timestamp,
    /// Cash and positions, in quote.
    pub equity: f64,
    /// `equity ÷ highest equity so far − 1`, the initial cash included: a fraction at most 0. `None` while that is not above 0.
    pub drawdown: Option<f64>,
    /// What the initial cash would be worth if it had bought the benchmark at its first close, in quote. `None` where the
    /// benchmark has no price.
    pub benchmark: Option<f64>,
}

/// The account at the close of every bar of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Open times of the rows before the run, on which the strategy warmed up.
    pub warm_up: Vec<Timestamp>,
    /// The bars of the run, one for each row.
    pub bars: Vec<BarEquity>,
}

impl Curve {
    pub(super) fn new(
        panel: &Panel,
        cash: Money,
        compared: &Compared<'_>,
        outcome: &Outcome,
    ) -> Self {
        let (warm_up, times) = panel.times().split_at(outcome.first_row.min(panel.rows()));
        let initial = cash.to_f64();
        let prices = compared.of_rows(outcome.first_row);
        let bought_at = prices.iter().copied().find(|price| *price > 0.0);
        let mut peak = initial;
        let bar = |((&open_ms, &equity), &price): ((&i64, &f64), &f64)| {
            peak = peak.max(equity);
            let first = bought_at.filter(|_| price > 0.0);
            BarEquity {
                time: Timestamp::clamped(open_ms),
                close_time: Timestamp::clamped(open_ms.saturating_add(panel.interval().as_ms())),
                equity,
                drawdown: (peak > 0.0).then(|| equity / peak - 1.0),
                benchmark: first.map(|first| initial * (price / first)),
            }
        };
        Self {
            warm_up: warm_up.iter().copied().map(Timestamp::clamped).collect(),
            bars: times.iter().zip(&outcome.equity).zip(prices).map(bar).collect(),
        }
    }

    /// Open time of `row`, warm-up rows included; `None` for a row that the run does not have.
    pub fn time(&self, row: u64) -> Option<Timestamp> {
        let row = usize::try_from(row).ok()?;
        let bar = || self.bars.get(row - self.warm_up.len());
        self.warm_up.get(row).copied().or_else(|| Some(bar()?.time))
    }
}
