//! How the extremes of daily returns compare.
//!
//! All functions take returns sorted in ascending order.

use super::moments::mean;
use super::quantile::percentile;
use super::ratio::ratio;

/// Tail ratio, `|95th percentile ÷ 5th percentile|`: above 1 when the best days outweigh the worst.
/// As QuantStats' and empyrical's `tail_ratio`. `None` without returns and when the 5th percentile
/// is 0.
pub fn tail_ratio(sorted_returns: &[f64]) -> Option<f64> {
    let upper = percentile(sorted_returns, 95)?;
    ratio(upper, percentile(sorted_returns, 5)?).map(f64::abs)
}

/// Common sense ratio, `profit factor of the days × tail ratio`; the profit factor of the days is
/// [`omega`](super::omega). As QuantStats' `common_sense_ratio`.
pub fn common_sense_ratio(omega: f64, tail_ratio: f64) -> f64 {
    omega * tail_ratio
}

/// Outlier win ratio, `99th percentile ÷ mean of the days that did not lose`: how far the best days
/// stand out. As QuantStats' `outlier_win_ratio`. `None` if no day won.
pub fn outlier_win_ratio(sorted_returns: &[f64]) -> Option<f64> {
    let losers = sorted_returns.partition_point(|value| *value < 0.0);
    ratio(percentile(sorted_returns, 99)?, mean(sorted_returns.get(losers..)?)?)
}

/// Outlier loss ratio, `1st percentile ÷ mean of the days that lost`: how far the worst days stand
/// out. As QuantStats' `outlier_loss_ratio`. `None` if no day lost.
pub fn outlier_loss_ratio(sorted_returns: &[f64]) -> Option<f64> {
    let losers = sorted_returns.partition_point(|value| *value < 0.0);
    ratio(percentile(sorted_returns, 1)?, mean(sorted_returns.get(..losers)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_without_both_tails() {
        assert_eq!(tail_ratio(&[]), None);
        assert_eq!(tail_ratio(&[0.0, 0.0]), None);
        assert_eq!(outlier_win_ratio(&[-0.2, -0.1]), None);
        assert_eq!(outlier_loss_ratio(&[0.1, 0.2]), None);
    }
}
