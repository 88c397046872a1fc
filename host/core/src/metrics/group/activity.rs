//! How much of the time, and how often, a run traded.

use serde::{Deserialize, Serialize};

use super::{GrowthMetrics, SpanMetrics};
use crate::metrics::statistic::{cagr, mean, ratio, turnover, turnover_annual};
use crate::metrics::{DailySeries, Inputs};
use crate::units::finite;

/// Exposure, turnover and frequency in the time traded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ActivityMetrics {
    /// Rows at whose close a position was held ÷ all rows, 0 to 1. `None` without rows.
    pub exposure: Option<f64>,
    /// Average over all rows of the gross exposure, Σ |quantity × mark| ÷ equity at the close; 0 where nothing was held. `None`
    /// without rows.
    pub gross_exposure_average: Option<f64>,
    /// The largest gross exposure at a close. `None` without rows.
    pub gross_exposure_max: Option<f64>,
    /// Average over all rows of the share of the equity that was in no position: 1 less the gross exposure, 0 at least. `None`
    /// without rows.
    pub idle_capital_average: Option<f64>,
    /// Growth of a year in the market, `(final ÷ initial equity)^(365 ÷ (days × exposure)) − 1`: the
    /// CAGR over the time in which something was held. Compounded, so that it is never below -1;
    /// QuantStats' "Risk-Adjusted Return" divides the CAGR by the exposure. `None` if the run was
    /// never in the market.
    pub exposure_adjusted_cagr: Option<f64>,
    /// Sum of |price × quantity| of all fills, in quote.
    pub traded_notional: f64,
    /// Of the average daily equity, see [`turnover`].
    pub turnover: Option<f64>,
    /// See [`turnover_annual`].
    pub turnover_annual: Option<f64>,
    /// Closed trades per day of the time traded. `None` without any.
    pub trades_per_day: Option<f64>,
}

impl ActivityMetrics {
    /// Computes the group.
    pub fn compute(
        inputs: &Inputs,
        daily: &DailySeries,
        span: &SpanMetrics,
        growth: &GrowthMetrics,
    ) -> Self {
        let days = span.traded_days();
        let rows = inputs.times.len() as f64;
        let gross = inputs.gross_exposure;
        let exposure = ratio(inputs.rows_in_market as f64, rows);
        let turnover =
            mean(&daily.equity).and_then(|average| turnover(inputs.traded_notional, average));
        Self {
            exposure,
            gross_exposure_average: ratio(gross.sum, rows),
            gross_exposure_max: exposure.map(|_| gross.max),
            idle_capital_average: ratio(rows - gross.sum + gross.above_one_sum, rows),
            exposure_adjusted_cagr: exposure.and_then(|exposure| {
                cagr(growth.equity_initial?, finite(inputs.final_equity())?, days * exposure)
            }),
            traded_notional: inputs.traded_notional,
            turnover,
            turnover_annual: turnover.and_then(|turnover| turnover_annual(turnover, days)),
            trades_per_day: ratio(inputs.trades.len() as f64, days),
        }
    }
}
