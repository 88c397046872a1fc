//! What was ordered and traded in the current UTC day.

use crate::units::{CalendarPeriod, Money, UnitsError};

/// Counts of one UTC day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Activity {
    day: Option<i64>,
    orders: u32,
    traded: Money,
    equity_at_start: f64,
}

impl Activity {
    /// Goes to the day of `time_ms`. `equity_at_start` is asked when that is a new one.
    pub(super) fn go_to(&mut self, time_ms: i64, equity_at_start: impl FnOnce() -> f64) {
        let day = CalendarPeriod::Day.number(time_ms);
        if self.day != Some(day) {
            assert!(self.day < Some(day), "day {day} comes after {:?}", self.day);
            let equity_at_start = equity_at_start();
            *self = Self { day: Some(day), orders: 0, traded: Money::ZERO, equity_at_start };
        }
    }

    /// Orders of the day that open or enlarge a position.
    pub(super) const fn orders(&self) -> u32 {
        self.orders
    }

    /// Traded value of the day, in quote asset.
    pub(super) const fn traded(&self) -> Money {
        self.traded
    }

    /// Equity before the day's first row, in quote asset.
    pub(super) const fn equity_at_start(&self) -> f64 {
        self.equity_at_start
    }

    pub(super) const fn add_order(&mut self) {
        assert!(self.orders < u32::MAX, "more orders in a day than can be counted");
        self.orders += 1;
    }

    pub(super) fn add_traded(&mut self, notional: Money) -> Result<(), UnitsError> {
        assert!(notional >= Money::ZERO, "a fill of {notional}");
        self.traded = self.traded.plus(notional)?;
        Ok(())
    }
}
