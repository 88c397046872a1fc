//! The tables make sense, and fees are those of the examples that the exchanges publish.

use super::{FeePreset, fee_presets};
use crate::costs::fee_meter::FeeRates;
use crate::costs::{FeeAsset, FeeMeter, FeeSchedule, Liquidity};
use crate::units::{Money, Price, Quantity, Rate, Rounding};

const DAY_MS: i64 = 86_400_000;

fn schedule(name: &str) -> FeeSchedule {
    FeePreset::named(name).unwrap().schedule()
}

fn bps(bps: f64) -> Rate {
    Rate::from_bps(bps).unwrap()
}

/// The fees of an account that has traded `volume` the day before.
fn rates_after(schedule: &FeeSchedule, volume: f64) -> FeeRates {
    let mut meter = FeeMeter::new(schedule);
    meter.start(0);
    meter.add(Money::from_f64(volume).unwrap()).unwrap();
    meter.start(DAY_MS);
    *meter.rates()
}

fn fee(rates: &FeeRates, quantity: f64, price: f64, liquidity: Liquidity) -> String {
    let quantity = Quantity::from_f64(quantity).unwrap();
    let notional = Price::from_f64(price).unwrap().notional(quantity, Rounding::Nearest).unwrap();
    rates.fee(notional, liquidity).unwrap().to_string()
}

#[test]
fn names_are_unique_and_begin_with_the_exchange() {
    for (place, preset) in fee_presets().iter().enumerate() {
        assert!(preset.name.starts_with(&format!("{}-", preset.exchange)), "{}", preset.name);
        assert!(fee_presets()[..place].iter().all(|other| other.name != preset.name));
        assert_eq!(FeePreset::named(preset.name), Some(preset));
        for text in [preset.source, preset.as_of, preset.scope] {
            assert!(!text.is_empty() && !text.contains("  "), "{}: {text}", preset.name);
        }
    }
    assert_eq!(FeePreset::named("binance"), None);
}

#[test]
fn volumes_ascend_and_fees_never_rise_with_them() {
    for preset in fee_presets() {
        let fees = preset.schedule();
        let (mut volume, mut maker, mut taker) = (Money::ZERO, fees.maker_bps, fees.taker_bps);
        assert!(!taker.is_zero() && taker.to_bps() <= 120.0 && maker <= taker, "{}", preset.name);
        for tier in &fees.tiers {
            assert!(tier.volume_min > volume, "{}: {}", preset.name, tier.volume_min);
            assert!(tier.maker_bps <= maker && tier.taker_bps <= taker, "{}", preset.name);
            assert!(tier.maker_bps <= tier.taker_bps, "{}", preset.name);
            (volume, maker, taker) = (tier.volume_min, tier.maker_bps, tier.taker_bps);
        }
    }
}

#[test]
fn a_schedule_holds_every_number_of_its_table() {
    for preset in fee_presets() {
        let fees = preset.schedule();
        assert_eq!(fees.tiers.len() + 1, preset.tiers.len());
        let lowest = (0.0, fees.maker_bps, fees.taker_bps);
        let tiers = fees.tiers.iter();
        let tiers = tiers.map(|tier| (tier.volume_min.to_f64(), tier.maker_bps, tier.taker_bps));
        for (row, (volume, maker, taker)) in
            preset.tiers.iter().zip(std::iter::once(lowest).chain(tiers))
        {
            let published = format!("{row:?}");
            let (maker, taker) = (maker.to_bps(), taker.to_bps());
            let found = format!(
                "PublishedTier {{ volume_min: {volume}, maker_bps: {maker:?}, taker_bps: {taker:?} }}"
            );
            assert_eq!(found, published, "{}", preset.name);
        }
    }
}

/// Binance, FAQ 'What is Binance Spot Trading Fee and How to Calculate', 2022-03-24: buying 10 ETH at 3,452.55 USDT costs
/// 0.01 ETH, selling them 34.5255 USDT; paid in BNB it is 25 % less.
#[test]
fn binance_spot_example() {
    let fees = schedule("binance-spot");
    let rates = *FeeMeter::new(&fees).rates();
    assert_eq!(rates.asset, FeeAsset::Base);
    let bought = Quantity::from_f64(10.0).unwrap();
    let kept = rates.rate(Liquidity::Taker).of(bought, Rounding::Up).unwrap();
    assert_eq!(kept.to_string(), "0.01");
    assert_eq!(fee(&rates, 10.0, 3_452.55, Liquidity::Taker), "34.5255");
    let discount = Rate::from_fraction(0.25).unwrap();
    let paid_in_bnb = *FeeMeter::new(&FeeSchedule { discount, ..fees }).rates();
    assert_eq!(paid_in_bnb.rate(Liquidity::Taker), bps(7.5));
    assert_eq!(fee(&paid_in_bnb, 10.0, 3_452.55, Liquidity::Taker), "25.894125");
}

