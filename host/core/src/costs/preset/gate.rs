//! Published fees of Gate.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "gate-spot",
    exchange: "gate",
    source: "www.gate.com/en-dubai/fee",
    as_of: "undated copy, read 2026-11-23",
    scope: "up to VIP 8, without the discounts of GT; fees are taken from what is received",
    asset: FeeAsset::Base,
    tiers: &[
        tier(0, 10.0, 10.0),
        tier(60_000, 9.9, 9.9),
        tier(120_000, 9.8, 9.8),
        tier(240_000, 9.7, 9.7),
        tier(500_000, 9.5, 9.6),
        tier(1_000_000, 9.0, 9.5),
        tier(3_000_000, 8.5, 9.0),
        tier(8_000_000, 8.0, 8.5),
        tier(20_000_000, 7.5, 8.0),
    ],
};
