//! The account: what is held, what has been traded, and how what trades is booked.

use super::excursions;
use super::tape::{At, Tape, row_number};
use crate::costs::{FeeMeter, FeeRates, FeeSchedule, Frictions};
use crate::market::{InstrumentId, Symbol};
use crate::order::{Fill, FillReason, Side, Trade};
use crate::portfolio::{Charge, Portfolio, Position, Posting, PriceRange, Since};
use crate::units::{Money, Price, Quantity, Rate, Rounding, Timestamp, UnitsError};

/// Something that has traded, as a venue reports it: the simulated one, or a broker. The account does not know which.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Execution {
    pub(super) at: At,
    /// When it traded; of the simulated venue, the open time of the bar, or its end for what trades at its close.
    pub(super) time: Timestamp,
    /// The instrument's, at its place in the panel.
    pub(super) symbol: Symbol,
    pub(super) side: Side,
    /// Base asset, above zero.
    pub(super) quantity: Quantity,
    /// Price per base asset, every friction but the fee included.
    pub(super) price: Price,
    /// Price without friction.
    pub(super) reference_price: Price,
    /// What of the difference between the two prices has which reason.
    pub(super) frictions: Frictions,
    /// Paid to the exchange, in quote asset; what is taken in base asset counts at the reference price.
    pub(super) fee: Money,
    /// Base asset that the exchange keeps as its fee, of `quantity` in a purchase, beside it in a sale; zero when the fee is
    /// paid in quote asset.
    pub(super) fee_quantity: Quantity,
    /// What a liquidation costs beside its fee, as a share of what it trades.
    pub(super) liquidation_fee: Rate,
    pub(super) cause: Cause,
}

/// Why something trades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cause {
    pub(super) reason: FillReason,
    /// Number of the decision behind it; `None` for the host's own orders.
    pub(super) decision: Option<u64>,
    pub(super) tag: Option<Box<str>>,
}

/// Cash, positions and the fees that they pay.
#[derive(Clone, Debug)]
pub(super) struct Account {
    portfolio: Portfolio,
    meter: FeeMeter,
    /// It is short or in debt: it can lose more than there is.
    on_margin: bool,
    /// Number of times that something was booked.
    bookings: u64,
}

impl Cause {
    /// The host's own reason.
    pub(super) const fn of(reason: FillReason) -> Self {
        Self { reason, decision: None, tag: None }
    }
}

impl Execution {
    /// What it costs, in quote asset: frictions and fee.
    pub(super) fn costs(&self) -> Result<Money, UnitsError> {
        let friction = self.price.minus(self.reference_price)?.abs();
        friction.notional(self.quantity, Rounding::Nearest)?.plus(self.fee)
    }

    /// The fill that it is, and `price × quantity`. Its parts are rounded one by one; slippage takes the last unit, so that they
    /// add up to the whole.
    ///
    /// # Errors
    /// [`UnitsError`] when a number leaves the range of exact money.
    ///
    /// # Panics
    /// When it trades nothing.
    #[inline]
    pub(super) fn into_fill(self) -> Result<(Fill, Money), UnitsError> {
        let Self { at, quantity, price, reference_price, frictions, cause, .. } = self;
        assert!(quantity > Quantity::ZERO, "{at:?}: an execution of {quantity}");
        let notional = price.notional(quantity, Rounding::Nearest)?;
        assert!(notional >= Money::ZERO, "{at:?}: {quantity} traded at {price}");
        let reference_notional = reference_price.notional(quantity, Rounding::Nearest)?;
        let spread = frictions.spread.notional(quantity, Rounding::Nearest)?;
        let impact = frictions.impact.notional(quantity, Rounding::Nearest)?;
        // Below zero for a price that is better than the reference, as a broker may report it.
        let lost = match self.side {
            Side::Buy => notional.minus(reference_notional)?,
            Side::Sell => reference_notional.minus(notional)?,
        };
        let slippage = lost.minus(spread)?.minus(impact)?;
        let fill = Fill {
            time: self.time,
            symbol: self.symbol,
            side: self.side,
            price,
            reference_price,
            quantity,
            fee: self.fee,
            fee_quantity: self.fee_quantity,
            spread,
            slippage,
            impact,
            reason: cause.reason,
            decision: cause.decision,
            tag: cause.tag,
        };
        Ok((fill, notional))
    }
}

