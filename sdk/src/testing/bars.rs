//! Bars for tests, of one or several instruments.

use super::csv;
use crate::{Candle, Columns, Interval, Window};
use std::ops::Range;
use std::path::Path;

/// Monday 2024-01-01T00:00Z.
const START_MS: i64 = 1_704_067_200_000;

/// Bars of one or several instruments on one time axis.
///
/// Bars made from prices alone are hourly and begin on Monday 2024-01-01T00:00Z.
///
/// ```
/// use ct_sdk::testing::Bars;
///
/// let bitcoin = Bars::from_closes(&[10.0, 11.0, 12.0]);
/// let ether = Bars::from_closes(&[5.0, 6.0, 7.0]).without(1..2);
/// let both = Bars::side_by_side(&[bitcoin, ether]);
/// assert_eq!((both.rows(), both.instruments()), (3, 2));
/// assert!(both.candle(1, 1).is_none());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    interval: Interval,
    times: Vec<i64>,
    /// One list for each instrument, `None` where a bar is missing.
    candles: Vec<Vec<Option<Candle>>>,
}

impl Bars {
    /// Hourly bars that stay at each of these prices for one bar, with a volume of 1.
    pub fn from_closes(closes: &[f64]) -> Self {
        let candles = hours().zip(closes).map(|(time, close)| Candle::flat(time, *close));
        Self::from_candles(Interval::HOUR, candles.collect())
    }

    /// Bars of this length, one candle after the other.
    pub fn from_candles(interval: Interval, candles: Vec<Candle>) -> Self {
        let times = candles.iter().map(|candle| candle.time).collect();
        Self { interval, times, candles: vec![candles.into_iter().map(Some).collect()] }
    }

    /// Bars of a price file, as `ct-host data export prices.csv` writes it.
    ///
    /// The first line names the columns, in any order: time (or timestamp, or date), open, high,
    /// low, close and volume. Times are seconds, milliseconds or microseconds since 1970, or ISO
    /// 8601 in UTC. The shortest distance of two rows is the interval; a bar that the file does not
    /// have is no row. Tests run in the folder of their package, where a relative path begins.
    ///
    /// ```no_run
    /// use ct_sdk::testing::Bars;
    ///
    /// let bars = Bars::from_csv("tests/btc-usdt-1h.csv");
    /// ```
    ///
    /// # Panics
    /// When the file cannot be read or is not in this form, with the line and what to do.
    #[expect(clippy::panic, reason = "a test fails by panicking")]
    pub fn from_csv(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string());
        match text.and_then(|text| csv::candles(&text)) {
            Ok((interval, candles)) => Self::from_candles(interval, candles),
            Err(error) => panic!("{}: {error}", path.display()),
        }
    }

    /// Hourly bars of a market that wanders around 100, the same for the same seed.
    pub fn random_walk(rows: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut open = 100.0;
        let candle = |time: i64| {
            let close = open * (1.0 + 0.02 * (random.unit() - 0.5));
            let candle = Candle {
                time,
                open,
                high: f64::max(open, close) * (1.0 + 0.005 * random.unit()),
                low: f64::min(open, close) * (1.0 - 0.005 * random.unit()),
                close,
                volume: 1.0 + 9.0 * random.unit(),
            };
            open = close;
            candle
        };
        Self::from_candles(Interval::HOUR, hours().map(candle).take(rows).collect())
    }

    /// The same bars with those of these rows missing.
    #[must_use]
    pub fn without(mut self, rows: Range<usize>) -> Self {
        for candles in &mut self.candles {
            for candle in candles.iter_mut().take(rows.end).skip(rows.start) {
                *candle = None;
            }
        }
        self
    }

    /// Several instruments on one time axis.
    ///
    /// # Panics
    /// When `parts` is empty or their times differ.
    pub fn side_by_side(parts: &[Self]) -> Self {
        let first = parts.first();
        assert!(first.is_some(), "side by side needs at least one instrument");
        let mut bars = first.cloned().unwrap_or_else(|| Self::from_closes(&[]));
        for part in parts.iter().skip(1) {
            assert_eq!(part.times, bars.times, "bars side by side have the same times");
            bars.candles.extend(part.candles.iter().cloned());
        }
        bars
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.times.len()
    }

    /// Number of instruments.
    pub fn instruments(&self) -> usize {
        self.candles.len()
    }

    /// Length of a bar.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The bar of an instrument at a row, `None` when it is missing.
    pub fn candle(&self, instrument: usize, row: usize) -> Option<Candle> {
        self.candles.get(instrument)?.get(row).copied().flatten()
    }

    /// Copies the read columns of some rows, as the host lays them out.
    pub(super) fn columns(&self, rows: Range<usize>, reads: Columns) -> WindowColumns {
        let column = |column: Columns, price: fn(&Candle) -> f64| {
            let instruments = if reads.contains(column) { self.instruments() } else { 0 };
            let place = |instrument| rows.clone().map(move |row| (instrument, row));
            let places = (0..instruments).flat_map(place);
            let values = places.map(|(instrument, row)| self.candle(instrument, row));
            values.map(|candle| candle.as_ref().map_or(f64::NAN, price)).collect()
        };
        let times = if reads.contains(Columns::TIME) { rows.clone() } else { 0..0 };
        WindowColumns {
            first_row: rows.start as u64,
            rows: rows.len(),
            times: times.filter_map(|row| self.times.get(row).copied()).collect(),
            open: column(Columns::OPEN, |candle| candle.open),
            high: column(Columns::HIGH, |candle| candle.high),
            low: column(Columns::LOW, |candle| candle.low),
            close: column(Columns::CLOSE, |candle| candle.close),
            volume: column(Columns::VOLUME, |candle| candle.volume),
        }
    }
}

/// Open times of hourly bars.
fn hours() -> impl Iterator<Item = i64> {
    (0..).map(|hour: i64| START_MS + hour * Interval::HOUR.milliseconds())
}

/// The columns of a window, owned.
pub(super) struct WindowColumns {
    first_row: u64,
    rows: usize,
    times: Vec<i64>,
    open: Vec<f64>,
    high: Vec<f64>,
    low: Vec<f64>,
    close: Vec<f64>,
    volume: Vec<f64>,
}

impl WindowColumns {
    pub(super) fn window(&self) -> Window<'_> {
        Window {
            first_row: self.first_row,
            rows: u32::try_from(self.rows).unwrap_or(u32::MAX),
            times: &self.times,
            open: &self.open,
            high: &self.high,
            low: &self.low,
            close: &self.close,
            volume: &self.volume,
        }
    }
}

/// Reproducible random numbers: Knuth's MMIX generator, of which the high bits are used.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Self(seed);
        random.next();
        random
    }

    /// A whole number from 0 to 2^31 - 1.
    pub(super) fn next(&mut self) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    /// A number from 0 to 1, without 1.
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(self.next()) / f64::from(1_u32 << 31)
    }
}
