//! Records of an outcome that is made by hand: two instruments, four hourly rows, the first of which warms up.

use std::collections::BTreeMap;

use super::{costs, execution, incident};
use crate::backtest::{AmbiguousBar, BreakerRecord, RefusalCount, RefusalRecord};
use ct_core::engine::Outcome;
use ct_core::market::{Bars, Instrument, Panel, RawColumns};
use ct_core::order::{
    Direction, Explained, Fill, FillReason, FillTime, Refusal, Rule, Side, Size, Trade, Verdict,
};
use ct_core::portfolio::{CostTotals, Ledger, Position};
use ct_core::risk::{BreakerAction, BreakerEvent, BreakerEventKind};
use ct_core::units::{Interval, Money, Price, Quantity, Timestamp};

const START_MS: i64 = 1_704_067_200_000;

fn money(amount: f64) -> Money {
    Money::from_f64(amount).unwrap()
}

fn price(price: f64) -> Price {
    Price::from_f64(price).unwrap()
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
        faults: Vec::new(),
        decisions: 0,
        explained: Vec::new(),
        rows_in_market: 3,
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
fn fills_and_trades_carry_what_the_books_say() {
    let fill = Fill {
        row: 2,
        time: FillTime::Close,
        instrument: 1,
        side: Side::Buy,
        reason: FillReason::Liquidation,
        price: price(9.01),
        reference_price: price(9.0),
        quantity: quantity(3.0),
        reference_notional: money(27.0),
        fee: money(0.027),
        fee_quantity: quantity(0.003),
        spread: Money::ZERO,
        slippage: money(0.03),
        impact: Money::ZERO,
        decision: Some(7),
        tag: None,
    };
    let trade = Trade {
        instrument: 1,
        direction: Direction::Short,
        entry_row: 1,
        exit_row: 2,
        entry_time: FillTime::Open,
        exit_time: FillTime::Close,
        quantity: quantity(3.0),
        entry_notional: money(30.0),
        exit_notional: money(27.0),
        gross_pnl: money(3.0),
        net_pnl: money(2.5),
        carry: money(-0.1),
        fees: money(0.1),
        mae: 0.0,
        mfe: 0.1,
        exit_reason: FillReason::Liquidation,
    };
    let outcome = Outcome { fills: vec![fill], trades: vec![trade], ..outcome() };
    let fills = execution::fills(&panel(), &outcome);
    // The close of the bar that opens at hour 2.
    assert_eq!((fills[0].time, fills[0].symbol.as_str()), (hour(3), "ETH/USDT"));
    assert_eq!((fills[0].decision, fills[0].fee_quantity), (Some(7), quantity(0.003)));
    let trades = execution::trades(&panel(), &outcome);
    assert_eq!((trades[0].entry_time, trades[0].exit_time), (hour(1), hour(3)));
    assert_eq!((trades[0].carry, trades[0].bars_held), (money(-0.1), 1));
    assert_eq!((trades[0].entry_price, trades[0].exit_price), (10.0, 9.0));
}

#[test]
fn a_decision_is_named_with_its_bar() {
    let explained = Explained {
        decision: 3,
        row: 1,
        instrument: 0,
        target: 0.5,
        equity: 1_000.0,
        held: Quantity::ZERO,
        basis: None,
        approved: Some(Size::Units(quantity(5.0))),
    };
    let outcome = Outcome { explained: vec![explained], ..outcome() };
    let records = execution::explained(&panel(), &outcome);
    assert_eq!((records[0].time, records[0].symbol.as_str()), (hour(1), "BTC/USDT"));
    assert_eq!(records[0].approved, Some(Size::Units(quantity(5.0))));
}

#[test]
fn refusals_are_listed_and_counted() {
    let refusal = Refusal {
        row: 3,
        instrument: 0,
        decision: None,
        rule: Rule::GrossExposure,
        verdict: Verdict::Refused,
        // A share of an equity of zero.
        value: f64::INFINITY,
        limit: 1.0,
    };
    let outcome = Outcome {
        refusals: vec![refusal],
        refusal_counts: BTreeMap::from([((Rule::GrossExposure, Verdict::Refused), 12)]),
        ..outcome()
    };
    let expected = RefusalRecord {
        time: hour(3),
        symbol: "BTC/USDT".to_owned(),
        decision: None,
        rule: Rule::GrossExposure,
        verdict: Verdict::Refused,
        value: None,
        limit: Some(1.0),
    };
    let records = incident::refusals(&panel(), &outcome);
    assert_eq!(records, [expected]);
    // What is no number is null in JSON, and comes back.
    let json = serde_json::to_string(&records).unwrap();
    assert_eq!(serde_json::from_str::<Vec<RefusalRecord>>(&json).unwrap(), records);
    let (rule, verdict) = (Rule::GrossExposure, Verdict::Refused);
    assert_eq!(incident::refusal_counts(&outcome), [RefusalCount { rule, verdict, count: 12 }]);
}

#[test]
fn breakers_and_ambiguous_bars_are_named() {
    let event = BreakerEvent {
        row: 2,
        rule: Rule::LosingStreak,
        kind: BreakerEventKind::Tripped,
        action: BreakerAction::Halt,
        instrument: Some(1),
        value: 3.0,
        limit: 3.0,
        equity: 1_010.0,
    };
    let outcome = Outcome {
        breaker_events: vec![event],
        ambiguous: vec![(1, 0), (3, 1)],
        ambiguous_total: 2,
        ..outcome()
    };
    let expected = BreakerRecord {
        time: hour(2),
        rule: Rule::LosingStreak,
        kind: BreakerEventKind::Tripped,
        action: BreakerAction::Halt,
        symbol: Some("ETH/USDT".to_owned()),
        value: Some(3.0),
        limit: 3.0,
        equity: 1_010.0,
    };
    assert_eq!(incident::breakers(&panel(), &outcome), [expected]);
    let bar = |at, symbol: &str| AmbiguousBar { time: hour(at), symbol: symbol.to_owned() };
    let expected = [bar(1, "BTC/USDT"), bar(3, "ETH/USDT")];
    assert_eq!(incident::ambiguous(&panel(), &outcome), expected);
}
