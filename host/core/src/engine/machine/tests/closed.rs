//! From when on an account lies idle for good.

use super::*;
use crate::engine::Closed;
use crate::engine::test_market::rate;
use crate::order::Rule;
use crate::risk::{BreakerAction, BreakerSettings, LossBreaker, Rearm};

/// All is bought at 100 in row 1, which closes at 40; what a level of a drawdown of a half says happens at the open of row 2.
fn closed_under(level: Option<(BreakerAction, Rearm)>, window_rows: usize) -> Option<Closed> {
    let fall = Some([100.0, 100.0, 40.0, 40.0]);
    let prices = [still(100.0), fall, still(40.0), still(40.0), still(40.0), still(40.0)];
    let mut market = Market::new("1h", &[&prices]);
    let (loss, reduce_to) = (rate(0.5), rate(0.5));
    let level = level.map(|(action, rearm)| LossBreaker { loss, action, reduce_to, rearm });
    let drawdown = level.into_iter().collect();
    market.setup.risk.breakers = BreakerSettings { drawdown, ..BreakerSettings::none() };
    let mut strategy = deciding(&[0]);
    let members = vec![Member::new(&mut strategy, needs(0), 0..1)];
    run(&market, Strategies::new(members, window_rows))
}

fn run(market: &Market, strategies: Strategies<'_>) -> Option<Closed> {
    let machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
    machine.run((&market.panel).into(), strategies, go_on).unwrap().closed
}

#[test]
fn an_account_is_idle_once_a_breaker_that_stays_tripped_has_closed_everything() {
    use BreakerAction::{Flatten, Halt, Reduce};
    let later = Rearm::After("100h".parse().unwrap());
    for (level, expected) in [
        (Some((Flatten, Rearm::Manual)), Some(Closed { row: 3, rule: Rule::Drawdown })),
        // It would be armed again, if the run went on.
        (Some((Flatten, later)), None),
        // What is held goes on to be worth something.
        (Some((Halt, Rearm::Manual)), None),
        (Some((Reduce, Rearm::Manual)), None),
        (None, None),
    ] {
        for window_rows in [1, 2, 64] {
            assert_eq!(closed_under(level, window_rows), expected, "{level:?}, {window_rows}");
        }
    }
}

#[test]
fn an_account_is_idle_once_every_strategy_has_failed() {
    let market = Market::new("1h", &[&[still(100.0); 6], &[still(100.0); 6]]);
    for (fails_at, expected) in
        [(Some(2), Some(Closed { row: 3, rule: Rule::Fault })), (None, None)]
    {
        for window_rows in [1, 64] {
            let mut one = deciding(&[]).failing_at(1);
            let mut other = Told { fails_at, ..deciding(&[]) };
            let members = vec![
                Member::new(&mut one, needs(0), 0..1),
                Member::new(&mut other, needs(0), 1..2),
            ];
            let found = run(&market, Strategies::new(members, window_rows));
            assert_eq!(found, expected, "{fails_at:?}, {window_rows}");
        }
    }
}

#[test]
fn a_halt_by_hand_counts_until_it_is_taken_back() {
    let market = Market::new("1h", &[&[still(100.0); 6]]);
    let closed = |resumed_in: Option<usize>| {
        let mut strategy = deciding(&[]);
        let mut machine = Machine::new(&market.panel.part(0..2), &market.setup, 0).unwrap();
        let members = vec![Member::new(&mut strategy, needs(0), 0..1)];
        let mut strategies = Strategies::new(members, 1);
        for row in 2..=6 {
            let known = market.panel.part(0..row);
            machine.advance((&known).into(), &mut strategies, go_on).unwrap();
            if row == 2 {
                machine.command((&known).into(), &Command::Halt).unwrap();
            }
            if resumed_in == Some(row) {
                machine.command((&known).into(), &Command::Resume).unwrap();
            }
        }
        machine.finish((&market.panel).into()).unwrap().closed
    };
    assert_eq!(closed(None).map(|closed| closed.rule), Some(Rule::Halted));
    assert_eq!(closed(Some(4)), None);
}
