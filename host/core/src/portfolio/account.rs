//! Cash, positions and their ledger.

use super::open_trade::{OpenTrade, PriceRange};
use super::{Account, Ledger, Position, Posting};
use crate::market::{InstrumentId, PerInstrument};
use crate::order::{Fill, Side, Trade};
use crate::units::{Money, Quantity, UnitsError};

/// What each friction has cost so far, in quote asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CostTotals {
    /// Fees.
    pub fees: Money,
    /// Spread.
    pub spread: Money,
    /// Slippage.
    pub slippage: Money,
    /// Market impact.
    pub impact: Money,
    /// Funding; below zero when more was received than paid.
    pub funding: Money,
    /// Interest on what was borrowed.
    pub borrow: Money,
    /// What liquidations cost beside their fees.
    pub liquidation: Money,
}

impl CostTotals {
    /// All of them together.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn total(&self) -> Result<Money, UnitsError> {
        let parts =
            [self.spread, self.slippage, self.impact, self.funding, self.borrow, self.liquidation];
        parts.into_iter().try_fold(self.fees, Money::plus)
    }
}

/// A cost of holding, or of losing, a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    /// Funding of the position in an instrument; below zero when it is received.
    Funding(InstrumentId),
    /// Interest on the base asset of a short position.
    BorrowedBase(InstrumentId),
    /// Interest on quote asset.
    BorrowedQuote,
    /// The liquidation of the position in an instrument.
    Liquidation(InstrumentId),
}

/// The account of a run.
#[derive(Clone, Debug)]
pub struct Portfolio {
    cash: Money,
    positions: PerInstrument<Position>,
    open_trades: PerInstrument<Option<OpenTrade>>,
    ledger: Ledger,
    costs: CostTotals,
}

