//! One closed bar, as a strategy sees it.

use crate::{Candle, Columns, Window, diagnostics};
use std::fmt;

/// One closed bar of one instrument.
///
/// Prices are in the quote asset, volumes in the base asset, times in milliseconds since
/// 1970-01-01T00:00:00Z. Only the columns in the strategy's `READS` are there; asking for another
/// one panics and names the column to add. A bar shows its own row only: there is no way from it to
/// a later one.
///
/// ```
/// use ct_sdk::prelude::*;
///
/// fn body(bar: &Bar<'_>) -> f64 {
///     bar.close() - bar.open()
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Bar<'a> {
    window: &'a Window<'a>,
    row: usize,
    index: usize,
}

impl<'a> Bar<'a> {
    /// The bar at `row` of the window whose prices stand at `index` of the columns.
    #[inline]
    pub(crate) fn new(window: &'a Window<'a>, row: usize, index: usize) -> Self {
        Self { window, row, index }
    }

    /// Open time of the bar. The bar is known one interval later.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::TIME`].
    #[inline]
    pub fn time(&self) -> i64 {
        read(self.window.times, self.row, Columns::TIME)
    }

    /// First price.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::OPEN`].
    #[inline]
    pub fn open(&self) -> f64 {
        read(self.window.open, self.index, Columns::OPEN)
    }

    /// Highest price.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::HIGH`].
    #[inline]
    pub fn high(&self) -> f64 {
        read(self.window.high, self.index, Columns::HIGH)
    }

    /// Lowest price.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::LOW`].
    #[inline]
    pub fn low(&self) -> f64 {
        read(self.window.low, self.index, Columns::LOW)
    }

    /// Last price.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::CLOSE`].
    #[inline]
    pub fn close(&self) -> f64 {
        read(self.window.close, self.index, Columns::CLOSE)
    }

    /// Traded amount of the base asset.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::VOLUME`].
    #[inline]
    pub fn volume(&self) -> f64 {
        read(self.window.volume, self.index, Columns::VOLUME)
    }

    /// The bar as a value of its own.
    ///
    /// # Panics
    /// When `READS` is not [`Columns::ALL`].
    #[inline]
    pub fn candle(&self) -> Candle {
        Candle {
            time: self.time(),
            open: self.open(),
            high: self.high(),
            low: self.low(),
            close: self.close(),
            volume: self.volume(),
        }
    }

    /// Absolute number of the row: 0 for the first bar of the run.
    #[inline]
    pub fn row(&self) -> u64 {
        self.window.first_row + self.row as u64
    }

    /// Adds one point to a named series at this row. The host caps the number of points and drops
    /// what exceeds it.
    pub fn plot(&self, series: &str, value: f64) {
        diagnostics::plot(series, self.row(), value);
    }
}

impl fmt::Debug for Bar<'_> {
    /// Prints this row only: the derived form would show the rows after it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Bar")
            .field("row", &self.row())
            .field("time", &self.window.times.get(self.row))
            .field("open", &self.window.open.get(self.index))
            .field("high", &self.window.high.get(self.index))
            .field("low", &self.window.low.get(self.index))
            .field("close", &self.window.close.get(self.index))
            .field("volume", &self.window.volume.get(self.index))
            .finish()
    }
}

#[inline]
fn read<T: Copy>(values: &[T], index: usize, column: Columns) -> T {
    match values.get(index) {
        Some(value) => *value,
        None => not_read(column),
    }
}

#[cold]
#[inline(never)]
#[expect(
    clippy::panic,
    reason = "reading an undeclared column is a mistake in the strategy's code"
)]
fn not_read(column: Columns) -> ! {
    panic!("the strategy read a column that it did not ask for: add Columns::{column:?} to READS")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window<'static> {
        Window {
            first_row: 7,
            rows: 2,
            times: &[60_000, 120_000],
            open: &[1.0, 2.0],
            high: &[3.0, 4.0],
            low: &[0.5, 1.5],
            close: &[2.5, 3.5],
            volume: &[10.0, 20.0],
        }
    }

    #[test]
    fn reads_its_own_row() {
        let window = window();
        let bar = Bar::new(&window, 1, 1);
        let expected =
            Candle { time: 120_000, open: 2.0, high: 4.0, low: 1.5, close: 3.5, volume: 20.0 };
        assert_eq!(bar.candle(), expected);
        assert_eq!(bar.row(), 8);
    }

    #[test]
    fn debug_shows_nothing_of_later_rows() {
        let window = window();
        let text = format!("{:?}", Bar::new(&window, 0, 0));
        assert!(text.contains("Some(2.5)"), "{text}");
        assert!(!text.contains("3.5"), "{text}");
    }

    #[test]
    #[should_panic(expected = "add Columns::CLOSE to READS")]
    fn names_the_column_that_is_missing_from_reads() {
        let window = window().narrowed(Columns::OPEN, 1);
        Bar::new(&window, 0, 0).close();
    }
}
