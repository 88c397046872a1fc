//! Calmar ratio.

use super::ratio::ratio;

/// Calmar ratio, `CAGR ÷ |maximum drawdown|` over the whole run (Young 1991 uses 36 months;
/// QuantStats and freqtrade the whole run). The drawdown is the one of the bars, a fraction at most
/// 0.
///
/// `None` without a drawdown.
pub fn calmar(cagr: f64, max_drawdown: f64) -> Option<f64> {
    ratio(cagr, max_drawdown.abs())
}