impl Portfolio {
    /// An account with `cash` and no position in any of `instruments` instruments. Its ledger has room for `fills` fills
    /// before it grows.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn new(cash: Money, instruments: usize, fills: usize) -> Result<Self, UnitsError> {
        let mut ledger = Ledger::with_room(instruments, fills);
        ledger.post(0, &[(Account::Cash, cash), (Account::Capital, cash.negated())])?;
        Ok(Self {
            cash,
            positions: PerInstrument::new(instruments, |_| Position::default()),
            open_trades: PerInstrument::new(instruments, |_| None),
            ledger,
            costs: CostTotals::default(),
        })
    }

    /// Quote asset at hand.
    pub const fn cash(&self) -> Money {
        self.cash
    }

    /// Positions, in the order of the instruments.
    pub fn positions(&self) -> &[Position] {
        self.positions.values()
    }

    /// The position in `instrument`.
    ///
    /// # Panics
    /// When the account has no such instrument.
    pub fn position(&self, instrument: InstrumentId) -> Position {
        self.positions[instrument]
    }

    /// The prices that the open position in `instrument` has taken in; `None` if there is none.
    pub(crate) fn prices_of(&self, instrument: InstrumentId) -> Option<PriceRange> {
        self.open_trades[instrument].as_ref().map(OpenTrade::prices)
    }

    /// The open position in `instrument` has taken in more prices.
    pub(crate) fn set_prices_of(&mut self, instrument: InstrumentId, prices: PriceRange) {
        let Some(open) = &mut self.open_trades[instrument] else {
            unreachable!("{prices:?} of a position in {instrument:?} that is not open");
        };
        open.set_prices(prices);
    }

    /// What each friction has cost so far.
    pub const fn costs(&self) -> CostTotals {
        self.costs
    }

    /// Every movement of money so far.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Gives away what was posted since it was asked last; balances go on.
    pub(crate) fn drain_postings(&mut self) -> Vec<Posting> {
        self.ledger.drain()
    }

    /// Gives the ledger away at the end of a run.
    pub(crate) fn into_ledger(self) -> Ledger {
        self.ledger.without_room()
    }

    /// Books a fill of `instrument` in `row`; gives the round trip that it completes, if any.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    ///
    /// # Panics
    /// When the fill's instrument is unknown, or when it would turn a position around in one step.
    pub fn book(
        &mut self,
        row: u32,
        instrument: InstrumentId,
        fill: &Fill,
    ) -> Result<Option<Trade>, UnitsError> {
        let position = &mut self.positions[instrument];
        let open_trade = &mut self.open_trades[instrument];
        assert!(
            open_trade.is_some() != position.is_flat(),
            "{} of {instrument:?} are held, open is {open_trade:?}",
            position.quantity
        );
        assert!(fill.quantity > Quantity::ZERO, "a fill of {}", fill.quantity);
        assert!(
            fill.fee_quantity <= fill.quantity,
            "{} of {} are kept as a fee",
            fill.fee_quantity,
            fill.quantity
        );
        let reference_notional = fill.reference_notional()?;
        let frictions = fill.spread.plus(fill.slippage)?.plus(fill.impact)?;
        // A fee in base asset is not paid, but kept back from what arrives.
        let kept = if fill.fee_quantity.is_zero() { Money::ZERO } else { fill.fee };
        let (quantity, reference, notional) = match fill.side {
            Side::Buy => (
                fill.quantity.minus(fill.fee_quantity)?,
                reference_notional,
                reference_notional.plus(frictions)?,
            ),
            Side::Sell => (
                fill.quantity.plus(fill.fee_quantity)?.negated(),
                reference_notional.negated(),
                reference_notional.minus(frictions)?,
            ),
        };
        let paid = reference.plus(frictions)?.plus(fill.fee.minus(kept)?)?;
        let (moved, realised) = move_position(position, quantity, reference.minus(kept)?)?;
        self.cash = self.cash.minus(paid)?;
        self.costs.fees = self.costs.fees.plus(fill.fee)?;
        self.costs.spread = self.costs.spread.plus(fill.spread)?;
        self.costs.slippage = self.costs.slippage.plus(fill.slippage)?;
        self.costs.impact = self.costs.impact.plus(fill.impact)?;
        self.ledger.post(
            row,
            &[
                (Account::Cash, paid.negated()),
                (Account::Position(instrument.number()), moved),
                (Account::Realised(instrument.number()), realised),
                (Account::Fees(instrument.number()), fill.fee),
                (Account::Spread(instrument.number()), fill.spread),
                (Account::Slippage(instrument.number()), fill.slippage),
                (Account::Impact(instrument.number()), fill.impact),
            ],
        )?;
        let open = open_trade.get_or_insert_with(|| OpenTrade::start(row, fill));
        open.add(row, fill, (reference_notional, notional))?;
        let (held, cost) = (position.quantity, position.cost);
        assert!(
            !held.is_zero() || cost.is_zero(),
            "nothing is held of {instrument:?}, but it cost {cost}"
        );
        let booked = self.ledger.position(instrument);
        assert!(booked == cost, "{held} of {instrument:?} cost {cost}, in the ledger {booked}");
        let done = if held.is_zero() { open_trade.take() } else { None };
        self.check_cash();
        done.map(|done| done.finish(row, fill)).transpose()
    }

    /// Cash is what the ledger says.
    fn check_cash(&self) {
        let (cash, booked) = (self.cash, self.ledger.cash());
        assert!(cash == booked, "cash is {cash}, in the ledger {booked}");
    }

    /// Pays `amount` for `charge`, in quote asset; below zero it is received.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn pay(
        &mut self,
        row: u32,
        charge: Charge,
        amount: Money,
    ) -> Result<(), UnitsError> {
        let (account, total, instrument) = match charge {
            Charge::Funding(of) => {
                (Account::Funding(of.number()), &mut self.costs.funding, Some(of))
            }
            Charge::BorrowedBase(of) => {
                (Account::BorrowedBase(of.number()), &mut self.costs.borrow, Some(of))
            }
            Charge::BorrowedQuote => (Account::BorrowedQuote, &mut self.costs.borrow, None),
            Charge::Liquidation(of) => {
                (Account::Liquidation(of.number()), &mut self.costs.liquidation, Some(of))
            }
        };
        *total = total.plus(amount)?;
        if let Some(instrument) = instrument {
            let Some(open_trade) = &mut self.open_trades[instrument] else {
                unreachable!("row {row}: {amount} are paid for {charge:?}, but nothing is held");
            };
            open_trade.add_carry(amount)?;
        }
        self.cash = self.cash.minus(amount)?;
        self.ledger.post(row, &[(Account::Cash, amount.negated()), (account, amount)])?;
        self.check_cash();
        Ok(())
    }
}

