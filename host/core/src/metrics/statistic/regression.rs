//! Alpha, beta and correlation of daily returns against the benchmark.
//!
//! Both slices hold the returns of the same days, in the same order.

use super::annual::DAYS_PER_YEAR;
use super::moments::{dispersion, mean};
use super::ratio::ratio;

/// Beta, `covariance(strategy, benchmark) ÷ variance(benchmark)`: the return of the strategy per
/// return of the benchmark. As QuantStats' `greeks`.
///
/// `None` for fewer than two days and for a benchmark that does not move.
pub fn beta(strategy: &[f64], benchmark: &[f64]) -> Option<f64> {
    let deviation = dispersion(benchmark)?;
    ratio(sample_covariance(strategy, benchmark)?, deviation * deviation)
}

/// Jensen's alpha, `(mean(strategy) − beta × mean(benchmark)) × 365`, a fraction per year (Jensen
/// 1968, risk-free rate 0): the return that the benchmark does not explain. As QuantStats'
/// `greeks(periods=365)`; empyrical compounds instead.
///
/// `None` where beta is.
pub fn alpha_annual(strategy: &[f64], benchmark: &[f64]) -> Option<f64> {
    let explained = beta(strategy, benchmark)? * mean(benchmark)?;
    Some((mean(strategy)? - explained) * DAYS_PER_YEAR)
}

/// Pearson's correlation, from -1 to 1.
///
/// `None` for fewer than two days and when either side does not move.
pub fn correlation(strategy: &[f64], benchmark: &[f64]) -> Option<f64> {
    let covariance = sample_covariance(strategy, benchmark)?;
    ratio(covariance, dispersion(strategy)? * dispersion(benchmark)?)
}

/// `Σ(x − mean(x))(y − mean(y)) ÷ (n − 1)`.
fn sample_covariance(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mean_x, mean_y) = (mean(x)?, mean(y)?);
    let products: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    ratio(products, x.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_benchmark_plus_a_constant() {
        let benchmark = [0.25, -0.25, 0.5, -0.5];
        let strategy = benchmark.map(|value| 2.0 * value + 0.125);
        assert_eq!(beta(&strategy, &benchmark), Some(2.0));
        assert_eq!(alpha_annual(&strategy, &benchmark), Some(0.125 * 365.0));
        assert!((correlation(&strategy, &benchmark).unwrap() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn undefined_when_a_side_does_not_move() {
        let (moves, rests) = ([0.1, -0.1, 0.2], [0.1, 0.1, 0.1]);
        assert_eq!(beta(&moves, &rests), None);
        assert_eq!(alpha_annual(&moves, &rests), None);
        assert_eq!(correlation(&rests, &moves), None);
        assert_eq!(beta(&[], &[]), None);
        assert_eq!(beta(&[0.1], &[0.1]), None);
    }
}