impl Account {
    /// An account with `cash` and no position in any of `instruments` instruments, and with room for `fills` fills.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(super) fn new(
        cash: Money,
        fees: &FeeSchedule,
        instruments: usize,
        fills: usize,
    ) -> Result<Self, UnitsError> {
        let portfolio = Portfolio::new(cash, instruments, fills)?;
        Ok(Self { portfolio, meter: FeeMeter::new(fees), on_margin: false, bookings: 0 })
    }

    pub(super) const fn portfolio(&self) -> &Portfolio {
        &self.portfolio
    }

    pub(super) fn into_portfolio(self) -> Portfolio {
        self.portfolio
    }

    /// Quote asset at hand.
    pub(super) const fn cash(&self) -> Money {
        self.portfolio.cash()
    }

    pub(super) fn positions(&self) -> &[Position] {
        self.portfolio.positions()
    }

    /// Base asset that is held of `instrument`; below zero when it is short.
    pub(super) fn held(&self, instrument: InstrumentId) -> Quantity {
        self.portfolio.position(instrument).quantity
    }

    /// Whether any position is held.
    pub(super) fn holds_anything(&self) -> bool {
        self.positions().iter().any(|position| !position.is_flat())
    }

    /// Whether it is short or in debt: it can lose more than there is.
    pub(super) const fn is_on_margin(&self) -> bool {
        self.on_margin
    }

    /// Number of times that something was booked so far.
    pub(super) const fn bookings(&self) -> u64 {
        self.bookings
    }

    /// The fees that hold now.
    pub(super) const fn fees(&self) -> &FeeRates {
        self.meter.rates()
    }

    /// The same account under another fee schedule.
    pub(super) fn under(self, fees: &FeeSchedule) -> Self {
        Self { meter: self.meter.under(fees), ..self }
    }

    /// Gives away what was posted since it was asked last.
    pub(super) fn drain_postings(&mut self) -> Vec<Posting> {
        self.portfolio.drain_postings()
    }

    /// Open positions take in the prices of the rows before `end`.
    pub(super) fn take_in_prices(&mut self, tape: &Tape<'_>, end: usize) {
        for instrument in tape.instruments() {
            if let Some(known) = self.portfolio.prices_of(instrument) {
                let prices = excursions::taken_in(tape, instrument, known, row_number(end));
                self.portfolio.set_prices_of(instrument, prices);
            }
        }
    }

    /// Positions in which something has traded inside `row` take in what is left of it. Finer bars are not looked at later.
    pub(super) fn finish_row(&mut self, tape: &Tape<'_>, row: usize) {
        for instrument in tape.instruments() {
            if let Some(known) = self.portfolio.prices_of(instrument)
                && known.since != Since::default()
            {
                let (next, row) = (known.next_row, row_number(row));
                assert!(next == row, "row {row}: something traded inside row {next} before");
                let end = row.saturating_add(1);
                let prices = excursions::taken_in(tape, instrument, known, end);
                self.portfolio.set_prices_of(instrument, prices);
            }
        }
    }

    /// The prices that the open position in `instrument` has met; `None` if there is none.
    pub(super) fn prices_of(&self, instrument: InstrumentId) -> Option<PriceRange> {
        self.portfolio.prices_of(instrument)
    }

    /// The open position in `instrument` has met more prices.
    pub(super) fn set_prices_of(&mut self, instrument: InstrumentId, prices: PriceRange) {
        self.portfolio.set_prices_of(instrument, prices);
    }

    /// Goes to the UTC day of a row, whose opening time is asked where fees depend on it.
    pub(super) fn start_day(&mut self, open_ms: impl FnOnce() -> i64) {
        if self.meter.counts_days() {
            self.meter.start(open_ms());
        }
    }

    /// Books what has traded at `at`, worth `notional` at its price. Gives the round trip that it completes, if any, whose
    /// excursions are still to be measured. A liquidation costs a share of what it trades beside its fee.
    ///
    /// # Errors
    /// [`UnitsError`] when a number leaves the range of exact money.
    ///
    /// # Panics
    /// When it turns a position around in one step: venues close first.
    pub(super) fn book(
        &mut self,
        at: At,
        (fill, notional): (&Fill, Money),
        liquidation_fee: Rate,
    ) -> Result<Option<Trade>, UnitsError> {
        self.meter.add(notional)?;
        if fill.reason == FillReason::Liquidation {
            let paid = liquidation_fee.of(notional, Rounding::Up)?;
            let charge = Charge::Liquidation(at.instrument);
            self.portfolio.pay(row_number(at.row), charge, paid)?;
        }
        let trade = self.portfolio.book(row_number(at.row), at.instrument, fill)?;
        self.bookings += 1;
        self.look_at_margin();
        Ok(trade)
    }

    /// Pays `amount` for `charge` in `row`; below zero it is received. The margin is looked at by whoever pays last.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(super) fn pay(
        &mut self,
        row: usize,
        charge: Charge,
        amount: Money,
    ) -> Result<(), UnitsError> {
        self.bookings += 1;
        self.portfolio.pay(row_number(row), charge, amount)
    }

    /// Finds out whether the account is short or in debt.
    pub(super) fn look_at_margin(&mut self) {
        self.on_margin = self.portfolio.cash() < Money::ZERO
            || self.positions().iter().any(|held| held.quantity.signum() < 0);
    }
}

#[cfg(test)]
mod tests;
