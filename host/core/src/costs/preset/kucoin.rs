//! Published fees of `KuCoin`.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

/// Rates of one page, volumes of another: the rates of the tiers used here are the same on both.
const SOURCE: &str = "KuCoin support 48142946141635 'VIP Fee Structure'; volumes of the announcement 'VIP Program Update' \
                      for 2024-11-08";

pub(super) const SPOT: FeePreset = FeePreset {
    name: "kucoin-spot",
    exchange: "kucoin",
    source: SOURCE,
    as_of: "2026-03-26",
    scope: "symbols of class A up to VIP 6; class B costs twice and class C three times as much; paid in KCS fees are 20 % \
            lower: discount 0.2",
    asset: FeeAsset::Quote,
    tiers: &[
        tier(0, 10.0, 10.0),
        tier(1_000_000, 9.5, 10.0),
        tier(3_000_000, 9.0, 10.0),
        tier(6_000_000, 7.5, 9.0),
        tier(18_000_000, 5.5, 7.5),
        tier(55_000_000, 3.5, 5.5),
        tier(100_000_000, 2.5, 4.5),
    ],
};

pub(super) const FUTURES: FeePreset = FeePreset {
    name: "kucoin-futures",
    exchange: "kucoin",
    source: SOURCE,
    as_of: "2026-03-26",
    scope: "up to VIP 6",
    asset: FeeAsset::Quote,
    tiers: &[
        tier(0, 2.0, 6.0),
        tier(5_000_000, 1.8, 6.0),
        tier(8_000_000, 1.5, 6.0),
        tier(16_000_000, 1.0, 6.0),
        tier(40_000_000, 0.8, 5.3),
        tier(60_000_000, 0.6, 4.8),
        tier(120_000_000, 0.4, 4.3),
    ],
};
