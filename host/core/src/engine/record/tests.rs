//! What is recorded, given away and kept.

use super::super::strategy::FaultKind;
use super::super::test_data::{A, B, book, coin, explained, hour, money, quantity, trade, traded};
use super::*;
use crate::costs::FeeSchedule;
use crate::order::Side;
use crate::risk::{BreakerAction, BreakerEventKind};

/// A record of a run with 1000 of quote asset whose first row is 2, and which has recorded `equity` from there on.
fn record(equity: &[f64]) -> Record {
    let mut record = Record::new(money(1_000.0), 2, 10);
    record.equity_mut().extend_from_slice(equity);
    record
}

fn account() -> Account {
    Account::new(money(1_000.0), &FeeSchedule::default(), 1, 0).unwrap()
}

fn outcome(record: Record) -> Outcome {
    record.into_outcome(account())
}

/// A purchase of 1 for 10 in `row`.
fn fill(row: usize) -> Fill {
    traded(row, Side::Buy, 1.0, 10.0).into_fill().unwrap().0
}

fn add_fill(record: &mut Record, row: usize) {
    record.add_fill(fill(row), money(10.0), (row, 4.0)).unwrap();
}

fn profits(trades: &[Trade]) -> Vec<String> {
    trades.iter().map(|trade| trade.net_pnl.to_string()).collect()
}

fn refuse(record: &mut Record, row: usize, verdict: Verdict) {
    let cut = Cut { rule: Rule::Cash, value: 3.0, limit: 2.0 };
    record.add_refusal((hour(row), &coin(B)), Some(4), verdict, cut);
}

fn breaker_event(row: usize, value: f64) -> BreakerEvent {
    BreakerEvent {
        time: hour(row),
        rule: Rule::Drawdown,
        kind: BreakerEventKind::Tripped,
        action: BreakerAction::Flatten,
        symbol: None,
        value: Some(value),
        limit: 0.1,
        equity: 900.0,
    }
}

#[test]
fn equity_before_the_first_row_is_what_the_account_started_with() {
    let record = record(&[1_001.0, 1_002.0]);
    let found = [0, 1, 2, 3].map(|row| record.equity_at(row).to_string());
    assert_eq!(found, ["1000", "1000", "1001", "1002"]);
    assert_eq!((record.first_row(), record.equity_end()), (2, 4));
    assert_eq!(format!("{:?}", record.equity_of(3..4)), "[1002.0]");
}

#[test]
#[should_panic(expected = "equity of row 4: known up to row 4")]
fn equity_of_a_row_to_come_is_loud() {
    record(&[1_001.0, 1_002.0]).equity_at(4);
}

#[test]
#[should_panic(expected = "equity of row 2: known from row 3 on")]
fn equity_of_a_forgotten_row_is_loud() {
    let mut record = record(&[1_001.0, 1_002.0]);
    record.drain(3, 0);
    record.equity_at(2);
}

#[test]
#[should_panic(expected = "equity of rows 2..4: known from row 3 on")]
fn equity_of_rows_of_which_one_is_forgotten_is_loud() {
    let mut record = record(&[1_001.0, 1_002.0]);
    record.drain(3, 0);
    record.equity_of(2..4);
}

#[test]
fn equity_that_is_taken_back_is_recorded_anew() {
    let mut record = record(&[1_001.0, 1_002.0, 1_003.0]);
    record.cut_equity(3);
    assert_eq!(record.equity_end(), 3);
    record.equity_mut().push(990.0);
    assert_eq!(record.equity_at(3).to_string(), "990");
    record.cut_equity(9);
    assert_eq!(record.equity_end(), 4, "there is nothing to take back");
}

#[test]
fn drained_equity_is_given_once_and_kept_from_the_row_that_is_asked_for() {
    let mut record = record(&[1_001.0, 1_002.0, 1_003.0]);
    let first = record.drain(4, 0);
    assert_eq!(
        (first.first_row, format!("{:?}", first.equity)),
        (2, "[1001.0, 1002.0, 1003.0]".into())
    );
    assert_eq!(record.equity_at(4).to_string(), "1003");
    record.equity_mut().push(1_004.0);
    // More than there is may be forgotten.
    let second = record.drain(9, 0);
    assert_eq!((second.first_row, format!("{:?}", second.equity)), (5, "[1004.0]".into()));
    assert_eq!(record.equity_end(), 6);
    assert_eq!(outcome(record).equity.len(), 0);
}

