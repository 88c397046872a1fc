//! Bars of a longer interval, made from shorter ones.

use super::{Bars, BarsError, RawColumns};
use crate::units::{Interval, Timestamp};

/// Bars of a longer interval, and what was left out of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Resampled {
    /// The longer bars. Where there was no bar to make one from, there is none.
    pub bars: Bars,
    /// Open times of the bins that were left out because the shorter bars start or end inside them: the first one, the
    /// last one, both or none.
    pub dropped: Vec<Timestamp>,
}

/// Why bars cannot be resampled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ResampleError {
    /// An interval that the bars do not divide.
    #[error("bars of {from} make no bars of {to}: expected a whole multiple of {from}")]
    Multiple {
        /// Interval of the bars.
        from: Interval,
        /// Interval asked for.
        to: Interval,
    },
    /// An interval that does not start at the same hours every day.
    #[error(
        "bars of {0} do not start at the same times every day: expected an interval that divides a day (such as 4h, \
         but not 5h), or whole days or weeks"
    )]
    Alignment(Interval),
    /// A bar that lies in two bins.
    #[error(
        "row {row} ({time}, {from}) opens in one bar of {to} and closes in the next: expected bars that open at whole \
         multiples of {from} in UTC; drop the row, or keep to {from}"
    )]
    Straddle {
        /// Row, from 0.
        row: usize,
        /// Its time.
        time: Timestamp,
        /// Interval of the bars.
        from: Interval,
        /// Interval asked for.
        to: Interval,
    },
    /// Sums that are no volumes.
    #[error("the resampled bars are unsound: {0}")]
    Unsound(#[from] BarsError),
}

const DAY_MS: i64 = 86_400_000;
const WEEK_MS: i64 = 7 * DAY_MS;

/// 1970-01-05, a Monday.
const FIRST_MONDAY_MS: i64 = 4 * DAY_MS;

/// Makes bars of the interval `to`, as exchanges do: open of the first, highest high, lowest low, close of the last and
/// sum of the volumes (added from the first to the last) of the bars in each bin.
///
/// Bins are aligned in UTC. Whole weeks start on Monday 00:00, counted from 1970-01-05. Everything else starts at whole
/// multiples of `to` since 1970-01-01, 3d included. `to` must be a whole multiple of the bars' interval, and either divide a
/// day or be whole days: 5h, 7m and 36h are refused. An equal interval gives the same bars.
///
/// A bin whose start lies before the first bar, or whose end lies after the close of the last one, is left out: what is
/// missing there was never asked for. A bin with holes inside is made from the bars that are there; a bin without any bar
/// is absent.
///
/// # Errors
/// [`ResampleError`] for an interval that does not fit, and for a bar that closes in a later bin than it opens in, which
/// would tell the bin what happens after its close.
///
/// ```
/// use ct_core::market::{Bars, RawColumns, resample};
/// let minutes: Vec<i64> = (0..5).collect();
/// let prices: Vec<f64> = minutes.iter().map(|minute| 10.0 + *minute as f64).collect();
/// let bars = Bars::new("1m".parse()?, RawColumns {
///     time: minutes.iter().map(|minute| minute * 60_000).collect(),
///     open: prices.clone(),
///     high: prices.clone(),
///     low: prices.clone(),
///     close: prices,
///     volume: vec![1.0; 5],
/// })?;
/// let resampled = resample(&bars, "2m".parse()?)?;
/// assert_eq!(resampled.bars.close(), [11.0, 13.0]);
/// assert_eq!(resampled.dropped.len(), 1); // the third bin has only its first minute
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn resample(bars: &Bars, to: Interval) -> Result<Resampled, ResampleError> {
    let from = bars.interval();
    if to == from {
        return Ok(Resampled { bars: bars.clone(), dropped: Vec::new() });
    }
    if to.as_ms() % from.as_ms() != 0 {
        return Err(ResampleError::Multiple { from, to });
    }
    let grid = Grid::of(to)?;
    let mut longer = Longer::new(bars, grid);
    let mut bin: Option<Bin> = None;
    for (row, bar) in rows(bars).enumerate() {
        match &mut bin {
            Some(bin) if bar.time < bin.end => bin.add(row, bar),
            _ => {
                let next = Bin::new(grid, row, bar);
                if let Some(full) = bin.replace(next) {
                    longer.add(&full)?;
                }
            }
        }
    }
    if let Some(last) = bin {
        longer.add_last(&last)?;
    }
    Ok(Resampled { bars: Bars::new(to, longer.columns)?, dropped: longer.dropped })
}

