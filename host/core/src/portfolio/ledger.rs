//! The append-only, double-entry ledger of a run.

use serde::{Deserialize, Serialize};

use crate::market::{InstrumentId, PerInstrument};
use crate::units::{Money, UnitsError};

/// An account of the ledger, in quote asset. Where there is a number, it is the instrument's place in the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// What the run started with; a credit.
    Capital,
    /// Quote asset at hand.
    Cash,
    /// Positions at the reference prices of their entries.
    Position(u32),
    /// Profits at reference prices; gains are credits.
    Realised(u32),
    /// Fees paid.
    Fees(u32),
    /// Spread paid.
    Spread(u32),
    /// Slippage paid.
    Slippage(u32),
    /// Market impact paid.
    Impact(u32),
    /// Funding paid; what is received is a credit.
    Funding(u32),
    /// Interest paid on base asset that is borrowed for a short position.
    BorrowedBase(u32),
    /// Interest paid on quote asset that is borrowed.
    BorrowedQuote,
    /// Paid for the liquidation of positions.
    Liquidation(u32),
}

/// One line of the ledger: a debit above zero, or a credit below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Row of the run, from 0.
    pub row: u32,
    /// The account.
    pub account: Account,
    /// Quote asset.
    pub amount: Money,
}

/// Every movement of money of a run, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    postings: Vec<Posting>,
    /// Balance of the cash account.
    cash: Money,
    /// Balance of the position account of each instrument.
    positions: PerInstrument<Money>,
    /// Row of the latest transaction.
    row: u32,
}

/// Lines of most fills: cash, position, profit and two costs.
const LINES_OF_A_FILL: usize = 5;

impl Ledger {
    /// An empty ledger of `instruments` instruments that seldom grows before `fills` fills are booked.
    pub(super) fn with_room(instruments: usize, fills: usize) -> Self {
        Self {
            postings: Vec::with_capacity(fills * LINES_OF_A_FILL),
            positions: PerInstrument::new(instruments, |_| Money::ZERO),
            ..Self::default()
        }
    }

    /// The same without most of the room that was not needed.
    pub(super) fn without_room(mut self) -> Self {
        self.postings.shrink_to(2 * self.postings.len());
        self
    }

    /// Appends one transaction; amounts of zero are left out.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    ///
    /// # Panics
    /// When debits and credits differ by as little as 1e-12: the books would be wrong from here on. When the row is before that of
    /// an earlier transaction, or the ledger has no such instrument.
    pub fn post(&mut self, row: u32, lines: &[(Account, Money)]) -> Result<(), UnitsError> {
        assert!(row >= self.row, "row {row} is booked after row {}: {lines:?}", self.row);
        self.row = row;
        let mut sum = Money::ZERO;
        for &(account, amount) in lines {
            sum = sum.plus(amount)?;
            if !amount.is_zero() {
                self.postings.push(Posting { row, account, amount });
                self.add_to_balance(account, amount)?;
            }
        }
        assert!(sum.is_zero(), "row {row}: debits exceed credits by {sum} in {lines:?}");
        Ok(())
    }

    fn add_to_balance(&mut self, account: Account, amount: Money) -> Result<(), UnitsError> {
        let balance = match account {
            Account::Cash => &mut self.cash,
            Account::Position(place) => &mut self.positions[InstrumentId::new(place as usize)],
            _ => return Ok(()),
        };
        *balance = balance.plus(amount)?;
        Ok(())
    }

    /// Debits less credits of the cash account.
    pub const fn cash(&self) -> Money {
        self.cash
    }

    /// Debits less credits of the position account of `instrument`.
    ///
    /// # Panics
    /// When the ledger has no such instrument.
    pub fn position(&self, instrument: InstrumentId) -> Money {
        self.positions[instrument]
    }

    /// Gives away every line since it was asked last; balances go on.
    pub(super) fn drain(&mut self) -> Vec<Posting> {
        std::mem::take(&mut self.postings)
    }

    /// Every line, in order.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// Debits less credits of the accounts that `belongs` picks.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn balance(&self, belongs: impl Fn(Account) -> bool) -> Result<Money, UnitsError> {
        let lines = self.postings.iter().filter(|posting| belongs(posting.account));
        lines.map(|posting| posting.amount).try_fold(Money::ZERO, Money::plus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "debits exceed credits by 0.000000000001")]
    fn a_transaction_that_does_not_balance_is_a_broken_invariant() {
        let lines =
            [(Account::Cash, Money::from_units(3)), (Account::Capital, Money::from_units(-2))];
        let _ = Ledger::default().post(0, &lines);
    }

    #[test]
    #[should_panic(expected = "row 2 is booked after row 3")]
    fn the_past_is_booked() {
        let mut ledger = Ledger::default();
        ledger.post(3, &[]).unwrap();
        let _ = ledger.post(2, &[]);
    }

    #[test]
    #[should_panic(expected = "instrument 1 of 1")]
    fn a_position_in_an_instrument_that_is_not_there_is_loud() {
        let one = Money::from_units(1);
        let lines = [(Account::Position(1), one), (Account::Cash, one.negated())];
        let _ = Ledger::with_room(1, 0).post(0, &lines);
    }
}
