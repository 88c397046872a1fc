//! From the last close to what trading cost.

use crate::backtest::CostSummary;
use ct_core::engine::Outcome;
use ct_core::market::Panel;
use ct_core::units::{Money, Price, Rounding, UnitsError};

/// Cash and positions at the last close, exactly.
pub(super) fn final_equity(panel: &Panel, outcome: &Outcome) -> Result<Money, UnitsError> {
    let mut equity = outcome.cash;
    for (series, position) in panel.series().iter().zip(&outcome.positions) {
        if let (Some(&mark), false) = (series.marks().last(), position.is_flat()) {
            let value = Price::from_f64(mark)?.notional(position.quantity, Rounding::Nearest)?;
            equity = equity.plus(value)?;
        }
    }
    Ok(equity)
}

/// Gross, each friction, net, and what that is of the traded value.
pub(super) fn summary(
    initial_cash: Money,
    final_equity: Money,
    outcome: &Outcome,
) -> Result<CostSummary, UnitsError> {
    let costs = outcome.costs;
    let total = costs.total()?;
    let net_pnl = final_equity.minus(initial_cash)?;
    let gross_pnl = net_pnl.plus(total)?;
    Ok(CostSummary {
        gross_pnl,
        fees: costs.fees,
        spread: costs.spread,
        slippage: costs.slippage,
        impact: costs.impact,
        funding: costs.funding,
        borrow: costs.borrow,
        liquidation: costs.liquidation,
        total,
        net_pnl,
        cost_bps: bps_of(total, outcome.traded_notional),
        break_even_bps: bps_of(gross_pnl, outcome.traded_notional),
    })
}

/// `amount` in basis points of `whole`; `None` of nothing.
fn bps_of(amount: Money, whole: Money) -> Option<f64> {
    (!whole.is_zero()).then(|| amount.to_f64() / whole.to_f64() * 10_000.0)
}
