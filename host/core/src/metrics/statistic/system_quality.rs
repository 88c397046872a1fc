//! System quality number.

use super::moments::{dispersion, mean};
use super::ratio::ratio;

/// System quality number, `√n × mean ÷ sample deviation` of net profit per trade (Van Tharp, who
/// measures profit in units of initial risk and caps n at 100). Without the cap, as
/// backtesting.py's "SQN".
///
/// `None` for fewer than two trades and for equal ones.
pub fn system_quality_number(net_pnl: &[f64]) -> Option<f64> {
    ratio((net_pnl.len() as f64).sqrt() * mean(net_pnl)?, dispersion(net_pnl)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_for_equal_trades() {
        assert_eq!(system_quality_number(&[0.1, 0.1, 0.1]), None);
        assert_eq!(system_quality_number(&[5.0]), None);
        assert_eq!(system_quality_number(&[]), None);
    }
}
