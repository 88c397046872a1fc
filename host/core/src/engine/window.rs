//! The closed rows that a strategy is given at once.

use std::ops::Range;

use super::Columns;
use super::tape::values;
use crate::market::{Panel, Series};

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
        const PRICES: [Columns; 5] =
            [Columns::OPEN, Columns::HIGH, Columns::LOW, Columns::CLOSE, Columns::VOLUME];
        let series = values(panel.series(), instruments.clone());
        let mut slices: [&[f64]; 5] = [&[]; 5];
        for ((slice, joined), column) in slices.iter_mut().zip(&mut self.joined).zip(PRICES) {
            if !columns.contains(column) {
                continue;
            }
            *slice = if let [only] = series {
                values(only.column(column), rows.clone())
            } else {
                joined.clear();
                for series in series {
                    joined.extend(values(series.column(column), rows.clone()));
                }
                joined
            };
        }
        let [open, high, low, close, volume] = slices;
        let times =
            if columns.contains(Columns::TIME) { values(panel.times(), rows.clone()) } else { &[] };
        Window { first_row: rows.start, rows: rows.len(), times, open, high, low, close, volume }
    }
}

impl Series {
    /// One price column; volume for any other set.
    fn column(&self, column: Columns) -> &[f64] {
        match column {
            Columns::OPEN => self.open(),
            Columns::HIGH => self.high(),
            Columns::LOW => self.low(),
            Columns::CLOSE => self.close(),
            _ => self.volume(),
        }
    }
}
