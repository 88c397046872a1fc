//! One bar, or a segment of its way, and what rests when it comes: which price is reached, and in which order.

use crate::order::{FillReason, FillRules, GapFill, Levels, LimitFill, Side};
use crate::units::{Price, Quantity};

/// The prices of one bar that is there, or of a part of its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bar {
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) volume: f64,
    pub(super) rules: FillRules,
    /// The order in which high and low came.
    pub(super) extremes: Extremes,
}

/// What is known about the order of high and low inside a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extremes {
    /// Nothing: the worse comes first.
    Unordered,
    /// The price goes one way, from the open to the high or to the low.
    OneWay,
}

/// When the position was entered, as far as a bar can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Entered {
    /// Before the bar, or at its open.
    Before,
    /// Somewhere inside the bar, at this price.
    Inside(f64),
}

/// When a resting limit order fills, seen against the levels that the same bar reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LimitTurn {
    /// Before them.
    First,
    /// After them, if at all.
    Last,
    /// The bar does not tell. The levels come first, which is worse.
    Unknown,
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
        match self.rules.limit {
            LimitFill::Touch => !beyond(level, extreme),
            LimitFill::Through => beyond(extreme, level),
        }
    }

    /// What an order that rests at `level` gets when the bar opens beyond it.
    const fn past(self, level: f64) -> f64 {
        match self.rules.gap {
            GapFill::Level => level,
            GapFill::Open => self.open,
        }
    }

    /// Where a limit order that rests at `price` fills in this bar, if it does.
    pub(super) fn limit_fill(self, side: Side, price: f64) -> Option<(f64, Entered)> {
        let (extreme, beyond): (f64, fn(f64, f64) -> bool) = match side {
            Side::Buy => (self.low, |market, price| market < price),
            Side::Sell => (self.high, |market, price| market > price),
        };
        if self.fills(self.open, price, beyond) {
            return Some((self.past(price), Entered::Before));
        }
        self.fills(extreme, price, beyond).then_some((price, Entered::Inside(price)))
    }

    /// The turn of a limit order on a position of `held`: an open comes before all that follows it, and of two prices on the
    /// same side of the open, the nearer one.
    pub(super) fn turn_of_limit(
        self,
        (side, price): (Side, Price),
        held: Quantity,
        levels: Levels,
    ) -> LimitTurn {
        let price = price.to_f64();
        let Some((_, entered)) = self.limit_fill(side, price) else { return LimitTurn::Last };
        let Some(ProtectiveExit { fill: Some((reason, level)), .. }) =
            self.protective_exit(held, levels, Entered::Before)
        else {
            return LimitTurn::Last;
        };
        if self.exit_at_open(held, levels).is_some() {
            return LimitTurn::Last;
        }
        let enlarges = side.sign() * held.signum() > 0;
        // A stop lies where a position is enlarged, a take-profit where it is left.
        let same_way = enlarges == (reason == FillReason::Stop);
        let nearer = match side {
            Side::Buy => price > level,
            Side::Sell => price < level,
        };
        match (entered, same_way) {
            (Entered::Before, _) => LimitTurn::First,
            (Entered::Inside(_), true) if nearer => LimitTurn::First,
            (Entered::Inside(_), true) => LimitTurn::Last,
            (Entered::Inside(_), false) => LimitTurn::Unknown,
        }
    }

    /// Why and at which price the open alone makes the holder of `held` leave, if it does.
    pub(super) fn exit_at_open(self, held: Quantity, levels: Levels) -> Option<(FillReason, f64)> {
        let long = held.signum() > 0;
        let at_stop = |level: f64| if long { self.open <= level } else { self.open >= level };
        let in_profit = |price: f64, level: f64| if long { price > level } else { price < level };
        if held.is_zero() {
            return None;
        }
        if levels.stop.is_some_and(|stop| at_stop(stop.to_f64())) {
            return Some((FillReason::Stop, self.open));
        }
        let level = levels.take_profit?.to_f64();
        let left = self.fills(self.open, level, in_profit);
        left.then(|| (FillReason::TakeProfit, self.past(level)))
    }

    /// The price of the bar that is worst for a position.
    pub(super) const fn worst(self, short: bool) -> f64 {
        if short { self.high } else { self.low }
    }

    /// Whether the open alone makes the holder of `held` leave, or fills a limit order that makes the position smaller.
    pub(super) fn leaves_at_open(
        self,
        held: Quantity,
        levels: Levels,
        limit: Option<(Side, Price)>,
    ) -> bool {
        let at_limit = limit.is_some_and(|(side, price)| {
            let filled = self.limit_fill(side, price.to_f64());
            side.sign() * held.signum() < 0 && matches!(filled, Some((_, Entered::Before)))
        });
        at_limit || self.exit_at_open(held, levels).is_some()
    }

    /// Whether the bar reaches the take-profit of `held`, or a limit order that makes it smaller.
    pub(super) fn reaches_profit(
        self,
        held: Quantity,
        take_profit: Option<Price>,
        limit: Option<(Side, Price)>,
    ) -> bool {
        let leaves = if held.signum() > 0 { Side::Sell } else { Side::Buy };
        let resting = limit.filter(|(side, _)| *side == leaves).map(|(_, price)| price);
        let mut prices = take_profit.into_iter().chain(resting);
        prices.any(|price| self.limit_fill(leaves, price.to_f64()).is_some())
    }

    /// The exit that the bar forces on a position of `held`, if any. A gap through the stop fills at the open. When stop and
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
        if entered == Entered::Before
            && let Some((reason, price)) = self.exit_at_open(held, levels)
        {
            return certain(reason, price);
        }
        let stopped = stop.filter(|&stop| at_stop(against, stop)).map(|stop| match entered {
            Entered::Inside(price) if at_stop(price, stop) => price,
            Entered::Inside(_) | Entered::Before => stop,
        });
        let profited = take_profit.filter(|&level| self.fills(favour, level, in_profit));
        let unknown = self.extremes == Extremes::Unordered;
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

#[cfg(test)]
mod tests;
