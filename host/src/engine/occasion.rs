//! One bar, and where in it something trades.

use crate::costs::{Conditions, Liquidity};
use crate::order::{FillReason, Levels, LimitFill, Side};
use crate::units::{Price, Quantity};

/// The prices of one bar that is there, or of a part of its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) volume: f64,
    /// When limit and take-profit orders fill.
    pub(super) limit_fill: LimitFill,
    /// The order in which high and low came.
    pub(super) course: Course,
}

/// What is known about the order of events inside a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// Nothing: the worse comes first.
    Unknown,
    /// The price goes one way, from the open to the high or to the low.
    OneWay,
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
    /// The market before it, as far as frictions read it.
    pub(super) conditions: Conditions,
    /// Price that frictions cannot pass.
    pub(super) limit: Option<Price>,
    /// What the order has traded before.
    pub(super) filled: Quantity,
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

impl Bar {
    /// Whether a resting order at `level` fills when the market trades as far as `extreme`, which lies `beyond` it or not.
    fn fills(self, extreme: f64, level: f64, beyond: impl Fn(f64, f64) -> bool) -> bool {
        match self.limit_fill {
            LimitFill::Touch => !beyond(level, extreme),
            LimitFill::Through => beyond(extreme, level),
        }
    }

    /// Where a limit order at `price` fills in this bar, if it does: at the price, or at the open if that is better.
    pub(super) fn limit_fill(self, side: Side, price: f64) -> Option<(f64, Entered)> {
        let (extreme, beyond): (f64, fn(f64, f64) -> bool) = match side {
            Side::Buy => (self.low, |market, price| market < price),
            Side::Sell => (self.high, |market, price| market > price),
        };
        if self.fills(self.open, price, beyond) {
            return Some((self.open, Entered::Before));
        }
        self.fills(extreme, price, beyond).then_some((price, Entered::Inside(price)))
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
        // In terms of a long position: at or below the stop, beyond the take-profit.
        let at_stop = |price: f64, level: f64| if long { price <= level } else { price >= level };
        let in_profit = |price: f64, level: f64| if long { price > level } else { price < level };
        let stop = levels.stop.map(Price::to_f64);
        let take_profit = levels.take_profit.map(Price::to_f64);
        let certain =
            |reason, price| Some(ProtectiveExit { fill: Some((reason, price)), ambiguous: false });
        if entered == Entered::Before {
            if stop.is_some_and(|stop| at_stop(self.open, stop)) {
                return certain(FillReason::Stop, self.open);
            }
            if take_profit.is_some_and(|level| self.fills(self.open, level, in_profit)) {
                return certain(FillReason::TakeProfit, self.open);
            }
        }
        let stopped = stop.filter(|&stop| at_stop(against, stop)).map(|stop| match entered {
            Entered::Inside(price) if at_stop(price, stop) => price,
            Entered::Inside(_) | Entered::Before => stop,
        });
        let profited = take_profit.filter(|&level| self.fills(favour, level, in_profit));
        let unknown = self.course == Course::Unknown;
        match (stopped, profited) {
            (Some(stop), profit) => Some(ProtectiveExit {
                fill: Some((FillReason::Stop, stop)),
                ambiguous: unknown && profit.is_some(),
            }),
            (None, Some(level)) if entered == Entered::Before => {
                certain(FillReason::TakeProfit, level)
            }
            (None, Some(_)) => Some(ProtectiveExit { fill: None, ambiguous: unknown }),
            (None, None) => None,
        }
    }
}
