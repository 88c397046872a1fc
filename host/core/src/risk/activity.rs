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
    /// Goes to the day of `time_ms`, unless a later one has begun: where the bars of instruments open at different times of an
    /// hour, a row may open before the one before it closes. `equity_at_start` is asked when a day begins.
    pub(super) fn go_to(&mut self, time_ms: i64, equity_at_start: impl FnOnce() -> f64) {
        let day = CalendarPeriod::Day.number(time_ms);
        if self.day < Some(day) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Interval;

    #[test]
    fn a_day_that_has_begun_does_not_end_twice() {
        let (midnight, hour) = (Interval::DAY.as_ms(), Interval::HOUR.as_ms());
        let mut activity = Activity::default();
        // The bar from 23:00 closes at midnight, and the one from 23:30 of another instrument opens before.
        for (time_ms, orders) in [(midnight - hour, 0), (midnight, 0), (midnight - hour / 2, 1)] {
            activity.go_to(time_ms, || 1_000.0);
            assert_eq!(activity.orders(), orders, "{time_ms}");
            activity.add_order();
        }
        activity.go_to(2 * midnight, || 900.0);
        assert_eq!(
            (activity.orders(), activity.equity_at_start().to_bits()),
            (0, 900_f64.to_bits())
        );
    }
}
