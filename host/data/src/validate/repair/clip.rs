//! Cuts bad ticks to what the bars beside them reached.

use std::collections::BTreeMap;

use super::record::{Repair, RepairAction};
use crate::validate::marks::{MarkLimits, mark};
use crate::validate::scale::Returns;
use crate::validate::spikes::{Outlier, Shape, SpikeRules, price_ratio};
use crate::validate::table::Table;
use crate::validate::{BarValues, Rows, ValidationSettings};
use ct_core::market::RawColumns;
use ct_core::units::Interval;

/// Rounds of looking and clipping. A clipped tick can bring out one in its shadow, so a few are needed; each round lowers
/// a high or raises a low to that of another bar, so they end by themselves.
const ROUNDS_MAX: usize = 64;

/// Clips the bad ticks of `rows` until none is left that its neighbours would change.
pub(super) fn clip(
    rows: &mut RawColumns,
    interval: Interval,
    thresholds: &ValidationSettings,
    repairs: &mut Vec<Repair>,
) {
    let mut clipped: BTreeMap<usize, [BarValues; 2]> = BTreeMap::new();
    for _ in 0..ROUNDS_MAX {
        let changes = changes(&Rows::from(&*rows), interval, thresholds);
        if changes.is_empty() {
            break;
        }
        for (place, before, after) in changes {
            set(rows, place, &after);
            let [_, last] = clipped.entry(place).or_insert([before, after]);
            *last = after;
        }
    }
    for (place, [before, after]) in clipped {
        let time_ms = rows.time.get(place).copied().unwrap_or_default();
        repairs.push(Repair::of_bar(RepairAction::Clipped, time_ms, Some(before), Some(after)));
    }
}

/// The bars that are bad ticks, as they are and as they should be.
fn changes(
    rows: &Rows<'_>,
    interval: Interval,
    settings: &ValidationSettings,
) -> Vec<(usize, BarValues, BarValues)> {
    let returns = Returns::new(*rows, interval);
    let Some(scale) = returns.scale() else { return Vec::new() };
    let limits =
        MarkLimits { price_ratio: price_ratio(Some(scale), settings), volume: f64::INFINITY };
    let table = Table::found(*rows);
    let rules = SpikeRules { table: &table, returns, scale, settings };
    let outliers = rules.outliers(&mark(rows, interval, limits));
    let change = |outlier: &Outlier| {
        let (before, after) = (rows.bar(outlier.place), clipped_bar(rows, outlier)?);
        (before != after).then_some((outlier.place, before, after))
    };
    outliers.iter().filter_map(change).collect()
}

/// The bar of `outlier` between the lows and highs of its neighbours; `None` for a spike.
fn clipped_bar(rows: &Rows<'_>, outlier: &Outlier) -> Option<BarValues> {
    let place = outlier.place;
    let (before, bar, after) =
        (rows.bar(place.checked_sub(1)?), rows.bar(place), rows.bar(place + 1));
    let (lowest, highest) = (before.low.min(after.low), before.high.max(after.high));
    let (lowest, highest) = match outlier.shape {
        Shape::Spike => return None,
        Shape::Close => (lowest, highest),
        // Open and close of a wick are beyond doubt.
        Shape::Wick => (lowest.min(bar.open).min(bar.close), highest.max(bar.open).max(bar.close)),
    };
    let cut = |price: f64| price.clamp(lowest, highest);
    Some(BarValues {
        open: cut(bar.open),
        high: cut(bar.high),
        low: cut(bar.low),
        close: cut(bar.close),
        volume: bar.volume,
    })
}

fn set(rows: &mut RawColumns, place: usize, bar: &BarValues) {
    let RawColumns { time: _, open, high, low, close, volume: _ } = rows;
    for (column, value) in [(open, bar.open), (high, bar.high), (low, bar.low), (close, bar.close)]
    {
        if let Some(price) = column.get_mut(place) {
            *price = value;
        }
    }
}
