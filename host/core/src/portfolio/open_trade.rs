//! A position on its way from flat to flat: the round trip before it is complete.

use crate::order::{Direction, Fill, Side, Trade};
use crate::units::{Money, Quantity, Timestamp, UnitsError};

/// Sums over the fills of an open position.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenTrade {
    direction: Direction,
    entry_row: u32,
    entry_time: Timestamp,
    entered: Quantity,
    entry_notional: Money,
    exit_notional: Money,
    entry_reference: Money,
    exit_reference: Money,
    fees: Money,
    carry: Money,
    prices: PriceRange,
}

/// The prices that an open position has met, as far as they have been taken in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PriceRange {
    /// Direction of the position.
    pub direction: Direction,
    /// Average price of what is held, frictions included.
    pub average: f64,
    /// Lowest price since the average is what it is; infinite before any.
    pub lowest: f64,
    /// Highest price since the average is what it is; infinite below zero before any.
    pub highest: f64,
    /// Worst excursion from earlier averages, 0 or less.
    pub worst: f64,
    /// Best excursion from earlier averages, 0 or more.
    pub best: f64,
    /// The first row that is not taken in to its end.
    pub next_row: u32,
    /// From where on that row is still to be taken in.
    pub since: Since,
}

/// Where on the way of a row a position began to be what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Since {
    /// Number of the piece of the way.
    pub place: usize,
    /// The price inside the piece; `None`: its open.
    pub price: Option<f64>,
}

impl PriceRange {
    /// What a position has met that begins in `row`: nothing.
    pub(crate) const fn none(direction: Direction, row: u32) -> Self {
        Self {
            direction,
            average: f64::NAN,
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            worst: 0.0,
            best: 0.0,
            next_row: row,
            since: Since { place: 0, price: None },
        }
    }
}

impl OpenTrade {
    /// The round trip that `fill` opens in `row`.
    pub(super) const fn start(row: u32, fill: &Fill) -> Self {
        let direction = match fill.side {
            Side::Buy => Direction::Long,
            Side::Sell => Direction::Short,
        };
        Self {
            direction,
            entry_row: row,
            entry_time: fill.time,
            entered: Quantity::ZERO,
            entry_notional: Money::ZERO,
            exit_notional: Money::ZERO,
            entry_reference: Money::ZERO,
            exit_reference: Money::ZERO,
            fees: Money::ZERO,
            carry: Money::ZERO,
            prices: PriceRange::none(direction, row),
        }
    }

    /// Takes in a fill in `row` with its notional at the reference price, and with frictions included.
    pub(super) fn add(
        &mut self,
        row: u32,
        fill: &Fill,
        (reference, notional): (Money, Money),
    ) -> Result<(), UnitsError> {
        let from = self.entry_row;
        assert!(row >= from, "a fill in row {row} of a position that is open from row {from} on");
        let entry = matches!(
            (self.direction, fill.side),
            (Direction::Long, Side::Buy) | (Direction::Short, Side::Sell)
        );
        self.fees = self.fees.plus(fill.fee)?;
        // What the exchange keeps of the base asset is a fee: no part of the position, or the end of a part.
        let kept = if fill.fee_quantity.is_zero() { Money::ZERO } else { fill.fee };
        if entry {
            self.entered = self.entered.plus(fill.quantity.minus(fill.fee_quantity)?)?;
            self.entry_notional = self.entry_notional.plus(notional.minus(kept)?)?;
            self.entry_reference = self.entry_reference.plus(reference.minus(kept)?)?;
        } else {
            self.exit_notional = self.exit_notional.plus(notional)?.plus(kept)?;
            self.exit_reference = self.exit_reference.plus(reference)?.plus(kept)?;
        }
        Ok(())
    }

    /// Takes in funding or interest that was paid on the position.
    pub(super) fn add_carry(&mut self, paid: Money) -> Result<(), UnitsError> {
        self.carry = self.carry.plus(paid)?;
        Ok(())
    }

    /// The prices that it has taken in.
    pub(super) const fn prices(&self) -> PriceRange {
        self.prices
    }

    /// It has taken in more.
    pub(super) fn set_prices(&mut self, prices: PriceRange) {
        let before = self.prices;
        let grows = prices.next_row >= before.next_row
            && prices.worst <= before.worst
            && prices.best >= before.best
            && prices.direction == before.direction;
        assert!(grows, "{before:?} of an open position shrinks to {prices:?}");
        self.prices = prices;
    }

    /// The round trip that `last` completes in row `end`. Excursions are still to be measured.
    pub(super) fn finish(self, end: u32, last: &Fill) -> Result<Trade, UnitsError> {
        let entered = self.entered;
        // All of a purchase may be kept as its fee.
        assert!(entered >= Quantity::ZERO, "a round trip of {entered} that ends in row {end}");
        assert!(self.entry_row <= end, "a round trip from row {} to {end}", self.entry_row);
        let gain = |exit: Money, entry: Money| match self.direction {
            Direction::Long => exit.minus(entry),
            Direction::Short => entry.minus(exit),
        };
        let net_pnl =
            gain(self.exit_notional, self.entry_notional)?.minus(self.fees)?.minus(self.carry)?;
        Ok(Trade {
            symbol: last.symbol.clone(),
            direction: self.direction,
            entry_time: self.entry_time,
            exit_time: last.time,
            bars_held: u64::from(end - self.entry_row),
            quantity: entered,
            entry_price: self.entry_notional.to_f64() / entered.to_f64(),
            exit_price: self.exit_notional.to_f64() / entered.to_f64(),
            gross_pnl: gain(self.exit_reference, self.entry_reference)?,
            net_pnl,
            fees: self.fees,
            carry: self.carry,
            return_on_notional: net_pnl.to_f64() / self.entry_notional.to_f64(),
            mae: 0.0,
            mfe: 0.0,
            exit_reason: last.reason,
        })
    }
}
