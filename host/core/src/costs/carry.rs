//! What holding a position costs: funding of perpetual contracts, and interest on what is borrowed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Interval, Money, Price, Quantity, Rate, Rounding, UnitsError, bps};

/// Funding of perpetual contracts: a share of the position's value, paid at fixed times of the UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Funding {
    /// Share of the position's value that is paid each time, in basis points.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub rate_bps: Rate,
    /// Time between payments, counted from 1970-01-01 00:00 UTC: 8h pays at 00:00, 08:00 and 16:00.
    #[serde(default = "eight_hours")]
    pub every: Interval,
    /// Who pays.
    #[serde(default)]
    pub payer: FundingPayer,
}

/// Who pays funding. The other side receives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FundingPayer {
    /// Both sides pay and none receives: the pessimistic choice where history is not known.
    #[default]
    Both,
    /// Long positions pay short ones.
    Long,
    /// Short positions pay long ones.
    Short,
}

/// Interest on what is borrowed: base asset for short positions, quote asset for long positions beyond the account's cash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Borrow {
    /// Interest per year of 365 days on the value of short positions.
    #[schemars(range(max = 5))]
    pub base_annual: Rate,
    /// Interest per year of 365 days on cash below zero.
    #[schemars(range(max = 5))]
    pub quote_annual: Rate,
    /// Time between bookings, counted from 1970-01-01 00:00 UTC.
    pub every: Interval,
}

impl Default for Borrow {
    /// 10 % a year on either, booked every hour.
    fn default() -> Self {
        let annual = Rate::from_fraction(0.1).unwrap_or_default();
        Self { base_annual: annual, quote_annual: annual, every: Interval::HOUR }
    }
}

fn eight_hours() -> Interval {
    Interval::from_ms(8 * Interval::HOUR.as_ms()).unwrap_or(Interval::HOUR)
}

/// A year of 365 days, in milliseconds.
const YEAR_MS: i128 = 365 * Interval::DAY.as_ms() as i128;

/// How often holding costs fall due in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CarryDue {
    /// Payments of funding.
    pub funding: u32,
    /// Bookings of interest.
    pub borrow: u32,
}

impl Funding {
    /// What the account pays for `times` payments on a position of `quantity` at `mark`; below zero if it receives.
    /// `|quantity| × mark × rate` each time; payments are rounded up to 1e-12, receipts down.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn payment(
        &self,
        quantity: Quantity,
        mark: Price,
        times: u32,
    ) -> Result<Money, UnitsError> {
        let pays = match self.payer {
            FundingPayer::Both => true,
            FundingPayer::Long => quantity.signum() > 0,
            FundingPayer::Short => quantity.signum() < 0,
        };
        let rounding = if pays { Rounding::Up } else { Rounding::Down };
        let value = mark.notional(quantity.abs(), rounding)?;
        let amount = repeated(self.rate_bps.of(value, rounding)?, times.into())?;
        Ok(if pays { amount } else { amount.negated() })
    }
}

impl Borrow {
    /// Interest for `times` bookings on short positions worth `short_value`, rounded up to 1e-12; nothing for a value below
    /// zero. Interest on interest counts from booking to booking only if they are asked for one by one.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn interest_on_base(
        &self,
        short_value: Money,
        times: u32,
    ) -> Result<Money, UnitsError> {
        self.interest(self.base_annual, short_value, times)
    }

    /// Interest for `times` bookings on a debt in quote asset, rounded up to 1e-12; nothing for a debt below zero.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn interest_on_quote(&self, debt: Money, times: u32) -> Result<Money, UnitsError> {
        self.interest(self.quote_annual, debt, times)
    }

    /// `borrowed × annual × times × every ÷ year`.
    fn interest(&self, annual: Rate, borrowed: Money, times: u32) -> Result<Money, UnitsError> {
        let yearly = annual.of(borrowed.max(Money::ZERO), Rounding::Up)?;
        let held_ms = i128::from(times) * i128::from(self.every.as_ms());
        let product = repeated(yearly, held_ms)?.units();
        let rounded_up = product / YEAR_MS + i128::from(product % YEAR_MS > 0);
        Ok(Money::from_units(rounded_up))
    }
}

/// Number of multiples of `every` in `(from_ms, to_ms]`.
pub(super) fn times_due(every: Interval, from_ms: i64, to_ms: i64) -> u32 {
    let every = every.as_ms();
    let count = to_ms.div_euclid(every) - from_ms.div_euclid(every);
    u32::try_from(count.max(0)).unwrap_or(u32::MAX)
}

