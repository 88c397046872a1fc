//! The rows that the host hands over in one call, as borrowed columns.

use crate::Columns;

/// Consecutive closed bars of one or more instruments, as the host hands them over.
///
/// With `n` instruments a column holds `n` blocks of `rows` values, one block per instrument. A bar
/// that an instrument does not have is NaN in every column. A column that the strategy does not
/// read is empty. Strategies never see a window, only its bars one by one, so they cannot look
/// ahead.
#[derive(Debug, Clone, Copy, Default)]
pub struct Window<'a> {
    /// Absolute number of the first row: 0 for the first bar of the run.
    pub first_row: u64,
    /// Number of rows, at least 1.
    pub rows: u32,
    /// Open time of each row, in milliseconds since 1970-01-01T00:00:00Z.
    pub times: &'a [i64],
    /// First price of each bar, in the quote asset.
    pub open: &'a [f64],
    /// Highest price of each bar, in the quote asset.
    pub high: &'a [f64],
    /// Lowest price of each bar, in the quote asset.
    pub low: &'a [f64],
    /// Last price of each bar, in the quote asset.
    pub close: &'a [f64],
    /// Traded amount of each bar, in the base asset.
    pub volume: &'a [f64],
}

impl<'a> Window<'a> {
    /// The same window with every read column cut to its exact length and every other column empty.
    ///
    /// The exact lengths let the compiler drop the bounds checks of the loop over the rows.
    ///
    /// # Panics
    /// When a column that the strategy reads is shorter than the window says, which is a fault of
    /// the host.
    #[inline]
    pub(crate) fn narrowed(&self, reads: Columns, instruments: usize) -> Self {
        let rows = self.rows as usize;
        let values = rows * instruments;
        Self {
            first_row: self.first_row,
            rows: self.rows,
            times: cut(self.times, reads, Columns::TIME, rows),
            open: cut(self.open, reads, Columns::OPEN, values),
            high: cut(self.high, reads, Columns::HIGH, values),
            low: cut(self.low, reads, Columns::LOW, values),
            close: cut(self.close, reads, Columns::CLOSE, values),
            volume: cut(self.volume, reads, Columns::VOLUME, values),
        }
    }

    /// The column that tells whether a bar is there: the first one that is read. Empty when only
    /// times are read.
    #[inline]
    pub(crate) fn presence(&self, reads: Columns) -> &'a [f64] {
        let columns = [
            (Columns::OPEN, self.open),
            (Columns::HIGH, self.high),
            (Columns::LOW, self.low),
            (Columns::CLOSE, self.close),
            (Columns::VOLUME, self.volume),
        ];
        let first = columns.into_iter().find(|(column, _)| reads.contains(*column));
        first.map_or(&[], |(_, values)| values)
    }
}

/// Whether the bar at `index` of a [`Window::presence`] column is missing.
#[inline]
pub(crate) fn is_missing(presence: &[f64], index: usize) -> bool {
    presence.get(index).is_some_and(|value| value.is_nan())
}

#[inline]
fn cut<T>(values: &[T], reads: Columns, column: Columns, length: usize) -> &[T] {
    if !reads.contains(column) {
        return &[];
    }
    match values.get(..length) {
        Some(values) => values,
        None => too_short(values.len(), length),
    }
}

#[cold]
#[inline(never)]
#[expect(clippy::panic, reason = "the host broke the contract and no decision can be right")]
fn too_short(found: usize, due: usize) -> ! {
    panic!("the host gave {found} values of a column where {due} were due")
}
