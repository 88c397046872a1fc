//! The columns of bars, taken together, and as rows.

use ct_core::market::RawColumns;

/// Every column but the time: open, high, low, close and volume.
pub(crate) const fn values(columns: &RawColumns) -> [&Vec<f64>; 5] {
    let RawColumns { time: _, open, high, low, close, volume } = columns;
    [open, high, low, close, volume]
}

/// Every column but the time, in the order of [`values`].
pub(crate) const fn values_mut(columns: &mut RawColumns) -> [&mut Vec<f64>; 5] {
    let RawColumns { time: _, open, high, low, close, volume } = columns;
    [open, high, low, close, volume]
}

/// No rows yet, and room for `rows`.
pub(crate) fn with_capacity(rows: usize) -> RawColumns {
    let mut columns = RawColumns::default();
    reserve(&mut columns, rows);
    columns
}

/// Makes room for `rows` more rows.
pub(crate) fn reserve(columns: &mut RawColumns, rows: usize) {
    columns.time.reserve(rows);
    for column in values_mut(columns) {
        column.reserve(rows);
    }
}

/// Adds a row.
pub(crate) fn push(columns: &mut RawColumns, time_ms: i64, row: [f64; 5]) {
    columns.time.push(time_ms);
    for (column, value) in values_mut(columns).into_iter().zip(row) {
        column.push(value);
    }
}

/// Adds the rows of `times` and of `values`, which are in the order of [`values`].
pub(crate) fn append(columns: &mut RawColumns, times: &[i64], values: [&[f64]; 5]) {
    columns.time.extend_from_slice(times);
    for (column, more) in values_mut(columns).into_iter().zip(values) {
        column.extend_from_slice(more);
    }
}

/// The rows of `values`, which are in the order of [`values`].
pub(crate) fn rows(values: [&[f64]; 5]) -> impl Iterator<Item = [f64; 5]> {
    let [open, high, low, close, volume] = values;
    let prices = open.iter().zip(high).zip(low).zip(close).zip(volume);
    prices.map(|((((open, high), low), close), volume)| [*open, *high, *low, *close, *volume])
}

/// The rows `picked` of `times` and `values`, in that order; 0 and NaN where there is none.
pub(crate) fn picked(times: &[i64], values: [&[f64]; 5], picked: &[usize]) -> RawColumns {
    let of = |column: &[f64]| {
        picked.iter().map(|row| column.get(*row).copied().unwrap_or(f64::NAN)).collect()
    };
    let [open, high, low, close, volume] = values.map(of);
    let time = picked.iter().map(|row| times.get(*row).copied().unwrap_or_default()).collect();
    RawColumns { time, open, high, low, close, volume }
}
