//! The bars of one instrument, as columns.

use std::ops::Range;

use super::Column;
use crate::units::{Interval, Timestamp};

/// Columns of bars before they are checked; all of one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawColumns {
    /// Open time of each bar, UTC milliseconds.
    pub time: Vec<i64>,
    /// First price, in quote asset.
    pub open: Vec<f64>,
    /// Highest price.
    pub high: Vec<f64>,
    /// Lowest price.
    pub low: Vec<f64>,
    /// Last price.
    pub close: Vec<f64>,
    /// Traded base asset.
    pub volume: Vec<f64>,
}

/// Columns of bars that are shared rather than owned; all of one length.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// Open time of each bar, UTC milliseconds.
    pub time: Column<i64>,
    /// First price, in quote asset.
    pub open: Column<f64>,
    /// Highest price.
    pub high: Column<f64>,
    /// Lowest price.
    pub low: Column<f64>,
    /// Last price.
    pub close: Column<f64>,
    /// Traded base asset.
    pub volume: Column<f64>,
}

impl From<RawColumns> for Columns {
    fn from(raw: RawColumns) -> Self {
        Self {
            time: raw.time.into(),
            open: raw.open.into(),
            high: raw.high.into(),
            low: raw.low.into(),
            close: raw.close.into(),
            volume: raw.volume.into(),
        }
    }
}

/// Checked bars of one interval: times ascend strictly and are at least an interval apart, prices are finite and positive, each bar's low and high
/// enclose its open and close, volumes are finite and not negative. Bars may be missing.
///
/// ```
/// use ct_core::market::{Bars, RawColumns};
/// let bars = Bars::new("1h".parse()?, RawColumns {
///     time: vec![0, 3_600_000],
///     open: vec![10.0, 11.0],
///     high: vec![12.0, 11.5],
///     low: vec![9.0, 10.5],
///     close: vec![11.0, 11.0],
///     volume: vec![5.0, 0.0],
/// })?;
/// assert_eq!(bars.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    interval: Interval,
    pub(super) columns: Columns,
}

/// Why columns are no bars.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BarsError {
    /// Columns of different lengths.
    #[error("column '{column}' has {found} values, but there are {expected} times")]
    Length {
        /// The column's name.
        column: &'static str,
        /// Its length.
        found: usize,
        /// The number of times.
        expected: usize,
    },
    /// Times that do not ascend.
    #[error(
        "row {row} ({time}) is not later than the row before: expected strictly ascending times"
    )]
    Order {
        /// Row, from 0.
        row: usize,
        /// Its time.
        time: Timestamp,
    },
    /// Bars that overlap.
    #[error(
        "row {row} ({time}) opens {found_ms} ms after the row before, but bars of {interval} take longer: expected an \
         interval no longer than the distance of the rows"
    )]
    Overlap {
        /// Row, from 0.
        row: usize,
        /// Its time.
        time: Timestamp,
        /// Distance to the row before, in milliseconds.
        found_ms: i64,
        /// The interval.
        interval: Interval,
    },
    /// A time before 1970 or after 9999.
    #[error(
        "row {row} has the time {ms} ms: expected milliseconds since 1970, up to the year 9999"
    )]
    Time {
        /// Row, from 0.
        row: usize,
        /// The time found.
        ms: i64,
    },
    /// Prices that are no prices.
    #[error(
        "row {row} ({time}): open {open}, high {high}, low {low}, close {close}: \
         expected 0 < low <= open, close <= high"
    )]
    Price {
        /// Row, from 0.
        row: usize,
        /// Its time.
        time: Timestamp,
        /// The values found.
        open: f64,
        /// The values found.
        high: f64,
        /// The values found.
        low: f64,
        /// The values found.
        close: f64,
    },
    /// A volume that is none.
    #[error("row {row} ({time}): volume {volume}: expected a finite number of 0 or more")]
    Volume {
        /// Row, from 0.
        row: usize,
        /// Its time.
        time: Timestamp,
        /// The value found.
        volume: f64,
    },
}

impl Bars {
    /// Takes over `columns` if they are sound.
    ///
    /// # Errors
    /// The first [`BarsError`] found.
    pub fn new(interval: Interval, columns: impl Into<Columns>) -> Result<Self, BarsError> {
        let columns = columns.into();
        check_lengths(&columns)?;
        check_times(&columns.time)?;
        check_spacing(&columns.time, interval)?;
        check_prices(&columns)?;
        check_volumes(&columns)?;
        Ok(Self { interval, columns })
    }

    /// Bars of columns that [`Bars::new`] has accepted before, as a checksum over them tells: nothing is read, so that a
    /// mapped file of any size opens at once. For stores alone: whoever has no such checksum calls [`Bars::new`], because the
    /// engine relies on sound bars.
    pub const fn checked_before(interval: Interval, columns: Columns) -> Self {
        Self { interval, columns }
    }

