//! The columns of bars, taken together.

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
