//! Bars at stated hours, for rules that look at days and weeks.

use ct_host::market::{Bars, RawColumns};
use ct_host::units::Interval;
use ct_tests::bars::{HOUR_MS, Row};
use ct_tests::plugins::sound;

/// Bars of `hours` hours, the first of which opens `first_hour` hours after the start of 1970, a Thursday; `None` is a missing
/// bar.
pub(super) fn bars(first_hour: i64, hours: i64, rows: &[Option<Row>]) -> Bars {
    let mut columns = RawColumns::default();
    for (place, row) in (0..).zip(rows) {
        let Some([open, high, low, close, volume]) = *row else { continue };
        columns.time.push((first_hour + place * hours) * HOUR_MS);
        columns.open.push(open);
        columns.high.push(high);
        columns.low.push(low);
        columns.close.push(close);
        columns.volume.push(volume);
    }
    sound(Bars::new(sound(Interval::from_ms(hours * HOUR_MS)), columns))
}

/// A length of time, such as `2h`.
pub(super) fn time(text: &str) -> Interval {
    sound(text.parse())
}