    /// Length of a bar.
    pub const fn interval(&self) -> Interval {
        self.interval
    }

    /// Number of bars.
    pub fn len(&self) -> usize {
        self.columns.time.len()
    }

    /// True without any bar.
    pub fn is_empty(&self) -> bool {
        self.columns.time.is_empty()
    }

    /// Open times, UTC milliseconds.
    pub fn times(&self) -> &[i64] {
        &self.columns.time
    }

    /// First prices, in quote asset.
    pub fn open(&self) -> &[f64] {
        &self.columns.open
    }

    /// Highest prices, in quote asset.
    pub fn high(&self) -> &[f64] {
        &self.columns.high
    }

    /// Lowest prices, in quote asset.
    pub fn low(&self) -> &[f64] {
        &self.columns.low
    }

    /// Closing prices, in quote asset.
    pub fn close(&self) -> &[f64] {
        &self.columns.close
    }

    /// Traded base asset.
    pub fn volume(&self) -> &[f64] {
        &self.columns.volume
    }

    /// The same bars as columns of one's own, which can be changed.
    pub fn to_raw(&self) -> RawColumns {
        RawColumns {
            time: self.times().to_vec(),
            open: self.open().to_vec(),
            high: self.high().to_vec(),
            low: self.low().to_vec(),
            close: self.close().to_vec(),
            volume: self.volume().to_vec(),
        }
    }

    /// The bars that open in `from <= time < to`; nothing is copied.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Self {
        let start = self.times().partition_point(|&time| time < from.as_ms());
        let end = self.times().partition_point(|&time| time < to.as_ms());
        self.rows(start..end)
    }

    /// The bars in `rows`; nothing is copied.
    #[must_use]
    pub fn rows(&self, rows: Range<usize>) -> Self {
        let columns = Columns {
            time: self.columns.time.part(rows.clone()),
            open: self.columns.open.part(rows.clone()),
            high: self.columns.high.part(rows.clone()),
            low: self.columns.low.part(rows.clone()),
            close: self.columns.close.part(rows.clone()),
            volume: self.columns.volume.part(rows),
        };
        Self { interval: self.interval, columns }
    }
}

impl Bars {
    /// Appends a bar that opens at `time_ms`, which has been checked.
    pub(super) fn push(&mut self, time_ms: i64, bar: ClosedBar) {
        let ClosedBar { open, high, low, close, volume } = bar;
        self.columns.time.push(time_ms);
        self.columns.open.push(open);
        self.columns.high.push(high);
        self.columns.low.push(low);
        self.columns.close.push(close);
        self.columns.volume.push(volume);
    }

    /// Forgets bars that open before `time_ms`, but not the last one, when they are as many as those that stay.
    pub(super) fn forget_before(&mut self, time_ms: i64) {
        let before = self.times().partition_point(|&time| time < time_ms);
        let count = before.min(self.len().saturating_sub(1));
        if count == 0 || count < self.len() - count {
            return;
        }
        let Columns { time, open, high, low, close, volume } = &mut self.columns;
        time.forget(count);
        for column in [open, high, low, close, volume] {
            column.forget(count);
        }
    }
}

/// What one instrument did between the open and the close of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosedBar {
    /// First price, in quote asset.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Traded base asset.
    pub volume: f64,
}

impl ClosedBar {
    /// Looks whether it is a bar, of `row` which opens at `time_ms`.
    pub(super) fn check(self, row: usize, time_ms: i64) -> Result<(), BarsError> {
        let Self { open, high, low, close, volume } = self;
        let time = Timestamp::clamped(time_ms);
        if !is_price_bar(open, high, low, close) {
            return Err(BarsError::Price { row, time, open, high, low, close });
        }
        if !is_volume(volume) {
            return Err(BarsError::Volume { row, time, volume });
        }
        Ok(())
    }
}

/// Looks whether `row`, which opens at `time_ms`, can follow one that opens at `last`.
pub(super) fn check_next_time(
    interval: Interval,
    last: Option<i64>,
    (row, ms): (usize, i64),
) -> Result<(), BarsError> {
    let time = Timestamp::from_ms(ms).map_err(|_| BarsError::Time { row, ms })?;
    match last.map(|last| ms - last) {
        Some(..=0) => Err(BarsError::Order { row, time }),
        Some(found_ms) if found_ms < interval.as_ms() => {
            Err(BarsError::Overlap { row, time, found_ms, interval })
        }
        _ => Ok(()),
    }
}

fn is_price_bar(open: f64, high: f64, low: f64, close: f64) -> bool {
    low > 0.0 && low <= open && low <= close && open <= high && close <= high && high <= f64::MAX
}

fn is_volume(volume: f64) -> bool {
    (0.0..=f64::MAX).contains(&volume)
}

