//! What an order may still buy or sell when it trades.

use super::book::others;
use super::{Cut, Gate};
use crate::market::{InstrumentId, Panel};
use crate::order::{Direction, Rule};
use crate::portfolio::Portfolio;
use crate::units::{Money, Price, Quantity, Rate, UnitsError};

/// An order that is about to open or enlarge a position.
#[derive(Clone, Copy)]
pub(crate) struct Increase<'a> {
    /// The prices.
    pub panel: &'a Panel,
    /// Row in which it trades.
    pub row: usize,
    /// The instrument.
    pub instrument: InstrumentId,
    /// Direction of its position.
    pub direction: Direction,
    /// Price without friction.
    pub reference_price: Price,
    /// Price with every friction but the fee.
    pub price: Price,
    /// What one base asset costs more than it is worth: frictions and fee.
    pub unit_loss: Price,
    /// Smallest fee of a fill.
    pub fee_minimum: Money,
    /// Positions and cash before it trades.
    pub portfolio: &'a Portfolio,
    /// Price at which each other instrument counts now; NaN where none is known.
    pub price_of: &'a dyn Fn(InstrumentId) -> f64,
}

impl std::fmt::Debug for Increase<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Increase")
            .field("row", &self.row)
            .field("instrument", &self.instrument)
            .field("direction", &self.direction)
            .finish_non_exhaustive()
    }
}

/// The account at the prices at which it trades.
#[derive(Clone, Copy, Debug)]
struct Worth {
    equity: f64,
    price: f64,
    /// What one base asset costs more than it is worth.
    cost: f64,
    held: f64,
}

/// The smallest quantity that the limits allow so far, and the limit that says so.
#[derive(Clone, Copy, Debug)]
struct Tightest {
    quantity: Quantity,
    cut: Option<Cut>,
}

impl Gate {
    /// The part of `asked`, which is the position to hold, that limits allow now; never less than what is held already in
    /// the same direction. Also the limit that cut it, if any.
    ///
    /// # Errors
    /// [`UnitsError`] when a number leaves the range of exact money.
    pub(crate) fn bounded(
        &self,
        asked: Quantity,
        increase: &Increase<'_>,
    ) -> Result<(Quantity, Option<Cut>), UnitsError> {
        if !self.bounds_fills {
            return Ok((asked, None));
        }
        let position = increase.portfolio.position(increase.instrument).quantity;
        let held = if position.signum() * i128::from(increase.direction.sign()) > 0 {
            position.abs()
        } else {
            Quantity::ZERO
        };
        assert!(asked >= Quantity::ZERO, "{increase:?}: a position of {asked} is asked for");
        if asked <= held {
            return Ok((asked, None));
        }
        let mut tightest = Tightest { quantity: asked, cut: None };
        self.apply_position_limits(&mut tightest, asked, increase)?;
        self.apply_counts(&mut tightest, asked, held, increase)?;
        if self.caps_values(increase.instrument) {
            self.apply_value_caps(&mut tightest, asked, held, increase)?;
        }
        let allowed = tightest.quantity.max(held);
        assert!(
            allowed >= held && allowed <= asked,
            "{increase:?}: {allowed} is allowed where {held} is held and {asked} asked for"
        );
        assert!(
            tightest.cut.is_none() || allowed < asked,
            "{increase:?}: all of {asked} is allowed, but {:?} cut it",
            tightest.cut
        );
        Ok((allowed, tightest.cut))
    }

    fn apply_position_limits(
        &self,
        tightest: &mut Tightest,
        asked: Quantity,
        increase: &Increase<'_>,
    ) -> Result<(), UnitsError> {
        let limits = self.position_limits(increase.instrument);
        let dearest = increase.price.max(increase.reference_price);
        if let Some(most) = limits.units_max {
            let (value, limit) = (asked.to_f64(), most.to_f64());
            tightest.keep(most, Cut { rule: Rule::PositionUnits, value, limit });
        }
        if let Some(most) = limits.notional_max {
            let (value, limit) = (asked.to_f64() * dearest.to_f64(), most.to_f64());
            let cut = Cut { rule: Rule::PositionNotional, value, limit };
            tightest.keep(most.quantity_at(dearest)?, cut);
        }
        if let Some(share) = limits.volume_max {
            let most = increase.volume_before() * share.to_fraction();
            let cut = Cut { rule: Rule::PositionVolume, value: asked.to_f64(), limit: most };
            tightest.keep(Quantity::from_f64(most)?, cut);
        }
        Ok(())
    }

    /// Limits on the number of positions and on what a day may trade.
    fn apply_counts(
        &self,
        tightest: &mut Tightest,
        asked: Quantity,
        held: Quantity,
        increase: &Increase<'_>,
    ) -> Result<(), UnitsError> {
        let limits = &self.settings.limits;
        if let (Some(most), true) = (limits.open_positions_max, held.is_zero()) {
            let value = others(increase.portfolio, increase.instrument).count() as f64 + 1.0;
            if value > f64::from(most) {
                let (rule, limit) = (Rule::OpenPositions, f64::from(most));
                tightest.keep(Quantity::ZERO, Cut { rule, value, limit });
            }
        }
        let Some(most) = limits.turnover_per_day_max else { return Ok(()) };
        let start = self.activity.equity_at_start();
        let traded = self.activity.traded().to_f64();
        let price = increase.price.max(increase.reference_price).to_f64();
        let room = (most.to_fraction() * start - traded).max(0.0) / price;
        let wanted = (asked.to_f64() - held.to_f64()) * price;
        let value = (traded + wanted) / start;
        let cut = Cut { rule: Rule::TurnoverPerDay, value, limit: most.to_fraction() };
        tightest.keep_below(held.to_f64() + room, held, || cut)
    }

