//! What trading costs: one friction per file, composed by [`CostModel`].
//!
//! Frictions are exact and deterministic; each is reported on its own.

mod carry;
mod conditions;
mod fee_meter;
mod fees;
mod frictions;
mod impact;
mod model;
mod noise;
mod participation;
mod preset;
mod slippage;
mod spread;

pub use carry::{Borrow, CarryDue, Funding, FundingPayer};
pub use conditions::Conditions;
pub use fee_meter::{FeeMeter, FeeRates, FeeSide};
pub use fees::{FeeAsset, FeeSchedule, FeeTier, Liquidity};
pub use frictions::Frictions;
pub use impact::{BarVolumeImpact, Impact, SquareRootImpact};
pub use model::{CostModel, Execution};
pub use noise::Noise;
pub use participation::Participation;
pub use preset::{FeePreset, fee_presets};
pub use slippage::{FixedSlippage, Slippage, VolatilitySlippage, VolumeShareSlippage};
pub use spread::{FixedSpread, Spread, VolatilitySpread};
