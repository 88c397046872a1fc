//! The fees that hold at a moment of a run: the tier follows what the run has traded.

use std::collections::VecDeque;

use super::{FeeAsset, FeeSchedule, FeeTier, Liquidity};
use crate::units::{CalendarPeriod, Money, Price, Rate, Rounding, UnitsError};

/// Days whose traded value decides the tier.
const VOLUME_DAYS: i64 = 30;

/// Which asset the fee of a fill is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FeeSide {
    /// Quote asset, on top of the notional.
    Quote,
    /// The base asset that a purchase receives.
    Base,
}

/// The fees of one tier, discount included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeeRates {
    maker: Rate,
    taker: Rate,
    /// Asset in which fees are taken.
    pub asset: FeeAsset,
    /// Smallest fee of a fill, in quote asset.
    pub minimum: Money,
}

impl FeeRates {
    /// Share of the notional, discount included.
    pub(crate) const fn rate(&self, liquidity: Liquidity) -> Rate {
        match liquidity {
            Liquidity::Maker => self.maker,
            Liquidity::Taker => self.taker,
        }
    }

    /// `|notional| × rate`, rounded up to 1e-12, and at least the minimum; nothing for a notional of zero.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn fee(&self, notional: Money, liquidity: Liquidity) -> Result<Money, UnitsError> {
        if notional.is_zero() {
            return Ok(Money::ZERO);
        }
        Ok(self.rate(liquidity).of(notional.abs(), Rounding::Up)?.max(self.minimum))
    }

    /// What one base asset costs at `price`, the fee included if it is paid in quote asset; the minimum is not.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn unit_cost(
        &self,
        price: Price,
        liquidity: Liquidity,
        side: FeeSide,
    ) -> Result<Price, UnitsError> {
        match side {
            FeeSide::Quote => self.rate(liquidity).added_to(price, Rounding::Up),
            FeeSide::Base => Ok(price),
        }
    }
}

/// Counts what a run trades and keeps the fees of the tier that it has reached.
///
/// The tier is set at the first moment of each UTC day from the traded value of the 30 UTC days before it, as exchanges do,
/// and is never below the schedule's starting tier.
#[derive(Clone, Debug)]
pub struct FeeMeter {
    /// Fees of every tier, the lowest first.
    rates: Vec<FeeRates>,
    /// Volumes at which the tiers after the lowest begin, ascending.
    volumes_min: Vec<Money>,
    starting_tier: usize,
    current: FeeRates,
    /// The present UTC day, counted from 1970.
    day: Option<i64>,
    /// Traded value of the present day and the 30 before it, by day, ascending.
    traded: VecDeque<(i64, Money)>,
}

impl FeeMeter {
    /// A meter that has counted nothing: the starting tier holds.
    pub fn new(schedule: &FeeSchedule) -> Self {
        let lowest = schedule.rates(schedule.maker_bps, schedule.taker_bps);
        let higher =
            schedule.tiers.iter().map(|tier| schedule.rates(tier.maker_bps, tier.taker_bps));
        let mut meter = Self {
            rates: std::iter::once(lowest).chain(higher).collect(),
            volumes_min: schedule.tiers.iter().map(|tier: &FeeTier| tier.volume_min).collect(),
            starting_tier: schedule.starting_tier,
            current: lowest,
            day: None,
            traded: VecDeque::new(),
        };
        meter.set_tier(Money::ZERO);
        meter
    }

    /// The same meter under another schedule: what has been traded since fees have depended on it counts on, in the tiers of the
    /// new one.
    pub(crate) fn under(self, schedule: &FeeSchedule) -> Self {
        let Self { day, traded, .. } = self;
        let mut meter = Self { day, traded, ..Self::new(schedule) };
        if let Some(day) = day {
            meter.set_tier_of_day(day);
        }
        meter
    }

    /// Whether the fees depend on the day, so that [`FeeMeter::start`] has to be told the time.
    pub(crate) const fn counts_days(&self) -> bool {
        !self.volumes_min.is_empty()
    }

    /// Moves on to `time_ms`, UTC milliseconds. Times must not go back: an earlier day changes nothing.
    pub fn start(&mut self, time_ms: i64) {
        let day = CalendarPeriod::Day.number(time_ms);
        if self.day.is_some_and(|today| day <= today) {
            return;
        }
        self.day = Some(day);
        while self.traded.front().is_some_and(|(before, _)| *before < day - VOLUME_DAYS) {
            self.traded.pop_front();
        }
        self.set_tier_of_day(day);
    }

    /// Sets the tier that the days before `day` have reached.
    fn set_tier_of_day(&mut self, day: i64) {
        let before = self.traded.iter().filter(|(traded_on, _)| *traded_on < day);
        let units = before.map(|(_, value)| value.units());
        // A volume too large to be counted is in the highest tier either way.
        self.set_tier(Money::from_units(units.fold(0, i128::saturating_add)));
    }

    /// The fees that hold now.
    pub(crate) const fn rates(&self) -> &FeeRates {
        &self.current
    }

    /// Counts a fill worth `notional` in the present day.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn add(&mut self, notional: Money) -> Result<(), UnitsError> {
        if !self.counts_days() {
            return Ok(());
        }
        let day = self.day.unwrap_or_default();
        match self.traded.back_mut() {
            Some((last, value)) if *last == day => *value = value.plus(notional.abs())?,
            _ => self.traded.push_back((day, notional.abs())),
        }
        Ok(())
    }

    fn set_tier(&mut self, volume: Money) {
        let reached = self.volumes_min.iter().take_while(|least| volume >= **least).count();
        let tier = reached.max(self.starting_tier).min(self.volumes_min.len());
        if let Some(rates) = self.rates.get(tier) {
            self.current = *rates;
        }
    }
}

