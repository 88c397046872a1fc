//! What holding costs: funding and interest, booked when they fall due.

use std::ops::Range;

use super::account::Account;
use super::tape::{At, FillTime, Tape};
use crate::portfolio::Charge;
use crate::units::{Money, Price, Rounding, UnitsError};

/// Whether holding the present positions costs something.
pub(super) fn is_due(account: &Account, tape: &Tape<'_>) -> bool {
    let costs = &tape.setup.costs;
    (costs.borrow.is_some() && account.is_on_margin())
        || (costs.funding.is_some() && account.holds_anything())
}

/// The first of `rows` in which funding or interest is due, or their end.
pub(super) fn next(account: &Account, tape: &Tape<'_>, rows: Range<usize>) -> usize {
    if rows.is_empty() || !is_due(account, tape) {
        return rows.end;
    }
    let known_until = tape.close_ms(rows.start.saturating_sub(1));
    match tape.setup.costs.next_carry(known_until) {
        Some(due_ms) => tape.first_known_at(due_ms, rows),
        None => rows.end,
    }
}

/// Books the funding and interest that fell due between the close before `row` and its open, at the marks of that close:
/// what is bought at the open owes nothing for a gap.
pub(super) fn over_gap(
    account: &mut Account,
    tape: &Tape<'_>,
    row: usize,
    first_row: usize,
) -> Result<(), UnitsError> {
    if row <= first_row || !is_due(account, tape) {
        return Ok(());
    }
    let period = (tape.close_ms(row - 1), tape.open_ms(row));
    book(account, tape, row, period, |at| tape.mark_before(at))
}

/// Books the funding and interest that fall due after the open of `row` and before its close, at the prices of the open,
/// for what is held then: what leaves inside the bar may leave after that.
pub(super) fn inside_bar(
    account: &mut Account,
    tape: &Tape<'_>,
    row: usize,
) -> Result<(), UnitsError> {
    if !is_due(account, tape) {
        return Ok(());
    }
    let period = (tape.open_ms(row), tape.close_ms(row) - 1);
    book(account, tape, row, period, |at| tape.price(at, FillTime::Open))
}

/// Books the funding and interest that fall due at the close of `row`, at its marks.
pub(super) fn at_close(
    account: &mut Account,
    tape: &Tape<'_>,
    row: usize,
) -> Result<(), UnitsError> {
    if !is_due(account, tape) {
        return Ok(());
    }
    let close_ms = tape.close_ms(row);
    book(account, tape, row, (close_ms - 1, close_ms), |at| tape.mark(at))
}

/// Books in `row` what falls due after the first and up to the second of two times.
fn book(
    account: &mut Account,
    tape: &Tape<'_>,
    row: usize,
    (from_ms, to_ms): (i64, i64),
    price: impl Fn(At) -> f64,
) -> Result<(), UnitsError> {
    if from_ms >= to_ms {
        return Ok(());
    }
    let costs = &tape.setup.costs;
    let due = costs.carry_due(from_ms, to_ms);
    for instrument in tape.instruments() {
        let held = account.held(instrument);
        if held.is_zero() {
            continue;
        }
        let mark = Price::from_f64(price(At { row, instrument }))?;
        if let (Some(funding), 1..) = (&costs.funding, due.funding) {
            let paid = funding.payment(held, mark, due.funding)?;
            account.pay(row, Charge::Funding(instrument), paid)?;
        }
        if let (Some(borrow), 1.., -1) = (&costs.borrow, due.borrow, held.signum()) {
            let value = mark.notional(held.abs(), Rounding::Up)?;
            let paid = borrow.interest_on_base(value, due.borrow)?;
            assert!(paid >= Money::ZERO, "row {row}: interest of {paid} on {value}");
            account.pay(row, Charge::BorrowedBase(instrument), paid)?;
        }
    }
    let debt = account.cash().negated();
    if let (Some(borrow), 1.., true) = (&costs.borrow, due.borrow, debt > Money::ZERO) {
        let paid = borrow.interest_on_quote(debt, due.borrow)?;
        assert!(paid >= Money::ZERO, "row {row}: interest of {paid} on {debt}");
        account.pay(row, Charge::BorrowedQuote, paid)?;
    }
    account.look_at_margin();
    Ok(())
}

#[cfg(test)]
mod tests;