/// Where the bins of an interval start.
#[derive(Clone, Copy, Debug)]
struct Grid {
    interval: Interval,
    /// Start of any bin, UTC milliseconds.
    anchor: i64,
}

impl Grid {
    fn of(interval: Interval) -> Result<Self, ResampleError> {
        let ms = interval.as_ms();
        let fits = if ms < DAY_MS { DAY_MS % ms == 0 } else { ms % DAY_MS == 0 };
        let anchor = if ms % WEEK_MS == 0 { FIRST_MONDAY_MS } else { 0 };
        fits.then_some(Self { interval, anchor }).ok_or(ResampleError::Alignment(interval))
    }

    /// Start of the bin in which `time` lies, UTC milliseconds; before 1970 for the first days of a week that began there.
    const fn start(self, time: i64) -> i64 {
        time - (time - self.anchor).rem_euclid(self.interval.as_ms())
    }
}

/// One bar as it stands in the columns.
#[derive(Clone, Copy)]
struct Bar {
    time: i64,
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: f64,
}

fn rows(bars: &Bars) -> impl Iterator<Item = Bar> {
    let prices = bars.open().iter().zip(bars.high()).zip(bars.low()).zip(bars.close());
    let rows = bars.times().iter().zip(prices).zip(bars.volume());
    rows.map(|((&time, (((&open, &high), &low), &close)), &volume)| Bar {
        time,
        open,
        high,
        low,
        close,
        volume,
    })
}

/// The bars of one bin, as far as they were read.
struct Bin {
    start: i64,
    end: i64,
    time_first: i64,
    /// All of them in one; its time is that of the last.
    sum: Bar,
    /// Row of the last one.
    row_last: usize,
}

impl Bin {
    fn new(grid: Grid, row: usize, bar: Bar) -> Self {
        let start = grid.start(bar.time);
        let end = start + grid.interval.as_ms();
        Self { start, end, time_first: bar.time, sum: bar, row_last: row }
    }

    const fn add(&mut self, row: usize, bar: Bar) {
        let Bar { time, open: _, high, low, close, volume } = bar;
        self.sum.time = time;
        self.sum.high = self.sum.high.max(high);
        self.sum.low = self.sum.low.min(low);
        self.sum.close = close;
        self.sum.volume += volume;
        self.row_last = row;
    }
}

/// The longer bars as they are made.
struct Longer {
    columns: RawColumns,
    dropped: Vec<Timestamp>,
    from: Interval,
    to: Interval,
}

impl Longer {
    /// No bars yet, with room for all that `bars` can make.
    fn new(bars: &Bars, grid: Grid) -> Self {
        let to = grid.interval;
        let period_ms = match (bars.times().first(), bars.times().last()) {
            (Some(first), Some(last)) => last - grid.start(*first),
            _ => 0,
        };
        let bins = usize::try_from(period_ms / to.as_ms()).map_or(bars.len(), |bins| bins + 1);
        let room = bins.min(bars.len());
        let columns = RawColumns {
            time: Vec::with_capacity(room),
            open: Vec::with_capacity(room),
            high: Vec::with_capacity(room),
            low: Vec::with_capacity(room),
            close: Vec::with_capacity(room),
            volume: Vec::with_capacity(room),
        };
        Self { columns, dropped: Vec::new(), from: bars.interval(), to }
    }

    /// Adds the bar of a bin that others follow.
    fn add(&mut self, bin: &Bin) -> Result<(), ResampleError> {
        self.check(bin)?;
        let is_first = self.columns.time.is_empty() && self.dropped.is_empty();
        // Of bars off the grid, a bin is full when no further one would fit in it.
        if is_first && bin.time_first - bin.start >= self.from.as_ms() {
            self.dropped.push(Timestamp::clamped(bin.start));
            return Ok(());
        }
        self.columns.time.push(bin.start);
        self.columns.open.push(bin.sum.open);
        self.columns.high.push(bin.sum.high);
        self.columns.low.push(bin.sum.low);
        self.columns.close.push(bin.sum.close);
        self.columns.volume.push(bin.sum.volume);
        Ok(())
    }

    /// Adds the bar of the last bin.
    fn add_last(&mut self, bin: &Bin) -> Result<(), ResampleError> {
        self.check(bin)?;
        if bin.end - self.close(bin) < self.from.as_ms() {
            return self.add(bin);
        }
        self.dropped.push(Timestamp::clamped(bin.start));
        Ok(())
    }

