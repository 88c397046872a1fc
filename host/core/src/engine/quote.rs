//! What an order costs when it trades: its price, its size, and what the account can pay for.

use super::desk::{Taken, Working};
use super::machine::Machine;
use super::occasion::Occasion;
use crate::costs::{Execution, FeeAsset, FeeSide, Frictions, Liquidity};
use crate::market::{Instrument, Series};
use crate::order::{Direction, FillTime, Refusal, Rule, Side, Verdict};
use crate::risk::{ApprovedOrder, Cut, Increase};
use crate::units::{Money, Price, Quantity, Rate, Rounding, UnitsError};

/// The price of a quantity on an occasion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    pub(super) execution: Execution,
    /// Price per base asset, every friction but the fee included.
    pub(super) price: Price,
    pub(super) frictions: Frictions,
    /// Asset in which the fee is paid.
    pub(super) fee_side: FeeSide,
    /// What one base asset costs the buyer, fees in quote asset included.
    unit_cost: Price,
    /// The fee on one base asset, in whatever asset it is paid.
    unit_fee: Price,
}

impl Quote {
    /// What one base asset costs more than it is worth: frictions and fee.
    fn unit_loss(&self) -> Result<Price, UnitsError> {
        self.price.minus(self.execution.reference_price)?.abs().plus(self.unit_fee)
    }

    /// What one base asset adds to the position's value.
    fn unit_worth(&self) -> Result<Price, UnitsError> {
        match self.fee_side {
            FeeSide::Quote => Ok(self.execution.reference_price),
            FeeSide::Base => self.execution.reference_price.minus(self.unit_fee),
        }
    }
}