impl FeeSchedule {
    fn rates(&self, maker: Rate, taker: Rate) -> FeeRates {
        let kept = (1.0 - self.discount.to_fraction()).max(0.0);
        // The product of two rates is one; the undiscounted rate could only be too pessimistic.
        let discounted =
            |rate: Rate| Rate::from_fraction(rate.to_fraction() * kept).unwrap_or(rate);
        FeeRates {
            maker: discounted(maker),
            taker: discounted(taker),
            asset: self.asset,
            minimum: self.minimum,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;

    fn bps(bps: f64) -> Rate {
        Rate::from_bps(bps).unwrap()
    }

    fn money(amount: f64) -> Money {
        Money::from_f64(amount).unwrap()
    }

    /// 10 and 20 basis points; 8 and 16 from 1000 on, 5 and 10 from 5000 on.
    fn schedule() -> FeeSchedule {
        let tier = |volume_min, maker, taker| FeeTier {
            volume_min: money(volume_min),
            maker_bps: bps(maker),
            taker_bps: bps(taker),
        };
        FeeSchedule {
            maker_bps: bps(10.0),
            taker_bps: bps(20.0),
            tiers: vec![tier(1_000.0, 8.0, 16.0), tier(5_000.0, 5.0, 10.0)],
            ..FeeSchedule::default()
        }
    }

    /// The taker's rate in basis points, as text.
    fn taker(meter: &FeeMeter) -> String {
        meter.rates().rate(Liquidity::Taker).to_bps().to_string()
    }

    #[test]
    fn a_tier_counts_from_the_next_utc_day_and_for_thirty_days() {
        let mut meter = FeeMeter::new(&schedule());
        let day = 19_000;
        meter.start(day * DAY_MS + 1);
        meter.add(money(-999.999)).unwrap();
        meter.add(money(0.001)).unwrap();
        meter.start(day * DAY_MS + DAY_MS - 1);
        assert_eq!(taker(&meter), "20", "the present day does not count");
        for later in 1..=30 {
            meter.start((day + later) * DAY_MS);
            assert_eq!(taker(&meter), "16", "{later} days later");
        }
        meter.start((day + 31) * DAY_MS);
        assert_eq!(taker(&meter), "20");
    }

    #[test]
    fn volumes_of_several_days_add_up() {
        let mut meter = FeeMeter::new(&schedule());
        let tiers: Vec<String> = (0..8)
            .map(|day| {
                meter.start(day * DAY_MS);
                meter.add(money(900.0)).unwrap();
                taker(&meter)
            })
            .collect();
        assert_eq!(tiers, ["20", "20", "16", "16", "16", "16", "10", "10"]);
        // A pause of a month forgets everything.
        meter.start(100 * DAY_MS);
        assert_eq!(taker(&meter), "20");
    }

    #[test]
    fn the_starting_tier_is_the_least_there_is() {
        let mut meter = FeeMeter::new(&FeeSchedule { starting_tier: 1, ..schedule() });
        assert_eq!(taker(&meter), "16");
        meter.start(0);
        assert_eq!(taker(&meter), "16");
        meter.add(money(5_000.0)).unwrap();
        meter.start(DAY_MS);
        assert_eq!(taker(&meter), "10");
        let highest = FeeMeter::new(&FeeSchedule { starting_tier: 9, ..schedule() });
        assert_eq!(taker(&highest), "10");
    }

    #[test]
    fn a_volume_beyond_counting_is_an_error_or_the_highest_tier() {
        let mut meter = FeeMeter::new(&schedule());
        meter.start(0);
        meter.add(Money::from_units(i128::MAX)).unwrap();
        assert!(meter.add(money(1.0)).is_err());
        meter.start(DAY_MS);
        meter.add(Money::from_units(i128::MAX)).unwrap();
        meter.start(2 * DAY_MS);
        assert_eq!(taker(&meter), "10");
    }

    #[test]
    fn a_discount_lowers_every_tier() {
        let quarter = Rate::from_fraction(0.25).unwrap();
        let meter = FeeMeter::new(&FeeSchedule { discount: quarter, ..schedule() });
        assert_eq!(meter.rates().rate(Liquidity::Maker), bps(7.5));
        assert_eq!(taker(&meter), "15");
        let free = FeeMeter::new(&FeeSchedule { discount: Rate::ONE, ..schedule() });
        assert_eq!(taker(&free), "0");
    }

    #[test]
    fn a_fee_is_at_least_the_minimum_and_nothing_for_nothing() {
        let meter = FeeMeter::new(&FeeSchedule { minimum: money(1.0), ..schedule() });
        let fee = |notional| meter.rates().fee(notional, Liquidity::Taker).unwrap().to_string();
        assert_eq!(fee(money(100.0)), "1");
        assert_eq!(fee(money(-10_000.0)), "20");
        assert_eq!(fee(Money::ZERO), "0");
        let rates = *FeeMeter::new(&schedule()).rates();
        assert_eq!(rates.fee(Money::from_units(1), Liquidity::Maker).unwrap(), 1);
    }

    #[test]
    fn a_unit_costs_its_price_where_the_fee_is_taken_from_what_arrives() {
        let rates = *FeeMeter::new(&schedule()).rates();
        let price = Price::from_f64(500.0).unwrap();
        let cost = |side| rates.unit_cost(price, Liquidity::Taker, side).unwrap().to_string();
        assert_eq!(cost(FeeSide::Quote), "501");
        assert_eq!(cost(FeeSide::Base), "500");
    }
}
