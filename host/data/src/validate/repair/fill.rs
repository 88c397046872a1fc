//! Makes up bars that are missing.

use super::record::{Repair, RepairAction};
use crate::validate::{BarValues, Rows};
use ct_core::market::RawColumns;
use ct_core::units::{Interval, Timestamp};

/// Fills gaps of up to `bars_max` bars with flat ones at the last close, and gives their times.
pub(super) fn fill(
    rows: RawColumns,
    interval: Interval,
    bars_max: usize,
    repairs: &mut Vec<Repair>,
) -> (RawColumns, Vec<i64>) {
    let all = Rows::from(&rows);
    let mut synthetic = Vec::new();
    let mut filled = RawColumns::default();
    for (place, bar) in all.bars().enumerate() {
        let time_ms = all.time_ms(place);
        if let Some(before) = place.checked_sub(1) {
            let start_ms = all.time_ms(before) + interval.as_ms();
            let missing = (time_ms - start_ms) / interval.as_ms();
            let missing = usize::try_from(missing).unwrap_or_default();
            if (1..=bars_max).contains(&missing) {
                let flat = flat(all.bar(before).close);
                let next = |time: &i64| Some(time + interval.as_ms());
                for time_ms in std::iter::successors(Some(start_ms), next).take(missing) {
                    push(&mut filled, time_ms, &flat);
                    synthetic.push(time_ms);
                }
                repairs.push(Repair {
                    action: RepairAction::Filled,
                    time: Timestamp::from_ms(start_ms).ok(),
                    rows: missing as u64,
                    before: None,
                    after: Some(flat),
                });
            }
        }
        push(&mut filled, time_ms, &bar);
    }
    if synthetic.is_empty() { (rows, synthetic) } else { (filled, synthetic) }
}

const fn flat(price: f64) -> BarValues {
    BarValues { open: price, high: price, low: price, close: price, volume: 0.0 }
}

fn push(rows: &mut RawColumns, time_ms: i64, bar: &BarValues) {
    rows.time.push(time_ms);
    rows.open.push(bar.open);
    rows.high.push(bar.high);
    rows.low.push(bar.low);
    rows.close.push(bar.close);
    rows.volume.push(bar.volume);
}
