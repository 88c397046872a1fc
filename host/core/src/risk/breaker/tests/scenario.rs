//! Rows to show to breakers, and what came of them as text.

use super::super::*;
use crate::units::{Rate, Timestamp};

/// Hours and equities at their closes.
pub(super) type Rows<'a> = &'a [(&'a str, f64)];

/// A breaker that trips at `loss`.
pub(super) fn at(loss: f64, action: BreakerAction, rearm: &str) -> LossBreaker {
    LossBreaker {
        loss: Rate::from_fraction(loss).unwrap(),
        action,
        reduce_to: Rate::ONE.half(),
        rearm: rearm.parse().unwrap(),
    }
}

/// A row for every hour from Thursday, 2024-01-04 00:00 on.
pub(super) fn hourly(equity: &[f64]) -> Vec<(i64, f64)> {
    let start_ms = "2024-01-04".parse::<Timestamp>().unwrap().as_ms();
    (0..).map(|hour| start_ms + hour * 3_600_000).zip(equity.iter().copied()).collect()
}

/// Rows that open at the written times.
pub(super) fn rows(rows: Rows<'_>) -> Vec<(i64, f64)> {
    let ms = |time: &str| time.parse::<Timestamp>().unwrap().as_ms();
    rows.iter().map(|(time, equity)| (ms(time), *equity)).collect()
}

/// Shows the rows, of bars of an hour, to breakers of an account that starts with 1000. Gives them, and a line for each event:
/// row, breaker, what happened, value.
pub(super) fn shown(settings: &BreakerSettings, rows: &[(i64, f64)]) -> (Breakers, Vec<String>) {
    let (times_ms, equity): (Vec<_>, Vec<_>) = rows.iter().copied().unzip();
    let mut breakers = Breakers::new(settings, 1_000.0);
    let mut done = 0;
    while done < rows.len() {
        let closes = Closes {
            first_row: done,
            times_ms: &times_ms[done..],
            interval_ms: 3_600_000,
            equity: &equity[done..],
        };
        done += breakers.take_in(&closes).rows;
    }
    let lines = breakers.drain_events().map(|event| line(&event, &times_ms)).collect();
    (breakers, lines)
}

/// The lines of the events at the rows.
pub(super) fn events(settings: &BreakerSettings, rows: &[(i64, f64)]) -> Vec<String> {
    shown(settings, rows).1
}

/// One event in one line. Rows open at `times_ms`.
pub(super) fn line(event: &BreakerEvent, times_ms: &[i64]) -> String {
    let row = times_ms.binary_search(&event.time.as_ms()).unwrap();
    let word = |value: serde_json::Value| value.as_str().unwrap().to_owned();
    let rule = word(serde_json::to_value(event.rule).unwrap());
    let kind = word(serde_json::to_value(event.kind).unwrap());
    format!("{row} {rule} {kind} at {:.4}", event.value.unwrap())
}
