//! Maximum adverse and favourable excursions (Sweeney 1985): how far the price went against and for
//! a position while it was open.

use super::ratio::ratio;
use crate::order::Trade;

/// Excursions of closed trades, as fractions of their entry prices. All are `None` without trades.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ExcursionSummary {
    /// Mean adverse excursion, at most 0.
    pub average_mae: Option<f64>,
    /// Worst adverse excursion, at most 0.
    pub worst_mae: Option<f64>,
    /// Mean favourable excursion, at least 0.
    pub average_mfe: Option<f64>,
    /// Best favourable excursion, at least 0.
    pub best_mfe: Option<f64>,
}

/// Summarises the excursions of trades.
pub fn summarise_excursions(trades: &[Trade]) -> ExcursionSummary {
    let (mut adverse, mut favourable, mut worst, mut best) = (0.0, 0.0, 0.0_f64, 0.0_f64);
    for trade in trades {
        adverse += trade.mae;
        favourable += trade.mfe;
        worst = worst.min(trade.mae);
        best = best.max(trade.mfe);
    }
    let count = trades.len() as f64;
    let any = !trades.is_empty();
    ExcursionSummary {
        average_mae: ratio(adverse, count),
        worst_mae: any.then_some(worst),
        average_mfe: ratio(favourable, count),
        best_mfe: any.then_some(best),
    }
}
