//! The way of the price inside a bar: one piece, three straight legs, or finer bars.

use std::ops::Range;

use super::bar::{Bar, Extremes};
use super::tape::{At, Tape, part};
use crate::market::{Bars, Field, InstrumentId, PerInstrument};
use crate::order::{FillRules, Intrabar};

/// A part of a row in which all instruments trade.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment<'p> {
    pub(super) row: usize,
    /// The finer bars at one time; `None`: the whole row.
    step: Option<(&'p Steps<'p>, usize)>,
}

/// The finer bars of all instruments in one row, at the same times.
#[derive(Debug)]
pub(super) struct Steps<'a> {
    pub(super) count: usize,
    paths: PerInstrument<Option<PricePath<'a>>>,
}

/// The pieces of a bar, in the order of time.
#[derive(Debug)]
pub(super) enum PricePath<'a> {
    /// The whole bar.
    Whole(Bar),
    /// Straight legs from the open over both extremes to the close.
    Legs([Bar; 3]),
    /// Finer bars.
    Finer { bars: &'a Bars, rows: Range<usize>, rules: FillRules },
}

impl<'p> Segment<'p> {
    /// All of `row`.
    pub(super) const fn whole(row: usize) -> Self {
        Self { row, step: None }
    }

    /// The step at `place` of `row`.
    pub(super) const fn step(row: usize, steps: &'p Steps<'p>, place: usize) -> Self {
        assert!(place < steps.count, "a step after the last one of a row");
        Self { row, step: Some((steps, place)) }
    }

    /// The finer bars that it is a step of, and its place among them.
    pub(super) const fn steps(&self) -> Option<(&'p Steps<'p>, usize)> {
        self.step
    }

    /// Its number in the row, from 1: what trades at the open or the close is before and after it.
    pub(super) const fn number(&self) -> usize {
        match self.step {
            Some((_, place)) => place + 1,
            None => 1,
        }
    }

    /// The place of its piece on the way of an instrument, from 0.
    pub(super) const fn place(&self) -> usize {
        match self.step {
            Some((_, place)) => place,
            None => 0,
        }
    }

    /// The bar of `instrument` in it; `None` when there is none.
    pub(super) fn bar(&self, tape: &Tape<'_>, instrument: InstrumentId) -> Option<Bar> {
        match self.step {
            Some((steps, place)) => steps.bar(instrument, place),
            None => tape.bar(At { row: self.row, instrument }),
        }
    }
}

impl Steps<'_> {
    /// The finer bar of `instrument` in the step at `place`, if it has one.
    pub(super) fn bar(&self, instrument: InstrumentId, place: usize) -> Option<Bar> {
        self.paths[instrument].as_ref()?.at(place)
    }
}

impl<'a> PricePath<'a> {
    /// Open times of finer bars, UTC milliseconds; `None` for a way without any.
    fn times(&self) -> Option<&'a [i64]> {
        match self {
            Self::Finer { bars, rows, .. } => Some(part(bars.times(), rows.clone())),
            Self::Whole(_) | Self::Legs(_) => None,
        }
    }

    /// Number of pieces.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Whole(_) => 1,
            Self::Legs(legs) => legs.len(),
            Self::Finer { rows, .. } => rows.len(),
        }
    }

    /// Whether each piece has a volume of its own; otherwise that of the bar is all there is.
    pub(super) const fn has_volumes(&self) -> bool {
        matches!(self, Self::Finer { .. })
    }

    /// The close of the finer bar at `place`; `None` for a way without any.
    pub(super) fn close_at(&self, place: usize) -> Option<f64> {
        match self {
            Self::Finer { bars, rows, .. } => bars.close().get(rows.clone().nth(place)?).copied(),
            Self::Whole(_) | Self::Legs(_) => None,
        }
    }

    /// The piece at `place`, if there is one.
    pub(super) fn at(&self, place: usize) -> Option<Bar> {
        match self {
            Self::Whole(bar) => (place == 0).then_some(*bar),
            Self::Legs(legs) => legs.get(place).copied(),
            Self::Finer { bars, rows, rules } => {
                let row = rows.clone().nth(place)?;
                Some(Bar {
                    open: *bars.open().get(row)?,
                    high: *bars.high().get(row)?,
                    low: *bars.low().get(row)?,
                    volume: *bars.volume().get(row)?,
                    rules: *rules,
                    extremes: Extremes::Unordered,
                })
            }
        }
    }
}

