//! Rows that are looked at but not owned, and single bars of them.

use serde::{Deserialize, Serialize};

use crate::raw_columns;
use ct_core::market::{Bars, RawColumns};

/// Rows of bars, sound or not, as borrowed columns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rows<'a> {
    /// Open time of each row, UTC milliseconds.
    pub time: &'a [i64],
    /// First prices.
    pub open: &'a [f64],
    /// Highest prices.
    pub high: &'a [f64],
    /// Lowest prices.
    pub low: &'a [f64],
    /// Last prices.
    pub close: &'a [f64],
    /// Volumes in the base asset.
    pub volume: &'a [f64],
}

impl<'a> From<&'a RawColumns> for Rows<'a> {
    fn from(columns: &'a RawColumns) -> Self {
        let RawColumns { time, open, high, low, close, volume } = columns;
        Self { time, open, high, low, close, volume }
    }
}

impl<'a> From<&'a Bars> for Rows<'a> {
    fn from(bars: &'a Bars) -> Self {
        Self {
            time: bars.times(),
            open: bars.open(),
            high: bars.high(),
            low: bars.low(),
            close: bars.close(),
            volume: bars.volume(),
        }
    }
}

/// The values of one bar.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BarValues {
    /// First price.
    #[serde(with = "crate::json_numbers::value")]
    pub open: f64,
    /// Highest price.
    #[serde(with = "crate::json_numbers::value")]
    pub high: f64,
    /// Lowest price.
    #[serde(with = "crate::json_numbers::value")]
    pub low: f64,
    /// Last price.
    #[serde(with = "crate::json_numbers::value")]
    pub close: f64,
    /// Volume in the base asset.
    #[serde(with = "crate::json_numbers::value")]
    pub volume: f64,
}

impl BarValues {
    /// The five values in the order of a file.
    pub const fn values(&self) -> [f64; 5] {
        [self.open, self.high, self.low, self.close, self.volume]
    }

    /// The values with the names of their columns.
    pub(super) const fn named(&self) -> [(&'static str, f64); 5] {
        let Self { open, high, low, close, volume } = *self;
        [("open", open), ("high", high), ("low", low), ("close", close), ("volume", volume)]
    }

    /// Whether both bars are the same, bit for bit: NaN equals itself.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.values().map(f64::to_bits) == other.values().map(f64::to_bits)
    }
}

impl<'a> Rows<'a> {
    /// Number of rows: that of the shortest column.
    pub fn len(&self) -> usize {
        self.values().into_iter().map(<[f64]>::len).fold(self.time.len(), usize::min)
    }

    /// True without any row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows from `start` up to `end`, cut to what there is.
    #[must_use]
    pub(super) fn part(&self, start: usize, end: usize) -> Self {
        fn cut<T>(values: &[T], start: usize, end: usize) -> &[T] {
            values.get(start..end.min(values.len())).unwrap_or_default()
        }
        Self {
            time: cut(self.time, start, end),
            open: cut(self.open, start, end),
            high: cut(self.high, start, end),
            low: cut(self.low, start, end),
            close: cut(self.close, start, end),
            volume: cut(self.volume, start, end),
        }
    }

    /// The values of `row`; NaN where there is none.
    pub(crate) fn bar(&self, row: usize) -> BarValues {
        let at = |values: &[f64]| values.get(row).copied().unwrap_or(f64::NAN);
        BarValues {
            open: at(self.open),
            high: at(self.high),
            low: at(self.low),
            close: at(self.close),
            volume: at(self.volume),
        }
    }

    /// Open time of `row`, UTC milliseconds; 0 where there is none.
    pub(crate) fn time_ms(&self, row: usize) -> i64 {
        self.time.get(row).copied().unwrap_or_default()
    }

    /// The bars one by one.
    pub(super) fn bars(&self) -> impl Iterator<Item = BarValues> + 'a {
        let bar = |[open, high, low, close, volume]: [f64; 5]| BarValues {
            open,
            high,
            low,
            close,
            volume,
        };
        raw_columns::rows(self.values()).map(bar)
    }

    /// Every column but the time.
    pub(crate) const fn values(&self) -> [&'a [f64]; 5] {
        [self.open, self.high, self.low, self.close, self.volume]
    }
}

/// `rows` of `all`, in that order.
pub(super) fn gathered(all: &Rows<'_>, rows: &[usize]) -> RawColumns {
    raw_columns::picked(all.time, all.values(), rows)
}
