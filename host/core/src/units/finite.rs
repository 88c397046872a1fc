//! Numbers that are none.

use serde::{Deserialize, Deserializer};

/// The value, or `None` when it is infinite or NaN: JSON has neither. Nothing below zero is zero: `-0.0` would only confuse.
pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(positive_zero(value))
}

/// The value, and `0.0` for `-0.0`, which sums of nothing and quotients of zero are.
pub fn positive_zero(value: f64) -> f64 {
    value + 0.0
}

/// Reads a number, and NaN where JSON has null.
pub(crate) fn nan_when_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_has_no_sign() {
        for zero in [0.0, -0.0] {
            assert_eq!(finite(zero).map(f64::to_bits), Some(0));
        }
        assert_eq!(
            (finite(-1.5), finite(f64::NAN), finite(f64::INFINITY)),
            (Some(-1.5), None, None)
        );
    }
}
