//! Published fees of Coinbase.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const ADVANCED: FeePreset = FeePreset {
    name: "coinbase-advanced",
    exchange: "coinbase",
    source: "ccxt 4.5.91",
    as_of: "2026-10-29",
    scope: "lowest tier only: Coinbase shows the others to its customers alone",
    asset: FeeAsset::Quote,
    tiers: &[tier(0, 60.0, 120.0)],
};

pub(super) const EXCHANGE: FeePreset = FeePreset {
    name: "coinbase-exchange",
    exchange: "coinbase",
    source: "help.coinbase.com, 'Exchange fees'; the same in ccxt 4.5.91",
    as_of: "2026-10-29",
    scope: "all tiers; pairs of stablecoins cost less",
    asset: FeeAsset::Quote,
    tiers: &[
        tier(0, 40.0, 60.0),
        tier(10_000, 25.0, 40.0),
        tier(50_000, 15.0, 25.0),
        tier(100_000, 10.0, 20.0),
        tier(1_000_000, 8.0, 18.0),
        tier(15_000_000, 6.0, 16.0),
        tier(75_000_000, 3.0, 12.0),
        tier(250_000_000, 0.0, 8.0),
        tier(400_000_000, 0.0, 5.0),
    ],
};
