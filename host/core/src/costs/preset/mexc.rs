//! Published fees of MEXC.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "mexc-spot",
    exchange: "mexc",
    source: "MEXC Learn, 'Calculation of Fees in Spot Trading'; the same in ccxt 4.5.91",
    as_of: "2025-07-16",
    scope: "there are no tiers; holders of MX pay less, and some symbols are free",
    asset: FeeAsset::Quote,
    tiers: &[tier(0, 0.0, 5.0)],
};

pub(super) const FUTURES: FeePreset = FeePreset {
    name: "mexc-futures",
    exchange: "mexc",
    source: "loweef Crypto Futures Fee Index, checked against www.mexc.com/fee",
    as_of: "2026-10-16",
    scope: "the BTCUSDT perpetual; MEXC sets fees for each contract; holders of MX pay less",
    asset: FeeAsset::Quote,
    tiers: &[tier(0, 0.0, 4.0)],
};
