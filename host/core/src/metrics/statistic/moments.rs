//! Mean, sample deviation, skewness and excess kurtosis, with pandas' corrections for small
//! samples.

use super::ratio::ratio;

/// Returns are quotients of equity minus 1, so they carry rounding of about 1e-16. Deviations below
/// this, relative to the size of the values, are rounding, and dividing by them would make a number
/// out of nothing.
const ROUNDING: f64 = 1e-14;

/// Arithmetic mean. `None` without values.
pub fn mean(values: &[f64]) -> Option<f64> {
    ratio(values.iter().sum(), values.len() as f64)
}

/// Sample standard deviation, `√(Σ(x − mean)² ÷ (n − 1))`. `None` for fewer than two values.
pub fn sample_deviation(values: &[f64]) -> Option<f64> {
    let center = mean(values)?;
    let squares = sum_of(values, |value| square(value - center));
    ratio(squares, values.len() as f64 - 1.0).map(f64::sqrt)
}

/// Sample standard deviation for use as a divisor: `None` also when it is 0 or no more than
/// rounding.
pub fn dispersion(values: &[f64]) -> Option<f64> {
    let center = mean(values)?;
    sample_deviation(values).filter(|deviation| *deviation > ROUNDING * (1.0 + center.abs()))
}

/// Adjusted Fisher–Pearson skewness G1, `n√(n−1) ÷ (n−2) × M3 ÷ M2^1.5` with `Mk = Σ(x − mean)^k`;
/// 0 for a symmetric sample, negative when the long tail is on the side of losses. As pandas'
/// `Series.skew`.
///
/// `None` for fewer than three values and for constant ones.
pub fn skewness(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let center = mean(values)?;
    dispersion(values)?;
    let m2 = sum_of(values, |value| square(value - center));
    let m3 = sum_of(values, |value| square(value - center) * (value - center));
    ratio(n * (n - 1.0).sqrt() * m3, (n - 2.0) * m2 * m2.sqrt())
}

/// Excess kurtosis G2, `n(n+1)(n−1) ÷ ((n−2)(n−3)) × M4 ÷ M2² − 3(n−1)² ÷ ((n−2)(n−3))`; 0 for a
/// normal sample, positive for fat tails. As pandas' `Series.kurtosis`.
///
/// `None` for fewer than four values and for constant ones.
pub fn excess_kurtosis(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let center = mean(values)?;
    dispersion(values)?;
    let m2 = sum_of(values, |value| square(value - center));
    let m4 = sum_of(values, |value| square(square(value - center)));
    let pairs = (n - 2.0) * (n - 3.0);
    Some(ratio(n * (n + 1.0) * (n - 1.0) * m4, pairs * m2 * m2)? - 3.0 * square(n - 1.0) / pairs)
}

fn sum_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    values.iter().map(|value| term(*value)).sum()
}

fn square(value: f64) -> f64 {
    value * value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_for_samples_too_small() {
        assert_eq!(mean(&[]), None);
        assert_eq!(sample_deviation(&[1.0]), None);
        assert_eq!(skewness(&[1.0, 2.0]), None);
        assert_eq!(excess_kurtosis(&[1.0, 2.0, 4.0]), None);
    }

    #[test]
    fn rounding_is_no_dispersion() {
        let mut equity = 10_000.0;
        let returns: Vec<f64> = (0..100)
            .map(|_| {
                let previous = equity;
                equity *= 1.0003;
                equity / previous - 1.0
            })
            .collect();
        assert!(sample_deviation(&returns).unwrap() < 1e-14);
        assert_eq!(dispersion(&returns), None);
        assert_eq!(skewness(&returns), None);
        assert_eq!(excess_kurtosis(&returns), None);
    }
}