impl<'a> Tape<'a> {
    /// The bar at `at`; `None` when there is none.
    pub(super) fn bar(&self, at: At) -> Option<Bar> {
        let open = self.field(at, Field::Open);
        if open.is_nan() {
            return None;
        }
        let (high, low) = (self.field(at, Field::High), self.field(at, Field::Low));
        assert!(low <= open && open <= high, "{at:?}: a bar from {open} between {low} and {high}");
        Some(Bar {
            open,
            high,
            low,
            volume: self.field(at, Field::Volume),
            rules: self.setup.fills,
            extremes: Extremes::Unordered,
        })
    }

    /// The way of the price in which orders look at the bar at `at`; `None` when there is no bar.
    pub(super) fn price_path(&self, at: At) -> Option<PricePath<'a>> {
        let bar = self.bar(at)?;
        Some(match self.setup.fills.intrabar {
            Intrabar::StopFirst => PricePath::Whole(bar),
            Intrabar::OpenNearest => PricePath::Legs(legs(bar, self.field(at, Field::Close))),
            Intrabar::Detail => self.finer_path(at, bar).unwrap_or(PricePath::Whole(bar)),
        })
    }

    /// The steps of `row`, if finer bars tell those of every instrument of which something `may_trade`, and all at the same
    /// times: only then is it known what came first.
    pub(super) fn steps(
        &self,
        row: usize,
        may_trade: impl Fn(InstrumentId) -> bool,
    ) -> Option<Steps<'a>> {
        if self.setup.fills.intrabar != Intrabar::Detail {
            return None;
        }
        let path = |instrument| {
            if may_trade(instrument) { self.price_path(At { row, instrument }) } else { None }
        };
        let paths = PerInstrument::new(self.panel.series().len(), path);
        let mut times: Option<&[i64]> = None;
        for path in paths.values().iter().flatten() {
            let own = path.times()?;
            if times.replace(own).is_some_and(|times| times != own) {
                return None;
            }
        }
        times.map(|times| Steps { count: times.len(), paths })
    }

    /// The finer bars of `bar`, if they reach just as far as it does: otherwise they are not its story.
    fn finer_path(&self, at: At, bar: Bar) -> Option<PricePath<'a>> {
        let bars = self.finer.get(at.instrument.index())?.as_ref()?;
        let (open_ms, close_ms) = (self.open_ms(at.row), self.close_ms(at.row));
        let start = bars.times().partition_point(|&time| time < open_ms);
        let end = bars.times().partition_point(|&time| time < close_ms);
        let (highs, lows) = (part(bars.high(), start..end), part(bars.low(), start..end));
        let low = lows.iter().copied().fold(f64::INFINITY, f64::min);
        let high = highs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let fits = low.total_cmp(&bar.low).is_eq() && high.total_cmp(&bar.high).is_eq();
        fits.then_some(PricePath::Finer { bars, rows: start..end, rules: bar.rules })
    }
}

/// From the open to the nearer extreme, to the other one, and to the close. At equal distance the low comes first.
fn legs(bar: Bar, close: f64) -> [Bar; 3] {
    let low_first = bar.open - bar.low <= bar.high - bar.open;
    let (first, second) = if low_first { (bar.low, bar.high) } else { (bar.high, bar.low) };
    let leg = |from: f64, to: f64| Bar {
        open: from,
        high: from.max(to),
        low: from.min(to),
        extremes: Extremes::OneWay,
        ..bar
    };
    [leg(bar.open, first), leg(first, second), leg(second, close)]
}

#[cfg(test)]
mod tests;
