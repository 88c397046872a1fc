//! What an order costs when it trades: its price, its size, and what the account can pay for.

use super::machine::Machine;
use super::occasion::Occasion;
use crate::costs::{Execution, Frictions, Liquidity, SquareRootImpact};
use crate::market::{Instrument, Series};
use crate::order::{Refusal, Rule, Side, Verdict};
use crate::risk::{ApprovedOrder, Cut};
use crate::units::{Money, Price, Quantity, Rounding, UnitsError};

/// The price of a quantity on an occasion.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    pub(super) execution: Execution,
    /// Price per base asset, every friction but the fee included.
    pub(super) price: Price,
    pub(super) frictions: Frictions,
    /// Price and fee per base asset.
    unit_cost: Price,
}

impl Quote {
    /// The price at which limits in quote asset hold: a smaller sale trades nearer to the reference price.
    fn dearest(&self) -> Price {
        self.price.max(self.execution.reference_price)
    }
}

impl Machine<'_> {
    /// The price of `quantity` on this occasion.
    pub(super) fn quote(
        &self,
        occasion: Occasion,
        side: Side,
        quantity: Quantity,
    ) -> Result<Quote, UnitsError> {
        let tick = self.instrument(occasion.instrument).map_or(Price::ZERO, |found| found.tick);
        let execution = occasion.execution(side, tick)?;
        let (price, frictions) = self.setup.costs.price(&execution, quantity)?;
        let unit_cost = self.setup.costs.unit_cost(&execution, price)?;
        Ok(Quote { execution, price, frictions, unit_cost })
    }

    /// `quote` for another quantity; only market impact makes a difference.
    pub(super) fn requote(
        &self,
        quote: Quote,
        occasion: Occasion,
        quantity: Quantity,
    ) -> Result<Quote, UnitsError> {
        if self.setup.costs.impact == SquareRootImpact::default() {
            return Ok(quote);
        }
        self.quote(occasion, quote.execution.side, quantity)
    }

    /// The quantity that `order` aims at on this occasion, with its quote and the limit that cut it. The impact of an
    /// order depends on its quantity and the quantity on the price: the impact is taken of the quantity without impact,
    /// which is a little more than in truth.
    pub(super) fn sized(
        &self,
        order: &ApprovedOrder,
        occasion: Occasion,
        side: Side,
    ) -> Result<(Quantity, Quote, Option<Cut>), UnitsError> {
        let quote = self.quote(occasion, side, Quantity::ZERO)?;
        let Some(instrument) = self.instrument(occasion.instrument) else {
            return Ok((Quantity::ZERO, quote, None));
        };
        let limits = &self.setup.limits;
        let (quantity, cut) =
            order.quantity(quote.unit_cost, quote.dearest(), limits, instrument)?;
        if self.setup.costs.impact == SquareRootImpact::default() {
            return Ok((quantity, quote, cut));
        }
        let fillable = self.fillable(occasion, quantity)?;
        let quote = self.quote(occasion, side, fillable)?;
        let (quantity, cut) =
            order.quantity(quote.unit_cost, quote.dearest(), limits, instrument)?;
        Ok((quantity, quote, cut))
    }

    /// The quantity that `order` aims at on this occasion.
    pub(super) fn desired(
        &self,
        order: &ApprovedOrder,
        occasion: Occasion,
        side: Side,
    ) -> Result<Quantity, UnitsError> {
        self.sized(order, occasion, side).map(|(quantity, ..)| quantity)
    }

    /// The quantity that `order` aims at, at the close of `row`.
    pub(super) fn desired_at_mark(
        &self,
        order: &ApprovedOrder,
        instrument: usize,
        row: usize,
    ) -> Result<Quantity, UnitsError> {
        let series = self.panel.series().get(instrument);
        let mark = series.and_then(|series| series.marks().get(row)).copied().unwrap_or_default();
        let liquidity = Liquidity::Maker;
        let occasion = Occasion { row, instrument, reference: mark, volume: 0.0, liquidity };
        self.desired(order, occasion, Side::Buy)
    }

    /// The part of `quantity`, in whole lots, that cash covers; for a short sale, that equity not yet at risk covers.
    pub(super) fn affordable(
        &mut self,
        occasion: Occasion,
        quote: &Quote,
        quantity: Quantity,
    ) -> Result<Quantity, UnitsError> {
        // Two units of 1e-12 pay for the rounding of notional and fee.
        const RESERVE: Money = Money::from_units(2);
        let lot = self.lot(occasion);
        let power = self.buying_power(occasion.row)?.max(Money::ZERO);
        let covers = |quantity: Quantity| -> Result<bool, UnitsError> {
            let notional = quote.price.notional(quantity, Rounding::Nearest)?;
            let fee = self.setup.costs.fee(notional, occasion.liquidity)?;
            Ok(notional.plus(fee)? <= power)
        };
        if covers(quantity)? {
            return Ok(quantity.rounded_to(lot, Rounding::Down));
        }
        let mut affordable = power.quantity_at(quote.unit_cost)?;
        if !covers(affordable)? {
            affordable = power.minus(RESERVE)?.max(Money::ZERO).quantity_at(quote.unit_cost)?;
        }
        let whole_lots = affordable.rounded_to(lot, Rounding::Down);
        // A difference that only rounding makes is no cut worth telling.
        let (asked, allowed) = (quantity.to_f64(), affordable.to_f64());
        if allowed < asked * (1.0 - 1e-9) - 1e-11 {
            let verdict = if whole_lots.is_zero() { Verdict::Refused } else { Verdict::Cut };
            self.refuse_at(occasion, Rule::Cash, verdict, (asked, allowed));
        }
        Ok(whole_lots)
    }

    /// Quote asset that is free for new positions: cash, less twice the value of short positions, whose proceeds are in
    /// the cash and whose buy-back must stay covered.
    fn buying_power(&self, row: usize) -> Result<Money, UnitsError> {
        let mut power = self.portfolio.cash();
        for (series, position) in self.panel.series().iter().zip(self.portfolio.positions()) {
            if position.quantity.signum() < 0 {
                let open = series.open().get(row).copied().unwrap_or(f64::NAN);
                let mark = series.marks().get(row.saturating_sub(1)).copied().unwrap_or(f64::NAN);
                let price = Price::from_f64(if open.is_nan() { mark } else { open })?;
                let notional = price.notional(position.quantity.abs(), Rounding::Up)?;
                power = power.minus(notional)?.minus(notional)?;
            }
        }
        Ok(power)
    }

    /// Whether an opening order of `quantity` is worth the exchange's while; if not, the refusal is recorded.
    pub(super) fn large_enough(
        &mut self,
        occasion: Occasion,
        quantity: Quantity,
    ) -> Result<bool, UnitsError> {
        let Some(instrument) = self.instrument(occasion.instrument) else { return Ok(false) };
        let (quantity_min, notional_min) = (instrument.quantity_min, instrument.notional_min);
        if !quantity.is_zero() && quantity < quantity_min {
            let numbers = (quantity.to_f64(), quantity_min.to_f64());
            self.refuse_at(occasion, Rule::QuantityMin, Verdict::Refused, numbers);
            return Ok(false);
        }
        if quantity.is_zero() || notional_min.is_zero() {
            return Ok(true);
        }
        let notional =
            Price::from_f64(occasion.reference)?.notional(quantity, Rounding::Nearest)?;
        if notional < notional_min {
            let numbers = (notional.to_f64(), notional_min.to_f64());
            self.refuse_at(occasion, Rule::NotionalMin, Verdict::Refused, numbers);
        }
        Ok(notional >= notional_min)
    }

    /// The part of `quantity` that the bar's volume fills: all of it, or whole lots.
    pub(super) fn fillable(
        &self,
        occasion: Occasion,
        quantity: Quantity,
    ) -> Result<Quantity, UnitsError> {
        let part = self.setup.costs.fillable(quantity, occasion.volume)?;
        if part == quantity {
            return Ok(quantity);
        }
        Ok(part.rounded_to(self.lot(occasion), Rounding::Down))
    }

    fn lot(&self, occasion: Occasion) -> Quantity {
        self.instrument(occasion.instrument).map_or(Quantity::ZERO, |found| found.lot)
    }

    /// Records the limit that cut an order, if any did.
    pub(super) fn record_cut(&mut self, occasion: Occasion, cut: Option<Cut>) {
        if let Some(Cut { rule, asked, allowed }) = cut {
            let verdict = if rule == Rule::Lot { Verdict::Refused } else { Verdict::Cut };
            self.refuse_at(occasion, rule, verdict, (asked, allowed));
        }
    }

    fn refuse_at(
        &mut self,
        occasion: Occasion,
        rule: Rule,
        verdict: Verdict,
        (asked, allowed): (f64, f64),
    ) {
        let (row, instrument) = (occasion.row, occasion.instrument);
        self.refuse(Refusal { row, instrument, rule, verdict, asked, allowed });
    }

    pub(super) fn instrument(&self, place: usize) -> Option<&Instrument> {
        self.panel.series().get(place).map(Series::instrument)
    }
}
