//! What trading costs: one friction per file, composed by [`CostModel`].
//!
//! Frictions are exact and deterministic; each is reported on its own.

mod fees;
mod impact;
mod model;
mod participation;
mod slippage;
mod spread;

pub use fees::{FeeSchedule, Liquidity};
pub use impact::SquareRootImpact;
pub use model::{CostModel, Execution, Frictions};
pub use participation::Participation;
pub use slippage::FixedSlippage;
pub use spread::FixedSpread;
