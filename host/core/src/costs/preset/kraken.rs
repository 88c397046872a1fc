//! Published fees of Kraken.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "kraken-spot",
    exchange: "kraken",
    source: "Kraken's answer to /0/public/AssetPairs, fields 'fees' and 'fees_maker'",
    as_of: "undated copy, read 2026-11-22",
    scope: "all tiers; pairs of stablecoins and of currencies cost less, and trades in USDT do not count as volume",
    asset: FeeAsset::Quote,
    tiers: &[
        tier(0, 25.0, 40.0),
        tier(10_000, 20.0, 35.0),
        tier(50_000, 14.0, 24.0),
        tier(100_000, 12.0, 22.0),
        tier(250_000, 10.0, 20.0),
        tier(500_000, 8.0, 18.0),
        tier(1_000_000, 6.0, 16.0),
        tier(2_500_000, 4.0, 14.0),
        tier(5_000_000, 2.0, 12.0),
        tier(10_000_000, 0.0, 10.0),
    ],
};
