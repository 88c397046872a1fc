//! The finer bars of the instruments of a panel. They grow and forget along with it.

use super::bars::check_next_time;
use super::{Bars, BarsError, ClosedBar, Panel};
use crate::units::{Interval, Timestamp};

/// Finer bars of each instrument of a panel, in its order, where there are any. Those of a row come all at once, and do not change.
#[derive(Clone, Debug, PartialEq)]
pub struct FinerBars {
    of: Vec<Option<Bars>>,
    /// Rows of the panel whose finer bars are there, as far as there are any.
    rows: usize,
}

/// A finer bar, and when it opens, UTC milliseconds.
pub type TimedBar = (i64, ClosedBar);

/// Why something is not the finer bars of a panel.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FinerBarsError {
    /// Another number of instruments.
    #[error("finer bars of {found} instruments: expected {expected}")]
    Count {
        /// Series that were given.
        found: usize,
        /// Instruments of the panel.
        expected: usize,
    },
    /// Bars that do not make up those of the panel.
    #[error(
        "'{symbol}' has finer bars of {found}: expected a shorter interval that divides {expected}"
    )]
    Interval {
        /// The instrument.
        symbol: String,
        /// Length of its finer bars.
        found: Interval,
        /// Length of the panel's bars.
        expected: Interval,
    },
    /// A row that has its finer bars already.
    #[error("row {row} has its finer bars: expected those of a row that was appended since")]
    Known {
        /// The panel's last row.
        row: usize,
    },
    /// Finer bars of an instrument that had none from the start.
    #[error("'{symbol}' has no finer bars: expected none in row {row}")]
    Unexpected {
        /// The instrument.
        symbol: String,
        /// The row.
        row: usize,
    },
    /// A bar that begins before its row, or ends after it.
    #[error(
        "'{symbol}': a finer bar from {time} to {end}: expected one inside row {row}, from {open} to {close}"
    )]
    Outside {
        /// The instrument.
        symbol: String,
        /// Open of the finer bar.
        time: Timestamp,
        /// Its end.
        end: Timestamp,
        /// The row.
        row: usize,
        /// Open of the row.
        open: Timestamp,
        /// Its end.
        close: Timestamp,
    },
    /// What is no bar, or does not follow the one before.
    #[error("'{symbol}': {error}")]
    Bar {
        /// The instrument.
        symbol: String,
        /// What is wrong; its row is the number of finer bars before.
        error: BarsError,
    },
}

impl FinerBars {
    /// The finer `bars` of each instrument of `panel`; those of an instrument that has none yet may be empty.
    ///
    /// # Errors
    /// [`FinerBarsError::Count`] and [`FinerBarsError::Interval`].
    pub fn new(panel: &Panel, bars: Vec<Option<Bars>>) -> Result<Self, FinerBarsError> {
        let (found, expected) = (bars.len(), panel.series().len());
        if found != expected {
            return Err(FinerBarsError::Count { found, expected });
        }
        for (series, bars) in panel.series().iter().zip(&bars) {
            let Some(bars) = bars else { continue };
            let (found, expected) = (bars.interval(), panel.interval());
            if found >= expected || expected.as_ms() % found.as_ms() != 0 {
                let symbol = series.instrument().symbol.clone();
                return Err(FinerBarsError::Interval { symbol, found, expected });
            }
        }
        Ok(Self { of: bars, rows: panel.rows() })
    }

    /// Of each instrument its finer bars, as a run takes them.
    pub fn bars(&self) -> &[Option<Bars>] {
        &self.of
    }

    /// Appends the finer bars of the last row of `panel`, which was appended to it since: of each instrument those that lie inside
    /// the row, in the order of time; none where they are missing.
    ///
    /// # Errors
    /// [`FinerBarsError`] when the row has its finer bars, and for what is no bar inside it; nothing is appended then.
    pub fn append(&mut self, panel: &Panel, bars: &[Vec<TimedBar>]) -> Result<(), FinerBarsError> {
        let (found, expected) = (bars.len(), self.of.len());
        if found != expected {
            return Err(FinerBarsError::Count { found, expected });
        }
        if panel.rows() <= self.rows {
            return Err(FinerBarsError::Known { row: panel.rows().saturating_sub(1) });
        }
        for ((series, known), new) in panel.series().iter().zip(&self.of).zip(bars) {
            let symbol = || series.instrument().symbol.clone();
            match known {
                Some(known) => check(panel, known, new, symbol)?,
                None if new.is_empty() => {}
                None => {
                    let row = panel.rows() - 1;
                    return Err(FinerBarsError::Unexpected { symbol: symbol(), row });
                }
            }
        }
        for (known, new) in self.of.iter_mut().zip(bars) {
            for (time_ms, bar) in new {
                if let Some(known) = known {
                    known.push(*time_ms, *bar);
                }
            }
        }
        self.rows = panel.rows();
        Ok(())
    }

    /// Forgets those of rows that `panel` has forgotten, when they are as many as those that stay.
    pub fn forget_before(&mut self, panel: &Panel) {
        let Some(first) = panel.times().first() else { return };
        for bars in self.of.iter_mut().flatten() {
            bars.forget_before(*first);
        }
    }
}

