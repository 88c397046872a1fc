//! What trading cost.

use serde::{Deserialize, Serialize};

use ct_core::units::Money;

/// What trading and holding cost, in quote asset: above zero when paid. `net_pnl = gross_pnl - total`, to the last unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostSummary {
    /// Profit at reference prices, before any cost; open positions included.
    pub gross_pnl: Money,
    /// Exchange fees.
    pub fees: Money,
    /// Half the spread of every taker fill.
    pub spread: Money,
    /// Slippage, the way to the next tick included.
    pub slippage: Money,
    /// Market impact.
    pub impact: Money,
    /// Funding of perpetual positions; below zero when more was received than paid.
    pub funding: Money,
    /// Interest on what was borrowed.
    pub borrow: Money,
    /// What liquidations cost beside their fees.
    pub liquidation: Money,
    /// The sum of these costs.
    pub total: Money,
    /// `final_equity - initial_cash`.
    pub net_pnl: Money,
    /// `total ÷ traded value × 10 000`: what was paid, in basis points of all that was traded. `None` without fills.
    pub cost_bps: Option<f64>,
    /// `gross_pnl ÷ traded value × 10 000`: the cost, in basis points of all that was traded, at which the same fills would
    /// have earned nothing. Zero or less when the run lost before any cost. `None` without fills.
    pub break_even_bps: Option<f64>,
}
