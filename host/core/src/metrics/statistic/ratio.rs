//! Division that answers `None` where the field's tools answer infinity, NaN or 0.

use crate::units::finite;

/// `numerator ÷ denominator`, or `None` when the denominator is 0 or the result is not finite.
pub fn ratio(numerator: f64, denominator: f64) -> Option<f64> {
    if denominator == 0.0 { None } else { finite(numerator / denominator) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_is_none() {
        assert_eq!(ratio(1.0, 4.0), Some(0.25));
        assert_eq!(ratio(0.0, 4.0), Some(0.0));
        assert_eq!(ratio(1.0, 0.0), None);
        assert_eq!(ratio(0.0, 0.0), None);
        assert_eq!(ratio(f64::MAX, f64::MIN_POSITIVE), None);
        assert_eq!(ratio(f64::NAN, 1.0), None);
    }
}
