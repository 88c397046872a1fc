//! The bars of several instruments, aligned to common rows. A panel can grow at its end and forget its beginning.

use std::ops::Range;

use super::bars::check_next_time;
use super::symbol_order::SymbolOrder;
use super::{Bars, ClosedBar, Column, Instrument, InstrumentId, PanelError, Rows, Symbol};
use crate::units::{Interval, Timestamp};

/// Rows of bars of one or more instruments: one row for each time at which any instrument has a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    interval: Interval,
    /// Rows before this one are forgotten.
    first_row: usize,
    times: Column<i64>,
    series: Vec<Series>,
    order: SymbolOrder,
}

/// One instrument's columns in a [`Panel`]. A bar that the instrument does not have is NaN in every column.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    instrument: Instrument,
    symbol: Symbol,
    open: Column<f64>,
    high: Column<f64>,
    low: Column<f64>,
    close: Column<f64>,
    volume: Column<f64>,
    marks: Column<f64>,
    /// It has had a bar in every row so far.
    complete: bool,
    /// Rows before this one are forgotten.
    first_row: usize,
    /// Volume of the latest bar that is forgotten.
    forgotten_volume: Option<f64>,
}

/// A column of a [`Series`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// First prices.
    Open,
    /// Highest prices.
    High,
    /// Lowest prices.
    Low,
    /// Last prices.
    Close,
    /// Traded base asset.
    Volume,
    /// Last known prices.
    Mark,
}

/// The smallest price, in quote asset, of bars that are traded. Exact prices are multiples of 1e-12: from here on what rounding takes
/// of a price is no more than a tenth of a basis point, below it costs would be made up of rounding.
pub const PRICE_MIN: f64 = 1e-7;

impl Panel {
    /// Largest number of instruments in one panel: more would be a mistyped file pattern, not a portfolio.
    pub const INSTRUMENTS_MAX: usize = 1_024;

    /// Aligns the bars of `instruments`. Nothing is copied for an instrument that has a bar in every row.
    ///
    /// # Errors
    /// [`PanelError`] when there is nothing to align, the bars do not share an interval and a grid, or a price is below
    /// [`PRICE_MIN`].
    pub fn new(instruments: Vec<(Instrument, Bars)>) -> Result<Self, PanelError> {
        check(&instruments)?;
        let Some((_, first)) = instruments.first() else { return Err(PanelError::Count(0)) };
        let interval = first.interval();
        let times = common_times(&instruments, first);
        check_grid(&instruments, &times, interval)?;
        let series: Vec<Series> = instruments
            .into_iter()
            .map(|(instrument, bars)| Series::aligned(instrument, &bars, &times))
            .collect();
        let order = SymbolOrder::of(series.iter().map(Series::symbol));
        Ok(Self { interval, first_row: 0, times, series, order })
    }

    /// Number of rows that the panel of `instruments` has; none without any. Each instrument that lacks a bar takes memory
    /// for all of them.
    pub fn rows_of(instruments: &[(Instrument, Bars)]) -> usize {
        instruments.first().map_or(0, |(_, first)| common_times(instruments, first).len())
    }

    /// Length of a bar.
    pub const fn interval(&self) -> Interval {
        self.interval
    }

    /// Number of rows, those that are forgotten included.
    pub fn rows(&self) -> usize {
        self.first_row + self.times.len()
    }

    /// The first row that is not forgotten.
    pub const fn first_row(&self) -> usize {
        self.first_row
    }

