//! Higher intervals out of lower bars, without looking ahead.

use crate::{Candle, Interval};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Collects bars of one interval into bars of a higher one.
///
/// A higher bar comes out on the very row that closes it, and never earlier: a lower bar is known
/// when it closes, so on that row the whole higher bar is known too. When its closing rows are
/// missing, it comes out on the first row after it. A row can therefore give two higher bars: an
/// unfinished older one, and the one that the row itself closes.
///
/// Higher bars start on the UTC grid of [`Interval`]; their time is the start on the grid. A run
/// that begins inside a higher bar gives a first one made of the rows that there were.
///
/// ```
/// use ct_sdk::{Aggregator, Candle, Interval};
///
/// let mut hourly = Aggregator::new(Interval::minutes(30)?, Interval::HOUR)?;
/// assert_eq!(hourly.update(&Candle::flat(0, 10.0)).next(), None);
/// for hour in hourly.update(&Candle::flat(1_800_000, 12.0)) {
///     assert_eq!((hour.open, hour.close, hour.volume), (10.0, 12.0, 2.0));
/// }
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aggregator {
    lower: Interval,
    higher: Interval,
    forming: Option<Candle>,
}

impl Aggregator {
    /// Collects `lower` bars into `higher` ones.
    ///
    /// # Errors
    /// When `higher` is not a whole multiple of `lower`.
    pub fn new(lower: Interval, higher: Interval) -> Result<Self, InvalidAggregation> {
        if higher.is_multiple_of(lower) {
            Ok(Self { lower, higher, forming: None })
        } else {
            Err(InvalidAggregation { lower, higher })
        }
    }

    /// Takes in the next lower bar and returns the higher bars that it closes, oldest first: at
    /// most two. Bars must come in the order of their times.
    pub fn update(&mut self, bar: &Candle) -> impl Iterator<Item = Candle> + use<> {
        let start = self.higher.start_of(bar.time);
        let overdue = self.forming.take_if(|forming| forming.time != start);
        let forming = match self.forming {
            Some(forming) => joined(forming, bar),
            None => Candle { time: start, ..*bar },
        };
        let end = start + self.higher.milliseconds();
        let closes_now = bar.time + self.lower.milliseconds() >= end;
        self.forming = (!closes_now).then_some(forming);
        overdue.into_iter().chain(closes_now.then_some(forming))
    }

    /// The higher bar as far as it is known. It may still change.
    pub fn forming(&self) -> Option<&Candle> {
        self.forming.as_ref()
    }
}

fn joined(forming: Candle, bar: &Candle) -> Candle {
    Candle {
        high: forming.high.max(bar.high),
        low: forming.low.min(bar.low),
        close: bar.close,
        volume: forming.volume + bar.volume,
        ..forming
    }
}

/// A higher interval that is not made of whole lower ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidAggregation {
    lower: Interval,
    higher: Interval,
}

impl fmt::Display for InvalidAggregation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "a higher interval is a whole multiple of the lower one: {} ms is not one of {} ms",
            self.higher.milliseconds(),
            self.lower.milliseconds()
        )
    }
}

impl std::error::Error for InvalidAggregation {}

impl From<InvalidAggregation> for String {
    fn from(error: InvalidAggregation) -> Self {
        error.to_string()
    }
}

#[cfg(test)]
mod tests;
