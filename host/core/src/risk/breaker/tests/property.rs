//! Whatever the path, the levels and the cuts: the same as row by row.

use proptest::prelude::*;

use super::super::*;
use super::model::Model;
use crate::units::{Rate, Timestamp};

const CASH: f64 = 1_000.0;

fn level() -> impl Strategy<Value = LossBreaker> {
    let loss = prop::sample::select(vec![0.01, 0.02, 0.05, 0.1, 0.3, 0.9]);
    let action = prop::sample::select(vec![
        BreakerAction::Reduce,
        BreakerAction::Halt,
        BreakerAction::Flatten,
    ]);
    let reduce_to = prop::sample::select(vec![0.25, 0.5]);
    let rearm = prop::sample::select(vec!["manual", "next_period", "1h", "5h", "1d", "9d"]);
    (loss, action, reduce_to, rearm).prop_map(|(loss, action, reduce_to, rearm)| LossBreaker {
        loss: Rate::from_fraction(loss).unwrap(),
        action,
        reduce_to: Rate::from_fraction(reduce_to).unwrap(),
        rearm: rearm.parse().unwrap(),
    })
}

fn settings() -> impl Strategy<Value = BreakerSettings> {
    let levels = || prop::collection::vec(level(), 0..3);
    (prop::option::of(level()), levels(), levels(), levels()).prop_map(
        |(portfolio_stop, daily_loss, weekly_loss, drawdown)| BreakerSettings {
            portfolio_stop,
            daily_loss,
            weekly_loss,
            drawdown,
            ..BreakerSettings::none()
        },
    )
}

/// Length of a bar in hours, and for every row how many bars lie between it and the one before, and what equity does.
fn path() -> impl Strategy<Value = (i64, Vec<(i64, f64)>)> {
    let skipped = prop_oneof![30 => Just(0_i64), 1 => 1_i64..60];
    let change = prop_oneof![
        20 => -0.01..0.0105_f64,
        10 => Just(0.0),
        2 => -0.1..0.12_f64,
        1 => prop::sample::select(vec![-0.9, -0.5, 1.0, -1.0, -2.0]),
    ];
    let rows = prop::collection::vec((skipped, change), 1..500);
    (prop::sample::select(vec![1_i64, 7, 8, 24, 168]), rows)
}

proptest! {
    #[test]
    fn any_cut_gives_what_row_by_row_gives(
        settings in settings(),
        (hours, path) in path(),
        start_hour in 0_i64..400,
        windows in prop::collection::vec(1_usize..200, 1..20),
    ) {
        let interval_ms = hours * 3_600_000;
        let (mut time_ms, mut value) = (1_700_000_000_000 + start_hour * 3_600_000, CASH);
        let mut times_ms = Vec::new();
        let mut equity = Vec::new();
        for (skipped, change) in path {
            time_ms += (1 + skipped) * interval_ms;
            value *= 1.0 + change;
            times_ms.push(time_ms);
            equity.push(value);
        }
        let all = Closes { first_row: 0, times_ms: &times_ms, interval_ms, equity: &equity };
        let row = |time: Timestamp| times_ms.binary_search(&time.as_ms()).unwrap();
        let mut model = Model::new(&settings, CASH, interval_ms);
        let mut breakers = Breakers::new(&settings, CASH);
        let mut events = Vec::new();
        let mut done = 0;
        for window in windows.iter().cycle() {
            if done == equity.len() {
                break;
            }
            // A window that is shown, taken back and shown again in part leaves no trace.
            let mut tried = breakers.clone();
            tried.take_in(&all.part(done..equity.len()));
            let taken = breakers.take_in(&all.part(done..(done + window).min(equity.len())));
            for place in done..done + taken.rows {
                model.take_in(times_ms[place], equity[place]);
            }
            done += taken.rows;
            let new: Vec<_> = breakers.drain_events().collect();
            let last_trip = new.iter().rposition(|event| event.kind == BreakerEventKind::Tripped);
            prop_assert_eq!(taken.tripped, last_trip.is_some());
            prop_assert!(last_trip.is_none_or(|place| row(new[place].time) + 1 == done));
            for event in &new {
                prop_assert_eq!(event.equity.to_bits(), equity[row(event.time)].to_bits());
            }
            events.extend(new.iter().map(|e| (row(e.time), e.rule, e.kind, e.value.unwrap())));
            let standing = breakers.standing();
            let size = standing.reduced.map_or(1.0, |reduced| reduced.to.to_fraction());
            let tripped = standing.tripped.map(|tripped| (tripped.rule, tripped.action));
            prop_assert_eq!((tripped, size), model.standing());
        }
        prop_assert_eq!(events, model.events);
    }
}
