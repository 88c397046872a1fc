//! The prices and settings of a run, and questions about them. Nothing here remembers or changes anything.

use std::ops::Range;

use crate::market::{Bars, Field, Instrument, InstrumentId, Panel, Series, Symbol};
use crate::settings::Settings;
use crate::units::{CalendarPeriod, Price, Quantity, Timestamp};

/// The prices and settings of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tape<'a> {
    pub(super) panel: &'a Panel,
    /// Finer bars of each instrument, where there are any.
    pub(super) finer: &'a [Option<Bars>],
    pub(super) setup: &'a Settings,
}

/// One instrument in one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) row: usize,
    pub(super) instrument: InstrumentId,
}

/// Where in its bar something trades, as far as its time tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FillTime {
    /// At the open, or somewhere after it: its time is the bar's open time.
    Open,
    /// At the close: its time is the end of the bar.
    Close,
}

/// Where on the way of the price in a row something trades. The way has pieces, numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// At the open of a piece; of the first one, at that of the row.
    Start(usize),
    /// Inside a piece, when the price first came there.
    Inside(usize),
    /// At the close of the row.
    End,
}

impl<'a> Tape<'a> {
    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.panel.rows()
    }

    /// The instruments, in the order of their symbols.
    pub(super) fn instruments(&self) -> impl DoubleEndedIterator<Item = InstrumentId> + use<'a> {
        self.panel.instruments()
    }

    /// The columns of `instrument`.
    pub(super) fn series(&self, instrument: InstrumentId) -> &'a Series {
        let series = self.panel.series();
        let Some(found) = series.get(instrument.index()) else {
            unreachable!("instrument {} of {}", instrument.index(), series.len());
        };
        found
    }

    /// The trading rules of `instrument`.
    pub(super) fn instrument(&self, instrument: InstrumentId) -> &'a Instrument {
        self.series(instrument).instrument()
    }

    /// What an instrument is called.
    pub(super) fn symbol(&self, instrument: InstrumentId) -> &'a Symbol {
        self.series(instrument).symbol()
    }

    /// Grid of the prices of `instrument`; zero for none.
    pub(super) fn tick(&self, instrument: InstrumentId) -> Price {
        self.instrument(instrument).tick
    }

    /// Grid of the quantities of `instrument`; zero for none.
    pub(super) fn lot(&self, instrument: InstrumentId) -> Quantity {
        self.instrument(instrument).lot
    }

    /// Open time of `row`, UTC milliseconds.
    pub(super) fn open_ms(&self, row: usize) -> i64 {
        self.panel.row_times().at(row)
    }

    /// Time at which `row` is known, UTC milliseconds.
    pub(super) fn close_ms(&self, row: usize) -> i64 {
        self.open_ms(row).saturating_add(self.panel.interval().as_ms())
    }

    /// The time of what trades in `row`.
    pub(super) fn time(&self, row: usize, time: FillTime) -> Timestamp {
        Timestamp::clamped(match time {
            FillTime::Open => self.open_ms(row),
            FillTime::Close => self.close_ms(row),
        })
    }

    /// A value of the bar at `at`; NaN without a bar.
    pub(super) fn field(&self, at: At, field: Field) -> f64 {
        self.series(at.instrument).rows(field).at(at.row)
    }

    /// Last known close at `at`; NaN before the instrument's first bar.
    pub(super) fn mark(&self, at: At) -> f64 {
        self.field(at, Field::Mark)
    }

    /// Last known close before the row of `at`; NaN before the instrument's first bar.
    pub(super) fn mark_before(&self, at: At) -> f64 {
        at.row.checked_sub(1).map_or(f64::NAN, |row| self.mark(At { row, ..at }))
    }

    /// Price at which market orders trade at `at`; NaN without a bar.
    pub(super) fn market_price(&self, at: At, time: FillTime) -> f64 {
        self.field(
            at,
            match time {
                FillTime::Open => Field::Open,
                FillTime::Close => Field::Close,
            },
        )
    }

    /// Price at which a position counts while orders trade at `at`: the market's, or the last one known; NaN before the
    /// instrument's first bar.
    pub(super) fn price(&self, at: At, time: FillTime) -> f64 {
        let price = self.market_price(at, time);
        if price.is_nan() { self.mark_before(at) } else { price }
    }

    /// Volume of the bar at `at`, in base asset; NaN without a bar.
    pub(super) fn volume(&self, at: At) -> f64 {
        self.field(at, Field::Volume)
    }

    /// Whether `instrument` has a bar in any of `rows`.
    pub(super) fn has_bar(&self, instrument: InstrumentId, rows: Range<usize>) -> bool {
        self.series(instrument).rows(Field::Open).of(rows).iter().any(|open| !open.is_nan())
    }

    /// The first of `rows` whose close is at `time_ms` or later, or their end.
    pub(super) fn first_known_at(&self, time_ms: i64, rows: Range<usize>) -> usize {
        let interval_ms = self.panel.interval().as_ms();
        let opens = self.panel.row_times().of(rows.clone());
        rows.start + opens.partition_point(|open| open.saturating_add(interval_ms) < time_ms)
    }

    /// Whether a period ends after the open of `row`, by its close.
    pub(super) fn ends_period(&self, row: usize, period: CalendarPeriod) -> bool {
        period.number(self.close_ms(row)) > period.number(self.open_ms(row))
    }

    /// Whether a period that the close before lies in is over by the open of `row`: it has ended in a gap.
    pub(super) fn opens_after_period(&self, row: usize, period: CalendarPeriod) -> bool {
        let before = row.checked_sub(1).map(|before| period.number(self.close_ms(before)));
        before.is_some_and(|before| period.number(self.open_ms(row)) > before)
    }
}

/// The values of `all` in `range`, which they reach.
pub(super) fn part<T>(all: &[T], range: Range<usize>) -> &[T] {
    let Some(part) = all.get(range.clone()) else { unreachable!("{range:?} of {}", all.len()) };
    part
}

/// Rows are counted to `u32::MAX`, which [`Machine::new`](super::Machine::new) has checked.
pub(super) fn row_number(row: usize) -> u32 {
    let Ok(number) = u32::try_from(row) else { unreachable!("row {row}") };
    number
}

#[cfg(test)]
mod tests;
