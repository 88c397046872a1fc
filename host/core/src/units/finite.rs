//! Numbers that are none.

use serde::{Deserialize, Deserializer};

/// The value, or `None` when it is infinite or NaN: JSON has neither.
pub fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// Reads a number, and NaN where JSON has null.
pub(crate) fn nan_when_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}
