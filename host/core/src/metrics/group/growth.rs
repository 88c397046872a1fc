//! Equity at both ends, and the growth between.

use serde::{Deserialize, Serialize};

use crate::metrics::Inputs;
use crate::metrics::statistic::{cagr, total_return};
use crate::units::finite;

/// How much the account grew. Amounts are in quote.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GrowthMetrics {
    /// Equity before the first row.
    pub equity_initial: Option<f64>,
    /// Equity at the close of the last row.
    pub equity_final: Option<f64>,
    /// Highest equity at any close, the initial one included.
    pub equity_peak: Option<f64>,
    /// Final minus initial equity.
    pub net_profit: Option<f64>,
    /// See [`total_return`].
    pub total_return: Option<f64>,
    /// Over the time traded, see [`cagr`].
    pub cagr: Option<f64>,
}

impl GrowthMetrics {
    /// Computes the group. The account has grown to `traded` in the `days` in which it traded.
    pub fn compute(inputs: &Inputs, (traded, days): (f64, f64), equity_peak: f64) -> Self {
        let (first, last) = (inputs.initial_equity, inputs.final_equity());
        Self {
            equity_initial: finite(first),
            equity_final: finite(last),
            equity_peak: finite(equity_peak),
            net_profit: finite(last - first),
            total_return: total_return(first, last),
            cagr: cagr(first, traded, days),
        }
    }
}
