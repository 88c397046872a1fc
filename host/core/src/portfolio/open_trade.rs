//! A position on its way from flat to flat: the round trip before it is complete.

use crate::order::{Direction, Fill, FillTime, Side, Trade};
use crate::units::{Money, Quantity, UnitsError};

/// Sums over the fills of an open position.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenTrade {
    direction: Direction,
    entry_row: u32,
    entry_time: FillTime,
    entered: Quantity,
    entry_notional: Money,
    exit_notional: Money,
    entry_reference: Money,
    exit_reference: Money,
    fees: Money,
    carry: Money,
    prices: PriceRange,
}

/// The prices of an open position's rows, as far as they have been taken in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PriceRange {
    /// Lowest low; infinite before any.
    pub lowest: f64,
    /// Highest high; infinite below zero before any.
    pub highest: f64,
    /// The first row that is not taken in.
    pub next_row: u32,
}

impl OpenTrade {
    /// The round trip that `fill` opens.
    pub(super) const fn start(fill: &Fill) -> Self {
        Self {
            direction: match fill.side {
                Side::Buy => Direction::Long,
                Side::Sell => Direction::Short,
            },
            entry_row: fill.row,
            entry_time: fill.time,
            entered: Quantity::ZERO,
            entry_notional: Money::ZERO,
            exit_notional: Money::ZERO,
            entry_reference: Money::ZERO,
            exit_reference: Money::ZERO,
            fees: Money::ZERO,
            carry: Money::ZERO,
            prices: PriceRange {
                lowest: f64::INFINITY,
                highest: f64::NEG_INFINITY,
                next_row: fill.row,
            },
        }
    }

    /// Takes in a fill with its notional, frictions included.
    pub(super) fn add(&mut self, fill: &Fill, notional: Money) -> Result<(), UnitsError> {
        let (from, row) = (self.entry_row, fill.row);
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
            let reference = fill.reference_notional.minus(kept)?;
            self.entry_reference = self.entry_reference.plus(reference)?;
        } else {
            self.exit_notional = self.exit_notional.plus(notional)?.plus(kept)?;
            self.exit_reference = self.exit_reference.plus(fill.reference_notional)?.plus(kept)?;
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
            && prices.lowest <= before.lowest
            && prices.highest >= before.highest;
        assert!(grows, "{before:?} of an open position shrinks to {prices:?}");
        self.prices = prices;
    }

    /// The round trip that `last` completes. Excursions are still to be measured.
    pub(super) fn finish(self, last: &Fill) -> Result<Trade, UnitsError> {
        let (entered, end) = (self.entered, last.row);
        // All of a purchase may be kept as its fee.
        assert!(entered >= Quantity::ZERO, "a round trip of {entered} that ends in row {end}");
        assert!(self.entry_row <= end, "a round trip from row {} to {end}", self.entry_row);
        let gain = |exit: Money, entry: Money| match self.direction {
            Direction::Long => exit.minus(entry),
            Direction::Short => entry.minus(exit),
        };
        Ok(Trade {
            instrument: last.instrument,
            direction: self.direction,
            entry_row: self.entry_row,
            exit_row: last.row,
            entry_time: self.entry_time,
            exit_time: last.time,
            quantity: self.entered,
            entry_notional: self.entry_notional,
            exit_notional: self.exit_notional,
            gross_pnl: gain(self.exit_reference, self.entry_reference)?,
            net_pnl: gain(self.exit_notional, self.entry_notional)?
                .minus(self.fees)?
                .minus(self.carry)?,
            carry: self.carry,
            fees: self.fees,
            mae: 0.0,
            mfe: 0.0,
            exit_reason: last.reason,
        })
    }
}
