//! Made-up bars.

use super::{Candle, Decimal};
use crate::bars::SplitMix64;

/// How a history is made up. Everything is whole numbers, so the same walk gives the same bars everywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Walk {
    /// Of the random numbers.
    pub seed: u64,
    /// When the instrument was listed: the opening of its first bar, UTC milliseconds.
    pub first_ms: i64,
    /// Bars from the first to the last, missing ones counted.
    pub rows: usize,
    /// First price.
    pub price: Decimal,
    /// Share of the bars that are missing, from 0 to 1. The first and the last are always there.
    pub missing: f64,
    /// Share of the bars in which nothing is traded, from 0 to 1. Never the first.
    pub quiet: f64,
}

impl Walk {
    /// A walk from a price of 42 000.00 without missing or quiet bars.
    pub const fn new(seed: u64, first_ms: i64, rows: usize) -> Self {
        let price = Decimal::new(4_200_000, 2);
        Self { seed, first_ms, rows, price, missing: 0.0, quiet: 0.0 }
    }

    /// The bars.
    pub(super) fn candles(&self, interval_ms: i64) -> Vec<Candle> {
        let mut random = SplitMix64(self.seed);
        let mut price = self.price;
        let mut candles = Vec::with_capacity(self.rows);
        for (row, time_ms) in (0..self.rows).zip((0..).map(|row| self.first_ms + row * interval_ms))
        {
            let candle = if random.unit() < self.quiet && row > 0 {
                Candle::quiet(time_ms, price.trimmed())
            } else {
                moved(time_ms, price, &mut random)
            };
            price = candle.close.padded(self.price.digits());
            let inside = row > 0 && row + 1 < self.rows;
            if !(random.unit() < self.missing && inside) {
                candles.push(candle);
            }
        }
        candles
    }
}

/// A bar that opens at `open`. Prices stay above nothing: a price of few units moves by one unit.
fn moved(time_ms: i64, open: Decimal, random: &mut SplitMix64) -> Candle {
    let units = open.units();
    let reach = usize::try_from(units / 200).unwrap_or_default() + 1;
    let mut step = |most: usize| i64::try_from(random.below(most + 1)).unwrap_or_default();
    let close = (units + step(2 * reach) - i64::try_from(reach).unwrap_or_default()).max(1);
    let high = units.max(close) + step(reach / 2);
    let low = (units.min(close) - step(reach / 2)).max(1);
    let price = |units| Decimal::new(units, open.digits()).trimmed();
    let volume = Decimal::new(1 + step(90_000_000), 5).trimmed();
    let candle =
        Candle::new(time_ms, [open.trimmed(), price(high), price(low), price(close), volume]);
    let average = price(low + (high - low) / 2);
    let trades = u32::try_from(1 + step(5_000)).unwrap_or_default();
    Candle { average, trades, turnover: volume.times(average, 8), ..candle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_sound_and_the_same_each_time() {
        let walk = Walk { missing: 0.1, quiet: 0.1, ..Walk::new(3, 60_000, 5_000) };
        let candles = walk.candles(60_000);
        assert_eq!(candles, walk.candles(60_000));
        assert!((4_300..4_700).contains(&candles.len()), "{}", candles.len());
        assert_eq!(candles.last().unwrap().time_ms, 60_000 * 5_000);
        for candle in &candles {
            let [open, high, low, close, volume] = candle.values();
            assert!(low > 0.0 && low <= open.min(close) && high >= open.max(close), "{candle:?}");
            assert!(volume >= 0.0 && (volume > 0.0) == (candle.trades > 0), "{candle:?}");
        }
        assert!(candles.iter().filter(|candle| candle.volume.is_zero()).count() > 300);
    }

    #[test]
    fn a_price_of_one_unit_does_not_vanish() {
        let walk = Walk { price: Decimal::step(8), ..Walk::new(1, 0, 1_000) };
        assert!(walk.candles(1_000).iter().all(|candle| candle.low.units() > 0));
    }
}
