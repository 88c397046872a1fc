//! Where the records of a run belong: rows and instruments of its panel.

use std::collections::BTreeMap;

use ct_host::engine::Outcome;
use ct_host::market::Panel;
use ct_host::order::{Fill, FillReason, Trade};
use ct_host::portfolio::{Account, Posting};
use ct_host::units::{Money, Quantity, Timestamp};

use crate::plugins::sound;

/// The row that opens at `time`.
///
/// # Panics
/// When none does.
pub fn row_of(panel: &Panel, time: Timestamp) -> usize {
    match panel.times().binary_search(&time.as_ms()) {
        Ok(row) => row,
        Err(_) => unreachable!("no row opens at {time}"),
    }
}

/// Place of the instrument in the panel.
///
/// # Panics
/// When it has none.
pub fn place_of(panel: &Panel, symbol: &str) -> usize {
    match panel.series().iter().position(|series| *series.symbol() == *symbol) {
        Some(place) => place,
        None => unreachable!("no instrument is called {symbol}"),
    }
}

/// A fill, and where it happened.
#[derive(Clone, Copy, Debug)]
pub struct Placed<'a> {
    /// The fill.
    pub fill: &'a Fill,
    /// Row of the panel.
    pub row: usize,
    /// Place of the instrument in the panel.
    pub instrument: usize,
    /// Whether it has the time of the row's close. All others have that of its open.
    pub at_close: bool,
}

/// Every fill of `outcome` with its row, as the ledger has it: the close of one bar may be the open of the next.
///
/// # Panics
/// When the ledger does not have one movement of cash for each fill, of its amount, its instrument and its time.
pub fn placed<'a>(panel: &Panel, outcome: &'a Outcome) -> Vec<Placed<'a>> {
    let mut moves = outcome.ledger.postings().windows(2).filter_map(cash_of_fill);
    let place = |fill: &'a Fill| {
        let instrument = place_of(panel, &fill.symbol);
        let row = match paid(fill) {
            0 => row_without_money(panel, fill),
            paid => {
                let Some((cash, of)) = moves.next() else { unreachable!("{fill:?} is not booked") };
                let found = (cash.amount.units(), of as usize);
                assert_eq!(found, (-paid, instrument), "{fill:?}, booked as {cash:?}");
                cash.row as usize
            }
        };
        at(panel, fill, row, instrument)
    };
    let all = outcome.fills.iter().map(place).collect();
    assert_eq!(moves.next(), None, "booked for no fill");
    all
}

/// The cash that the first of two lines moves, and the number of the instrument, where a fill moves it.
fn cash_of_fill(lines: &[Posting]) -> Option<(&Posting, u32)> {
    let [cash, next] = lines else { return None };
    match next.account {
        Account::Position(number)
        | Account::Realised(number)
        | Account::Fees(number)
        | Account::Spread(number)
        | Account::Slippage(number)
        | Account::Impact(number) => (cash.account == Account::Cash).then_some((cash, number)),
        _ => None,
    }
}

/// Cash that a fill takes, or brings when below zero, in units of 1e-12.
fn paid(fill: &Fill) -> i128 {
    let fee = if fill.fee_quantity.is_zero() { fill.fee } else { Money::ZERO };
    let frictions = [fill.spread, fill.slippage, fill.impact, fee].map(Money::units);
    fill.side.sign() * sound(fill.reference_notional()).units() + frictions.iter().sum::<i128>()
}

/// The row of a fill of too little to be booked: the one that opens at its time, if there is one.
fn row_without_money(panel: &Panel, fill: &Fill) -> usize {
    match panel.times().binary_search(&fill.time.as_ms()) {
        Ok(row) if fill.reason != FillReason::EndOfRun => row,
        _ => row_of(panel, Timestamp::clamped(fill.time.as_ms() - panel.interval().as_ms())),
    }
}

fn at<'a>(panel: &Panel, fill: &'a Fill, row: usize, instrument: usize) -> Placed<'a> {
    let Some(&open_ms) = panel.times().get(row) else { unreachable!("no row {row}: {fill:?}") };
    let time_ms = fill.time.as_ms();
    let at_close = time_ms == open_ms + panel.interval().as_ms();
    assert!(at_close || time_ms == open_ms, "{fill:?}, booked in row {row}");
    Placed { fill, row, instrument, at_close }
}

/// Base asset that a fill brings, or takes when below zero.
pub const fn moved(fill: &Fill) -> Quantity {
    Quantity::from_units(fill.side.sign() * fill.quantity.units() - fill.fee_quantity.units())
}

/// Rows of the first and the last fill of each of the `trades` that `fills` make.
///
/// # Panics
/// When the trades are not those of the fills.
pub fn rows_of_trades(fills: &[Placed<'_>], trades: &[Trade]) -> Vec<(usize, usize)> {
    let mut open: BTreeMap<usize, (&Placed<'_>, i128)> = BTreeMap::new();
    let mut rest = trades.iter();
    let mut rows = Vec::new();
    for last in fills {
        let (first, held) = open.entry(last.instrument).or_insert((last, 0));
        *held += moved(last.fill).units();
        if *held != 0 {
            continue;
        }
        let Some(trade) = rest.next() else { unreachable!("{last:?} completes no round trip") };
        let expected = (&last.fill.symbol, first.fill.time, last.fill.time);
        assert_eq!((&trade.symbol, trade.entry_time, trade.exit_time), expected, "{trade:?}");
        assert_eq!(trade.bars_held, (last.row - first.row) as u64, "{trade:?}");
        rows.push((first.row, last.row));
        open.remove(&last.instrument);
    }
    assert_eq!(rest.next(), None, "more round trips than the fills complete");
    rows
}
