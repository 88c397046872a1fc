//! What holding costs: funding and interest, booked when they fall due.

use std::ops::Range;

use super::booking::row_number;
use super::machine::Machine;
use crate::order::FillTime;
use crate::portfolio::Charge;
use crate::units::{Money, Price, Rounding, UnitsError};

impl Machine<'_> {
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
    pub(super) fn first_known_at(&self, time_ms: i64, rows: Range<usize>) -> usize {
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
                self.carry(row, period, |machine, instrument| machine.mark_at(instrument, before))
            }
            _ => Ok(()),
        }
    }

    /// Books the funding and interest that fall due after the open of `row` and before its close, at the prices of the open,
    /// for what is held then: what leaves inside the bar may leave after that.
    pub(super) fn carry_inside_bar(&mut self, row: usize) -> Result<(), UnitsError> {
        if !self.pays_carry() {
            return Ok(());
        }
        self.now = FillTime::Open;
        let period = (self.panel.time(row).as_ms(), self.close_ms(row) - 1);
        self.carry(row, period, |machine, instrument| machine.price_now(instrument, row))
    }

    /// Books the funding and interest that fall due at the close of `row`, at its marks.
    pub(super) fn carry_at_close(&mut self, row: usize) -> Result<(), UnitsError> {
        if !self.pays_carry() {
            return Ok(());
        }
        let close_ms = self.close_ms(row);
        let period = (close_ms - 1, close_ms);
        self.carry(row, period, |machine, instrument| machine.mark_at(instrument, row))
    }

    /// Books what falls due after the first and up to the second of two times.
    fn carry(
        &mut self,
        row: usize,
        (from_ms, to_ms): (i64, i64),
        price: impl Fn(&Self, usize) -> f64,
    ) -> Result<(), UnitsError> {
        if from_ms >= to_ms {
            return Ok(());
        }
        let costs = &self.setup.costs;
        let due = costs.carry_due(from_ms, to_ms);
        let number = row_number(row);
        for instrument in 0..self.desks.len() {
            let held = self.portfolio.position(instrument).quantity;
            let place = row_number(instrument);
            if held.is_zero() {
                continue;
            }
            let mark = Price::from_f64(price(self, instrument))?;
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
}
