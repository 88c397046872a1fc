//! The columns of prices and volumes, one after the other, and the rows that they make.

use super::Field;
use ct_core::market::RawColumns;

/// Rows as a file has them.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) columns: RawColumns,
    /// Empty unless the layout has a column for it.
    pub(super) quote_volume: Vec<f64>,
}

/// Every column but the time, with its name.
pub(super) const fn values(columns: &RawColumns) -> [(Field, &Vec<f64>); 5] {
    let RawColumns { time: _, open, high, low, close, volume } = columns;
    [
        (Field::Open, open),
        (Field::High, high),
        (Field::Low, low),
        (Field::Close, close),
        (Field::Volume, volume),
    ]
}

/// Every column but the time, in the order of [`values`].
pub(super) const fn values_mut(columns: &mut RawColumns) -> [&mut Vec<f64>; 5] {
    let RawColumns { time: _, open, high, low, close, volume } = columns;
    [open, high, low, close, volume]
}

/// Makes room for `rows` more rows.
pub(super) fn reserve(columns: &mut RawColumns, rows: usize) {
    columns.time.reserve(rows);
    for column in values_mut(columns) {
        column.reserve(rows);
    }
}
