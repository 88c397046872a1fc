//! What holds for every run, whatever was traded.

use std::collections::BTreeMap;

use ct_host::engine::Outcome;
use ct_host::market::Panel;
use ct_host::order::{Direction, Fill, FillReason, GapFill, Side, Trade};
use ct_host::portfolio::{Account, Posting};
use ct_host::settings::Settings;
use ct_host::units::{Money, Quantity, Rounding, UnitsError};

/// Asserts that the books balance, that every fill has a price of its bar, and that equity is cash and positions.
pub(super) fn check(panel: &Panel, setup: &Settings, outcome: &Outcome) {
    for fill in &outcome.fills {
        assert!(fill.row as usize >= outcome.first_row, "{fill:?} before the first row");
        check_price(panel, setup.fills.gap, fill);
    }
    assert!(outcome.fills.is_sorted_by_key(|fill| fill.row), "fills out of order");
    if let Err(error) = check_books(setup, outcome).and_then(|()| check_trades(outcome)) {
        unreachable!("test data: {error}");
    }
    check_equity(panel, setup, outcome);
}

/// No fill without a bar, and none at a reference price that the bar has not seen, unless that is worse than all it has seen.
fn check_price(panel: &Panel, gap: GapFill, fill: &Fill) {
    if fill.reason == FillReason::EndOfRun {
        // At the last close that there is, which may be that of an earlier row.
        return;
    }
    let row = fill.row as usize;
    let Some(series) = panel.series().get(fill.instrument as usize) else {
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
            Side::Buy => (notional, fill.reference_notional.plus(frictions)?),
            Side::Sell => (notional.negated(), frictions.minus(fill.reference_notional)?),
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

/// What is paid in quote asset; a fee in base asset is kept back from what arrives.
const fn fee_in_quote(fill: &Fill) -> Money {
    if fill.fee_quantity.is_zero() { fill.fee } else { Money::ZERO }
}

/// Base asset that comes in or goes out.
fn moved(fill: &Fill) -> Quantity {
    Quantity::from_units(fill.side.sign() * fill.quantity.units() - fill.fee_quantity.units())
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

/// For each round trip, gross − costs = net, exactly.
fn check_trades(outcome: &Outcome) -> Result<(), UnitsError> {
    let mut open: BTreeMap<u32, (Quantity, Money)> = BTreeMap::new();
    let mut trades = outcome.trades.iter();
    for fill in &outcome.fills {
        let (held, costs) = open.entry(fill.instrument).or_default();
        *held = held.plus(moved(fill))?;
        for paid in [fill.fee, fill.spread, fill.slippage, fill.impact] {
            *costs = costs.plus(paid)?;
        }
        if held.is_zero() {
            check_trade(trades.next(), fill, *costs)?;
            *costs = Money::ZERO;
        }
    }
    assert_eq!(trades.next(), None, "more round trips than the fills complete");
    Ok(())
}

fn check_trade(trade: Option<&Trade>, last: &Fill, costs: Money) -> Result<(), UnitsError> {
    let Some(trade) = trade else { unreachable!("{last:?} completes no round trip") };
    assert_eq!((trade.instrument, trade.exit_row), (last.instrument, last.row));
    let costs = costs.plus(trade.carry)?;
    assert_eq!(trade.gross_pnl.minus(costs)?, trade.net_pnl, "gross - costs = net of {trade:?}");
    let gain = match trade.direction {
        Direction::Long => trade.exit_notional.minus(trade.entry_notional)?,
        Direction::Short => trade.entry_notional.minus(trade.exit_notional)?,
    };
    let paid = trade.fees.plus(trade.carry)?;
    assert_eq!(gain.minus(paid)?, trade.net_pnl, "net of {trade:?}");
    Ok(())
}

/// At every close, equity = cash + Σ position × last close. Fills that close the run are in the last row's equity.
fn check_equity(panel: &Panel, setup: &Settings, outcome: &Outcome) {
    assert_eq!(outcome.equity.len(), panel.rows() - outcome.first_row, "rows of equity");
    let mut fills = outcome.fills.iter().peekable();
    let mut cash = setup.account.cash.to_f64();
    let mut held = vec![0.0; panel.series().len()];
    for (row, &equity) in (outcome.first_row..).zip(&outcome.equity) {
        while let Some(fill) = fills.next_if(|fill| fill.row as usize == row) {
            let signed = if fill.side == Side::Buy { 1.0 } else { -1.0 } * fill.quantity.to_f64();
            cash -= signed * fill.price.to_f64() + fee_in_quote(fill).to_f64();
            if let Some(held) = held.get_mut(fill.instrument as usize) {
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
