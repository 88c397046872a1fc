//! Published fees of Binance.

use super::fee_preset::{FeePreset, tier};
use crate::costs::FeeAsset;

pub(super) const SPOT: FeePreset = FeePreset {
    name: "binance-spot",
    exchange: "binance",
    source: "Binance announcement 'VIP Program Upgrade', table 'Spot Trading Fee Structure'",
    as_of: "2022-05-31",
    scope: "up to VIP 3; VIP tiers also ask for 25 to 250 BNB; fees are taken from what is received; paid in BNB they are \
            25 % lower: discount 0.25 and asset quote",
    asset: FeeAsset::Base,
    tiers: &[
        tier(0, 10.0, 10.0),
        tier(1_000_000, 9.0, 10.0),
        tier(5_000_000, 8.0, 10.0),
        tier(20_000_000, 7.0, 10.0),
    ],
};

pub(super) const USD_MARGINED: FeePreset = FeePreset {
    name: "binance-usdm",
    exchange: "binance",
    source: "Binance FAQ 360033544231 'Futures Fee Structure'; first tier: rates of ccxt 4.5.91, volume of the announcement \
             'VIP Program Upgrade' of 2021-12-15",
    as_of: "2026-01-09",
    scope: "USDT-margined contracts up to VIP 1, which also asks for 25 BNB; paid in BNB fees are 10 % lower: discount 0.1",
    asset: FeeAsset::Quote,
    tiers: &[tier(0, 2.0, 5.0), tier(15_000_000, 1.6, 4.0)],
};
