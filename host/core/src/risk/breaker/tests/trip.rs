//! Every loss breaker where it trips, where it just does not, and where equity jumps past its level.

use super::super::*;
use super::scenario::{at, events, hourly, rows, shown};
use crate::order::Rule;
use crate::units::Rate;

use BreakerAction::{Flatten, Halt, Reduce};

fn stop(loss: f64) -> BreakerSettings {
    BreakerSettings { portfolio_stop: Some(at(loss, Flatten, "manual")), ..BreakerSettings::none() }
}

fn daily(loss: f64) -> BreakerSettings {
    BreakerSettings { daily_loss: vec![at(loss, Halt, "manual")], ..BreakerSettings::none() }
}

fn weekly(loss: f64) -> BreakerSettings {
    BreakerSettings { weekly_loss: vec![at(loss, Halt, "manual")], ..BreakerSettings::none() }
}

fn drawdown(loss: f64) -> BreakerSettings {
    BreakerSettings { drawdown: vec![at(loss, Flatten, "manual")], ..BreakerSettings::none() }
}

#[test]
fn the_portfolio_stop_counts_from_the_starting_cash() {
    let fires = hourly(&[1_200.0, 950.0, 900.0, 850.0]);
    assert_eq!(events(&stop(0.1), &fires), ["2 portfolio_stop tripped at 0.1000"]);
    let just_not = hourly(&[1_200.0, 950.0, 900.01, 900.01]);
    assert!(events(&stop(0.1), &just_not).is_empty());
    let in_a_gap = hourly(&[1_200.0, 400.0, 1_000.0]);
    assert_eq!(events(&stop(0.1), &in_a_gap), ["1 portfolio_stop tripped at 0.6000"]);
}

#[test]
fn the_drawdown_counts_from_the_highest_close() {
    let fires = hourly(&[1_000.0, 1_500.0, 1_400.0, 1_200.0]);
    assert_eq!(events(&drawdown(0.2), &fires), ["3 drawdown tripped at 0.2000"]);
    let just_not = hourly(&[1_000.0, 1_500.0, 1_400.0, 1_200.01]);
    assert!(events(&drawdown(0.2), &just_not).is_empty());
    let in_a_gap = hourly(&[1_000.0, 1_500.0, 300.0, 1_500.0]);
    assert_eq!(events(&drawdown(0.2), &in_a_gap), ["2 drawdown tripped at 0.8000"]);
    // The starting cash is the first peak.
    assert_eq!(events(&drawdown(0.2), &hourly(&[800.0])), ["0 drawdown tripped at 0.2000"]);
}

#[test]
fn a_slow_fall_is_counted_from_a_peak_long_ago() {
    // Up by 1 an hour from 1000 to 1500, then down by 1 an hour: 1350 comes 650 hours after 1000.
    let mountain: Vec<f64> =
        (0..900_i32).map(|hour| f64::from(1_500 - (hour - 500).abs())).collect();
    assert_eq!(events(&drawdown(0.1), &hourly(&mountain)), ["650 drawdown tripped at 0.1000"]);
    assert!(events(&drawdown(0.1), &hourly(&mountain[..650])).is_empty());
}

#[test]
fn the_daily_loss_counts_from_the_close_before_the_day() {
    let day = |before: f64, first: f64, second: f64| {
        rows(&[
            ("2024-01-04T22:00", 1_000.0),
            ("2024-01-04T23:00", before),
            ("2024-01-05T00:00", first),
            ("2024-01-05T01:00", second),
        ])
    };
    let fires = day(970.0, 960.0, 921.5);
    assert_eq!(events(&daily(0.05), &fires), ["3 daily_loss tripped at 0.0500"]);
    // 7.8 % from the first to the last close, but less than 5 % on each day.
    assert!(events(&daily(0.05), &day(970.0, 960.0, 921.51)).is_empty());
    // The first hour of the day belongs to it.
    let in_a_gap = day(970.0, 485.0, 970.0);
    assert_eq!(events(&daily(0.05), &in_a_gap), ["2 daily_loss tripped at 0.5000"]);
}

#[test]
fn the_weekly_loss_counts_from_the_close_before_monday() {
    let week = |sunday: f64, monday: f64, tuesday: f64| {
        rows(&[
            ("2024-01-06T12:00", 1_000.0),
            ("2024-01-07T23:00", sunday),
            ("2024-01-08T00:00", monday),
            ("2024-01-09T00:00", tuesday),
        ])
    };
    let fires = week(920.0, 900.0, 828.0);
    assert_eq!(events(&weekly(0.1), &fires), ["3 weekly_loss tripped at 0.1000"]);
    assert!(events(&weekly(0.1), &week(920.0, 900.0, 828.01)).is_empty());
    let in_a_gap = week(920.0, 460.0, 920.0);
    assert_eq!(events(&weekly(0.1), &in_a_gap), ["2 weekly_loss tripped at 0.5000"]);
}

#[test]
fn levels_are_exact_on_every_round_share() {
    // 0.9 is what is left of 0.1, and 1 - 0.9 in binary is not 0.1: every whole per cent of 1000 trips at its own cent.
    for percent in 1..100_u32 {
        let left = f64::from(1_000 - 10 * percent);
        let settings = stop(f64::from(percent) / 100.0);
        assert_eq!(events(&settings, &hourly(&[left])).len(), 1, "{percent} %");
        assert!(events(&settings, &hourly(&[left + 0.01])).is_empty(), "{percent} %");
    }
}