    /// Whether any cap on values can hold for `instrument`.
    fn caps_values(&self, instrument: InstrumentId) -> bool {
        self.settings.limits.gross_exposure_max.is_some()
            || self.settings.limits.net_exposure_max.is_some()
            || self.position_limits(instrument).equity_max.is_some()
            || !self.groups.is_empty()
            || self.settings.correlation.is_some()
    }

    fn apply_value_caps(
        &self,
        tightest: &mut Tightest,
        asked: Quantity,
        held: Quantity,
        increase: &Increase<'_>,
    ) -> Result<(), UnitsError> {
        let worth = worth(increase, held);
        let mut apply = |rule: Rule, share_max: Rate, others: f64| {
            let limit = share_max.to_fraction();
            tightest.keep_below(worth.quantity_max(limit, others), held, || {
                let value = (others + asked.to_f64() * worth.price) / worth.equity;
                Cut { rule, value, limit }
            })
        };
        let all = increase.panel.instruments();
        let limits = &self.settings.limits;
        if let Some(share_max) = self.position_limits(increase.instrument).equity_max {
            apply(Rule::PositionEquity, share_max, 0.0)?;
        }
        if let Some(share_max) = limits.gross_exposure_max {
            apply(Rule::GrossExposure, share_max, increase.gross_beside(all.clone()))?;
        }
        if let Some(share_max) = limits.net_exposure_max {
            let net: f64 = all.clone().map(|place| increase.value_beside(place)).sum();
            let sign = f64::from(increase.direction.sign());
            apply(Rule::NetExposure, share_max, sign * net)?;
        }
        for group in self.groups.iter().filter(|group| group.members.contains(&increase.instrument))
        {
            let others = increase.gross_beside(group.members.iter().copied());
            apply(Rule::GroupExposure, group.exposure_max, others)?;
        }
        if let Some(limit) = self.settings.correlation {
            let position = (increase.row, increase.instrument, increase.direction);
            let cluster = self.cluster(position, increase.portfolio, limit.threshold);
            let others = increase.gross_beside(all.filter(|place| cluster.contains(place)));
            apply(Rule::ClusterExposure, limit.exposure_max, others)?;
        }
        Ok(())
    }
}

fn worth(increase: &Increase<'_>, held: Quantity) -> Worth {
    let price = increase.reference_price.to_f64();
    let own = increase.portfolio.position(increase.instrument).quantity;
    let values = increase.panel.instruments().map(|place| {
        if place == increase.instrument {
            own.to_f64() * price
        } else {
            increase.value_beside(place)
        }
    });
    // The smallest fee may be due on top of what one base asset costs.
    let cash = increase.portfolio.cash().to_f64() - increase.fee_minimum.to_f64();
    let equity = cash + values.sum::<f64>();
    let cost = increase.unit_loss.to_f64();
    Worth { equity, price, cost, held: held.to_f64() }
}

impl Increase<'_> {
    /// Volume of the latest bar before the fill, in base asset; 0 without one.
    fn volume_before(&self) -> f64 {
        self.panel.series_of(self.instrument).volume_before(self.row).unwrap_or_default()
    }

    /// Signed value of the position in another instrument, in quote asset; 0 in the instrument itself.
    fn value_beside(&self, place: InstrumentId) -> f64 {
        let held = self.portfolio.position(place).quantity;
        if place == self.instrument || held.is_zero() {
            return 0.0;
        }
        let price = (self.price_of)(place);
        assert!(!price.is_nan(), "{self:?}: {held} of {place:?} are held, but have no price");
        held.to_f64() * price
    }

    /// Values of the positions in the other ones of `places`, longs and shorts added up.
    fn gross_beside(&self, places: impl Iterator<Item = InstrumentId>) -> f64 {
        places.map(|place| self.value_beside(place).abs()).sum()
    }
}

impl Worth {
    /// The position, in base asset, that makes `others + position × price` equal to this share of the equity that is left
    /// after the costs of getting there.
    fn quantity_max(&self, share: f64, others: f64) -> f64 {
        let room = share * (self.equity + self.held * self.cost) - others;
        room.max(0.0) / (self.price + share * self.cost)
    }
}

impl Tightest {
    fn keep(&mut self, most: Quantity, cut: Cut) {
        if most < self.quantity {
            *self = Self { quantity: most, cut: Some(cut) };
        }
    }

    /// As [`keep`](Self::keep), for a bound that is an estimate: it is never below what is held, and a difference that only
    /// rounding makes is no cut worth telling.
    fn keep_below(
        &mut self,
        most: f64,
        held: Quantity,
        cut: impl FnOnce() -> Cut,
    ) -> Result<(), UnitsError> {
        let quantity = self.quantity.to_f64();
        if most.is_nan() || most < quantity {
            // What rounding leaves above the held quantity is no room.
            let room = most > held.to_f64() * (1.0 + 1e-12);
            let bound = if room { Quantity::from_f64(most)?.max(held) } else { held };
            if bound < self.quantity {
                let told = most.is_nan() || most < quantity * (1.0 - 1e-9) - 1e-11;
                let cut = if told { Some(cut()) } else { self.cut };
                *self = Self { quantity: bound, cut };
            }
        }
        Ok(())
    }
}
