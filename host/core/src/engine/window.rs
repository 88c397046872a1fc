//! The closed rows that a strategy is given at once.

use std::ops::Range;

use super::Columns;
use super::tape::part;
use crate::market::{Field, Panel};

/// Consecutive closed rows, as columns. With N instruments a column holds N blocks of `rows` values, one block per
/// instrument. A missing bar is NaN; a column that was not asked for is empty.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Absolute number of the first row.
    pub first_row: usize,
    /// Number of rows, at least 1.
    pub rows: usize,
    /// Open time of each row, UTC milliseconds.
    pub times: &'a [i64],
    /// First prices.
    pub open: &'a [f64],
    /// Highest prices.
    pub high: &'a [f64],
    /// Lowest prices.
    pub low: &'a [f64],
    /// Last prices.
    pub close: &'a [f64],
    /// Traded base asset.
    pub volume: &'a [f64],
}

/// Cuts windows out of a panel. One instrument's columns are borrowed; those of several are joined here.
#[derive(Debug, Default)]
pub(super) struct WindowCutter {
    joined: [Vec<f64>; 5],
}

impl WindowCutter {
    /// The window of `rows` with the wanted `columns` of `instruments`.
    pub(super) fn cut<'a>(
        &'a mut self,
        panel: &'a Panel,
        instruments: &Range<usize>,
        columns: Columns,
        rows: Range<usize>,
    ) -> Window<'a> {
        const FIELDS: [(Columns, Field); 5] = [
            (Columns::OPEN, Field::Open),
            (Columns::HIGH, Field::High),
            (Columns::LOW, Field::Low),
            (Columns::CLOSE, Field::Close),
            (Columns::VOLUME, Field::Volume),
        ];
        let series = part(panel.series(), instruments.clone());
        let mut slices: [&[f64]; 5] = [&[]; 5];
        let wanted = slices.iter_mut().zip(&mut self.joined).zip(FIELDS);
        for ((slice, joined), (column, field)) in wanted {
            if !columns.contains(column) {
                continue;
            }
            *slice = if let [only] = series {
                only.rows(field).of(rows.clone())
            } else {
                joined.clear();
                for series in series {
                    joined.extend(series.rows(field).of(rows.clone()));
                }
                joined
            };
        }
        let [open, high, low, close, volume] = slices;
        let times =
            if columns.contains(Columns::TIME) { panel.row_times().of(rows.clone()) } else { &[] };
        Window { first_row: rows.start, rows: rows.len(), times, open, high, low, close, volume }
    }
}

#[cfg(test)]
mod tests;
