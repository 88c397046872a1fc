//! How much capital a decision moves: one rule per file.
//!
//! Every rule looks at closed rows up to the decision's, at the equity marked there and at the round trips so far; none keeps
//! anything of its own, so nothing depends on how rows are cut into windows. Limits, lot and cash come later, at the fill.

mod equal_risk;
mod fixed;
mod kelly;
mod risk_share;
mod rule;
mod true_range;
mod volatility_target;
mod weights;

#[cfg(test)]
mod tests;

pub use equal_risk::{EqualRisk, EqualRiskMethod};
pub use fixed::{FixedFraction, FixedNotional, FixedUnits};
pub use kelly::{Kelly, KellySample};
pub use risk_share::{MissingStop, RiskShare, StopDistance};
pub use rule::Sizing;
pub(crate) use rule::{Granted, SizingInput};
pub use volatility_target::{VolatilityEstimator, VolatilityTarget};
pub use weights::Weights;

/// Returns that a measurement over `window_rows` rows needs: half a window, two at least.
fn returns_needed(window_rows: usize) -> usize {
    window_rows.div_ceil(2).max(2)
}
