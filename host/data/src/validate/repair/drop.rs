//! Drops rows, and sorts the others.

use std::collections::BTreeMap;

use super::record::{Repair, RepairAction};
use super::settings::{ConflictRule, OffGridRule};
use crate::validate::Rows;
use crate::validate::arrangement::{Arrangement, Direction, arrange};
use crate::validate::grid::Grid;
use crate::validate::rows::gathered;
use crate::validate::soundness::unsound_rows;
use ct_core::market::RawColumns;
use ct_core::units::{Interval, Timestamp};

/// Drops the rows that cannot be bars.
pub(super) fn unsound(rows: RawColumns, repairs: &mut Vec<Repair>) -> RawColumns {
    let all = Rows::from(&rows);
    let unsound = unsound_rows(&all.part(0, all.len()));
    let is_unsound = |row: &usize| unsound.binary_search_by_key(row, |fault| fault.row).is_ok();
    let (dropped, kept): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(is_unsound);
    repairs.extend(records(RepairAction::DroppedUnsound, &all, &dropped));
    if kept.len() == all.time.len() { rows } else { gathered(&all, &kept) }
}

/// Sorts the rows by time and keeps one of each time, as `rule` tells.
pub(super) fn repeated(
    rows: RawColumns,
    rule: ConflictRule,
    repairs: &mut Vec<Repair>,
) -> RawColumns {
    if rows.time.is_sorted_by(|before, time| before < time) {
        return rows;
    }
    let all = Rows::from(&rows);
    let arrangement = arrange(all.time, (0..all.len()).collect());
    repairs.extend(moved(&all, &arrangement));
    let kept = kept_rows(&all, &arrangement, rule);
    for repeated in &arrangement.repeated {
        let keeper = kept.get(&repeated.other).copied().unwrap_or(repeated.other);
        // The row that was to be kept is dropped in place of the one that is.
        let dropped = if keeper == repeated.row { repeated.other } else { repeated.row };
        let (before, after) = (all.bar(dropped), all.bar(keeper));
        let action = if before.is_same(&after) {
            RepairAction::DroppedDuplicate
        } else {
            RepairAction::DroppedConflict
        };
        repairs.push(Repair::of_bar(action, all.time_ms(dropped), Some(before), Some(after)));
    }
    let order = arrangement.order.iter().map(|row| kept.get(row).copied().unwrap_or(*row));
    gathered(&all, &order.collect::<Vec<_>>())
}

/// Drops the bars that close after `now`.
pub(super) fn unfinished(
    rows: RawColumns,
    interval: Interval,
    now: Option<Timestamp>,
    repairs: &mut Vec<Repair>,
) -> RawColumns {
    let Some(now) = now else { return rows };
    let closed = rows.time.partition_point(|time| time + interval.as_ms() <= now.as_ms());
    keep(rows, RepairAction::DroppedUnfinished, repairs, |row, _| row < closed)
}

/// Drops the rows that are off the time grid, or only those that overlap the row before.
pub(super) fn off_grid(
    rows: RawColumns,
    interval: Interval,
    rule: OffGridRule,
    repairs: &mut Vec<Repair>,
) -> RawColumns {
    let grid = Grid::of(&rows.time, interval);
    let mut end_ms = i64::MIN;
    keep(rows, RepairAction::DroppedOffGrid, repairs, |_, time_ms| {
        let fits = match rule {
            OffGridRule::Drop => grid.holds(time_ms),
            OffGridRule::Keep => time_ms >= end_ms,
        };
        if fits {
            end_ms = time_ms + interval.as_ms();
        }
        fits
    })
}

/// Keeps the rows of which `is_kept` says so, given the row and its time, and records the others.
fn keep(
    rows: RawColumns,
    action: RepairAction,
    repairs: &mut Vec<Repair>,
    mut is_kept: impl FnMut(usize, i64) -> bool,
) -> RawColumns {
    let all = Rows::from(&rows);
    let (kept, dropped): (Vec<usize>, Vec<usize>) =
        (0..all.len()).partition(|row| is_kept(*row, all.time_ms(*row)));
    if dropped.is_empty() {
        return rows;
    }
    repairs.extend(records(action, &all, &dropped));
    gathered(&all, &kept)
}

fn records(
    action: RepairAction,
    rows: &Rows<'_>,
    dropped: &[usize],
) -> impl Iterator<Item = Repair> {
    dropped
        .iter()
        .map(move |row| Repair::of_bar(action, rows.time_ms(*row), Some(rows.bar(*row)), None))
}

/// The record of rows that were put in order; `None` when they stood in it.
fn moved(rows: &Rows<'_>, arrangement: &Arrangement) -> Option<Repair> {
    let moved = match arrangement.direction {
        Direction::Ascending => arrangement.displaced.len(),
        Direction::Descending => arrangement.order.len(),
    };
    let first = arrangement.order.first().map(|row| rows.time_ms(*row));
    (moved > 0).then(|| Repair {
        rows: moved as u64,
        ..Repair::of_bar(RepairAction::Sorted, first.unwrap_or_default(), None, None)
    })
}

/// For each row that others have the time of, the one that is kept.
fn kept_rows(
    rows: &Rows<'_>,
    arrangement: &Arrangement,
    rule: ConflictRule,
) -> BTreeMap<usize, usize> {
    let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
    for repeated in &arrangement.repeated {
        let best = kept.entry(repeated.other).or_insert(repeated.other);
        let is_better = match rule {
            ConflictRule::First => repeated.row < *best,
            ConflictRule::Last => repeated.row > *best,
            ConflictRule::MoreVolume => {
                let volume = |row: usize| rows.bar(row).volume;
                let order = volume(repeated.row).total_cmp(&volume(*best));
                order.then(repeated.row.cmp(best)).is_gt()
            }
        };
        if is_better {
            *best = repeated.row;
        }
    }
    kept
}
