//! What trading cost.

use serde::{Deserialize, Serialize};

use crate::metrics::Inputs;
use crate::metrics::statistic::ratio;
use crate::order::Trade;
use crate::portfolio::CostTotals;
use crate::units::{Money, positive_zero};

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
    /// Costs of the closed trades ÷ their profit before costs, a fraction: 1 means that costs took
    /// all of it. What open positions and debts cost is in neither. `None` when there was no profit
    /// before costs.
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
        let of_trades = |amount: fn(&Trade) -> Money| {
            positive_zero(inputs.trades.iter().map(|trade| amount(trade).to_f64()).sum())
        };
        let gross_pnl = of_trades(|trade| trade.gross_pnl);
        let costs_of_trades = gross_pnl - of_trades(|trade| trade.net_pnl);
        let costs_share = ratio(costs_of_trades, gross_pnl);
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
            costs_share_of_gross_pnl: costs_share.filter(|_| gross_pnl > 0.0),
            average_cost_bps: ratio(total * 10_000.0, inputs.traded_notional),
        }
    }
}
