//! What holds for every run, whatever was traded.

use std::collections::BTreeMap;

use ct_host::engine::Outcome;
use ct_host::market::Panel;
use ct_host::order::{Direction, Fill, FillReason, GapFill, Side, Trade};
use ct_host::portfolio::{Account, Posting};
use ct_host::settings::Settings;
use ct_host::units::{Money, Quantity, Rounding, UnitsError};
use ct_tests::records::{Placed, moved, placed, rows_of_trades};

/// Asserts that the books balance, that every fill has a price of its bar, and that equity is cash and positions.
pub(super) fn check(panel: &Panel, setup: &Settings, outcome: &Outcome) {
    let fills = placed(panel, outcome);
    for fill in &fills {
        assert!(fill.row >= outcome.first_row, "{fill:?} before the first row");
        check_price(panel, setup.fills.gap, fill);
    }
    assert!(fills.is_sorted_by_key(|fill| fill.row), "fills out of order");
    rows_of_trades(&fills, &outcome.trades);
    if let Err(error) = check_books(setup, outcome).and_then(|()| check_trades(outcome, &fills)) {
        unreachable!("test data: {error}");
    }
    check_equity(panel, setup, outcome, &fills);
}

/// No fill without a bar, and none at a reference price that the bar has not seen, unless that is worse than all it has seen.
fn check_price(panel: &Panel, gap: GapFill, &Placed { fill, row, instrument, .. }: &Placed<'_>) {
    if matches!(fill.reason, FillReason::EndOfRun | FillReason::Delisting) {
        // At the last close that there is, which may be that of an earlier row.
        return;
    }
    let Some(series) = panel.series().get(instrument) else {
        unreachable!("{fill:?} of no instrument");
    };
    let at = |column: &[f64]| column.get(row).copied().unwrap_or(f64::NAN);
    let (low, high) = (at(series.low()), at(series.high()));
    let price = fill.reference_price.to_f64();
    let rested =
        matches!(fill.reason, FillReason::Entry | FillReason::Exit | FillReason::TakeProfit);
    let passed = gap == GapFill::Level
        && rested
        && fill.price == fill.reference_price
        && match fill.side {
            Side::Buy => price > high,
            Side::Sell => price < low,
        };
    let seen = !low.is_nan() && (passed || (low..=high).contains(&price));
    assert!(seen, "{fill:?}: expected a price from {low} to {high}");
}

/// Debits equal credits; the ledger's cash is the account's; price and frictions of each fill add up.
fn check_books(setup: &Settings, outcome: &Outcome) -> Result<(), UnitsError> {
    assert_eq!(outcome.ledger.balance(|_| true)?, Money::ZERO, "debits and credits");
    assert_eq!(outcome.ledger.balance(|account| account == Account::Cash)?, outcome.cash);
    let mut cash = setup.account.cash;
    for fill in &outcome.fills {
        let notional = fill.price.notional(fill.quantity, Rounding::Nearest)?;
        let frictions = fill.spread.plus(fill.slippage)?.plus(fill.impact)?;
        let (paid, expected) = match fill.side {
            Side::Buy => (notional, fill.reference_notional()?.plus(frictions)?),
            Side::Sell => (notional.negated(), frictions.minus(fill.reference_notional()?)?),
        };
        assert_eq!(paid, expected, "{fill:?}: price and frictions");
        cash = cash.minus(paid)?.minus(fee_in_quote(fill))?;
    }
    for posting in charges(outcome) {
        cash = cash.minus(posting.amount)?;
    }
    assert_eq!(cash, outcome.cash, "the sum of the fills and of what holding cost");
    Ok(())
}

/// What came out before fees lies between the worst and the best that the position has met.
fn check_excursions(trade: &Trade) {
    let sign = f64::from(trade.direction.sign());
    let realised = sign * (trade.exit_price / trade.entry_price - 1.0);
    // Each fill is worth what it is to 1e-12.
    let entered = trade.entry_price * trade.quantity.to_f64();
    let rounding = (1e-9 + 1e-10 / entered) * (1.0 + realised.abs());
    let within = trade.mae - rounding <= realised && realised <= trade.mfe + rounding;
    assert!(trade.mae <= 0.0 && trade.mfe >= 0.0, "{trade:?}");
    assert!(within || !realised.is_finite(), "{trade:?}: {realised} was realised");
}

/// What is paid in quote asset; a fee in base asset is kept back from what arrives.
const fn fee_in_quote(fill: &Fill) -> Money {
    if fill.fee_quantity.is_zero() { fill.fee } else { Money::ZERO }
}

/// Funding, interest, and what liquidations cost.
fn charges(outcome: &Outcome) -> impl Iterator<Item = &Posting> {
    outcome.ledger.postings().iter().filter(|posting| {
        matches!(
            posting.account,
            Account::Funding(_)
                | Account::BorrowedBase(_)
                | Account::BorrowedQuote
                | Account::Liquidation(_)
        )
    })
}

