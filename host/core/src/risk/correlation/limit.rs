//! A cap on positions that move together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Estimator;
use crate::units::Rate;

/// Positions that move together count as one. Two positions belong together when the correlation of their returns, times
/// the signs of their directions, is `threshold` or more; clusters are chains of such pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CorrelationLimit {
    /// How correlations are measured.
    pub estimator: Estimator,
    /// Correlation from which two positions belong together.
    #[schemars(range(min = 0, max = 1), extend("x-unit" = "a correlation"))]
    pub threshold: f64,
    /// Largest sum of the values of a cluster's positions, as a share of equity.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub exposure_max: Rate,
}

impl Default for CorrelationLimit {
    fn default() -> Self {
        Self { estimator: Estimator::default(), threshold: 0.7, exposure_max: Rate::ONE.half() }
    }
}
