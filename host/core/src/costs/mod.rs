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

pub(crate) use carry::CarryDue;
pub use carry::{Borrow, Funding, FundingPayer};
pub(crate) use conditions::Conditions;
pub use fee_meter::FeeMeter;
pub(crate) use fee_meter::{FeeRates, FeeSide};
pub(crate) use fees::Liquidity;
pub use fees::{FeeAsset, FeeSchedule, FeeTier};
pub use frictions::Frictions;
pub use impact::{BarVolumeImpact, Impact, SquareRootImpact};
pub use model::CostModel;
pub(crate) use model::PriceRequest;
pub use noise::Noise;
pub use participation::Participation;
pub use preset::{FeePreset, fee_presets};
pub use slippage::{FixedSlippage, Slippage, VolatilitySlippage, VolumeShareSlippage};
pub use spread::{FixedSpread, Spread, VolatilitySpread};