#[test]
fn cut_equity_counts_rows_where_some_are_forgotten() {
    let mut record = record(&[1_001.0, 1_002.0, 1_003.0]);
    record.drain(3, 0);
    record.equity_mut().push(1_004.0);
    record.cut_equity(5);
    assert_eq!((record.equity_end(), record.equity_at(4).to_string()), (5, "1003".into()));
}

#[test]
fn drained_trades_are_given_once_and_the_latest_of_each_instrument_are_kept() {
    let mut record = record(&[]);
    for trade in [trade(A, 1.0), trade(B, 2.0), trade(A, 3.0), trade(A, 4.0)] {
        record.add_trade(trade);
    }
    assert_eq!(profits(&record.drain(2, 2).trades), ["1", "2", "3", "4"]);
    assert_eq!(profits(record.trades()), ["2", "3", "4"]);
    record.add_trade(trade(A, 5.0));
    assert_eq!(profits(&record.drain(2, 2).trades), ["5"]);
    assert_eq!(profits(record.trades()), ["2", "4", "5"]);
}

#[test]
fn a_round_trip_without_a_return_does_not_take_the_place_of_one_that_has() {
    let mut record = record(&[]);
    record.add_trade(trade(A, 1.0));
    // What was entered was worth nothing.
    record.add_trade(Trade { return_on_notional: f64::INFINITY, ..trade(A, 2.0) });
    assert_eq!(record.drain(2, 1).trades.len(), 2);
    assert_eq!(profits(record.trades()), ["1"]);
}

#[test]
fn everything_else_is_drained_once() {
    let mut record = record(&[]);
    record.explain();
    add_fill(&mut record, 3);
    refuse(&mut record, 3, Verdict::Cut);
    record.add_ambiguous(hour(3), &coin(B));
    record.add_breaker_events([breaker_event(3, 0.2)].into_iter());
    record.add_explained(explained(6));
    record.add_fault(FaultReport {
        time: hour(3),
        row: Some(1),
        symbols: vec![coin(A)],
        kind: FaultKind::Trapped,
        detail: String::new(),
    });
    let counts = |drained: &Drained| {
        let Drained { fills, refusals, breaker_events, ambiguous, faults, explained, .. } = drained;
        let first = (fills.len(), refusals.len(), breaker_events.len());
        (first, (ambiguous.len(), faults.len(), explained.len()))
    };
    assert_eq!(counts(&record.drain(2, 0)), ((1, 1, 1), (1, 1, 1)));
    assert_eq!(counts(&record.drain(2, 0)), ((0, 0, 0), (0, 0, 0)));
    // Ways of decisions are still wanted.
    record.add_explained(explained(7));
    assert_eq!(record.drain(2, 0).explained, [explained(7)]);
}

#[test]
fn the_way_of_decisions_is_kept_only_where_it_is_wanted() {
    let mut record = record(&[]);
    record.add_explained(explained(1));
    assert!(!record.explains());
    record.explain();
    record.add_explained(explained(2));
    assert!(record.explains());
    record.explain();
    assert_eq!(outcome(record).explained, [explained(2)]);
}

#[test]
fn a_refusal_tells_its_rule_and_is_counted_by_rule_and_verdict() {
    let mut record = record(&[]);
    refuse(&mut record, 3, Verdict::Refused);
    refuse(&mut record, 4, Verdict::Cut);
    refuse(&mut record, 5, Verdict::Cut);
    let Outcome { refusals, refusal_counts, refusals_dropped, .. } = outcome(record);
    let (time, symbol, decision) = (hour(3), coin(B), Some(4));
    let (rule, verdict, value, limit) = (Rule::Cash, Verdict::Refused, Some(3.0), Some(2.0));
    let first = Refusal { time, symbol, decision, rule, verdict, value, limit };
    assert_eq!((&refusals[0], refusals.len(), refusals_dropped), (&first, 3, 0));
    let counts = [((Rule::Cash, Verdict::Refused), 1), ((Rule::Cash, Verdict::Cut), 2)];
    assert_eq!(refusal_counts, BTreeMap::from(counts));
}

