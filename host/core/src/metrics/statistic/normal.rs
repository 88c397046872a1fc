//! The standard normal distribution.

use std::f64::consts::SQRT_2;

/// Probability that a standard normal variable is at most `z`, `erfc(−z ÷ √2) ÷ 2`.
///
/// Uses `libm`, whose results are the same on every platform.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scipy() {
        // scipy 1.17.1: scipy.stats.norm.cdf(z)
        let table = [
            (-8.0, 6.220_960_574_271_74e-16),
            (-1.0, 0.158_655_253_931_457_05),
            (0.0, 0.5),
            (1.959_963_984_540_054, 0.975),
            (3.0, 0.998_650_101_968_369_9),
        ];
        for (z, expected) in table {
            let found = normal_cdf(z);
            assert!((found / expected - 1.0).abs() < 1e-13, "cdf({z}) = {found}, not {expected}");
        }
    }
}