/// Binance, announcement of 2022-05-31, column 'with additional 25 % off when paid in BNB': VIP 1 to 3 pay 0.0675, 0.0600 and
/// 0.0525 % as makers and 0.0750 % as takers.
#[test]
fn binance_spot_tiers_paid_in_bnb() {
    let discount = Rate::from_fraction(0.25).unwrap();
    let fees = FeeSchedule { discount, ..schedule("binance-spot") };
    for (volume, maker) in [(999_999.0, 7.5), (1e6, 6.75), (5e6, 6.0), (20e6, 5.25)] {
        let rates = rates_after(&fees, volume);
        assert_eq!(rates.rate(Liquidity::Maker), bps(maker), "{volume}");
        assert_eq!(rates.rate(Liquidity::Taker), bps(7.5), "{volume}");
    }
}

/// Binance, FAQ 360033544231: 1 BTC bought at 10,104 with a market order costs 5.052 USDT, sold at 11,104 with a limit order
/// 2.2208 USDT.
#[test]
fn binance_futures_example() {
    let rates = *FeeMeter::new(&schedule("binance-usdm")).rates();
    assert_eq!(fee(&rates, 1.0, 10_104.0, Liquidity::Taker), "5.052");
    assert_eq!(fee(&rates, -1.0, 11_104.0, Liquidity::Maker), "2.2208");
}

/// Bybit's examples, as 'BYBIT Trading Fees' of 2024-07-31 on refeshop.com repeats them: half a BTC bought at 40,000 costs
/// 0.0005 BTC, sold 20 USDT; 10 BTC of a contract at 8,000 cost the taker 44 USDT and the maker 16.
#[test]
fn bybit_examples() {
    let spot = *FeeMeter::new(&schedule("bybit-spot")).rates();
    let bought = Quantity::from_f64(0.5).unwrap();
    let kept = spot.rate(Liquidity::Taker).of(bought, Rounding::Up).unwrap();
    assert_eq!((spot.asset, kept.to_string().as_str()), (FeeAsset::Base, "0.0005"));
    assert_eq!(fee(&spot, -0.5, 40_000.0, Liquidity::Maker), "20");
    let linear = *FeeMeter::new(&schedule("bybit-linear")).rates();
    assert_eq!(fee(&linear, 10.0, 8_000.0, Liquidity::Taker), "44");
    assert_eq!(fee(&linear, -10.0, 8_000.0, Liquidity::Maker), "16");
}

/// Kraken, support article 201893638: 2 XBT at 5,000 cost a taker with a volume of 125,000 of 30 days 22 USD, and a maker with a
/// volume of 1,000,000 6 USD.
#[test]
fn kraken_example() {
    let fees = schedule("kraken-spot");
    assert_eq!(fee(&rates_after(&fees, 125e3), 2.0, 5_000.0, Liquidity::Taker), "22");
    assert_eq!(fee(&rates_after(&fees, 1e6), 2.0, 5_000.0, Liquidity::Maker), "6");
}

/// Coinbase Exchange, the fill in the API documentation: 0.01 at 10.00 cost a taker 0.00025. That is 0.25 %, which today is the
/// tier of 50,000 to 100,000.
#[test]
fn coinbase_exchange_example() {
    let fees = schedule("coinbase-exchange");
    for volume in [50e3, 99_999.0] {
        assert_eq!(fee(&rates_after(&fees, volume), 0.01, 10.0, Liquidity::Taker), "0.00025");
    }
    assert_eq!(fee(&rates_after(&fees, 1e5), 0.01, 10.0, Liquidity::Taker), "0.0002");
}

/// MEXC, 'Calculation of Fees in Spot Trading', 2025-07-16: 1 MX sold at 5 USDT costs a taker 0.0025 USDT and a maker nothing.
#[test]
fn mexc_example() {
    let rates = *FeeMeter::new(&schedule("mexc-spot")).rates();
    assert_eq!(fee(&rates, -1.0, 5.0, Liquidity::Taker), "0.0025");
    assert_eq!(fee(&rates, 1.0, 5.0, Liquidity::Maker), "0");
}

/// `KuCoin`, announcement for 2024-11-08, column 'paid in KCS (20 % off)': 0.076 and 0.080 % at LV1, 0.044 and 0.060 % at LV4.
#[test]
fn kucoin_tiers_paid_in_kcs() {
    let discount = Rate::from_fraction(0.2).unwrap();
    let fees = FeeSchedule { discount, ..schedule("kucoin-spot") };
    for (volume, maker, taker) in [(0.0, 8.0, 8.0), (1e6, 7.6, 8.0), (18e6, 4.4, 6.0)] {
        let rates = rates_after(&fees, volume);
        assert_eq!(rates.rate(Liquidity::Maker), bps(maker), "{volume}");
        assert_eq!(rates.rate(Liquidity::Taker), bps(taker), "{volume}");
    }
}
