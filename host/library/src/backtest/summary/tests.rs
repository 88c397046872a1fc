//! Records of an outcome that is made by hand: two instruments, four hourly rows, the first of which warms up.

use std::collections::BTreeMap;

use super::{assembly, costs};
use crate::backtest::RefusalCount;
use ct_core::engine::{Outcome, VolumeUse};
use ct_core::market::{Bars, Instrument, Panel, RawColumns};
use ct_core::order::{Rule, Verdict};
use ct_core::portfolio::{CostTotals, GrossExposure, Ledger, Position};
use ct_core::units::{Interval, Money, Quantity, Timestamp};

const START_MS: i64 = 1_704_067_200_000;

fn money(amount: f64) -> Money {
    Money::from_f64(amount).unwrap()
}

fn quantity(quantity: f64) -> Quantity {
    Quantity::from_f64(quantity).unwrap()
}

fn hour(hour: i64) -> Timestamp {
    Timestamp::from_ms(START_MS + hour * Interval::HOUR.as_ms()).unwrap()
}

fn bars(prices: [f64; 4]) -> Bars {
    let prices = prices.to_vec();
    let columns = RawColumns {
        time: (0..4).map(|row| hour(row).as_ms()).collect(),
        open: prices.clone(),
        high: prices.clone(),
        low: prices.clone(),
        close: prices,
        volume: vec![1.0; 4],
    };
    Bars::new(Interval::HOUR, columns).unwrap()
}

fn panel() -> Panel {
    Panel::new(vec![
        (Instrument::unrestricted("BTC/USDT"), bars([100.0, 100.0, 110.0, 120.0])),
        (Instrument::unrestricted("ETH/USDT"), bars([10.0, 10.0, 9.0, 8.0])),
    ])
    .unwrap()
}

/// 2 ETH are held short at the end; cash is 1 050.
fn outcome() -> Outcome {
    Outcome {
        closed: None,
        delistings: Vec::new(),
        first_row: 1,
        equity: vec![1_000.0, 1_010.0, 1_034.0],
        fills: Vec::new(),
        trades: Vec::new(),
        refusals: Vec::new(),
        refusals_dropped: 0,
        refusal_counts: BTreeMap::new(),
        breaker_events: Vec::new(),
        ambiguous: Vec::new(),
        ambiguous_total: 0,
        volume_use: VolumeUse::default(),
        faults: Vec::new(),
        decisions: 0,
        explained: Vec::new(),
        rows_in_market: 3,
        gross_exposure: GrossExposure { sum: 0.75, max: 0.5, above_one_sum: 0.0 },
        traded_notional: money(2_000.0),
        cash: money(1_050.0),
        positions: vec![
            Position::default(),
            Position { quantity: quantity(-2.0), cost: money(-20.0) },
        ],
        costs: CostTotals {
            fees: money(4.0),
            spread: money(1.0),
            slippage: money(2.0),
            impact: money(0.5),
            funding: money(-3.0),
            borrow: money(0.25),
            liquidation: money(1.25),
        },
        ledger: Ledger::default(),
    }
}

#[test]
fn gross_less_every_friction_is_net() {
    let (panel, outcome) = (panel(), outcome());
    let equity = costs::final_equity(&panel, &outcome).unwrap();
    assert_eq!(equity, money(1_050.0 - 2.0 * 8.0));
    let summary = costs::summary(money(1_000.0), equity, &outcome).unwrap();
    assert_eq!((summary.net_pnl, summary.total), (money(34.0), money(6.0)));
    assert_eq!(summary.gross_pnl, money(40.0));
    assert_eq!((summary.funding, summary.borrow), (money(-3.0), money(0.25)));
    assert_eq!(summary.liquidation, money(1.25));
    // 6 and 40 of 2 000.
    assert_eq!((summary.cost_bps, summary.break_even_bps), (Some(30.0), Some(200.0)));
}

#[test]
fn without_fills_there_is_no_break_even() {
    let outcome = Outcome { traded_notional: Money::ZERO, ..outcome() };
    let summary = costs::summary(money(1_000.0), money(1_000.0), &outcome).unwrap();
    assert_eq!((summary.cost_bps, summary.break_even_bps), (None, None));
}

#[test]
fn refusals_are_counted() {
    let (rule, verdict) = (Rule::GrossExposure, Verdict::Refused);
    let counts = BTreeMap::from([((rule, verdict), 12)]);
    assert_eq!(assembly::refusal_counts(&counts), [RefusalCount { rule, verdict, count: 12 }]);
}

/// One has a bar every hour, the other every second hour.
#[test]
fn what_settles_counts_the_bars_of_each_instrument() {
    let every_second: Vec<i64> = [0, 2].map(|row| hour(row).as_ms()).to_vec();
    let price = vec![10.0; 2];
    let columns = RawColumns {
        time: every_second,
        open: price.clone(),
        high: price.clone(),
        low: price.clone(),
        close: price,
        volume: vec![1.0; 2],
    };
    let slow = Bars::new(Interval::HOUR, columns).unwrap();
    let panel = Panel::new(vec![
        (Instrument::unrestricted("BTC/USDT"), bars([100.0; 4])),
        (Instrument::unrestricted("ETH/USDT"), slow),
    ])
    .unwrap();
    let found = [0, 1, 2, 3].map(|settled| assembly::settled_from(&panel, settled));
    assert_eq!(found, [0, 1, 3, 4]);
}
