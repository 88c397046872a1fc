//! Fees as an exchange publishes them, under a name.

use super::{binance, bitfinex, bitstamp, bybit, coinbase, gate, kraken, kucoin, mexc, okx};
use crate::costs::{FeeAsset, FeeSchedule, FeeTier};
use crate::units::{Money, Rate};

/// The fees that an exchange publishes for one of its markets.
///
/// Tiers go by the traded value of 30 days; what else an exchange asks for, such as coins of its own, is told in `scope` and
/// not checked. Volumes are in US dollars: right where the quote asset is worth one. A rebate for makers counts as no fee,
/// since a backtest cannot check the conditions under which it is paid.
///
/// ```
/// use ct_core::costs::FeePreset;
/// let fees = FeePreset::named("kraken-spot").map(FeePreset::schedule).unwrap_or_default();
/// assert_eq!(fees.taker_bps.to_bps(), 40.0);
/// assert_eq!(fees.tiers[0].volume_min.to_string(), "10000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeePreset {
    /// Name in configurations, such as `binance-spot`.
    pub name: &'static str,
    /// Name of the exchange, as in data selections.
    pub exchange: &'static str,
    /// Where the numbers come from.
    pub source: &'static str,
    /// Date of the numbers, year-month-day; or that the source has none.
    pub as_of: &'static str,
    /// How far the numbers go, and what they leave out.
    pub scope: &'static str,
    pub(super) asset: FeeAsset,
    /// The lowest tier first.
    pub(super) tiers: &'static [PublishedTier],
}

/// One line of an exchange's table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PublishedTier {
    volume_min: u64,
    maker_bps: f64,
    taker_bps: f64,
}

/// One line of an exchange's table: traded value of 30 days in US dollars, fees in basis points.
pub(super) const fn tier(volume_min: u64, maker_bps: f64, taker_bps: f64) -> PublishedTier {
    PublishedTier { volume_min, maker_bps, taker_bps }
}

/// Every preset there is, by exchange.
pub fn fee_presets() -> &'static [FeePreset] {
    &[
        binance::SPOT,
        binance::USD_MARGINED,
        bitfinex::SPOT,
        bitstamp::SPOT,
        bybit::SPOT,
        bybit::LINEAR,
        coinbase::ADVANCED,
        coinbase::EXCHANGE,
        gate::SPOT,
        kraken::SPOT,
        kucoin::SPOT,
        kucoin::FUTURES,
        mexc::SPOT,
        mexc::FUTURES,
        okx::SPOT,
        okx::SWAP,
    ]
}

impl FeePreset {
    /// The preset with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        fee_presets().iter().find(|preset| preset.name == name)
    }

    /// The fees: every tier of the table, no discount, no minimum.
    pub fn schedule(&self) -> FeeSchedule {
        let mut tiers = self.tiers.iter().map(PublishedTier::fee_tier);
        let lowest = tiers.next();
        let rates = lowest.map(|tier| (tier.maker_bps, tier.taker_bps)).unwrap_or_default();
        FeeSchedule {
            preset: Some(self.name.to_owned()),
            maker_bps: rates.0,
            taker_bps: rates.1,
            tiers: tiers.collect(),
            asset: self.asset,
            ..FeeSchedule::default()
        }
    }
}

impl PublishedTier {
    fn fee_tier(&self) -> FeeTier {
        const UNITS_PER_WHOLE: i128 = 1_000_000_000_000;
        FeeTier {
            volume_min: Money::from_units(i128::from(self.volume_min) * UNITS_PER_WHOLE),
            maker_bps: Rate::from_bps(self.maker_bps).unwrap_or_default(),
            taker_bps: Rate::from_bps(self.taker_bps).unwrap_or_default(),
        }
    }
}