    /// Open time of each row that is not forgotten, UTC milliseconds, strictly ascending.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// Open times by row, UTC milliseconds.
    pub fn row_times(&self) -> Rows<'_, i64> {
        Rows::new(self.first_row, &self.times)
    }

    /// Open time of `row`; of the last row if there is no such row.
    ///
    /// # Panics
    /// When the row is forgotten.
    pub fn time(&self, row: usize) -> Timestamp {
        let Some(place) = row.checked_sub(self.first_row) else {
            unreachable!("row {row}: known from row {} on", self.first_row);
        };
        let Some(time) = self.times.get(place).or(self.times.last()) else {
            unreachable!("a panel without a row, from row {} on", self.first_row);
        };
        Timestamp::clamped(*time)
    }

    /// Appends a row that opens at `time_ms`, with a bar of each instrument or `None` where one is missing. The columns are the
    /// panel's own from then on.
    ///
    /// # Errors
    /// [`PanelError`] when the row opens before the last one closes, or has what is no bar, or a price below [`PRICE_MIN`]; nothing
    /// is appended then.
    pub fn append(&mut self, time_ms: i64, bars: &[Option<ClosedBar>]) -> Result<(), PanelError> {
        let (found, expected) = (bars.len(), self.series.len());
        if found != expected {
            return Err(PanelError::RowCount { found, expected });
        }
        let (row, last) = (self.rows(), self.times.last().copied());
        check_next_time(self.interval, last, (row, time_ms)).map_err(PanelError::Time)?;
        for (series, bar) in self.series.iter().zip(bars) {
            let checked = bar.map_or(Ok(()), |bar| bar.check(row, time_ms));
            checked.map_err(|error| PanelError::Row {
                symbol: series.instrument.symbol.clone(),
                error,
            })?;
            if let Some(ClosedBar { low, .. }) = bar.filter(|bar| bar.low < PRICE_MIN) {
                let symbol = series.instrument.symbol.clone();
                let time = Timestamp::clamped(time_ms);
                return Err(PanelError::TooSmall { symbol, time, price: low });
            }
        }
        self.times.push(time_ms);
        for (series, bar) in self.series.iter_mut().zip(bars) {
            series.push(*bar);
            series.check_rows(self.times.len());
        }
        Ok(())
    }

    /// Forgets rows before `row`, when they are as many as those that stay: what is kept is at most twice what is needed, and
    /// a row is moved once on average. Rows keep their numbers.
    pub fn forget_before(&mut self, row: usize) {
        // The last row says which can come next.
        let count = row.min(self.rows().saturating_sub(1)).saturating_sub(self.first_row);
        if count < self.times.len() - count {
            return;
        }
        self.first_row += count;
        self.times.forget(count);
        for series in &mut self.series {
            series.forget(count);
            series.check_rows(self.times.len());
        }
    }

    /// The instruments in the order in which they were given.
    pub fn series(&self) -> &[Series] {
        &self.series
    }

    /// The columns of `instrument`.
    ///
    /// # Panics
    /// When the panel has no such instrument.
    pub fn series_of(&self, instrument: InstrumentId) -> &Series {
        let Some(series) = self.series.get(instrument.index()) else {
            unreachable!("instrument {} of {}", instrument.index(), self.series.len());
        };
        series
    }

    /// The numbers of the instruments, in the order of their symbols: what is done one instrument after the other does not depend
    /// on the order in which they were given.
    pub fn instruments(&self) -> impl DoubleEndedIterator<Item = InstrumentId> + Clone + use<'_> {
        self.order.instruments()
    }

    /// Number of instruments whose symbols come before that of `instrument`.
    ///
    /// # Panics
    /// When the panel has no such instrument.
    pub fn rank(&self, instrument: InstrumentId) -> usize {
        self.order.rank(instrument)
    }

    /// The rows in `rows` only; nothing is copied.
    ///
    /// # Panics
    /// When rows are forgotten.
    #[must_use]
    pub fn part(&self, rows: Range<usize>) -> Self {
        assert!(
            self.first_row == 0,
            "a part of a panel whose rows before {} are forgotten",
            self.first_row
        );
        let series = self.series.iter().map(|series| series.part(rows.clone())).collect();
        let (times, order) = (self.times.part(rows), self.order.clone());
        Self { interval: self.interval, first_row: 0, times, series, order }
    }
}

