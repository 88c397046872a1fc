//! Bars to test with.

use std::ops::Range;

use ct_core::market::RawColumns;

/// Length of the test bars in milliseconds.
pub(super) const HOUR: i64 = 3_600_000;

/// Sound hourly bars, each a function of its number.
pub(super) fn bars(hours: Range<i64>) -> RawColumns {
    bars_at(hours.map(|hour| hour * HOUR))
}

/// Sound bars at the given open times, each a function of its time.
pub(super) fn bars_at(times: impl IntoIterator<Item = i64>) -> RawColumns {
    let mut columns = RawColumns::default();
    for time in times {
        let price = 100.0 + (time / 1_000 * 7_919 % 1_000) as f64 / 10.0;
        columns.time.push(time);
        columns.open.push(price);
        columns.high.push(price + 2.0);
        columns.low.push(price - 2.0);
        columns.close.push(price + 1.0);
        columns.volume.push((time / 60_000 % 17) as f64);
    }
    columns
}
