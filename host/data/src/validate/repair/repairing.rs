//! The steps of a repair.

use super::clip::clip;
use super::drop;
use super::fill::{GapsTooLong, fill};
use super::record::Repair;
use super::settings::{Clipping, RepairSettings};
use ct_core::market::RawColumns;
use ct_core::units::Interval;

/// Repaired bars. [`Bars::new`](ct_core::market::Bars::new) accepts them, and repairing them again changes nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repaired {
    /// The bars, by ascending time.
    pub rows: RawColumns,
    /// What was done, step by step.
    pub repairs: Vec<Repair>,
    /// Open times of the bars that were made up, ascending, UTC milliseconds.
    pub synthetic: Vec<i64>,
}

/// Repairs `rows` of `interval`, in this order: drops rows that cannot be bars, sorts, keeps one row of each time, drops
/// unfinished bars and those off the time grid, clips bad ticks, fills gaps.
///
/// Where the columns differ in length, rows that some of them lack are left out.
///
/// # Errors
/// [`GapsTooLong`] when the gaps to fill would make up many more bars than there are.
pub fn repair(
    rows: RawColumns,
    interval: Interval,
    settings: &RepairSettings,
) -> Result<Repaired, GapsTooLong> {
    let mut repairs = Vec::new();
    let rows = drop::unsound(rows, &mut repairs);
    let rows = drop::repeated(rows, settings.conflicts, &mut repairs);
    let rows = drop::unfinished(rows, interval, settings.now, &mut repairs);
    let mut rows = drop::off_grid(rows, interval, settings.off_grid, &mut repairs);
    if settings.bad_ticks == Clipping::Neighbours {
        clip(&mut rows, interval, &settings.thresholds, &mut repairs);
    }
    let (mut rows, synthetic) = fill(rows, interval, settings.filled_bars_max, &mut repairs)?;
    // What was measured over a gap before is a return now.
    if settings.bad_ticks == Clipping::Neighbours && !synthetic.is_empty() {
        clip(&mut rows, interval, &settings.thresholds, &mut repairs);
    }
    Ok(Repaired { rows, repairs, synthetic })
}