/// The first multiple of `every` after `time_ms`.
pub(super) fn next_due(every: Interval, time_ms: i64) -> i64 {
    let every = every.as_ms();
    time_ms.div_euclid(every).saturating_add(1).saturating_mul(every)
}

fn repeated(amount: Money, times: i128) -> Result<Money, UnitsError> {
    let product = amount.units().checked_mul(times);
    product.map(Money::from_units).ok_or(UnitsError::Overflow { operation: "amount × times" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn rate(fraction: f64) -> Rate {
        Rate::from_fraction(fraction).unwrap()
    }

    fn money(amount: f64) -> Money {
        Money::from_f64(amount).unwrap()
    }

    fn payment(payer: FundingPayer, quantity: f64, times: u32) -> String {
        let funding =
            Funding { rate_bps: Rate::from_bps(1.0).unwrap(), every: eight_hours(), payer };
        let quantity = Quantity::from_f64(quantity).unwrap();
        let mark = Price::from_f64(20_000.0).unwrap();
        funding.payment(quantity, mark, times).unwrap().to_string()
    }

    /// 20 000 at 0.01 % three times a day are 6 a day.
    #[test]
    fn funding_is_a_share_of_the_position_each_time() {
        use FundingPayer::{Both, Long, Short};
        for (payer, long, short) in [(Both, "6", "6"), (Long, "6", "-6"), (Short, "-6", "6")] {
            assert_eq!(payment(payer, 1.0, 3), long, "{payer:?}");
            assert_eq!(payment(payer, -1.0, 3), short, "{payer:?}");
            assert_eq!(payment(payer, 1.0, 0), "0");
        }
        assert_eq!(payment(Long, 0.0, 1), "0");
    }

    #[test]
    fn funding_rounds_against_the_account() {
        // 1e-12 of base asset at 20 000 is worth 2e-8, and 0.01 % of that 2e-12; at half the price 1e-12.
        let funding = Funding {
            rate_bps: Rate::from_bps(1.0).unwrap(),
            every: eight_hours(),
            payer: FundingPayer::Long,
        };
        let mark = Price::from_f64(15_000.0).unwrap();
        let smallest = Quantity::from_units(1);
        assert_eq!(funding.payment(smallest, mark, 1).unwrap(), 2);
        assert_eq!(funding.payment(smallest.negated(), mark, 1).unwrap(), -1);
    }

    /// Binance, FAQ 360030157812: 1000 USDT at 0.02 % a day for two hours cost 0.01666667 USDT.
    #[test]
    fn interest_is_that_of_the_published_example() {
        let borrow = Borrow { quote_annual: rate(0.0002 * 365.0), ..Borrow::default() };
        let interest = borrow.interest_on_quote(money(1_000.0), 2).unwrap();
        assert_eq!(interest.to_string(), "0.016666666667");
    }

    #[test]
    fn a_year_of_bookings_costs_the_annual_rate() {
        let borrow = Borrow::default();
        let year = 365 * 24;
        assert_eq!(borrow.interest_on_base(money(2_500.0), year).unwrap(), money(250.0));
        assert_eq!(borrow.interest_on_quote(money(2_500.0), year).unwrap(), money(250.0));
        assert_eq!(borrow.interest_on_quote(money(-2_500.0), year).unwrap(), Money::ZERO);
        // Rounded up, never away.
        assert_eq!(borrow.interest_on_base(Money::from_units(1), 1).unwrap(), 1);
    }

    #[test]
    fn payments_fall_due_after_the_start_and_up_to_the_end() {
        let every = eight_hours();
        for (from, to, expected) in [
            (0, 7, 0),
            (0, 8, 1),
            (8, 8, 0),
            (7, 8, 1),
            (8, 16, 1),
            (7, 17, 2),
            (0, 24 * 30, 90),
            (9, 8, 0),
        ] {
            assert_eq!(times_due(every, from * HOUR_MS, to * HOUR_MS), expected, "{from} to {to}");
        }
    }

    #[test]
    fn the_next_payment_is_the_first_that_is_due() {
        let every = eight_hours();
        for time_ms in [0, 1, 8 * HOUR_MS - 1, 8 * HOUR_MS, 8 * HOUR_MS + 1, 1_700_000_000_123] {
            let next = next_due(every, time_ms);
            assert_eq!(times_due(every, time_ms, next - 1), 0);
            assert_eq!(times_due(every, time_ms, next), 1);
        }
    }
}
