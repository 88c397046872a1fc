//! When tripped breakers are armed again, and what losses count from then.

use super::super::*;
use super::scenario::{at, events, hourly, line, rows, shown};
use crate::units::{Rate, Timestamp};

use BreakerAction::{Flatten, Halt};

fn drawdown(rearm: &str) -> BreakerSettings {
    BreakerSettings { drawdown: vec![at(0.1, Flatten, rearm)], ..BreakerSettings::none() }
}

fn daily(rearm: &str) -> BreakerSettings {
    BreakerSettings { daily_loss: vec![at(0.1, Halt, rearm)], ..BreakerSettings::none() }
}

#[test]
fn by_hand_means_never_by_itself() {
    let equity: Vec<f64> = [vec![900.0], vec![2_000.0; 400], vec![100.0]].concat();
    for settings in [drawdown("manual"), daily("manual")] {
        assert_eq!(events(&settings, &hourly(&equity)).len(), 1, "{settings:?}");
    }
}

#[test]
fn a_time_counts_from_the_close_that_tripped() {
    // Tripped at the close at 01:00; three hours later is the close at 04:00, that of row 3.
    let equity = [900.0, 500.0, 950.0, 600.0, 590.0, 540.0];
    assert_eq!(
        events(&drawdown("3h"), &hourly(&equity)),
        [
            "0 drawdown tripped at 0.1000",
            "3 drawdown rearmed at 0.0000",
            "5 drawdown tripped at 0.1000",
        ]
    );
}

#[test]
fn a_time_that_ends_in_a_gap_ends_at_the_next_close() {
    let path = rows(&[
        ("2024-01-04T00:00", 900.0),
        ("2024-01-04T01:00", 900.0),
        ("2024-01-09T00:00", 400.0),
        ("2024-01-09T01:00", 360.0),
    ]);
    assert_eq!(
        events(&drawdown("3h"), &path),
        [
            "0 drawdown tripped at 0.1000",
            "2 drawdown rearmed at 0.0000",
            "3 drawdown tripped at 0.1000",
        ]
    );
}

#[test]
fn the_next_day_begins_with_the_last_close_of_the_one_before() {
    let path = rows(&[
        ("2024-01-04T10:00", 900.0),
        ("2024-01-04T22:00", 1_000.0),
        ("2024-01-04T23:00", 800.0),
        ("2024-01-05T00:00", 721.0),
        ("2024-01-05T01:00", 720.0),
    ]);
    assert_eq!(
        events(&daily("next_period"), &path),
        [
            "0 daily_loss tripped at 0.1000",
            "2 daily_loss rearmed at 0.0000",
            "4 daily_loss tripped at 0.1000",
        ]
    );
}

#[test]
fn a_trip_at_the_last_close_of_a_day_holds_for_a_bar() {
    let path = rows(&[
        ("2024-01-04T23:00", 900.0),
        ("2024-01-05T00:00", 855.0),
        ("2024-01-05T01:00", 810.0),
    ]);
    assert_eq!(
        events(&daily("next_period"), &path),
        [
            "0 daily_loss tripped at 0.1000",
            // The day has begun with 900.
            "1 daily_loss rearmed at 0.0500",
            "2 daily_loss tripped at 0.1000",
        ]
    );
}

#[test]
fn a_day_without_its_last_rows_ends_before_the_next_row() {
    let path = rows(&[
        ("2024-01-04T10:00", 900.0),
        ("2024-01-04T11:00", 1_000.0),
        ("2024-01-07T05:00", 850.0),
        ("2024-01-07T06:00", 850.0),
    ]);
    assert_eq!(
        events(&daily("next_period"), &path),
        [
            "0 daily_loss tripped at 0.1000",
            // The day has begun with 1000, and its first close has lost too much.
            "2 daily_loss rearmed at 0.1500",
            "2 daily_loss tripped at 0.1500",
        ]
    );
}

#[test]
fn weeks_end_on_sunday() {
    let settings = BreakerSettings {
        weekly_loss: vec![at(0.1, Halt, "next_period")],
        ..BreakerSettings::none()
    };
    let path = rows(&[
        ("2024-01-04T10:00", 900.0),
        ("2024-01-06T23:00", 900.0),
        ("2024-01-07T23:00", 800.0),
        ("2024-01-08T00:00", 720.0),
    ]);
    assert_eq!(
        events(&settings, &path),
        [
            "0 weekly_loss tripped at 0.1000",
            "2 weekly_loss rearmed at 0.0000",
            "3 weekly_loss tripped at 0.1000",
        ]
    );
}

#[test]
fn a_daily_loss_armed_within_the_day_counts_from_there_until_the_day_ends() {
    let path = rows(&[
        ("2024-01-04T10:00", 900.0),
        ("2024-01-04T11:00", 700.0),
        ("2024-01-04T12:00", 631.0),
        ("2024-01-04T23:00", 640.0),
        ("2024-01-05T00:00", 577.0),
        ("2024-01-05T01:00", 576.0),
    ]);
    assert_eq!(
        events(&daily("1h"), &path),
        [
            "0 daily_loss tripped at 0.1000",
            "1 daily_loss rearmed at 0.0000",
            "5 daily_loss tripped at 0.1000",
        ]
    );
}

#[test]
fn a_hand_arms_everything_at_the_present_equity() {
    let settings = BreakerSettings {
        portfolio_stop: Some(at(0.2, Flatten, "manual")),
        drawdown: vec![at(0.1, Halt, "30d"), at(0.5, Flatten, "manual")],
        ..BreakerSettings::none()
    };
    let rows = hourly(&[1_000.0, 800.0, 1_600.0, 1_400.0, 1_261.0, 1_260.0, 1_120.0, 800.0]);
    let (mut breakers, _) = shown(&settings, &rows[..4]);
    let (times_ms, equity): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    breakers.rearm(Timestamp::clamped(times_ms[3]), 1_400.0);
    let lines: Vec<_> = breakers.drain_events().map(|event| line(&event, &times_ms)).collect();
    assert_eq!(lines, ["3 portfolio_stop rearmed at 0.0000", "3 drawdown rearmed at 0.0000"]);
    assert_eq!(breakers.standing(), Standing::default());

    let all = Closes { first_row: 0, times_ms: &times_ms, interval_ms: 3_600_000, equity: &equity };
    for row in 4..8 {
        breakers.take_in(&all.part(row..row + 1));
    }
    let lines: Vec<_> = breakers.drain_events().map(|event| line(&event, &times_ms)).collect();
    assert_eq!(
        lines,
        [
            "5 drawdown tripped at 0.1000",
            "6 portfolio_stop tripped at 0.2000",
            // This level had not tripped, so it has counted from its peak all the time.
            "7 drawdown tripped at 0.5000",
        ]
    );
}

#[test]
fn positions_grow_back_when_new_settings_end_a_cut() {
    let reduces = BreakerSettings {
        drawdown: vec![at(0.1, BreakerAction::Reduce, "manual")],
        ..BreakerSettings::none()
    };
    for (settings, left) in [(&reduces, 0.5), (&drawdown("manual"), 0.25)] {
        let (mut breakers, _) = shown(&reduces, &hourly(&[900.0]));
        assert!((breakers.cut(Rate::ONE.half()) - 0.5).abs() < 1e-12);
        let quarter = Rate::ONE.half().half();
        let cut = breakers.under(settings, 900.0).cut(quarter);
        assert!((cut - left).abs() < 1e-12, "{cut} of {settings:?}");
    }
}
