//! The way of the price inside a bar: one piece, three straight ways, or finer bars.

use super::machine::Machine;
use super::occasion::{Bar, Course};
use crate::market::Bars;
use crate::order::{Intrabar, LimitFill};

/// The pieces of a bar, in the order of time.
#[derive(Debug)]
pub(super) enum Pieces<'a> {
    /// The whole bar.
    Whole(Bar),
    /// Straight ways from the open over both extremes to the close.
    Ways([Bar; 3]),
    /// Finer bars.
    Finer { bars: &'a Bars, rows: std::ops::Range<usize>, limit_fill: LimitFill },
}

impl Pieces<'_> {
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Whole(_) => 1,
            Self::Ways(ways) => ways.len(),
            Self::Finer { rows, .. } => rows.len(),
        }
    }

    /// Whether each piece has a volume of its own; otherwise that of the bar is all there is.
    pub(super) const fn have_volumes(&self) -> bool {
        matches!(self, Self::Finer { .. })
    }

    /// The piece at `place`, if there is one.
    pub(super) fn at(&self, place: usize) -> Option<Bar> {
        match self {
            Self::Whole(bar) => (place == 0).then_some(*bar),
            Self::Ways(ways) => ways.get(place).copied(),
            Self::Finer { bars, rows, limit_fill } => {
                let row = rows.start + place;
                Some(Bar {
                    open: *bars.open().get(row)?,
                    high: *bars.high().get(row)?,
                    low: *bars.low().get(row)?,
                    volume: *bars.volume().get(row)?,
                    limit_fill: *limit_fill,
                    course: Course::Unknown,
                })
            }
        }
    }
}

impl<'a> Machine<'a> {
    /// The pieces in which orders look at the bar of `instrument` in `row`; `None` when there is no bar.
    pub(super) fn pieces(&self, row: usize, instrument: usize) -> Option<Pieces<'a>> {
        let series = self.panel.series().get(instrument)?;
        let bar = Bar {
            open: *series.open().get(row)?,
            high: *series.high().get(row)?,
            low: *series.low().get(row)?,
            volume: *series.volume().get(row)?,
            limit_fill: self.setup.fills.limit,
            course: Course::Unknown,
        };
        if bar.open.is_nan() {
            return None;
        }
        Some(match self.setup.fills.intrabar {
            Intrabar::StopFirst => Pieces::Whole(bar),
            Intrabar::OpenNearest => Pieces::Ways(ways(bar, *series.close().get(row)?)),
            Intrabar::Detail => self.finer(row, instrument, bar).unwrap_or(Pieces::Whole(bar)),
        })
    }

    /// The finer bars of `bar`, if they reach just as far as it does: otherwise they are not its story.
    fn finer(&self, row: usize, instrument: usize, bar: Bar) -> Option<Pieces<'a>> {
        let bars = self.details.get(instrument)?.as_ref()?;
        let open_ms = self.panel.time(row).as_ms();
        let start = bars.times().partition_point(|&time| time < open_ms);
        let end = bars.times().partition_point(|&time| time < self.close_ms(row));
        let highs = bars.high().get(start..end)?.iter();
        let lows = bars.low().get(start..end)?.iter();
        let low = lows.copied().fold(f64::INFINITY, f64::min);
        let high = highs.copied().fold(f64::NEG_INFINITY, f64::max);
        let fits = low.total_cmp(&bar.low).is_eq() && high.total_cmp(&bar.high).is_eq();
        let limit_fill = bar.limit_fill;
        fits.then_some(Pieces::Finer { bars, rows: start..end, limit_fill })
    }
}

/// From the open to the nearer extreme, to the other one, and to the close. At equal distance the low comes first.
fn ways(bar: Bar, close: f64) -> [Bar; 3] {
    let low_first = bar.open - bar.low <= bar.high - bar.open;
    let (first, second) = if low_first { (bar.low, bar.high) } else { (bar.high, bar.low) };
    let way = |from: f64, to: f64| Bar {
        open: from,
        high: from.max(to),
        low: from.min(to),
        course: Course::OneWay,
        ..bar
    };
    [way(bar.open, first), way(first, second), way(second, close)]
}
