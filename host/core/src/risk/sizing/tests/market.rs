//! Markets that a formula makes, so that another tool can make the same, and accounts that trade them.

use std::ops::Range;

use crate::market::{Bars, Instrument, InstrumentId, Panel, RawColumns};
use crate::order::{Direction, Exposure, FillReason, Rule, Size, Trade};
use crate::risk::{Cut, Granted, Sizing, SizingInput};
use crate::units::{Interval, Money, Price, Quantity, Rate, Timestamp};

/// Rows of [`three_markets`].
pub(super) const ROWS: usize = 200;

/// High, low and close of a bar; `None` where it is missing.
pub(super) type Bar = Option<(f64, f64, f64)>;

/// A panel of bars, an instrument each; opens are closes.
pub(super) fn panel(interval: &str, instruments: &[Vec<Bar>]) -> Panel {
    let interval: Interval = interval.parse().unwrap();
    let instruments = instruments.iter().enumerate().map(|(place, bars)| {
        let mut columns = RawColumns::default();
        for (row, bar) in (0_i64..).zip(bars) {
            let Some((high, low, close)) = *bar else { continue };
            columns.time.push(row * interval.as_ms());
            columns.open.push(close);
            columns.high.push(high);
            columns.low.push(low);
            columns.close.push(close);
            columns.volume.push(1.0);
        }
        let instrument = Instrument::unrestricted(format!("COIN{place}"));
        (instrument, Bars::new(interval, columns).unwrap())
    });
    Panel::new(instruments.collect()).unwrap()
}

/// Hours of bars that are closes only.
pub(super) fn closes(instruments: &[&[f64]]) -> Panel {
    let bar = |close: &f64| (!close.is_nan()).then_some((*close, *close, *close));
    let instruments: Vec<Vec<Bar>> =
        instruments.iter().map(|closes| closes.iter().map(bar).collect()).collect();
    panel("1h", &instruments)
}

/// Hours of three instruments, with closes `100 + 37 i mod 23`, `50 + 29 i mod 17` and
/// `200 + 2 (37 i mod 23) + 11 i mod 31` in row `i`; highs are `13 i mod 7` above, lows `5 i mod 6` below. The rows `missing` have no
/// bar of the first instrument.
pub(super) fn three_markets(missing: &[usize]) -> Panel {
    let close = |instrument: usize, row: usize| match instrument {
        0 => 100 + row * 37 % 23,
        1 => 50 + row * 29 % 17,
        _ => 200 + 2 * (row * 37 % 23) + row * 11 % 31,
    };
    let bar = |instrument: usize, row: usize| {
        let close = close(instrument, row) as f64;
        let bar = (close + (row * 13 % 7) as f64, close - (row * 5 % 6) as f64, close);
        (instrument > 0 || !missing.contains(&row)).then_some(bar)
    };
    let instruments: Vec<Vec<Bar>> =
        (0..3).map(|instrument| (0..ROWS).map(|row| bar(instrument, row)).collect()).collect();
    panel("1h", &instruments)
}

/// A decision to be all long in the first instrument, of an account with 1 000 000 and without trades.
pub(super) fn decision(panel: &Panel, row: usize) -> SizingInput<'_> {
    SizingInput {
        target: Exposure::new(1.0).unwrap(),
        equity: money(1_000_000.0),
        stop: None,
        limit: None,
        row,
        instrument: InstrumentId::new(0),
        sharing: panel_instruments(panel),
        weights_part: 1.0,
        panel,
        trades: &[],
    }
}

/// All instruments of a panel of up to four.
pub(super) fn panel_instruments(panel: &Panel) -> &'static Range<usize> {
    const ALL: [Range<usize>; 5] = [0..0, 0..1, 0..2, 0..3, 0..4];
    &ALL[panel.series().len()]
}

pub(super) fn target(share: f64) -> Exposure {
    Exposure::new(share).unwrap()
}

pub(super) fn money(amount: f64) -> Money {
    Money::from_f64(amount).unwrap()
}

pub(super) fn price(price: f64) -> Price {
    Price::from_f64(price).unwrap()
}

pub(super) fn units(units: f64) -> Granted {
    Granted::Size(Size::Units(Quantity::from_f64(units).unwrap()))
}

pub(super) fn amount(amount: f64) -> Granted {
    Granted::Size(Size::Amount(money(amount)))
}

pub(super) fn rate(fraction: f64) -> Rate {
    Rate::from_fraction(fraction).unwrap()
}

pub(super) fn nothing(rule: Rule, value: f64, limit: f64) -> Granted {
    Granted::Nothing(Cut { rule, value, limit })
}

/// What is granted: quote asset or base asset.
#[track_caller]
pub(super) fn granted(sizing: &Sizing, input: &SizingInput<'_>) -> f64 {
    match sizing.grant(input).unwrap() {
        Granted::Size(Size::Amount(amount)) => amount.to_f64(),
        Granted::Size(Size::Units(units)) => units.to_f64(),
        Granted::Nothing(cut) => panic!("refused: {cut:?}"),
    }
}

/// Within 1e-10 of `expected`: rates have twelve decimals.
#[track_caller]
pub(super) fn assert_close(found: f64, expected: f64) {
    let error = (found / expected - 1.0).abs();
    assert!(error < 1e-10, "found {found}, expected {expected}");
}

/// A round trip in `instrument` that earned `profit` on an entry of 100.
pub(super) fn trade(instrument: u32, profit: f64) -> Trade {
    Trade {
        symbol: format!("COIN{instrument}").as_str().into(),
        direction: Direction::Long,
        entry_time: Timestamp::clamped(0),
        exit_time: Timestamp::clamped(Interval::HOUR.as_ms()),
        bars_held: 1,
        quantity: Quantity::from_f64(1.0).unwrap(),
        entry_price: 100.0,
        exit_price: 100.0 + profit,
        gross_pnl: money(profit),
        net_pnl: money(profit),
        fees: Money::ZERO,
        carry: Money::ZERO,
        return_on_notional: profit / 100.0,
        mae: 0.0,
        mfe: 0.0,
        exit_reason: FillReason::Exit,
    }
}

/// Round trips in the first instrument that earned `profits`.
pub(super) fn trades(profits: &[f64]) -> Vec<Trade> {
    profits.iter().map(|profit| trade(0, *profit)).collect()
}
