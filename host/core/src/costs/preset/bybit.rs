//! Published fees of Bybit.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "bybit-spot",
    exchange: "bybit",
    source: "Bybit help centre, article 000001634 'Trading Fee Structure'",
    as_of: "undated copy, read 2026-11-23",
    scope: "VIP 0 and VIP 3, the tiers whose volumes the article's text names; fees are taken from what is received",
    asset: FeeAsset::Base,
    tiers: &[tier(0, 10.0, 10.0), tier(10_000_000, 6.25, 7.5)],
};

pub(super) const LINEAR: FeePreset = FeePreset {
    name: "bybit-linear",
    exchange: "bybit",
    source: "Bybit help centre, article 000001634 'Trading Fee Structure'; loweef Crypto Futures Fee Index",
    as_of: "2026-10-16",
    scope: "perpetual and futures contracts, VIP 0 only: the volumes of the others are not known",
    asset: FeeAsset::Quote,
    tiers: &[tier(0, 2.0, 5.5)],
};
