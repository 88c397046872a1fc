//! Published fees of Bitfinex.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "bitfinex-spot",
    exchange: "bitfinex",
    source: "www.bitfinex.com/fees, 'Order execution'; up to 30 million the same in ccxt 4.5.91",
    as_of: "before 2025-12-17",
    scope: "all tiers, without the discounts of LEO; Bitfinex announced that it charges nothing since 2025-12-17, so this is \
            the pessimistic choice; fees are taken from what is received",
    asset: FeeAsset::Base,
    tiers: &[
        tier(0, 10.0, 20.0),
        tier(500_000, 8.0, 20.0),
        tier(1_000_000, 6.0, 20.0),
        tier(2_500_000, 4.0, 20.0),
        tier(5_000_000, 2.0, 20.0),
        tier(7_500_000, 0.0, 20.0),
        tier(10_000_000, 0.0, 18.0),
        tier(15_000_000, 0.0, 16.0),
        tier(20_000_000, 0.0, 14.0),
        tier(25_000_000, 0.0, 12.0),
        tier(30_000_000, 0.0, 10.0),
        tier(300_000_000, 0.0, 9.0),
        tier(1_000_000_000, 0.0, 8.5),
        tier(3_000_000_000, 0.0, 7.5),
        tier(10_000_000_000, 0.0, 6.0),
        tier(30_000_000_000, 0.0, 5.5),
    ],
};