    fn check(&self, bin: &Bin) -> Result<(), ResampleError> {
        if self.close(bin) <= bin.end {
            return Ok(());
        }
        Err(ResampleError::Straddle {
            row: bin.row_last,
            time: Timestamp::clamped(bin.sum.time),
            from: self.from,
            to: self.to,
        })
    }

    /// When the last bar of `bin` closes, UTC milliseconds.
    const fn close(&self, bin: &Bin) -> i64 {
        bin.sum.time + self.from.as_ms()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 3_600_000;

    fn interval(text: &str) -> Interval {
        text.parse().unwrap()
    }

    /// Bars of equal prices that open at `times`.
    fn flat(of: &str, times: impl IntoIterator<Item = i64>) -> Bars {
        let time: Vec<i64> = times.into_iter().collect();
        let price = vec![1.0; time.len()];
        let columns = RawColumns {
            open: price.clone(),
            high: price.clone(),
            low: price.clone(),
            close: price.clone(),
            volume: price,
            time,
        };
        Bars::new(interval(of), columns).unwrap()
    }

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_ms()
    }

    /// What becomes of bars of `from` that open in `first..end`, resampled to `to`.
    fn resampled(from: &str, to: &str, first: &str, end: &str) -> Resampled {
        let step = usize::try_from(interval(from).as_ms()).unwrap();
        resample(&flat(from, (ms(first)..ms(end)).step_by(step)), interval(to)).unwrap()
    }

    fn texts(times: &[i64]) -> Vec<String> {
        times.iter().map(|time| Timestamp::clamped(*time).to_string()).collect()
    }

    #[test]
    fn bins_with_and_without_holes_agree_with_pandas() {
        // Hours after 2024-02-29T00:00Z; open, high, low, close, volume. Nothing trades from 7 to 11.
        let hours = [
            (-1, [100.0, 100.0, 100.0, 100.0, 0.0]),
            (0, [102.59, 102.7, 101.32, 101.45, 3.3]),
            (1, [101.11, 103.12, 100.85, 102.9, 6.6]),
            (2, [103.7, 104.03, 100.58, 100.58, 2.2]),
            (3, [102.22, 102.22, 101.9, 102.03, 5.5]),
            (5, [100.74, 103.59, 100.48, 103.48, 1.1]),
            (6, [103.33, 103.55, 101.16, 101.16, 4.4]),
            (12, [101.85, 102.94, 101.72, 102.61, 0.0]),
            (13, [100.37, 100.37, 100.03, 100.29, 3.3]),
            (14, [102.96, 103.07, 101.74, 101.74, 6.6]),
            (15, [101.48, 103.41, 101.35, 103.19, 2.2]),
            (16, [100.0, 101.2, 99.74, 100.87, 5.5]),
        ];
        let column = |place: usize| hours.iter().map(|(_, values)| values[place]).collect();
        let columns = RawColumns {
            time: hours.iter().map(|(hour, _)| ms("2024-02-29") + hour * HOUR).collect(),
            open: column(0),
            high: column(1),
            low: column(2),
            close: column(3),
            volume: column(4),
        };
        let longer =
            resample(&Bars::new(interval("1h"), columns).unwrap(), interval("4h")).unwrap();
        // pandas 3.1.1: resample("4h").agg(first, max, min, last, sum).dropna(), without the first and the last bin,
        // which the hours do not fill.
        let expected = [
            ("2024-02-29T00:00:00Z", [102.59, 104.03, 100.58, 102.03, 17.6]),
            ("2024-02-29T04:00:00Z", [100.74, 103.59, 100.48, 101.16, 5.5]),
            ("2024-02-29T12:00:00Z", [101.85, 103.41, 100.03, 103.19, 12.1]),
        ];
        let bars = &longer.bars;
        assert_eq!(texts(bars.times()), expected.map(|(time, _)| time));
        for (row, (time, [open, high, low, close, volume])) in expected.into_iter().enumerate() {
            let found = [bars.open()[row], bars.high()[row], bars.low()[row], bars.close()[row]];
            let prices = [open, high, low, close];
            assert_eq!(found.map(f64::to_bits), prices.map(f64::to_bits), "{time}");
            assert!((bars.volume()[row] - volume).abs() < 1e-12, "{time}");
        }
        let dropped = ["2024-02-28T20:00:00Z", "2024-02-29T16:00:00Z"].map(ms);
        assert_eq!(longer.dropped, dropped.map(Timestamp::clamped));
        assert_eq!(bars.interval(), interval("4h"));
    }

