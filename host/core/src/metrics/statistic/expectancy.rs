//! What win rate and payoff ratio mean together.

use crate::units::finite;

/// Expectancy per unit of risk, `(1 + payoff ratio) × win rate − 1`: mean result per trade in units
/// of the average loss (Van Tharp). As freqtrade's `expectancy_ratio`.
pub fn expectancy_ratio(win_rate: f64, payoff_ratio: f64) -> f64 {
    (1.0 + payoff_ratio) * win_rate - 1.0
}

/// Kelly fraction, `win rate − (1 − win rate) ÷ payoff ratio`: the share of capital to stake per
/// trade for the fastest growth (Kelly 1956). At most 1, negative when the edge is. As
/// backtesting.py's "Kelly Criterion".
///
/// `None` when the payoff ratio is 0.
pub fn kelly_fraction(win_rate: f64, payoff_ratio: f64) -> Option<f64> {
    finite(win_rate - (1.0 - win_rate) / payoff_ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fair_coin_is_worth_nothing() {
        assert!(expectancy_ratio(0.5, 1.0).abs() < 1e-15);
        assert!((expectancy_ratio(0.5, 2.0) - 0.5).abs() < 1e-15);
        assert_eq!(kelly_fraction(0.5, 1.0), Some(0.0));
        assert_eq!(kelly_fraction(0.5, 2.0), Some(0.25));
        assert_eq!(kelly_fraction(0.5, 0.0), None);
    }
}
