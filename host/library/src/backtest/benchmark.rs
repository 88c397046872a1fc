//! Prices that a run is compared with. Nobody trades them, and no strategy sees them.

use super::BenchmarkSummary;
use ct_core::market::{Bars, Panel, Series};
use ct_core::units::{Interval, Timestamp};

/// Closes of an instrument that a run is compared with, as if it had been bought once and held.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    name: String,
    interval: Interval,
    /// Open times, ascending, in UTC milliseconds.
    times: Vec<i64>,
    /// In quote, one for each time.
    closes: Vec<f64>,
}

/// Why a run cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the benchmark {name} has no price in the run: its bars open from {first} to {last}, those of the run from {from} to {to}"
)]
pub struct BenchmarkError {
    name: String,
    first: Timestamp,
    last: Timestamp,
    from: Timestamp,
    to: Timestamp,
}

impl Benchmark {
    /// The closes of `bars`, called `name`.
    pub fn new(name: impl Into<String>, bars: &Bars) -> Self {
        let (times, closes) = (bars.times().to_vec(), bars.close().to_vec());
        Self { name: name.into(), interval: bars.interval(), times, closes }
    }

    /// The closes of an instrument of `panel`, whose series is `series`.
    pub fn of_series(panel: &Panel, series: &Series) -> Self {
        let closes = panel.times().iter().zip(series.close());
        let (times, closes) = closes.filter(|(_, close)| !close.is_nan()).unzip();
        let name = series.instrument().symbol.clone();
        Self { name, interval: panel.interval(), times, closes }
    }

    /// Its value at the close of each row that opens at one of `times`: the close of its last bar that had closed by then. NaN
    /// before its first close, and from the time on at which a bar after its last one would have closed.
    pub(super) fn aligned(&self, times: &[i64], interval_ms: i64) -> Vec<f64> {
        let own_ms = self.interval.as_ms();
        let end_ms = self.times.last().map_or(i64::MIN, |last| last.saturating_add(2 * own_ms));
        let mut next = 0;
        let value = |open: &i64| {
            let close_ms = open.saturating_add(interval_ms);
            while self.times.get(next).is_some_and(|own| own.saturating_add(own_ms) <= close_ms) {
                next += 1;
            }
            let last = next.checked_sub(1).filter(|_| close_ms < end_ms);
            last.and_then(|last| self.closes.get(last)).copied().unwrap_or(f64::NAN)
        };
        times.iter().map(value).collect()
    }

    /// What a result says of it, for a run over `panel` from `first_row` on.
    ///
    /// # Errors
    /// [`BenchmarkError`] when it has no price at any row of the run.
    pub(super) fn summary(
        &self,
        panel: &Panel,
        first_row: usize,
    ) -> Result<BenchmarkSummary, BenchmarkError> {
        let times = panel.times().get(first_row..).unwrap_or_default();
        let values = self.aligned(times, panel.interval().as_ms());
        let row_of = |row: usize| panel.time(first_row + row);
        let ends = values
            .iter()
            .position(|value| !value.is_nan())
            .zip(values.iter().rposition(|value| !value.is_nan()));
        let Some((from, to)) = ends else {
            let time = |time: Option<&i64>| Timestamp::clamped(time.copied().unwrap_or_default());
            return Err(BenchmarkError {
                name: self.name.clone(),
                first: time(self.times.first()),
                last: time(self.times.last()),
                from: panel.time(first_row),
                to: panel.time(usize::MAX),
            });
        };
        Ok(BenchmarkSummary {
            name: self.name.clone(),
            hash: hash(&values),
            interval: self.interval,
            from: row_of(from),
            to: row_of(to),
        })
    }
}

/// BLAKE3 over what a run is compared with.
fn hash(values: &[f64]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"ct-host benchmark 1\n");
    for value in values {
        hasher.update(&value.to_le_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn benchmark(interval: &str, first_hour: i64, closes: &[f64]) -> Benchmark {
        let interval: Interval = interval.parse().unwrap();
        let times = (0..).zip(closes).map(|(bar, _)| first_hour * HOUR_MS + bar * interval.as_ms());
        let (times, closes) = (times.collect(), closes.to_vec());
        Benchmark { name: "BTC/USDT".to_owned(), interval, times, closes }
    }

    fn aligned(benchmark: &Benchmark, hours: std::ops::Range<i64>) -> Vec<Option<f64>> {
        let times: Vec<i64> = hours.map(|hour| hour * HOUR_MS).collect();
        let values = benchmark.aligned(&times, HOUR_MS).into_iter();
        values.map(|value| Some(value).filter(|value| !value.is_nan())).collect()
    }

    #[test]
    fn a_row_has_the_close_of_the_last_bar_that_had_closed_by_then() {
        let hourly = benchmark("1h", 1, &[10.0, 11.0]);
        assert_eq!(aligned(&hourly, 0..5), [None, Some(10.0), Some(11.0), None, None]);
        // Bars of 15 minutes from 1:00 on: the fourth closes at 2:00.
        let finer = benchmark("15m", 1, &[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(aligned(&finer, 0..3), [None, Some(4.0), None]);
        // Bars of two hours close at 2:00 and 4:00; what comes at 6:00 is not known.
        let coarser = benchmark("2h", 0, &[1.0, 2.0]);
        let expected = [None, Some(1.0), Some(1.0), Some(2.0), Some(2.0), None];
        assert_eq!(aligned(&coarser, 0..6), expected);
    }
}
