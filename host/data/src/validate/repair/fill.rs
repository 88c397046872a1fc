//! Makes up bars that are missing.

use super::record::{Repair, RepairAction};
use crate::raw_columns::push;
use crate::validate::{BarValues, Rows};
use ct_core::market::RawColumns;
use ct_core::units::{Interval, Timestamp};

/// Bars that are made up for each that is there, at most: a market in which something is traded every half minute has one
/// second in thirty.
const MADE_UP_PER_BAR: u64 = 30;

/// Bars that may be made up for any, and for as many as there are: 240 MB and 2.4 GB of columns.
const MADE_UP_FLOOR: u64 = 5_000_000;
const MADE_UP_CEILING: u64 = 50_000_000;

/// Gaps that would make up more bars than may be: two bars may lie a thousand million seconds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("filling the gaps makes up {found} bars: expected {limit} at most")]
pub struct GapsTooLong {
    /// Bars that would be made up.
    pub found: u64,
    /// Bars that may be.
    pub limit: u64,
}

/// Fills gaps of up to `bars_max` bars with flat ones at the last close, and gives their times.
///
/// # Errors
/// [`GapsTooLong`].
pub(super) fn fill(
    rows: RawColumns,
    interval: Interval,
    bars_max: usize,
    repairs: &mut Vec<Repair>,
) -> Result<(RawColumns, Vec<i64>), GapsTooLong> {
    let all = Rows::from(&rows);
    check(all, interval, bars_max)?;
    let mut synthetic = Vec::new();
    let mut filled = RawColumns::default();
    for (place, bar) in all.bars().enumerate() {
        let time_ms = all.time_ms(place);
        if let Some(before) = place.checked_sub(1) {
            let start_ms = all.time_ms(before) + interval.as_ms();
            let missing = missing(start_ms, time_ms, interval);
            if (1..=bars_max).contains(&missing) {
                let flat = flat(all.bar(before).close);
                let next = |time: &i64| Some(time + interval.as_ms());
                for time_ms in std::iter::successors(Some(start_ms), next).take(missing) {
                    push(&mut filled, time_ms, flat.values());
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
        push(&mut filled, time_ms, bar.values());
    }
    Ok(if synthetic.is_empty() { (rows, synthetic) } else { (filled, synthetic) })
}

fn check(all: Rows<'_>, interval: Interval, bars_max: usize) -> Result<(), GapsTooLong> {
    let pairs = all.time.iter().zip(all.time.iter().skip(1));
    let gaps = pairs.map(|(before, time)| missing(before + interval.as_ms(), *time, interval));
    let found = gaps.filter(|missing| *missing <= bars_max).map(|missing| missing as u64).sum();
    let limit = (all.time.len() as u64 * MADE_UP_PER_BAR).clamp(MADE_UP_FLOOR, MADE_UP_CEILING);
    if found > limit { Err(GapsTooLong { found, limit }) } else { Ok(()) }
}

/// Number of bars from `start_ms` to before `end_ms`.
fn missing(start_ms: i64, end_ms: i64, interval: Interval) -> usize {
    usize::try_from((end_ms - start_ms) / interval.as_ms()).unwrap_or_default()
}

const fn flat(price: f64) -> BarValues {
    BarValues { open: price, high: price, low: price, close: price, volume: 0.0 }
}
