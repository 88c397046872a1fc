//! How long positions were held.

use super::quantile::middle_pair;
use super::ratio::ratio;
use crate::order::Trade;

/// Holding times of closed trades. All are `None` without trades. Milliseconds are rounded down.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HoldingSummary {
    /// Mean time from entry to exit, in milliseconds.
    pub average_ms: Option<i64>,
    /// Median time, in milliseconds.
    pub median_ms: Option<i64>,
    /// Longest time, in milliseconds.
    pub max_ms: Option<i64>,
    /// Mean number of rows.
    pub average_bars: Option<f64>,
    /// Median number of rows.
    pub median_bars: Option<f64>,
    /// Largest number of rows.
    pub max_bars: Option<u64>,
}

/// Summarises how long trades were held.
pub fn summarise_holding(trades: &[Trade]) -> HoldingSummary {
    let mut times: Vec<i64> = trades.iter().map(Trade::held_ms).collect();
    let mut bars: Vec<u64> = trades.iter().map(|trade| trade.bars_held).collect();
    HoldingSummary {
        average_ms: average_holding_ms(trades),
        max_ms: times.iter().max().copied(),
        median_ms: middle_pair(&mut times).map(|(lower, upper)| lower + (upper - lower) / 2),
        average_bars: ratio(bars.iter().sum::<u64>() as f64, bars.len() as f64),
        max_bars: bars.iter().max().copied(),
        median_bars: middle_pair(&mut bars).map(|(lower, upper)| (lower + upper) as f64 / 2.0),
    }
}

/// Mean time from entry to exit in milliseconds, rounded down. `None` without trades.
pub fn average_holding_ms<'a>(trades: impl IntoIterator<Item = &'a Trade>) -> Option<i64> {
    let (mut sum, mut count) = (0_i128, 0_i128);
    for trade in trades {
        sum += i128::from(trade.held_ms());
        count += 1;
    }
    i64::try_from(sum.checked_div(count)?).ok()
}
