//! Published fees of Bitstamp.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "bitstamp-spot",
    exchange: "bitstamp",
    source: "ccxt 4.5.91",
    as_of: "2026-10-29",
    scope: "all tiers but the one at 20 million, whose maker fee ccxt gives as higher than that of the tier below it",
    asset: FeeAsset::Quote,
    tiers: &[
        tier(0, 30.0, 40.0),
        tier(10_000, 20.0, 30.0),
        tier(100_000, 10.0, 20.0),
        tier(500_000, 8.0, 18.0),
        tier(1_500_000, 6.0, 16.0),
        tier(5_000_000, 3.0, 12.0),
        tier(50_000_000, 1.0, 8.0),
        tier(100_000_000, 0.0, 6.0),
        tier(250_000_000, 0.0, 5.0),
        tier(1_000_000_000, 0.0, 3.0),
    ],
};
