//! Recovery factor.

use super::ratio::ratio;

/// Recovery factor, `total return ÷ |maximum drawdown|`. Negative for a losing run.
///
/// `None` without a drawdown. QuantStats' `recovery_factor` differs: it adds daily returns without
/// compounding, and drops the sign, so that a losing run looks like a winning one.
pub fn recovery_factor(total_return: f64, max_drawdown: f64) -> Option<f64> {
    ratio(total_return, max_drawdown.abs())
}
