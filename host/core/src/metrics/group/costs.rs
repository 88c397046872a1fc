//! What trading cost.

use serde::{Deserialize, Serialize};

use crate::metrics::Inputs;
use crate::metrics::statistic::ratio;
use crate::portfolio::CostTotals;
use crate::units::Money;

/// Costs, in quote; positive amounts were paid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CostMetrics {
    /// Exchange fees.
    pub fees_paid: f64,
    /// Spread crossed.
    pub spread_paid: f64,
    /// Slippage.
    pub slippage_paid: f64,
    /// Market impact.
    pub impact_paid: f64,
    /// Funding of perpetual positions; below 0 when more was received than paid.
    pub funding_paid: f64,
    /// Interest on borrowed base and quote asset.
    pub borrow_paid: f64,
    /// What liquidations cost beside their fees.
    pub liquidation_paid: f64,
    /// All of the above.
    pub costs_total: f64,
    /// Sum of the closed trades' profits and losses before costs.
    pub gross_pnl: f64,
    /// Total costs ÷ profit before costs, a fraction: 1 means that costs took all of it. `None`
    /// when there was no profit before costs.
    pub costs_share_of_gross_pnl: Option<f64>,
    /// Total costs ÷ traded notional × 10 000: the average cost of trading, in basis points. `None`
    /// without fills.
    pub average_cost_bps: Option<f64>,
}

impl CostMetrics {
    /// Computes the group.
    pub fn compute(inputs: &Inputs) -> Self {
        let CostTotals { fees, spread, slippage, impact, funding, borrow, liquidation } =
            inputs.costs;
        let paid = [fees, spread, slippage, impact, funding, borrow, liquidation];
        let [fees, spread, slippage, impact, funding, borrow, liquidation] =
            paid.map(Money::to_f64);
        let total = fees + spread + slippage + impact + funding + borrow + liquidation;
        let gross_pnl: f64 = inputs.trades.iter().map(|trade| trade.gross_pnl.to_f64()).sum();
        Self {
            fees_paid: fees,
            spread_paid: spread,
            slippage_paid: slippage,
            impact_paid: impact,
            funding_paid: funding,
            borrow_paid: borrow,
            liquidation_paid: liquidation,
            costs_total: total,
            gross_pnl,
            costs_share_of_gross_pnl: if gross_pnl > 0.0 { ratio(total, gross_pnl) } else { None },
            average_cost_bps: ratio(total * 10_000.0, inputs.traded_notional),
        }
    }
}