#[test]
fn levels_trip_one_by_one_or_together_and_only_once() {
    let settings = BreakerSettings {
        drawdown: vec![
            at(0.1, Reduce, "manual"),
            at(0.2, Halt, "manual"),
            at(0.3, Flatten, "manual"),
        ],
        ..BreakerSettings::none()
    };
    let slowly = hourly(&[900.0, 850.0, 800.0, 900.0, 700.0, 600.0]);
    assert_eq!(
        events(&settings, &slowly),
        [
            "0 drawdown tripped at 0.1000",
            "2 drawdown tripped at 0.2000",
            "4 drawdown tripped at 0.3000"
        ]
    );
    let at_once = hourly(&[650.0, 650.0]);
    assert_eq!(events(&settings, &at_once), ["0 drawdown tripped at 0.3500"; 3]);
}

#[test]
fn what_stands_is_the_strongest_action_and_the_smallest_size() {
    let settings = BreakerSettings {
        portfolio_stop: Some(at(0.4, Flatten, "manual")),
        daily_loss: vec![at(0.2, Halt, "manual"), at(0.3, Halt, "manual")],
        drawdown: vec![
            at(0.1, Reduce, "manual"),
            LossBreaker {
                reduce_to: Rate::from_fraction(0.25).unwrap(),
                ..at(0.15, Reduce, "manual")
            },
        ],
        ..BreakerSettings::none()
    };
    let standing = |equity: &[f64]| shown(&settings, &hourly(equity)).0.standing();
    assert_eq!(standing(&[950.0]), Standing::default());
    let reduced = standing(&[900.0]).reduced.unwrap();
    assert_eq!((reduced.rule, reduced.to), (Rule::Drawdown, Rate::ONE.half()));
    let reduced = standing(&[900.0, 850.0]).reduced.unwrap();
    assert_eq!((reduced.to.to_fraction(), reduced.limit), (0.25, 0.15));
    let tripped = standing(&[750.0, 690.0]).tripped.unwrap();
    assert_eq!((tripped.action, tripped.value, tripped.limit), (Halt, 0.25, 0.2));
    let tripped = standing(&[750.0, 600.0, 2_000.0]).tripped.unwrap();
    assert_eq!((tripped.rule, tripped.action), (Rule::PortfolioStop, Flatten));
    assert_eq!((tripped.value, tripped.limit), (0.4, 0.4));
}

#[test]
fn of_equals_the_first_stands() {
    let settings = BreakerSettings {
        daily_loss: vec![at(0.1, Reduce, "manual"), at(0.1, Halt, "manual")],
        weekly_loss: vec![at(0.1, Reduce, "manual"), at(0.1, Halt, "manual")],
        ..BreakerSettings::none()
    };
    let standing = shown(&settings, &hourly(&[900.0])).0.standing();
    assert_eq!(standing.reduced.unwrap().rule, Rule::DailyLoss);
    assert_eq!(standing.tripped.unwrap().rule, Rule::DailyLoss);
}

#[test]
fn a_trip_ends_what_is_taken_in() {
    let (times_ms, equity): (Vec<_>, Vec<_>) =
        hourly(&[1_000.0, 990.0, 700.0, 600.0]).into_iter().unzip();
    let mut breakers = Breakers::new(&stop(0.1), 1_000.0);
    let closes =
        Closes { first_row: 0, times_ms: &times_ms, interval_ms: 3_600_000, equity: &equity };
    assert_eq!(breakers.take_in(&closes), Taken { rows: 3, tripped: true });
    let times: Vec<i64> = breakers.drain_events().map(|event| event.time.as_ms()).collect();
    assert_eq!(times, [times_ms[2]]);
    assert_eq!(breakers.drain_events().count(), 0);
    assert_eq!(breakers.take_in(&closes.part(3..4)), Taken { rows: 1, tripped: false });
}

#[test]
fn a_loss_that_is_no_number_is_left_out() {
    let mut breakers = Breakers::new(&stop(0.1), 1_000.0);
    let closes = Closes {
        first_row: 0,
        times_ms: &[0],
        interval_ms: 3_600_000,
        equity: &[f64::NEG_INFINITY],
    };
    assert_eq!(breakers.take_in(&closes), Taken { rows: 1, tripped: true });
    assert_eq!(breakers.drain_events().map(|event| event.value).collect::<Vec<_>>(), [None]);
}

#[test]
fn an_account_with_nothing_loses_nothing() {
    let settings = BreakerSettings {
        daily_loss: vec![at(0.1, Halt, "next_period")],
        ..BreakerSettings::none()
    };
    let ruined = rows(&[
        ("2024-01-04T23:00", -5.0),
        ("2024-01-05T00:00", -5.0),
        ("2024-01-05T01:00", -80.0),
        ("2024-01-06T00:00", -90.0),
    ]);
    assert_eq!(
        events(&settings, &ruined),
        ["0 daily_loss tripped at 1.0050", "1 daily_loss rearmed at 0.0000"]
    );
}

#[test]
fn without_breakers_nothing_is_watched() {
    let none = Breakers::new(&BreakerSettings::none(), 1_000.0);
    assert!(!none.is_watching());
    assert!(events(&BreakerSettings::none(), &hourly(&[1.0, 0.0])).is_empty());
}

#[test]
fn by_default_half_of_the_peak_may_be_lost() {
    let settings = BreakerSettings::default();
    let (breakers, lines) = shown(&settings, &hourly(&[3_000.0, 1_500.01, 1_500.0]));
    assert_eq!(lines, ["2 drawdown tripped at 0.5000"]);
    assert_eq!(breakers.standing().tripped.unwrap().action, Flatten);
}