impl Machine<'_> {
    /// Where `instrument` trades in `row`. What takers' frictions read of the market before it is measured once.
    pub(super) fn occasion(
        &self,
        (row, instrument): (usize, usize),
        reference: f64,
        volume: f64,
        liquidity: Liquidity,
    ) -> Occasion {
        let series = self.panel.series().get(instrument);
        let conditions = series
            .filter(|_| liquidity == Liquidity::Taker)
            .map(|series| self.setup.costs.conditions(series, self.panel.interval(), row))
            .unwrap_or_default();
        let (limit, filled) = (None, Quantity::ZERO);
        Occasion { row, instrument, reference, volume, liquidity, conditions, limit, filled }
    }

    /// The price of `quantity` on this occasion.
    pub(super) fn quote(
        &self,
        occasion: Occasion,
        side: Side,
        quantity: Quantity,
    ) -> Result<Quote, UnitsError> {
        let Occasion { row, instrument, reference, volume, liquidity, conditions, .. } = occasion;
        let reference_price = Price::from_f64(reference)?;
        let execution = Execution {
            side,
            liquidity,
            reference_price,
            volume,
            tick: self.tick(instrument),
            conditions,
            limit: occasion.limit,
            filled: occasion.filled,
            row,
            instrument,
        };
        let (price, frictions) = self.setup.costs.price(&execution, quantity)?;
        let rates = self.meter.rates();
        let opens_long =
            side == Side::Buy && self.portfolio.position(instrument).quantity.signum() >= 0;
        let fee_side = match rates.asset {
            FeeAsset::Base if opens_long => FeeSide::Base,
            _ => FeeSide::Quote,
        };
        let unit_cost = rates.unit_cost(price, liquidity, fee_side)?;
        let unit_fee = match fee_side {
            FeeSide::Quote => unit_cost.minus(price)?,
            FeeSide::Base => rates.rate(liquidity).of(reference_price, Rounding::Up)?,
        };
        Ok(Quote { execution, price, frictions, fee_side, unit_cost, unit_fee })
    }

    /// `quote` for another quantity; only frictions that depend on it make a difference.
    pub(super) fn requote(
        &self,
        quote: &Quote,
        occasion: Occasion,
        quantity: Quantity,
    ) -> Result<Quote, UnitsError> {
        if !self.setup.costs.depends_on_quantity() {
            return Ok(*quote);
        }
        self.quote(occasion, quote.execution.side, quantity)
    }

    /// The quantity that `order` aims at on this occasion, before limits, with its quote. Frictions may depend on the
    /// quantity and the quantity depends on the price: they are taken of the quantity without them, which is a little more
    /// than in truth.
    pub(super) fn sized(
        &self,
        order: &ApprovedOrder,
        occasion: Occasion,
        side: Side,
    ) -> Result<(Quantity, Quote), UnitsError> {
        let quote = self.quote(occasion, side, Quantity::ZERO)?;
        let quantity = order.quantity(quote.unit_cost)?;
        if !self.setup.costs.depends_on_quantity() {
            return Ok((quantity, quote));
        }
        let fillable = self.fillable(occasion, quantity)?;
        let quote = self.quote(occasion, side, fillable)?;
        Ok((order.quantity(quote.unit_cost)?, quote))
    }

    /// The quantity that `order` aims at on this occasion, in whole lots.
    pub(super) fn desired(
        &self,
        order: &ApprovedOrder,
        occasion: Occasion,
        side: Side,
    ) -> Result<Quantity, UnitsError> {
        let (quantity, _) = self.sized(order, occasion, side)?;
        Ok(quantity.rounded_to(self.lot(occasion), Rounding::Down))
    }

    /// The quantity that `order` aims at, at the close of `row`.
    pub(super) fn desired_at_mark(
        &self,
        order: &ApprovedOrder,
        instrument: usize,
        row: usize,
    ) -> Result<Quantity, UnitsError> {
        let mark = self.mark_at(instrument, row);
        let reference = if mark.is_nan() { 0.0 } else { mark };
        let occasion = self.occasion((row, instrument), reference, 0.0, Liquidity::Maker);
        self.desired(order, occasion, Side::Buy)
    }

    /// The order's own quantity that lots and limits leave of a position of `asked`, and the limit that cut it.
    pub(super) fn within_limits(
        &mut self,
        working: &Working,
        occasion: Occasion,
        quote: &Quote,
        asked: Quantity,
    ) -> Result<(Quantity, Option<Cut>), UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity.abs();
        let direction = working.order.direction().unwrap_or(Direction::Long);
        self.gate.measure_before(occasion.row, occasion.instrument, &self.portfolio);
        let price_of = |place: usize| self.price_now(place, occasion.row);
        let increase = Increase {
            row: occasion.row,
            instrument: occasion.instrument,
            direction,
            reference_price: quote.execution.reference_price,
            price: quote.price,
            unit_loss: quote.unit_loss()?,
            fee_minimum: self.meter.rates().minimum,
            portfolio: &self.portfolio,
            price_of: &price_of,
        };
        let (allowed, cut) = self.gate.bounded(asked, &increase)?;
        let lot = self.lot(occasion);
        let order = allowed.minus(held)?.max(Quantity::ZERO);
        let whole_lots = order.rounded_to(lot, Rounding::Down);
        if held.is_zero() && whole_lots.is_zero() && !order.is_zero() {
            let (value, limit) = (order.to_f64(), lot.to_f64());
            return Ok((whole_lots, Some(Cut { rule: Rule::Lot, value, limit })));
        }
        Ok((whole_lots, cut))
    }

    /// The column of the prices at which market orders trade now.
    pub(super) fn prices_now<'s>(&self, series: &'s Series) -> &'s [f64] {
        match self.now {
            FillTime::Open => series.open(),
            FillTime::Close => series.close(),
        }
    }

    /// The price at which a position in `instrument` counts while orders of `row` trade; NaN before its first bar.
    pub(super) fn price_now(&self, instrument: usize, row: usize) -> f64 {
        let series = self.panel.series().get(instrument);
        let now = series.and_then(|series| self.prices_now(series).get(row)).copied();
        match now {
            Some(price) if !price.is_nan() => price,
            _ => self.mark_at(instrument, row.saturating_sub(1)),
        }
    }

    /// The part of `quantity`, in whole lots, that cash covers; with leverage or for a short sale, that equity not yet at
    /// risk covers: `value + leverage × costs ≤ leverage × equity − gross exposure`.
    pub(super) fn affordable(
        &mut self,
        working: &Working,
        occasion: Occasion,
        quote: &Quote,
        quantity: Quantity,
    ) -> Result<Quantity, UnitsError> {
        // Two units of 1e-12 pay for the rounding of notional and fee.
        const RESERVE: Money = Money::from_units(2);
        let lot = self.lot(occasion);
        let leverage = self.setup.risk.margin.leverage_max;
        let power = self.buying_power(occasion, leverage)?.max(Money::ZERO);
        let rates = *self.meter.rates();
        let reference = quote.execution.reference_price;
        let covers = |quantity: Quantity| -> Result<bool, UnitsError> {
            let bought = reference.notional(quantity, Rounding::Nearest)?;
            let notional = quote.price.notional(quantity, Rounding::Nearest)?;
            let (worth, fee) = match quote.fee_side {
                FeeSide::Quote => (bought, rates.fee(notional, occasion.liquidity)?),
                FeeSide::Base => {
                    let fee = quote.unit_fee.notional(quantity, Rounding::Up)?;
                    (bought.minus(fee)?, fee)
                }
            };
            let costs = notional.minus(bought)?.abs().plus(fee)?;
            Ok(worth.plus(leverage.of(costs, Rounding::Up)?)? <= power)
        };
        if covers(quantity)? {
            return Ok(quantity.rounded_to(lot, Rounding::Down));
        }
        let unit = quote.unit_worth()?.plus(leverage.of(quote.unit_loss()?, Rounding::Up)?)?;
        let mut affordable = power.quantity_at(unit)?;
        if !covers(affordable)? {
            let reserve = RESERVE.plus(leverage.of(rates.minimum, Rounding::Up)?)?;
            affordable = power.minus(reserve)?.max(Money::ZERO).quantity_at(unit)?;
        }
        let whole_lots = affordable.rounded_to(lot, Rounding::Down);
        // A difference that only rounding makes is no cut worth telling.
        let (value, limit) = (quantity.to_f64(), affordable.to_f64());
        if limit < value * (1.0 - 1e-9) - 1e-11 {
            let verdict = if whole_lots.is_zero() { Verdict::Refused } else { Verdict::Cut };
            self.refuse_at(working, occasion, verdict, Cut { rule: Rule::Cash, value, limit });
        }
        Ok(whole_lots)
    }

    /// `leverage × equity − gross exposure`, in quote asset: what new positions may be worth. Without leverage that is cash,
    /// less twice the value of short positions, whose proceeds are in the cash and whose buy-back must stay covered.
    fn buying_power(&self, occasion: Occasion, leverage: Rate) -> Result<Money, UnitsError> {
        if leverage == Rate::ONE && !self.on_margin {
            return Ok(self.portfolio.cash());
        }
        let (mut equity, mut gross) = (self.portfolio.cash(), Money::ZERO);
        for (instrument, position) in self.portfolio.positions().iter().enumerate() {
            if !position.is_flat() {
                let price = if instrument == occasion.instrument {
                    occasion.reference
                } else {
                    self.price_now(instrument, occasion.row)
                };
                let price = Price::from_f64(price)?;
                let value = price.notional(position.quantity.abs(), Rounding::Up)?;
                gross = gross.plus(value)?;
                equity = if position.quantity.signum() > 0 {
                    equity.plus(value)?
                } else {
                    equity.minus(value)?
                };
            }
        }
        leverage.of(equity, Rounding::Down)?.minus(gross)
    }

    /// Whether an opening order of `quantity` is worth the exchange's while; if not, the refusal is recorded.
    pub(super) fn large_enough(
        &mut self,
        working: &Working,
        occasion: Occasion,
        quantity: Quantity,
    ) -> Result<bool, UnitsError> {
        let Some(instrument) = self.instrument(occasion.instrument) else { return Ok(false) };
        let (quantity_min, notional_min) = (instrument.quantity_min, instrument.notional_min);
        if !quantity.is_zero() && quantity < quantity_min {
            let (value, limit) = (quantity.to_f64(), quantity_min.to_f64());
            let cut = Cut { rule: Rule::QuantityMin, value, limit };
            self.refuse_at(working, occasion, Verdict::Refused, cut);
            return Ok(false);
        }
        if quantity.is_zero() || notional_min.is_zero() {
            return Ok(true);
        }
        let notional =
            Price::from_f64(occasion.reference)?.notional(quantity, Rounding::Nearest)?;
        if notional < notional_min {
            let (value, limit) = (notional.to_f64(), notional_min.to_f64());
            let cut = Cut { rule: Rule::NotionalMin, value, limit };
            self.refuse_at(working, occasion, Verdict::Refused, cut);
        }
        Ok(notional >= notional_min)
    }

    /// The part of `quantity` that the bar's volume still fills: all of it, or whole lots.
    pub(super) fn fillable(
        &self,
        occasion: Occasion,
        quantity: Quantity,
    ) -> Result<Quantity, UnitsError> {
        let taken = self.desks.get(occasion.instrument).map(|desk| desk.taken(occasion.row));
        let Taken { of_row, of_piece, .. } = taken.unwrap_or_default();
        let left = |taken: Quantity, volume: f64| {
            let part = self.setup.costs.fillable(quantity.plus(taken)?, volume)?;
            Ok(part.minus(taken)?.max(Quantity::ZERO))
        };
        let mut part = left(of_piece, occasion.volume)?;
        if of_row != of_piece {
            // The pieces of a row share its volume with what trades at its open or close.
            let series = self.panel.series().get(occasion.instrument);
            let volume = series.and_then(|series| series.volume().get(occasion.row)).copied();
            part = part.min(left(of_row, volume.unwrap_or(f64::NAN))?);
        }
        if part == quantity {
            return Ok(quantity);
        }
        Ok(part.rounded_to(self.lot(occasion), Rounding::Down))
    }

    /// The grid of prices of the instrument at `place`; zero when there is none.
    pub(super) fn tick(&self, place: usize) -> Price {
        self.instrument(place).map_or(Price::ZERO, |found| found.tick)
    }

    fn lot(&self, occasion: Occasion) -> Quantity {
        self.instrument(occasion.instrument).map_or(Quantity::ZERO, |found| found.lot)
    }

    /// Records the limit that cut an order, if any did. What is left of an order is cut by the same limit again and again.
    pub(super) fn record_cut(
        &mut self,
        working: &mut Working,
        occasion: Occasion,
        (cut, left): (Option<Cut>, Quantity),
    ) {
        if let Some(cut) = cut
            && working.cut_by.replace(cut.rule) != Some(cut.rule)
        {
            let verdict = if left.is_zero() { Verdict::Refused } else { Verdict::Cut };
            self.refuse_at(working, occasion, verdict, cut);
        }
    }

    pub(super) fn refuse_at(
        &mut self,
        working: &Working,
        occasion: Occasion,
        verdict: Verdict,
        cut: Cut,
    ) {
        let Occasion { row, instrument, .. } = occasion;
        let (decision, Cut { rule, value, limit }) = (working.decision, cut);
        self.refuse(Refusal { row, instrument, decision, rule, verdict, value, limit });
    }

    pub(super) fn instrument(&self, place: usize) -> Option<&Instrument> {
        self.panel.series().get(place).map(Series::instrument)
    }
}