fn check_lengths(columns: &Columns) -> Result<(), BarsError> {
    let expected = columns.time.len();
    for (column, found) in [
        ("open", columns.open.len()),
        ("high", columns.high.len()),
        ("low", columns.low.len()),
        ("close", columns.close.len()),
        ("volume", columns.volume.len()),
    ] {
        if found != expected {
            return Err(BarsError::Length { column, found, expected });
        }
    }
    Ok(())
}

fn check_times(times: &[i64]) -> Result<(), BarsError> {
    for (row, ends) in [(0, times.first()), (times.len().saturating_sub(1), times.last())] {
        if let Some(&ms) = ends {
            Timestamp::from_ms(ms).map_err(|_| BarsError::Time { row, ms })?;
        }
    }
    match first_unsound(pairs(times), |(earlier, later)| earlier < later) {
        Some((row, _)) => Err(BarsError::Order { row: row + 1, time: time_at(times, row + 1) }),
        None => Ok(()),
    }
}

/// A bar is known when it closes, so the next one cannot open before.
fn check_spacing(times: &[i64], interval: Interval) -> Result<(), BarsError> {
    let interval_ms = interval.as_ms();
    match first_unsound(pairs(times), |(earlier, later)| *later - *earlier >= interval_ms) {
        Some((row, (earlier, later))) => {
            let (row, found_ms) = (row + 1, later - earlier);
            Err(BarsError::Overlap { row, time: time_at(times, row), found_ms, interval })
        }
        None => Ok(()),
    }
}

fn check_prices(columns: &Columns) -> Result<(), BarsError> {
    let prices = columns.open.iter().zip(&*columns.high).zip(&*columns.low).zip(&*columns.close);
    let is_sound = |(((open, high), low), close): &(((&f64, &f64), &f64), &f64)| {
        is_price_bar(**open, **high, **low, **close)
    };
    match first_unsound(prices, is_sound) {
        Some((row, (((&open, &high), &low), &close))) => {
            let time = time_at(&columns.time, row);
            Err(BarsError::Price { row, time, open, high, low, close })
        }
        None => Ok(()),
    }
}

fn check_volumes(columns: &Columns) -> Result<(), BarsError> {
    match first_unsound(columns.volume.iter(), |volume| is_volume(**volume)) {
        Some((row, &volume)) => {
            Err(BarsError::Volume { row, time: time_at(&columns.time, row), volume })
        }
        None => Ok(()),
    }
}

/// Every time with the next one.
fn pairs(times: &[i64]) -> impl Iterator<Item = (i64, i64)> + Clone {
    times.iter().copied().zip(times.get(1..).unwrap_or_default().iter().copied())
}

/// The first of `items` that is not sound, with its row. Nearly always there is none: that is found out without a branch for each,
/// several at a time.
fn first_unsound<T>(
    items: impl Iterator<Item = T> + Clone,
    is_sound: impl Fn(&T) -> bool,
) -> Option<(usize, T)> {
    if items.clone().fold(true, |all, item| all & is_sound(&item)) {
        return None;
    }
    items.enumerate().find(|(_, item)| !is_sound(item))
}

fn time_at(times: &[i64], row: usize) -> Timestamp {
    Timestamp::clamped(times.get(row).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> RawColumns {
        RawColumns {
            time: vec![0, 1_000, 3_000],
            open: vec![10.0, 11.0, 12.0],
            high: vec![11.0, 12.0, 13.0],
            low: vec![9.0, 10.0, 11.0],
            close: vec![10.5, 11.5, 12.5],
            volume: vec![0.0, 1.0, 2.0],
        }
    }

    #[test]
    fn every_defect_is_named_with_its_row() {
        type Defect = (fn(&mut RawColumns), &'static str);
        let second = "1s".parse().unwrap();
        assert!(Bars::new(second, columns()).is_ok());
        let defects: [Defect; 9] = [
            (|raw| raw.time[1] = 999, "row 1 (1970-01-01T00:00:00.999Z) opens 999 ms after"),
            (|raw| raw.time[2] = 1_000, "row 2"),
            (|raw| raw.time[0] = -5, "-5 ms"),
            (|raw| raw.high[1] = 10.9, "row 1"),
            (|raw| raw.low[0] = 0.0, "row 0"),
            (|raw| raw.close[2] = f64::NAN, "row 2"),
            (|raw| raw.high[2] = f64::INFINITY, "row 2"),
            (|raw| raw.volume[1] = -1.0, "volume -1"),
            (|raw| raw.low.push(1.0), "'low' has 4"),
        ];
        for (spoil, expected) in defects {
            let mut raw = columns();
            spoil(&mut raw);
            let error = Bars::new(second, raw).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_period_includes_its_start_and_excludes_its_end() {
        let bars = Bars::new("1s".parse().unwrap(), columns()).unwrap();
        let time = |ms| Timestamp::from_ms(ms).unwrap();
        assert_eq!(bars.between(time(1_000), time(3_000)).times(), [1_000]);
        assert_eq!(bars.between(time(1), time(9_000)).times(), [1_000, 3_000]);
    }
}