impl Series {
    /// A column by the numbers of its rows.
    pub fn rows(&self, field: Field) -> Rows<'_, f64> {
        let column = match field {
            Field::Open => &self.open,
            Field::High => &self.high,
            Field::Low => &self.low,
            Field::Close => &self.close,
            Field::Volume => &self.volume,
            Field::Mark => &self.marks,
        };
        Rows::new(self.first_row, column)
    }

    /// Volume of the latest bar before `row`; `None` without one.
    pub(crate) fn volume_before(&self, row: usize) -> Option<f64> {
        let known = self.rows(Field::Volume).before(row).iter().copied();
        known.rev().find(|volume| !volume.is_nan()).or(self.forgotten_volume)
    }

    /// Whether it has had a bar in every row so far; of a [part](Panel::part) of a panel, in every row of all of it.
    pub(crate) const fn is_complete(&self) -> bool {
        self.complete
    }

    fn push(&mut self, bar: Option<ClosedBar>) {
        const NONE: f64 = f64::NAN;
        self.complete &= bar.is_some();
        let last = self.marks.last().copied().unwrap_or(NONE);
        let missing = ClosedBar { open: NONE, high: NONE, low: NONE, close: NONE, volume: NONE };
        let ClosedBar { open, high, low, close, volume } = bar.unwrap_or(missing);
        self.open.push(open);
        self.high.push(high);
        self.low.push(low);
        self.close.push(close);
        self.volume.push(volume);
        self.marks.push(if close.is_nan() { last } else { close });
    }

    /// Every column has a value for each of the rows that are kept.
    fn check_rows(&self, rows: usize) {
        let (closes, marks) = (self.close.len(), self.marks.len());
        let symbol = &self.instrument.symbol;
        assert!(
            closes == rows && marks == rows,
            "{symbol}: {closes} closes, {marks} marks, {rows} rows"
        );
    }

    fn forget(&mut self, count: usize) {
        self.forgotten_volume = self.volume_before(self.first_row + count);
        self.first_row += count;
        let Self { open, high, low, close, volume, marks, .. } = self;
        for column in [open, high, low, close, volume, marks] {
            column.forget(count);
        }
    }

    /// The instrument and its trading rules.
    pub const fn instrument(&self) -> &Instrument {
        &self.instrument
    }

    /// What the instrument is called.
    pub const fn symbol(&self) -> &Symbol {
        &self.symbol
    }

    /// First prices, in quote asset.
    pub fn open(&self) -> &[f64] {
        &self.open
    }

    /// Highest prices.
    pub fn high(&self) -> &[f64] {
        &self.high
    }

    /// Lowest prices.
    pub fn low(&self) -> &[f64] {
        &self.low
    }

    /// Last prices.
    pub fn close(&self) -> &[f64] {
        &self.close
    }

    /// Traded base asset.
    pub fn volume(&self) -> &[f64] {
        &self.volume
    }

    /// Last known closing price at each row: where a bar is missing, the last close carries forward. NaN before
    /// the instrument's first bar.
    pub fn marks(&self) -> &[f64] {
        &self.marks
    }

    fn part(&self, rows: Range<usize>) -> Self {
        Self {
            instrument: self.instrument.clone(),
            symbol: self.symbol.clone(),
            open: self.open.part(rows.clone()),
            high: self.high.part(rows.clone()),
            low: self.low.part(rows.clone()),
            close: self.close.part(rows.clone()),
            volume: self.volume.part(rows.clone()),
            marks: self.marks.part(rows),
            complete: self.complete,
            first_row: 0,
            forgotten_volume: None,
        }
    }

    fn aligned(instrument: Instrument, bars: &Bars, times: &Column<i64>) -> Self {
        let symbol = Symbol::from(instrument.symbol.as_str());
        if bars.columns.time.len() == times.len() {
            return Self {
                instrument,
                symbol,
                open: bars.columns.open.clone(),
                high: bars.columns.high.clone(),
                low: bars.columns.low.clone(),
                close: bars.columns.close.clone(),
                volume: bars.columns.volume.clone(),
                marks: bars.columns.close.clone(),
                complete: true,
                first_row: 0,
                forgotten_volume: None,
            };
        }
        let spread = |column: &Column<f64>| spread_out(&bars.columns.time, column, times);
        let close = spread(&bars.columns.close);
        let marks = carried_forward(&close);
        Self {
            instrument,
            symbol,
            open: spread(&bars.columns.open).into(),
            high: spread(&bars.columns.high).into(),
            low: spread(&bars.columns.low).into(),
            close: close.into(),
            volume: spread(&bars.columns.volume).into(),
            marks: marks.into(),
            complete: false,
            first_row: 0,
            forgotten_volume: None,
        }
    }
}

