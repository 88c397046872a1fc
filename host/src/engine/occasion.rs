//! One bar, and where in it something trades.

use crate::costs::{Execution, Liquidity};
use crate::order::{FillReason, Levels, Side};
use crate::units::{Price, Quantity, UnitsError};

/// The prices of one bar that is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) volume: f64,
}

/// Where something trades.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occasion {
    pub(super) row: usize,
    pub(super) instrument: usize,
    /// Price without friction.
    pub(super) reference: f64,
    /// Volume of the bar, in base asset.
    pub(super) volume: f64,
    pub(super) liquidity: Liquidity,
}

/// When the position was entered, as far as a bar can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entered {
    /// Before the bar, or at its open.
    Before,
    /// Somewhere inside the bar, at this price.
    Inside(f64),
}

/// What a bar does to a protected position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ProtectiveExit {
    /// Why and at which price the position is left, if it is.
    pub(super) fill: Option<(FillReason, f64)>,
    /// The order of events inside the bar is unknown, and the worse one was taken.
    pub(super) ambiguous: bool,
}

impl Occasion {
    pub(super) fn execution(&self, side: Side, tick: Price) -> Result<Execution, UnitsError> {
        let reference_price = Price::from_f64(self.reference)?;
        let (liquidity, volume) = (self.liquidity, self.volume);
        Ok(Execution { side, liquidity, reference_price, volume, tick })
    }
}

impl Bar {
    /// Where a limit order at `price` fills in this bar, if it does: at the price, or at the open if that is better.
    pub(super) fn limit_fill(self, side: Side, price: f64) -> Option<(f64, Entered)> {
        let (at_open, reached) = match side {
            Side::Buy => (self.open <= price, self.low <= price),
            Side::Sell => (self.open >= price, self.high >= price),
        };
        if at_open {
            return Some((self.open, Entered::Before));
        }
        reached.then_some((price, Entered::Inside(price)))
    }

    /// The exit that the bar forces on a position of `held`, if any. A gap through a level fills at the open. When stop and
    /// take-profit both lie inside the bar, the stop is taken. After an entry inside the bar, a stop beyond the entry is
    /// certain to have come later; a take-profit is not, so it is not taken. A position that was entered beyond its own stop
    /// is left at the price of its entry.
    pub(super) fn protective_exit(
        self,
        held: Quantity,
        levels: Levels,
        entered: Entered,
    ) -> Option<ProtectiveExit> {
        let long = match held.signum() {
            1 => true,
            -1 => false,
            _ => return None,
        };
        let against = if long { self.low } else { self.high };
        let favour = if long { self.high } else { self.low };
        // In terms of a long position: at or below the stop, at or above the take-profit.
        let beyond = |price: f64, level: f64| if long { price <= level } else { price >= level };
        let stop = levels.stop.map(Price::to_f64);
        let take_profit = levels.take_profit.map(Price::to_f64);
        let certain =
            |reason, price| Some(ProtectiveExit { fill: Some((reason, price)), ambiguous: false });
        if entered == Entered::Before {
            if stop.is_some_and(|stop| beyond(self.open, stop)) {
                return certain(FillReason::Stop, self.open);
            }
            if take_profit.is_some_and(|level| beyond(level, self.open)) {
                return certain(FillReason::TakeProfit, self.open);
            }
        }
        let stopped = stop.filter(|&stop| beyond(against, stop)).map(|stop| match entered {
            Entered::Inside(price) if beyond(price, stop) => price,
            Entered::Inside(_) | Entered::Before => stop,
        });
        let profited = take_profit.filter(|&level| beyond(level, favour));
        match (stopped, profited) {
            (Some(stop), profit) => Some(ProtectiveExit {
                fill: Some((FillReason::Stop, stop)),
                ambiguous: profit.is_some(),
            }),
            (None, Some(level)) if entered == Entered::Before => {
                certain(FillReason::TakeProfit, level)
            }
            (None, Some(_)) => Some(ProtectiveExit { fill: None, ambiguous: true }),
            (None, None) => None,
        }
    }
}