/// Moves `position` by signed `quantity` at signed `reference` notional. Gives the postings to the position's account
/// and to realised profit.
fn move_position(
    position: &mut Position,
    quantity: Quantity,
    reference: Money,
) -> Result<(Money, Money), UnitsError> {
    let held = position.quantity;
    if held.signum() * quantity.signum() >= 0 {
        position.quantity = held.plus(quantity)?;
        position.cost = position.cost.plus(reference)?;
        return Ok((reference, Money::ZERO));
    }
    assert!(quantity.abs() <= held.abs(), "a fill of {quantity} turns a position of {held} around");
    let cost = if quantity.abs() == held.abs() {
        position.cost
    } else {
        position.cost.share(quantity.abs(), held.abs())?
    };
    position.quantity = held.plus(quantity)?;
    position.cost = position.cost.minus(cost)?;
    assert!(
        position.quantity.abs() < held.abs(),
        "a fill of {quantity} leaves {} of {held}",
        position.quantity
    );
    Ok((cost.negated(), reference.plus(cost)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::FillReason;
    use crate::units::{Price, Timestamp};

    fn fill(side: Side, quantity: f64, reference: f64, friction: f64, fee: f64) -> Fill {
        let reference_price = Price::from_f64(reference).unwrap();
        let quantity = Quantity::from_f64(quantity).unwrap();
        Fill {
            time: Timestamp::clamped(3_600_000),
            symbol: "COIN0".into(),
            side,
            price: reference_price,
            reference_price,
            quantity,
            fee: Money::from_f64(fee).unwrap(),
            fee_quantity: Quantity::ZERO,
            spread: Money::ZERO,
            slippage: Money::from_f64(friction).unwrap(),
            impact: Money::ZERO,
            reason: FillReason::Entry,
            decision: None,
            tag: None,
        }
    }

    fn portfolio() -> Portfolio {
        Portfolio::new(Money::from_f64(1_000.0).unwrap(), 1, 0).unwrap()
    }

    fn book(portfolio: &mut Portfolio, fill: &Fill) -> Option<Trade> {
        portfolio.book(1, InstrumentId::new(0), fill).unwrap()
    }

    #[test]
    #[should_panic(expected = "instrument 1 of 1")]
    fn a_fill_of_an_instrument_that_is_not_there_is_loud() {
        let fill = fill(Side::Buy, 1.0, 100.0, 0.0, 0.0);
        let _ = portfolio().book(1, InstrumentId::new(1), &fill);
    }

    #[test]
    #[should_panic(
        expected = "row 1: 2 are paid for Funding(InstrumentId(0)), but nothing is held"
    )]
    fn what_is_paid_for_a_position_that_is_not_there_is_loud() {
        let funding = Charge::Funding(InstrumentId::new(0));
        let _ = portfolio().pay(1, funding, Money::from_f64(2.0).unwrap());
    }

    #[test]
    #[should_panic(expected = "turns a position of 1 around")]
    fn a_fill_that_turns_a_position_around_is_loud() {
        let mut portfolio = portfolio();
        book(&mut portfolio, &fill(Side::Buy, 1.0, 100.0, 0.0, 0.0));
        book(&mut portfolio, &fill(Side::Sell, 2.0, 100.0, 0.0, 0.0));
    }

    #[test]
    fn a_long_and_a_short_round_trip_book_to_the_last_unit() {
        let mut portfolio = portfolio();
        // Long: 2 at 100, half out at 110, half out at 90. Gross 10 - 10 = 0; costs 1 + 0.5 + 0.5, fees 3 × 0.1.
        assert!(book(&mut portfolio, &fill(Side::Buy, 2.0, 100.0, 1.0, 0.1)).is_none());
        assert_eq!(portfolio.cash().to_string(), "798.9");
        assert!(book(&mut portfolio, &fill(Side::Sell, 1.0, 110.0, 0.5, 0.1)).is_none());
        let long = book(&mut portfolio, &fill(Side::Sell, 1.0, 90.0, 0.5, 0.1)).unwrap();
        assert_eq!(
            (long.gross_pnl.to_string(), long.net_pnl.to_string()),
            ("0".into(), "-2.3".into())
        );
        assert_eq!(portfolio.cash().to_string(), "997.7");
        // Short: 1 at 100, back at 80. Gross 20, costs 1 + 1, fees 0.2.
        book(&mut portfolio, &fill(Side::Sell, 1.0, 100.0, 1.0, 0.1));
        assert_eq!(
            portfolio.position(InstrumentId::new(0)).average_price().to_bits(),
            100f64.to_bits()
        );
        let short = book(&mut portfolio, &fill(Side::Buy, 1.0, 80.0, 1.0, 0.1)).unwrap();
        assert_eq!(
            (short.gross_pnl.to_string(), short.net_pnl.to_string()),
            ("20".into(), "17.8".into())
        );
        assert_eq!(portfolio.cash().to_string(), "1015.5");
        assert_eq!(portfolio.ledger().balance(|_| true).unwrap(), Money::ZERO);
        let cash = portfolio.ledger().balance(|account| account == Account::Cash).unwrap();
        assert_eq!(cash, portfolio.cash());
    }
}
