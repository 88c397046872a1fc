//! Published fees of OKX.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "okx-spot",
    exchange: "okx",
    source: "www.okx.com/fees",
    as_of: "undated copy, read 2026-11-22",
    scope: "Lv1 and VIP 1 to 8 by volume; customers of OKX in Europe and the USA pay other fees; fees are taken from what is \
            received",
    asset: FeeAsset::Base,
    tiers: &[
        tier(0, 8.0, 10.0),
        tier(10_000_000, 6.0, 8.0),
        tier(20_000_000, 5.0, 7.0),
        tier(50_000_000, 3.0, 6.0),
        tier(100_000_000, 2.0, 5.0),
        tier(200_000_000, 0.0, 4.0),
        // From here on makers get a rebate of 0.2 to 0.5 basis points.
        tier(500_000_000, 0.0, 3.0),
        tier(1_000_000_000, 0.0, 2.5),
        tier(10_000_000_000, 0.0, 2.0),
    ],
};

pub(super) const SWAP: FeePreset = FeePreset {
    name: "okx-swap",
    exchange: "okx",
    source: "ccxt 4.5.91; loweef Crypto Futures Fee Index",
    as_of: "2026-10-16",
    scope: "Lv1 only",
    asset: FeeAsset::Quote,
    tiers: &[tier(0, 2.0, 5.0)],
};
