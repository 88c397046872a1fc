//! The way of the price inside a bar: one piece, three straight ways, or finer bars.

use super::machine::Machine;
use super::occasion::{Bar, Course};
use crate::market::Bars;
use crate::order::{FillRules, Intrabar};

/// A part of a row in which all instruments trade.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch<'p> {
    pub(super) row: usize,
    /// Number of fills before it.
    pub(super) fills_before: usize,
    /// The finer bars at one time; `None`: the whole row.
    pub(super) step: Option<(&'p Steps<'p>, usize)>,
}

/// The finer bars of all instruments in one row, at the same times.
#[derive(Debug)]
pub(super) struct Steps<'a> {
    pub(super) count: usize,
    pieces: Vec<Option<Pieces<'a>>>,
}

/// The pieces of a bar, in the order of time.
#[derive(Debug)]
pub(super) enum Pieces<'a> {
    /// The whole bar.
    Whole(Bar),
    /// Straight ways from the open over both extremes to the close.
    Ways([Bar; 3]),
    /// Finer bars.
    Finer { bars: &'a Bars, rows: std::ops::Range<usize>, rules: FillRules },
}

impl<'p> Stretch<'p> {
    /// All of `row`.
    pub(super) const fn whole(row: usize, fills_before: usize) -> Self {
        Self { row, fills_before, step: None }
    }

    /// The step at `place` of `row`.
    pub(super) const fn step(
        row: usize,
        fills_before: usize,
        step: (&'p Steps<'p>, usize),
    ) -> Self {
        Self { row, fills_before, step: Some(step) }
    }
}

impl Steps<'_> {
    /// The finer bar of `instrument` in the step at `place`, if it has one.
    pub(super) fn bar(&self, instrument: usize, place: usize) -> Option<Bar> {
        self.pieces.get(instrument)?.as_ref()?.at(place)
    }
}

impl<'a> Pieces<'a> {
    /// Open times of finer bars, UTC milliseconds; `None` for pieces without any.
    fn times(&self) -> Option<&'a [i64]> {
        match self {
            Self::Finer { bars, rows, .. } => bars.times().get(rows.clone()),
            Self::Whole(_) | Self::Ways(_) => None,
        }
    }

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
            Self::Finer { bars, rows, rules } => {
                let row = rows.start + place;
                Some(Bar {
                    open: *bars.open().get(row)?,
                    high: *bars.high().get(row)?,
                    low: *bars.low().get(row)?,
                    volume: *bars.volume().get(row)?,
                    rules: *rules,
                    course: Course::Unknown,
                })
            }
        }
    }
}

impl<'a> Machine<'a> {
    /// The pieces in which orders look at the bar of `instrument` in `row`; `None` when there is no bar.
    pub(super) fn pieces(&self, row: usize, instrument: usize) -> Option<Pieces<'a>> {
        let bar = self.whole_bar(row, instrument)?;
        Some(match self.setup.fills.intrabar {
            Intrabar::StopFirst => Pieces::Whole(bar),
            Intrabar::OpenNearest => {
                let series = self.panel.series().get(instrument)?;
                Pieces::Ways(ways(bar, *series.close().get(row)?))
            }
            Intrabar::Detail => self.finer(row, instrument, bar).unwrap_or(Pieces::Whole(bar)),
        })
    }

    /// The bar of `instrument` in `row`; `None` when there is none.
    fn whole_bar(&self, row: usize, instrument: usize) -> Option<Bar> {
        let series = self.panel.series().get(instrument)?;
        let open = *series.open().get(row)?;
        let bar = Bar {
            open,
            high: *series.high().get(row)?,
            low: *series.low().get(row)?,
            volume: *series.volume().get(row)?,
            rules: self.setup.fills,
            course: Course::Unknown,
        };
        (!open.is_nan()).then_some(bar)
    }

    /// The bar of `instrument` in a stretch of a row; `None` when there is none.
    pub(super) fn bar_in(&self, stretch: &Stretch<'_>, instrument: usize) -> Option<Bar> {
        match stretch.step {
            Some((steps, place)) => steps.bar(instrument, place),
            None => self.whole_bar(stretch.row, instrument),
        }
    }

    /// The steps of `row`, if finer bars tell those of every instrument that may trade or be liquidated, and all at the same
    /// times: only then is it known what came first.
    pub(super) fn steps(&self, row: usize) -> Option<Steps<'a>> {
        if self.setup.fills.intrabar != Intrabar::Detail {
            return None;
        }
        let mut pieces = Vec::with_capacity(self.desks.len());
        let mut times: Option<&[i64]> = None;
        for instrument in 0..self.desks.len() {
            let idle = self.portfolio.position(instrument).is_flat()
                && self.has_nothing_resting(instrument);
            let found = if idle { None } else { self.pieces(row, instrument) };
            if let Some(found) = &found {
                let own = found.times()?;
                if times.replace(own).is_some_and(|times| times != own) {
                    return None;
                }
            }
            pieces.push(found);
        }
        times.map(|times| Steps { count: times.len(), pieces })
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
        fits.then_some(Pieces::Finer { bars, rows: start..end, rules: bar.rules })
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
