//! How long the closed trades were held, and how far the price went meanwhile.

use serde::{Deserialize, Serialize};

use crate::metrics::Outcome;
use crate::metrics::statistic::{average_holding_ms, summarise_excursions, summarise_holding};
use crate::order::Trade;

/// Holding times and excursions of closed trades. `None` without trades of the kind. Times are in
/// milliseconds, rounded down; excursions are fractions of the entry price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct HoldingMetrics {
    /// Mean time from entry to exit.
    pub average_holding_ms: Option<i64>,
    /// Median time from entry to exit.
    pub median_holding_ms: Option<i64>,
    /// Longest time from entry to exit.
    pub max_holding_ms: Option<i64>,
    /// Mean time of winning trades.
    pub average_holding_winners_ms: Option<i64>,
    /// Mean time of losing trades.
    pub average_holding_losers_ms: Option<i64>,
    /// Mean number of rows from entry to exit.
    pub average_holding_bars: Option<f64>,
    /// Median number of rows.
    pub median_holding_bars: Option<f64>,
    /// Largest number of rows.
    pub max_holding_bars: Option<u64>,
    /// Mean of the maximum adverse excursions, at most 0.
    pub average_mae: Option<f64>,
    /// Worst maximum adverse excursion, at most 0.
    pub worst_mae: Option<f64>,
    /// Mean of the maximum favourable excursions, at least 0.
    pub average_mfe: Option<f64>,
    /// Best maximum favourable excursion, at least 0.
    pub best_mfe: Option<f64>,
}

impl HoldingMetrics {
    /// Computes the group.
    pub fn compute(trades: &[Trade]) -> Self {
        let holding = summarise_holding(trades);
        let excursions = summarise_excursions(trades);
        let average_ms_of = |outcome: Outcome| {
            average_holding_ms(trades.iter().filter(|trade| Outcome::of(trade) == outcome))
        };
        Self {
            average_holding_ms: holding.average_ms,
            median_holding_ms: holding.median_ms,
            max_holding_ms: holding.max_ms,
            average_holding_winners_ms: average_ms_of(Outcome::Win),
            average_holding_losers_ms: average_ms_of(Outcome::Loss),
            average_holding_bars: holding.average_bars,
            median_holding_bars: holding.median_bars,
            max_holding_bars: holding.max_bars,
            average_mae: excursions.average_mae,
            worst_mae: excursions.worst_mae,
            average_mfe: excursions.average_mfe,
            best_mfe: excursions.best_mfe,
        }
    }
}