/// Looks whether the bars `new` lie inside the last row of `panel` and follow the `known` ones.
fn check(
    panel: &Panel,
    known: &Bars,
    new: &[TimedBar],
    symbol: impl Fn() -> String,
) -> Result<(), FinerBarsError> {
    let row = panel.rows() - 1;
    let open = panel.time(row);
    let close = Timestamp::clamped(open.as_ms().saturating_add(panel.interval().as_ms()));
    let mut last = known.times().last().copied();
    for (place, (time_ms, bar)) in (known.len()..).zip(new) {
        let (time, end) = (*time_ms, time_ms.saturating_add(known.interval().as_ms()));
        if time < open.as_ms() || end > close.as_ms() {
            let (time, end) = (Timestamp::clamped(time), Timestamp::clamped(end));
            return Err(FinerBarsError::Outside { symbol: symbol(), time, end, row, open, close });
        }
        check_next_time(known.interval(), last, (place, time))
            .and_then(|()| bar.check(place, time))
            .map_err(|error| FinerBarsError::Bar { symbol: symbol(), error })?;
        last = Some(time);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Instrument, RawColumns};

    const QUARTER_MS: i64 = 900_000;
    const HOUR_MS: i64 = 3_600_000;

    const BAR: ClosedBar = ClosedBar { open: 10.0, high: 12.0, low: 9.0, close: 11.0, volume: 5.0 };

    /// Hours of two instruments, and the quarters of the first one.
    fn market() -> (Panel, FinerBars) {
        let bars = |interval: &str, rows: i64| {
            let interval: Interval = interval.parse().unwrap();
            let of = |value: f64| vec![value; usize::try_from(rows).unwrap()];
            let columns = RawColumns {
                time: (0..rows).map(|row| row * interval.as_ms()).collect(),
                open: of(10.0),
                high: of(12.0),
                low: of(9.0),
                close: of(11.0),
                volume: of(5.0),
            };
            Bars::new(interval, columns).unwrap()
        };
        let hours = ["A", "B"].map(|symbol| (Instrument::unrestricted(symbol), bars("1h", 2)));
        let panel = Panel::new(hours.into()).unwrap();
        let finer = FinerBars::new(&panel, vec![Some(bars("15m", 8)), None]).unwrap();
        (panel, finer)
    }

    fn quarters(row: i64, places: &[i64]) -> Vec<TimedBar> {
        places.iter().map(|place| (row * HOUR_MS + place * QUARTER_MS, BAR)).collect()
    }

    #[test]
    fn they_grow_with_the_rows_and_forget_with_them() {
        let (mut panel, mut finer) = market();
        for row in 2..200 {
            panel.append(row * HOUR_MS, &[Some(BAR), None]).unwrap();
            finer.append(&panel, &[quarters(row, &[0, 1, 3]), Vec::new()]).unwrap();
            panel.forget_before(panel.rows() - 3);
            finer.forget_before(&panel);
            let kept = finer.bars()[0].as_ref().unwrap();
            assert!(kept.times()[0] <= panel.times()[0] && kept.len() < 40, "{kept:?}");
            let [.., open, next, last] = *kept.times() else { unreachable!() };
            assert_eq!(
                [open, next, last],
                [0, 1, 3].map(|place| row * HOUR_MS + place * QUARTER_MS)
            );
        }
        assert!(finer.bars()[1].is_none());
    }

    #[test]
    fn what_is_no_finer_bar_of_the_last_row_is_refused_and_changes_nothing() {
        let (mut panel, mut finer) = market();
        let known = finer.append(&panel, &[quarters(1, &[]), Vec::new()]).unwrap_err();
        assert_eq!(known, FinerBarsError::Known { row: 1 });
        panel.append(2 * HOUR_MS, &[Some(BAR), Some(BAR)]).unwrap();
        let before = finer.clone();
        let mut refused = |bars: &[Vec<TimedBar>], expected: &str| {
            let told = finer.append(&panel, bars).unwrap_err().to_string();
            assert!(told.contains(expected), "{told}");
            assert_eq!(finer, before);
        };
        refused(&[Vec::new()], "finer bars of 1 instruments: expected 2");
        refused(&[Vec::new(), quarters(2, &[0])], "'B' has no finer bars: expected none in row 2");
        refused(&[quarters(1, &[3]), Vec::new()], "expected one inside row 2");
        refused(&[quarters(2, &[0, 4]), Vec::new()], "expected one inside row 2");
        let late = vec![(3 * HOUR_MS - QUARTER_MS + 1, BAR)];
        refused(&[late, Vec::new()], "expected one inside row 2");
        refused(&[quarters(2, &[1, 0]), Vec::new()], "'A': row 9");
        let overlapping = vec![(2 * HOUR_MS, BAR), (2 * HOUR_MS + 1, BAR)];
        refused(&[overlapping, Vec::new()], "'A': row 9");
        let no_bar = vec![(2 * HOUR_MS, ClosedBar { low: 11.5, ..BAR })];
        refused(&[no_bar, Vec::new()], "expected 0 < low <= open, close <= high");
        // A row that has them, or has been left without, keeps that.
        finer.append(&panel, &[Vec::new(), Vec::new()]).unwrap();
        let again = finer.append(&panel, &[quarters(2, &[0]), Vec::new()]).unwrap_err();
        assert_eq!(again, FinerBarsError::Known { row: 2 });
    }

    #[test]
    fn finer_bars_make_up_those_of_the_panel() {
        let (panel, finer) = market();
        let told = |bars| FinerBars::new(&panel, bars).unwrap_err().to_string();
        assert!(told(vec![None]).contains("finer bars of 1 instruments: expected 2"));
        for interval in ["1h", "40m", "1d"] {
            let bars = Bars::new(interval.parse().unwrap(), RawColumns::default()).unwrap();
            let told = told(vec![None, Some(bars)]);
            assert!(told.contains("'B' has finer bars of"), "{told}");
        }
        let empty = Bars::new("20m".parse().unwrap(), RawColumns::default()).unwrap();
        assert!(FinerBars::new(&panel, vec![finer.bars()[0].clone(), Some(empty)]).is_ok());
    }
}
