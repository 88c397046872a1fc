//! Prices of orders: on the exchange's grid, and where the market reaches them.

use std::ops::Range;

use crate::market::{Field, Series};
use crate::order::{Levels, Side};
use crate::units::{Price, Quantity, Rounding};

/// The price of an order that rests on `side`, as the exchange takes it: the next tick at which nobody pays more, or gets less,
/// than `price` says. The market has to come further for it, so that the fill is never better than what the market traded.
pub(super) fn on_grid(price: Price, side: Side, tick: Price) -> Price {
    match side {
        Side::Buy => price.rounded_to(tick, Rounding::Down),
        Side::Sell => price.rounded_to(tick, Rounding::Up),
    }
}

/// The levels of a position of `held` as the exchange takes them. A stop triggers at its own price: what it trades at is a
/// market order's, which is rounded against the trader.
pub(super) fn levels_on_grid(levels: Levels, held: Quantity, tick: Price) -> Levels {
    let side = if held.signum() < 0 { Side::Buy } else { Side::Sell };
    let take_profit = levels.take_profit.map(|price| on_grid(price, side, tick));
    Levels { take_profit, ..levels }
}

/// Prices that end a span when the market trades at them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Triggers {
    /// A bar with a low at or below this price.
    pub(super) low_at_or_below: f64,
    /// A bar with a high at or above this price.
    pub(super) high_at_or_above: f64,
}

impl Triggers {
    /// No price at all.
    pub(super) const NONE: Self =
        Self { low_at_or_below: f64::NEG_INFINITY, high_at_or_above: f64::INFINITY };

    /// Adds a price that is reached from above.
    pub(super) const fn below(self, price: f64) -> Self {
        Self { low_at_or_below: self.low_at_or_below.max(price), ..self }
    }

    /// Adds a price that is reached from below.
    pub(super) const fn above(self, price: f64) -> Self {
        Self { high_at_or_above: self.high_at_or_above.min(price), ..self }
    }

    /// The first of `rows` whose bar reaches a trigger. A missing bar reaches nothing.
    pub(super) fn first_reached(&self, series: &Series, rows: Range<usize>) -> Option<usize> {
        // Blocks without a branch inside are vectorised; only the block that reaches is looked at row by row.
        const BLOCK: usize = 64;
        if *self == Self::NONE {
            return None;
        }
        let (lows, highs) =
            (series.rows(Field::Low).of(rows.clone()), series.rows(Field::High).of(rows.clone()));
        #[expect(clippy::needless_bitwise_bool, reason = "a lazy `or` is a branch")]
        let reached = |low: &f64, high: &f64| {
            (*low <= self.low_at_or_below) | (*high >= self.high_at_or_above)
        };
        for (block, (lows, highs)) in lows.chunks(BLOCK).zip(highs.chunks(BLOCK)).enumerate() {
            let any =
                lows.iter().zip(highs).fold(false, |any, (low, high)| any | reached(low, high));
            if any {
                let place = lows.iter().zip(highs).position(|(low, high)| reached(low, high));
                return place.map(|place| rows.start + block * BLOCK + place);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