fn check(instruments: &[(Instrument, Bars)]) -> Result<(), PanelError> {
    if !(1..=Panel::INSTRUMENTS_MAX).contains(&instruments.len()) {
        return Err(PanelError::Count(instruments.len()));
    }
    let Some((first, first_bars)) = instruments.first() else { return Err(PanelError::Count(0)) };
    for (place, (instrument, bars)) in instruments.iter().enumerate() {
        let symbol = &instrument.symbol;
        if bars.is_empty() {
            return Err(PanelError::Empty(symbol.clone()));
        }
        if instruments.iter().take(place).any(|(earlier, _)| earlier.symbol == *symbol) {
            return Err(PanelError::Duplicate(symbol.clone()));
        }
        if bars.interval() != first_bars.interval() {
            return Err(PanelError::Interval {
                symbol: symbol.clone(),
                found: bars.interval(),
                first: first.symbol.clone(),
                expected: first_bars.interval(),
            });
        }
        if let Some(row) = bars.low().iter().position(|low| *low < PRICE_MIN) {
            let (time, price) = (bars.times().get(row).copied(), bars.low().get(row).copied());
            return Err(PanelError::TooSmall {
                symbol: symbol.clone(),
                time: Timestamp::clamped(time.unwrap_or_default()),
                price: price.unwrap_or_default(),
            });
        }
    }
    Ok(())
}

/// No row opens before the one before it is over.
fn check_grid(
    instruments: &[(Instrument, Bars)],
    times: &[i64],
    interval: Interval,
) -> Result<(), PanelError> {
    let mut pairs = times.iter().zip(times.iter().skip(1));
    let overlap = pairs.find(|(earlier, later)| *later - *earlier < interval.as_ms());
    let Some((earlier, later)) = overlap else { return Ok(()) };
    let with_bar = |time: &i64| {
        let mut having = instruments.iter().filter(|(_, bars)| bars.times().contains(time));
        having.next().map(|(instrument, _)| instrument.symbol.clone()).unwrap_or_default()
    };
    Err(PanelError::Grid {
        earlier: with_bar(earlier),
        earlier_time: Timestamp::clamped(*earlier),
        later: with_bar(later),
        later_time: Timestamp::clamped(*later),
        interval,
    })
}

/// The times of the rows; nothing is copied when all instruments have those of the `first`.
fn common_times(instruments: &[(Instrument, Bars)], first: &Bars) -> Column<i64> {
    if instruments.iter().all(|(_, bars)| bars.columns.time == first.columns.time) {
        return first.columns.time.clone();
    }
    merged_times(instruments)
}

/// Every time at which any instrument has a bar, ascending.
fn merged_times(instruments: &[(Instrument, Bars)]) -> Column<i64> {
    let mut times: Vec<i64> =
        instruments.iter().flat_map(|(_, bars)| bars.times().iter().copied()).collect();
    times.sort_unstable();
    times.dedup();
    times.into()
}

/// `values` at `own_times`, spread over `times`, with NaN where there is none. `own_times` is a subset of `times`.
fn spread_out(own_times: &[i64], values: &[f64], times: &[i64]) -> Vec<f64> {
    let mut own = own_times.iter().zip(values).peekable();
    let spread = times
        .iter()
        .map(|time| match own.next_if(|(own_time, _)| *own_time == time) {
            Some((_, value)) => *value,
            None => f64::NAN,
        })
        .collect();
    let left = own.next();
    assert!(left.is_none(), "{left:?}: a bar at a time that no row has");
    spread
}

fn carried_forward(close: &[f64]) -> Vec<f64> {
    let mut last = f64::NAN;
    close
        .iter()
        .map(|&close| {
            if !close.is_nan() {
                last = close;
            }
            last
        })
        .collect()
}

#[cfg(test)]
mod tests;
