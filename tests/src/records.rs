//! Where the records of a run belong: rows and instruments of its panel.

use std::collections::BTreeMap;

use ct_host::engine::Outcome;
use ct_host::market::Panel;
use ct_host::order::{Fill, Trade};
use ct_host::portfolio::{Account, Posting};
use ct_host::units::{Quantity, Timestamp};

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
/// When the ledger does not have one movement of a position for each fill, or one of another instrument or time.
pub fn placed<'a>(panel: &Panel, outcome: &'a Outcome) -> Vec<Placed<'a>> {
    let postings = outcome.ledger.postings().iter();
    let moves = postings.filter(|posting| matches!(posting.account, Account::Position(_)));
    let moves: Vec<&Posting> = moves.collect();
    assert_eq!(moves.len(), outcome.fills.len(), "movements of positions, and fills");
    outcome.fills.iter().zip(moves).map(|(fill, posting)| at(panel, fill, posting)).collect()
}

fn at<'a>(panel: &Panel, fill: &'a Fill, posting: &Posting) -> Placed<'a> {
    let instrument = place_of(panel, &fill.symbol);
    assert!(is_of(posting, instrument), "{fill:?}, booked as {posting:?}");
    let row = posting.row as usize;
    let Some(&open_ms) = panel.times().get(row) else { unreachable!("no row for {posting:?}") };
    let time_ms = fill.time.as_ms();
    let at_close = time_ms == open_ms + panel.interval().as_ms();
    assert!(at_close || time_ms == open_ms, "{fill:?}, booked as {posting:?}");
    Placed { fill, row, instrument, at_close }
}

fn is_of(posting: &Posting, instrument: usize) -> bool {
    matches!(posting.account, Account::Position(number) if number as usize == instrument)
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
