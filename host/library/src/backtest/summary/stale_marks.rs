//! Positions whose last price is older than the end of the run.

use crate::backtest::StaleMark;
use ct_core::engine::Outcome;
use ct_core::market::Panel;
use ct_core::order::{FillReason, Side};
use ct_core::units::{Quantity, Timestamp};

/// What is held, or was closed at the end, of instruments that have no bar in the last row and do not count as delisted.
pub(super) fn stale_marks(panel: &Panel, outcome: &Outcome) -> Vec<StaleMark> {
    let interval_ms = panel.interval().as_ms();
    let Some(end_ms) = panel.times().last().map(|last| last.saturating_add(interval_ms)) else {
        return Vec::new();
    };
    let all = panel.series().iter().zip(&outcome.positions);
    let stale = all.filter_map(|(series, position)| {
        let last = series.close().iter().rposition(|close| !close.is_nan())?;
        let last_ms = panel.times().get(last)?.saturating_add(interval_ms);
        let symbol = series.symbol();
        let is_delisted = |ended: &&ct_core::engine::Delisting| {
            ended.symbol == *symbol && ended.last_time.as_ms() == last_ms
        };
        if last_ms == end_ms || outcome.delistings.iter().find(is_delisted).is_some() {
            return None;
        }
        let closed = outcome.fills.iter().rfind(|fill| fill.symbol == *symbol);
        let closed = closed.filter(|fill| fill.reason == FillReason::EndOfRun);
        let quantity = match closed {
            Some(fill) if fill.side == Side::Sell => fill.quantity,
            Some(fill) => fill.quantity.negated(),
            None => position.quantity,
        };
        (quantity != Quantity::ZERO).then(|| StaleMark {
            symbol: symbol.clone(),
            last_time: Timestamp::clamped(last_ms),
            last_price: series.close().get(last).copied().unwrap_or(f64::NAN),
            age_ms: end_ms.saturating_sub(last_ms),
            quantity,
        })
    });
    stale.collect()
}
