//! Exchange fees: rates by tier, discounts, and the asset in which they are taken.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Money, Rate, bps};

/// Whether an order waited in the book or took from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Liquidity {
    /// A resting limit or take-profit order.
    Maker,
    /// A market or stop order.
    Taker,
}

/// The fees of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FeeSchedule {
    /// Published fees, such as `binance-spot`, that fill in what is not given here; `ct-host fees` lists them.
    pub preset: Option<String>,
    /// Lowest tier: for orders that waited in the book, in basis points of the notional.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub maker_bps: Rate,
    /// Lowest tier: for orders that took from the book.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub taker_bps: Rate,
    /// Higher tiers, with ascending volumes.
    pub tiers: Vec<FeeTier>,
    /// Tier that the account has whatever the run trades: 0 is the lowest, 1 the first of `tiers`.
    pub starting_tier: usize,
    /// Part of every fee that is let off, for example 0.25 for fees paid in the exchange's own coin.
    #[schemars(range(max = 1))]
    pub discount: Rate,
    /// Asset in which fees are taken.
    pub asset: FeeAsset,
    /// Smallest fee of a fill, in quote asset; 0 when fees are in base asset.
    #[schemars(extend("minimum" = 0))]
    pub minimum: Money,
}

/// A tier of fees, for accounts that have traded at least a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeTier {
    /// Traded value of the 30 UTC days before the current one, in quote asset.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub volume_min: Money,
    /// For orders that waited in the book, in basis points.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub maker_bps: Rate,
    /// For orders that took from the book.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub taker_bps: Rate,
}

/// Asset in which fees are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeAsset {
    /// In quote asset, on top of the notional.
    #[default]
    Quote,
    /// Purchases that open or enlarge a long position pay in base asset: less of it arrives. Everything else pays in quote
    /// asset.
    Base,
}
