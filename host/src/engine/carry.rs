//! What time does to an account: funding, interest, liquidation, and the periods of rebalancing.

use std::ops::Range;

use super::machine::Machine;
use super::occasion::Occasion;
use crate::costs::Liquidity;
use crate::market::Series;
use crate::order::{FillReason, Side};
use crate::portfolio::Charge;
use crate::risk::RebalancingPeriod;
use crate::units::{Money, Price, Rounding, UnitsError};

impl Machine<'_> {
    /// Finds out whether the account is short or in debt: then it can lose more than there is.
    pub(super) fn look_at_margin(&mut self) {
        self.on_margin = self.portfolio.cash() < Money::ZERO
            || self.portfolio.positions().iter().any(|held| held.quantity.signum() < 0);
    }

    /// Whether holding the present positions costs something.
    fn pays_carry(&self) -> bool {
        let costs = &self.setup.costs;
        let holds = || self.portfolio.positions().iter().any(|held| !held.is_flat());
        (costs.borrow.is_some() && self.on_margin) || (costs.funding.is_some() && holds())
    }

    /// The first of `rows` in which funding or interest is due, or their end.
    pub(super) fn next_carry(&self, rows: Range<usize>) -> usize {
        if rows.is_empty() || !self.pays_carry() {
            return rows.end;
        }
        let known_until = self.close_ms(rows.start.saturating_sub(1));
        match self.setup.costs.next_carry(known_until) {
            Some(due_ms) => self.first_known_at(due_ms, rows),
            None => rows.end,
        }
    }

    /// The first of `rows` whose close is at `time_ms` or later, or their end.
    fn first_known_at(&self, time_ms: i64, rows: Range<usize>) -> usize {
        let opens = self.panel.times().get(rows.clone()).unwrap_or_default();
        let interval_ms = self.panel.interval().as_ms();
        rows.start + opens.partition_point(|open| open.saturating_add(interval_ms) < time_ms)
    }

    /// Books the funding and interest that fell due between the close before `row` and its open, at the marks of that close:
    /// what is bought at the open owes nothing for a gap.
    pub(super) fn carry_over_gap(&mut self, row: usize) -> Result<(), UnitsError> {
        match row.checked_sub(1) {
            Some(before) if row > self.first_row && self.pays_carry() => {
                let period = (self.close_ms(before), self.panel.time(row).as_ms());
                self.carry(row, before, period)
            }
            _ => Ok(()),
        }
    }

    /// Books the funding and interest that fall due in `row`, at its close.
    pub(super) fn carry_in_bar(&mut self, row: usize) -> Result<(), UnitsError> {
        if !self.pays_carry() {
            return Ok(());
        }
        self.carry(row, row, (self.panel.time(row).as_ms(), self.close_ms(row)))
    }

    /// Books what falls due after the first and up to the second of two times, at the marks of `marked`.
    fn carry(
        &mut self,
        row: usize,
        marked: usize,
        (from_ms, to_ms): (i64, i64),
    ) -> Result<(), UnitsError> {
        if from_ms >= to_ms {
            return Ok(());
        }
        let costs = &self.setup.costs;
        let due = costs.carry_due(from_ms, to_ms);
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        for instrument in 0..self.desks.len() {
            let held = self.portfolio.position(instrument).quantity;
            let place = u32::try_from(instrument).unwrap_or(u32::MAX);
            if held.is_zero() {
                continue;
            }
            let mark = Price::from_f64(self.mark_at(instrument, marked))?;
            if let (Some(funding), 1..) = (&costs.funding, due.funding) {
                let paid = funding.payment(held, mark, due.funding)?;
                self.portfolio.pay(number, Charge::Funding(place), paid)?;
            }
            if let (Some(borrow), 1.., -1) = (&costs.borrow, due.borrow, held.signum()) {
                let value = mark.notional(held.abs(), Rounding::Up)?;
                let paid = borrow.interest_on_base(value, due.borrow)?;
                self.portfolio.pay(number, Charge::BorrowedBase(place), paid)?;
            }
        }
        let debt = self.portfolio.cash().negated();
        if let (Some(borrow), 1.., true) = (&costs.borrow, due.borrow, debt > Money::ZERO) {
            let paid = borrow.interest_on_quote(debt, due.borrow)?;
            self.portfolio.pay(number, Charge::BorrowedQuote, paid)?;
        }
        self.look_at_margin();
        Ok(())
    }

    /// The first of `rows` in which the margin may not cover the positions, or their end.
    pub(super) fn next_liquidation(&self, rows: Range<usize>) -> usize {
        if !self.on_margin {
            return rows.end;
        }
        let mut rows_left = rows.clone();
        rows_left.find(|&row| self.margin_at_worst(row) <= 0.0).unwrap_or(rows.end)
    }

    /// Equity less maintenance margin when every position is at its worst price of `row`.
    fn margin_at_worst(&self, row: usize) -> f64 {
        self.margin(|series, short| {
            let worst = if short { series.high() } else { series.low() };
            known(worst, row).or_else(|| known(series.marks(), row))
        })
    }

    /// Equity less maintenance margin at these prices.
    fn margin(&self, price: impl Fn(&Series, bool) -> Option<f64>) -> f64 {
        let maintenance = self.setup.risk.margin.maintenance.to_fraction();
        let positions = self.panel.series().iter().zip(self.portfolio.positions());
        let values = positions.filter(|(_, held)| !held.is_flat()).map(|(series, held)| {
            let quantity = held.quantity.to_f64();
            let price = price(series, quantity < 0.0).unwrap_or_default();
            (quantity - maintenance * quantity.abs()) * price
        });
        self.portfolio.cash().to_f64() + values.sum::<f64>()
    }

    /// How far, on the straight way of all prices from their opens (0) to their worst (1), the margin covers the positions in
    /// `row`; `None` when it covers them all the way.
    fn way_to_liquidation(&self, row: usize) -> Option<f64> {
        if !self.on_margin {
            return None;
        }
        let at_worst = self.margin_at_worst(row);
        if at_worst > 0.0 {
            return None;
        }
        let at_open = self.margin(|series, _| {
            known(series.open(), row).or_else(|| known(series.marks(), row.saturating_sub(1)))
        });
        Some(if at_open <= 0.0 { 0.0 } else { at_open / (at_open - at_worst) })
    }

    /// The instrument whose stop the market reaches first, if it does so before the margin is used up.
    pub(super) fn stopped_before_liquidation(&self, row: usize) -> Option<usize> {
        let way = self.way_to_liquidation(row)?;
        let reached = |instrument: usize| {
            let held = self.portfolio.position(instrument).quantity.signum();
            let stop = self.desks.get(instrument)?.levels.stop?.to_f64();
            let series = self.panel.series().get(instrument)?;
            let open = known(series.open(), row)?;
            let worst = known(if held < 0 { series.high() } else { series.low() }, row)?;
            let beyond = if held < 0 { open >= stop } else { open <= stop };
            let at = if beyond { 0.0 } else { (stop - open) / (worst - open) };
            (held != 0 && (0.0..=way).contains(&at)).then_some((at, instrument))
        };
        let stops = (0..self.desks.len()).filter_map(reached);
        let first = stops.min_by(|one, other| one.0.total_cmp(&other.0));
        first.map(|(_, instrument)| instrument)
    }

    /// Liquidates every position when the margin does not cover them inside `row`: at the open if it is gone by then, else
    /// where it is used up.
    pub(super) fn liquidate(&mut self, row: usize) -> Result<(), UnitsError> {
        let Some(way) = self.way_to_liquidation(row) else { return Ok(()) };
        for instrument in 0..self.desks.len() {
            let held = self.portfolio.position(instrument).quantity;
            let Some(series) = self.panel.series().get(instrument) else { continue };
            if held.is_zero() {
                continue;
            }
            let worst = if held.signum() < 0 { series.high() } else { series.low() };
            let (Some(open), Some(worst)) = (known(series.open(), row), known(worst, row)) else {
                // Nothing trades without a bar: the position goes at the next open.
                self.close_at_next_open(instrument, FillReason::Liquidation);
                continue;
            };
            let reference = open + way * (worst - open);
            let reference = reference.clamp(open.min(worst), open.max(worst));
            let volume = known(series.volume(), row).unwrap_or_default();
            let liquidity = Liquidity::Taker;
            self.liquidate_one(Occasion { row, instrument, reference, volume, liquidity })?;
        }
        Ok(())
    }

    fn liquidate_one(&mut self, occasion: Occasion) -> Result<(), UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity;
        let side = if held.signum() > 0 { Side::Sell } else { Side::Buy };
        let quote = self.quote(occasion, side, held.abs())?;
        if let Some(desk) = self.desks.get_mut(occasion.instrument) {
            desk.call_back();
        }
        self.fill(occasion, &quote, held.abs(), super::booking::Cause::of(FillReason::Liquidation))
    }

    /// The row after the first of `rows` that ends a period of rebalancing, or their end.
    pub(super) fn next_rebalancing(&self, rows: Range<usize>) -> usize {
        let Some(rule) = self.setup.risk.rebalancing else { return rows.end };
        // The row before `rows` belongs to the span, too, and may be the one that ends the period.
        let first = rows.start.saturating_sub(1);
        if first >= self.first_row && self.ends_period(first, rule.every) {
            return rows.start;
        }
        let period = rule.every.number(self.close_ms(first));
        let ends = self.first_known_at(rule.every.start_ms(period + 1), rows.clone());
        (ends + 1).min(rows.end)
    }

    /// Whether the close of `row` is the first in a new period.
    pub(super) fn ends_period(&self, row: usize, period: RebalancingPeriod) -> bool {
        let before = match row.checked_sub(1) {
            Some(before) => self.close_ms(before),
            None => self.panel.time(row).as_ms(),
        };
        period.number(self.close_ms(row)) > period.number(before)
    }

    /// Last known close of `instrument` at `row`; NaN before its first bar.
    pub(super) fn mark_at(&self, instrument: usize, row: usize) -> f64 {
        let series = self.panel.series().get(instrument);
        series.and_then(|series| series.marks().get(row)).copied().unwrap_or(f64::NAN)
    }
}

/// The value of a column at `row`, if there is one.
fn known(column: &[f64], row: usize) -> Option<f64> {
    column.get(row).copied().filter(|value| !value.is_nan())
}