#[test]
fn a_refusal_leaves_out_what_is_no_number() {
    let mut record = record(&[]);
    // A share of an equity of zero.
    for (value, limit) in [(f64::INFINITY, 1.0), (3.0, f64::NEG_INFINITY), (f64::NAN, f64::NAN)] {
        let cut = Cut { rule: Rule::GrossExposure, value, limit };
        record.add_refusal((hour(3), &coin(B)), None, Verdict::Refused, cut);
    }
    let refusals = outcome(record).refusals;
    let told: Vec<_> = refusals.iter().map(|told| (told.value, told.limit)).collect();
    assert_eq!(told, [(None, Some(1.0)), (Some(3.0), None), (None, None)]);
}

#[test]
fn what_is_not_kept_in_full_is_still_counted() {
    let mut record = record(&[]);
    for row in 0..10_002 {
        refuse(&mut record, row, Verdict::Refused);
        record.add_ambiguous(hour(row), &coin(A));
    }
    let outcome = outcome(record);
    assert_eq!((outcome.refusals.len(), outcome.refusals_dropped), (10_000, 2));
    assert_eq!(outcome.refusals[9_999].time, hour(9_999), "the first ones are kept");
    assert_eq!(outcome.refusal_counts[&(Rule::Cash, Verdict::Refused)], 10_002);
    assert_eq!((outcome.ambiguous.len(), outcome.ambiguous_total), (10_000, 10_002));
}

#[test]
fn how_many_are_listed_is_the_readers_choice() {
    let mut record = record(&[]);
    record.list_at_most(1);
    for row in 3..5 {
        refuse(&mut record, row, Verdict::Cut);
        record.add_ambiguous(hour(row), &coin(A));
    }
    let drained = record.drain(0, 0);
    assert_eq!((drained.refusals.len(), drained.refusals_dropped), (1, 1));
    assert_eq!(drained.ambiguous.len(), 1);
    refuse(&mut record, 5, Verdict::Cut);
    let outcome = outcome(record);
    assert_eq!((outcome.refusals.len(), outcome.refusals_dropped), (1, 0));
    assert_eq!(outcome.ambiguous_total, 2);
}

#[test]
fn events_of_a_row_come_the_latest_first() {
    let mut record = record(&[]);
    let events = [(3, 0.1), (4, 0.2), (4, 0.3)].map(|(row, value)| breaker_event(row, value));
    record.add_breaker_events(events.into_iter());
    let values: Vec<_> = record.breaker_events_at(hour(4)).map(|event| event.value).collect();
    assert_eq!(values, [Some(0.3), Some(0.2)]);
    assert_eq!(record.breaker_events_at(hour(5)).count(), 0);
}

#[test]
fn counters_and_what_is_left_come_out_at_the_end() {
    let mut record = record(&[1_001.0]);
    assert_eq!((record.number_decision(), record.number_decision()), (0, 1));
    record.add_in_market(3, GrossExposure::default());
    record.add_in_market(4, GrossExposure::default());
    add_fill(&mut record, 3);
    add_fill(&mut record, 3);
    let mut account = account();
    book(&mut account, traded(3, Side::Buy, 2.0, 10.0));
    let outcome = record.into_outcome(account);
    assert_eq!((outcome.decisions, outcome.rows_in_market, outcome.first_row), (2, 7, 2));
    assert_eq!((outcome.traded_notional, outcome.fills.len()), (money(20.0), 2));
    // 1 of 4, twice.
    assert_eq!(outcome.volume_use, VolumeUse { share_max: Some(0.25), fills_above_tenth: 2 });
    assert_eq!((outcome.cash, outcome.positions[0].quantity), (money(980.0), quantity(2.0)));
}

#[test]
#[should_panic(expected = "a fill in row 1 after one in row 2")]
fn a_fill_before_the_last_one_is_loud() {
    let mut record = record(&[]);
    add_fill(&mut record, 2);
    add_fill(&mut record, 1);
}

impl Record {
    /// Values for which its lists have room.
    pub(in crate::engine) fn room(&self) -> usize {
        let lists = [
            self.equity.capacity(),
            self.fills.capacity(),
            self.trades.capacity(),
            self.refusals.capacity(),
            self.ambiguous.capacity(),
            self.breaker_events.capacity(),
            self.faults.capacity(),
            self.explained.as_ref().map_or(0, Vec::capacity),
        ];
        lists.into_iter().sum()
    }
}