/// Sums over the fills of a round trip. What the exchange keeps of the base asset is no part of it, but a fee.
#[derive(Debug, Default)]
struct Sums {
    held: Quantity,
    /// The side of the entries.
    opens: Option<Side>,
    entered: Quantity,
    entries: Money,
    exits: Money,
    fees: Money,
    frictions: Money,
}

impl Sums {
    fn add(&mut self, fill: &Fill) -> Result<(), UnitsError> {
        self.held = self.held.plus(moved(fill))?;
        let notional = fill.price.notional(fill.quantity, Rounding::Nearest)?;
        let kept = fill.fee.minus(fee_in_quote(fill))?;
        if *self.opens.get_or_insert(fill.side) == fill.side {
            self.entered = self.entered.plus(fill.quantity)?.minus(fill.fee_quantity)?;
            self.entries = self.entries.plus(notional)?.minus(kept)?;
        } else {
            self.exits = self.exits.plus(notional)?.plus(kept)?;
        }
        self.fees = self.fees.plus(fill.fee)?;
        for lost in [fill.spread, fill.slippage, fill.impact] {
            self.frictions = self.frictions.plus(lost)?;
        }
        Ok(())
    }
}

/// For each round trip, gross − costs = net, exactly, and its prices are those of its fills.
fn check_trades(outcome: &Outcome, fills: &[Placed<'_>]) -> Result<(), UnitsError> {
    let mut open: BTreeMap<usize, Sums> = BTreeMap::new();
    let mut trades = outcome.trades.iter();
    for &Placed { fill, instrument, .. } in fills {
        let sums = open.entry(instrument).or_default();
        sums.add(fill)?;
        if sums.held.is_zero() {
            check_trade(trades.next(), fill, sums)?;
            open.remove(&instrument);
        }
    }
    assert_eq!(trades.next(), None, "more round trips than the fills complete");
    Ok(())
}

fn check_trade(trade: Option<&Trade>, last: &Fill, sums: &Sums) -> Result<(), UnitsError> {
    let Some(trade) = trade else { unreachable!("{last:?} completes no round trip") };
    assert_eq!((&trade.symbol, trade.exit_time), (&last.symbol, last.time));
    assert_eq!((trade.quantity, trade.fees), (sums.entered, sums.fees), "{trade:?}");
    check_excursions(trade);
    let costs = sums.fees.plus(sums.frictions)?.plus(trade.carry)?;
    assert_eq!(trade.gross_pnl.minus(costs)?, trade.net_pnl, "gross - costs = net of {trade:?}");
    let gain = match trade.direction {
        Direction::Long => sums.exits.minus(sums.entries)?,
        Direction::Short => sums.entries.minus(sums.exits)?,
    };
    let paid = trade.fees.plus(trade.carry)?;
    assert_eq!(gain.minus(paid)?, trade.net_pnl, "net of {trade:?}");
    let (entries, exits) = (sums.entries.to_f64(), sums.exits.to_f64());
    let entered = sums.entered.to_f64();
    let expected = [entries / entered, exits / entered, trade.net_pnl.to_f64() / entries];
    let found = [trade.entry_price, trade.exit_price, trade.return_on_notional];
    assert_eq!(found.map(f64::to_bits), expected.map(f64::to_bits), "{trade:?}, from {sums:?}");
    Ok(())
}

/// At every close, equity = cash + Σ position × last close. Fills that close the run are in the last row's equity.
fn check_equity(panel: &Panel, setup: &Settings, outcome: &Outcome, fills: &[Placed<'_>]) {
    assert_eq!(outcome.equity.len(), panel.rows() - outcome.first_row, "rows of equity");
    let mut fills = fills.iter().peekable();
    let mut cash = setup.account.cash.to_f64();
    let mut held = vec![0.0; panel.series().len()];
    for (row, &equity) in (outcome.first_row..).zip(&outcome.equity) {
        while let Some(&Placed { fill, instrument, .. }) = fills.next_if(|fill| fill.row == row) {
            let signed = if fill.side == Side::Buy { 1.0 } else { -1.0 } * fill.quantity.to_f64();
            cash -= signed * fill.price.to_f64() + fee_in_quote(fill).to_f64();
            if let Some(held) = held.get_mut(instrument) {
                *held += moved(fill).to_f64();
            }
        }
        let due = charges(outcome).filter(|posting| posting.row as usize == row);
        cash -= due.map(|posting| posting.amount.to_f64()).sum::<f64>();
        let marks = panel.series().iter().map(|series| series.marks().get(row).copied());
        let worth = held.iter().zip(marks).filter(|(held, _)| **held != 0.0);
        let worth: f64 = worth.map(|(held, mark)| held * mark.unwrap_or(f64::NAN)).sum();
        let scale = cash.abs() + worth.abs() + 1.0;
        let difference = (equity - cash - worth).abs();
        assert!(
            difference <= 1e-9 * scale,
            "row {row}: equity {equity}, cash {cash}, worth {worth}"
        );
    }
}
