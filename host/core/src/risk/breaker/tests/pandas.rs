//! Against pandas 3.1.1 (numpy 2.4.6), on 2000 hours from 2022-01-01 00:00 UTC.
//!
//! Equity starts at 10000 and changes by `(x >> 16) % 401 - 200` every hour, with x of
//! `x = (1103515245 x + 12345) mod 2^31` from 1 on. Bases: `prev = equity.shift(1).fillna(10000)`, then
//! `prev.groupby(index.to_period("D" or "W-SUN")).transform("first")` for the day and the week, and
//! `equity.cummax().clip(lower=10000)` for the drawdown. Loss: `1 - equity / base`; a trip is the first row, of the run or of
//! each period, with a loss of the level or more.

use super::super::*;
use super::scenario::at;
use crate::order::Rule;

use BreakerAction::{Flatten, Halt};

/// 2022-01-01 00:00 UTC.
const START_MS: i64 = 1_640_995_200_000;

fn events(settings: &BreakerSettings) -> Vec<BreakerEvent> {
    let (mut state, mut equity) = (1_i64, 10_000_i64);
    let equity: Vec<f64> = std::iter::repeat_with(|| {
        state = (1_103_515_245 * state + 12_345) % (1 << 31);
        equity += (state >> 16) % 401 - 200;
        equity as f64
    })
    .take(2_000)
    .collect();
    assert_eq!(
        (equity[..3].to_vec(), equity[1_999]),
        (vec![10_197.0, 10_141.0, 10_029.0], 8_985.0)
    );
    let times_ms: Vec<i64> = (0..2_000).map(|hour| START_MS + hour * 3_600_000).collect();
    let all = Closes { first_row: 0, times_ms: &times_ms, interval_ms: 3_600_000, equity: &equity };
    let mut breakers = Breakers::new(settings, 10_000.0);
    let mut done = 0;
    while done < 2_000 {
        done += breakers.take_in(&all.part(done..2_000)).rows;
    }
    breakers.drain_events().collect()
}

/// Row of an event.
fn row(event: &BreakerEvent) -> i64 {
    (event.time.as_ms() - START_MS) / 3_600_000
}

#[test]
fn first_trips_of_every_loss() {
    let settings = BreakerSettings {
        portfolio_stop: Some(at(0.05, Halt, "manual")),
        daily_loss: vec![at(0.03, Halt, "manual"), at(0.08, Halt, "manual")],
        weekly_loss: vec![at(0.1, Halt, "manual"), at(0.2, Halt, "manual")],
        drawdown: vec![at(0.1, Halt, "manual"), at(0.3, Flatten, "manual")],
        ..BreakerSettings::none()
    };
    let expected = [
        (9, Rule::DailyLoss, 0.031_000_000_000_000_028),
        (98, Rule::PortfolioStop, 0.051_499_999_999_999_99),
        (118, Rule::Drawdown, 0.106_285_825_318_177_43),
        (136, Rule::WeeklyLoss, 0.105_682_747_342_600_19),
        (139, Rule::DailyLoss, 0.083_253_282_100_544_39),
        (166, Rule::WeeklyLoss, 0.206_766_148_814_390_82),
        (312, Rule::Drawdown, 0.302_924_317_497_328_3),
    ];
    let expected = expected.map(|(row, rule, value)| (row, rule, Some(value)));
    let found = events(&settings).into_iter().map(|event| (row(&event), event.rule, event.value));
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn first_trips_of_every_period() {
    let trips = |settings: &BreakerSettings| -> Vec<i64> {
        let events = events(settings).into_iter();
        let trips = events.filter(|event| event.kind == BreakerEventKind::Tripped);
        trips.map(|event| row(&event)).collect()
    };
    let daily = BreakerSettings {
        daily_loss: vec![at(0.05, Halt, "next_period")],
        ..BreakerSettings::none()
    };
    assert_eq!(
        trips(&daily),
        [
            118, 135, 157, 211, 274, 304, 318, 545, 567, 597, 619, 669, 714, 754, 800, 875, 930,
            972, 1013, 1097, 1139, 1473, 1496, 1526, 1614, 1659, 1735, 1782, 1862, 1876
        ]
    );
    let weekly = BreakerSettings {
        weekly_loss: vec![at(0.1, Halt, "next_period")],
        ..BreakerSettings::none()
    };
    assert_eq!(trips(&weekly), [136, 316, 603, 1496, 1661, 1749]);
}
