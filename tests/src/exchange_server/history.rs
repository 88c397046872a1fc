//! The truth that a server holds: every bar of one instrument at one interval.

use ct_host::market::RawColumns;
use ct_host::units::Interval;

use super::{Candle, Walk};

/// Every bar of one instrument at one interval, those after the server's own time too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    symbol: String,
    interval: Interval,
    candles: Vec<Candle>,
}

impl History {
    /// The bars of `symbol`, such as `BTC/USDT`, in the order of their times.
    ///
    /// # Panics
    /// When the times do not rise.
    pub fn new(symbol: &str, interval: Interval, candles: Vec<Candle>) -> Self {
        assert!(candles.is_sorted_by(|a, b| a.time_ms < b.time_ms), "{symbol}: times must rise");
        Self { symbol: symbol.to_owned(), interval, candles }
    }

    /// A random walk; the same walk gives the same bars.
    pub fn random(symbol: &str, interval: Interval, walk: &Walk) -> Self {
        Self::new(symbol, interval, walk.candles(interval.as_ms()))
    }

    /// Base and quote asset, such as `BTC/USDT`.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// Length of a bar.
    pub const fn interval(&self) -> Interval {
        self.interval
    }

    /// All bars by time.
    pub fn rows(&self) -> &[Candle] {
        &self.candles
    }

    /// The bars that open from `from_ms` up to, but not including, `to_ms`.
    pub fn rows_between(&self, from_ms: i64, to_ms: i64) -> &[Candle] {
        let place = |time_ms| self.candles.partition_point(|candle| candle.time_ms < time_ms);
        self.candles.get(place(from_ms)..place(to_ms)).unwrap_or_default()
    }

    /// The bars that open from `from_ms` up to, but not including, `to_ms`, as a client is to hold them.
    pub fn columns_between(&self, from_ms: i64, to_ms: i64) -> RawColumns {
        let mut columns = RawColumns::default();
        for candle in self.rows_between(from_ms, to_ms) {
            let [open, high, low, close, volume] = candle.values();
            columns.time.push(candle.time_ms);
            columns.open.push(open);
            columns.high.push(high);
            columns.low.push(low);
            columns.close.push(close);
            columns.volume.push(volume);
        }
        columns
    }

    /// First time after the last bar; 0 when there is none.
    pub fn end_ms(&self) -> i64 {
        self.candles.last().map_or(0, |last| last.time_ms + self.interval.as_ms())
    }

    /// The same without the bars that open from `from_ms` up to, but not including, `to_ms`.
    #[must_use]
    pub fn without(mut self, from_ms: i64, to_ms: i64) -> Self {
        self.candles.retain(|candle| !(from_ms..to_ms).contains(&candle.time_ms));
        self
    }

    /// The same with a bar wherever one is missing between the first and the last: nothing traded, at the last close.
    #[must_use]
    pub fn filled(&self) -> Self {
        let mut candles: Vec<Candle> = Vec::with_capacity(self.candles.len());
        for &candle in &self.candles {
            while let Some(last) = candles.last() {
                let next_ms = last.time_ms + self.interval.as_ms();
                if next_ms >= candle.time_ms {
                    break;
                }
                candles.push(Candle::quiet(next_ms, last.close));
            }
            candles.push(candle);
        }
        Self { candles, ..self.clone() }
    }

    /// The same without the bars in which nothing was traded.
    #[must_use]
    pub fn traded(mut self) -> Self {
        self.candles.retain(|candle| !candle.volume.is_zero());
        self
    }

    /// The same with another close and volume of the bar that opens at `time_ms`, as when an exchange corrects itself.
    #[must_use]
    pub fn revised(mut self, time_ms: i64) -> Self {
        for candle in self.candles.iter_mut().filter(|candle| candle.time_ms == time_ms) {
            *candle = candle.revised();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn history() -> History {
        let walk = Walk { quiet: 0.2, ..Walk::new(7, 0, 48) };
        History::random("BTC/USDT", Interval::from_ms(HOUR_MS).unwrap(), &walk)
    }

    #[test]
    fn ranges_hold_their_start_and_not_their_end() {
        let history = history();
        let times = |from_ms, to_ms| {
            let rows = history.rows_between(from_ms, to_ms);
            rows.iter().map(|row| row.time_ms / HOUR_MS).collect::<Vec<_>>()
        };
        assert_eq!(times(HOUR_MS, 3 * HOUR_MS), [1, 2]);
        assert_eq!(times(HOUR_MS + 1, 3 * HOUR_MS + 1), [2, 3]);
        assert_eq!(times(3 * HOUR_MS, HOUR_MS), [0; 0]);
        assert_eq!(history.columns_between(0, history.end_ms()).time.len(), 48);
    }

    #[test]
    fn filling_undoes_a_hole_but_for_what_was_traded_in_it() {
        let whole = history();
        let holed = whole.clone().without(5 * HOUR_MS, 8 * HOUR_MS);
        assert_eq!(holed.rows().len(), 45);
        let filled = holed.filled();
        assert_eq!(filled.rows().len(), 48);
        assert_eq!(filled.rows()[6], Candle::quiet(6 * HOUR_MS, whole.rows()[4].close));
        assert_eq!(filled.rows()[8..], whole.rows()[8..]);
        assert!(whole.rows().len() > whole.clone().traded().rows().len());
    }
}