    #[test]
    fn weeks_start_on_monday_and_three_days_with_the_epoch() {
        // pandas 3.1.1: resample("W-MON", label="left", closed="left"), and resample("3D", origin="epoch") without a zone.
        for (to, expected) in [
            (
                "1w",
                ["2024-01-08T00:00:00Z", "2024-01-15T00:00:00Z", "2024-01-22T00:00:00Z"].as_slice(),
            ),
            ("2w", &["2024-01-08T00:00:00Z"]),
            (
                "3d",
                &[
                    "2024-01-03T00:00:00Z",
                    "2024-01-06T00:00:00Z",
                    "2024-01-09T00:00:00Z",
                    "2024-01-12T00:00:00Z",
                    "2024-01-15T00:00:00Z",
                    "2024-01-18T00:00:00Z",
                    "2024-01-21T00:00:00Z",
                    "2024-01-24T00:00:00Z",
                    "2024-01-27T00:00:00Z",
                ],
            ),
        ] {
            let longer = resampled("1d", to, "2024-01-03", "2024-01-31");
            assert_eq!(texts(longer.bars.times()), expected, "{to}");
        }
    }

    #[test]
    fn only_the_first_and_the_last_bin_are_dropped_and_only_if_they_are_cut() {
        for (first, end, kept, dropped) in [
            ("2024-01-01T00:00", "2024-01-01T12:00", 3, 0),
            ("2024-01-01T01:00", "2024-01-01T12:00", 2, 1),
            ("2024-01-01T00:00", "2024-01-01T11:00", 2, 1),
            ("2024-01-01T03:00", "2024-01-01T09:00", 1, 2),
            ("2024-01-01T01:00", "2024-01-01T03:00", 0, 1),
            ("2024-01-01T00:00", "2024-01-01T00:00", 0, 0),
        ] {
            let longer = resampled("1h", "4h", first, end);
            let found = (longer.bars.len(), longer.dropped.len());
            assert_eq!(found, (kept, dropped), "{first} to {end}");
        }
        let with_hole = flat("1h", [0, 5, 6, 7].map(|hour| hour * HOUR));
        let longer = resample(&with_hole, interval("4h")).unwrap();
        assert_eq!(longer.bars.volume(), [1.0, 3.0]);
    }

    #[test]
    fn an_equal_interval_changes_nothing() {
        let off_grid = flat("1h", [0, HOUR * 5 / 2]);
        let longer = resample(&off_grid, interval("1h")).unwrap();
        assert_eq!((longer.bars, longer.dropped.len()), (off_grid, 0));
    }

    #[test]
    fn intervals_that_do_not_fit_are_refused() {
        for (from, to, expected) in [
            ("1h", "30m", "expected a whole multiple of 1h"),
            ("3m", "5m", "expected a whole multiple of 3m"),
            ("1h", "5h", "bars of 5h do not start at the same times every day"),
            ("1m", "7m", "bars of 7m"),
            ("1h", "36h", "bars of 36h"),
        ] {
            let error = resample(&flat(from, [0]), interval(to)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn a_bar_that_closes_after_its_bin_is_refused() {
        let restarted = flat("1h", [0, HOUR, HOUR * 5 / 2, HOUR * 7 / 2, HOUR * 9 / 2]);
        let error = resample(&restarted, interval("4h")).unwrap_err().to_string();
        assert!(
            error.starts_with("row 3 (1970-01-01T03:30:00Z, 1h) opens in one bar of 4h"),
            "{error}"
        );
        let days = [8, 32, 56].map(|hour| hour * HOUR);
        assert!(resample(&flat("1d", days), interval("3d")).is_err());
    }

    #[test]
    fn bars_off_the_grid_fill_a_bin_when_no_other_fits() {
        let halves = flat("1m", [1, 3, 7, 9].map(|half| half * MINUTE / 2));
        let longer = resample(&halves, interval("3m")).unwrap();
        assert_eq!((longer.bars.len(), longer.dropped.len()), (2, 0));
    }

    #[test]
    fn a_sum_that_is_no_number_is_refused() {
        let mut columns = RawColumns { time: vec![0, HOUR], ..RawColumns::default() };
        for column in [&mut columns.open, &mut columns.high, &mut columns.low, &mut columns.close] {
            *column = vec![1.0; 2];
        }
        columns.volume = vec![f64::MAX; 2];
        let bars = Bars::new(interval("1h"), columns).unwrap();
        let error = resample(&bars, interval("2h")).unwrap_err();
        assert!(error.to_string().contains("volume inf"), "{error}");
    }
}
