//! One bar with everything that any of the exchanges tells about it.

use super::Decimal;

/// One bar. Exchanges show parts of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Candle {
    /// When it opens, UTC milliseconds.
    pub time_ms: i64,
    /// First price, in quote asset.
    pub open: Decimal,
    /// Highest price.
    pub high: Decimal,
    /// Lowest price.
    pub low: Decimal,
    /// Last price.
    pub close: Decimal,
    /// Traded base asset.
    pub volume: Decimal,
    /// Traded quote asset.
    pub turnover: Decimal,
    /// Mean price by volume.
    pub average: Decimal,
    /// Count of trades.
    pub trades: u32,
    /// The part of the volume that takers bought.
    pub bought_volume: Decimal,
    /// The part of the turnover that takers bought.
    pub bought_turnover: Decimal,
}

impl Candle {
    /// A bar of five values, such as one out of a file. What else an exchange tells is made up from them.
    pub fn new(time_ms: i64, [open, high, low, close, volume]: [Decimal; 5]) -> Self {
        let turnover = volume.times(close, 8);
        Self {
            time_ms,
            open,
            high,
            low,
            close,
            volume,
            turnover,
            average: if volume.is_zero() { Decimal::default() } else { close },
            trades: u32::from(!volume.is_zero()) * 7,
            bought_volume: volume.share(1, 3),
            bought_turnover: turnover.share(1, 3),
        }
    }

    /// A bar in which nothing was traded: all prices are the last close.
    #[must_use]
    pub fn quiet(time_ms: i64, close: Decimal) -> Self {
        Self::new(time_ms, [close, close, close, close, Decimal::default()])
    }

    /// What is seen of it `elapsed_ms` after its opening, of `length_ms`: less volume, a shorter reach, another close.
    #[must_use]
    pub fn so_far(&self, elapsed_ms: i64, length_ms: i64) -> Self {
        let towards = |end: Decimal| {
            let digits = self.open.digits().max(end.digits());
            let (from, to) = (self.open.padded(digits).units(), end.padded(digits).units());
            let moved = Decimal::new(to - from, digits).share(elapsed_ms, length_ms);
            Decimal::new(from + moved.units(), digits)
        };
        let part = |whole: Decimal| whole.share(elapsed_ms, length_ms);
        Self {
            high: towards(self.high),
            low: towards(self.low),
            close: towards(self.close),
            volume: part(self.volume),
            turnover: part(self.turnover),
            bought_volume: part(self.bought_volume),
            bought_turnover: part(self.bought_turnover),
            ..*self
        }
    }

    /// The same with another close and volume, as when an exchange corrects itself.
    #[must_use]
    pub fn revised(&self) -> Self {
        let volume = Decimal::new(self.volume.units() + 1, self.volume.digits());
        Self { close: self.open, volume, ..*self }
    }

    /// Open, high, low, close and volume as a reader of their texts gets them.
    pub fn values(&self) -> [f64; 5] {
        [self.open, self.high, self.low, self.close, self.volume].map(Decimal::value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_bar_stays_within_the_closed_one_and_grows_to_it() {
        let [open, high, low, close, volume] =
            [100, 130, 90, 120, 5_000].map(|units| Decimal::new(units, 1));
        let whole = Candle::new(0, [open, high, low, close, volume]);
        let texts = |elapsed| {
            let seen = whole.so_far(elapsed, 60);
            [seen.open, seen.high, seen.low, seen.close, seen.volume].map(|it| it.to_string())
        };
        assert_eq!(texts(0), ["10.0", "10.0", "10.0", "10.0", "0.0"]);
        assert_eq!(texts(30), ["10.0", "11.5", "9.5", "11.0", "250.0"]);
        assert_eq!(texts(60), ["10.0", "13.0", "9.0", "12.0", "500.0"]);
    }
}
