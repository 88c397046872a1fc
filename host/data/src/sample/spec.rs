//! What sample to make.

use super::market::{Market, whole};
use crate::raw_columns::{push, with_capacity};
use ct_core::market::RawColumns;
use ct_core::units::Timestamp;

/// A sample market.
///
/// ```
/// use ct_data::{SampleSpec, sample};
/// let spec = SampleSpec { interval_ms: 900_000, rows: 1_000, ..SampleSpec::default() };
/// let columns = sample(&spec);
/// assert!(columns.time.len() <= 1_000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleSpec {
    /// The name of the instrument; the prices do not depend on it.
    pub symbol: String,
    /// Length of a bar, milliseconds.
    pub interval_ms: i64,
    /// Length of the period in bars. The sample has fewer rows: none while the made-up exchange is down.
    pub rows: usize,
    /// Chooses one of the possible histories.
    pub seed: u64,
    /// Open time of the first bar.
    pub start: Timestamp,
}

/// Prices have two decimals, like those of the large instruments on exchanges.
const PRICE_SCALE: f64 = 100.0;
/// Volumes have five decimals.
const VOLUME_SCALE: f64 = 100_000.0;

impl Default for SampleSpec {
    /// `SAMPLE/USDT`, two years of hours from 2022-01-01. The seed was chosen because its statistics are close to those of real
    /// prices, not because any strategy earns on it.
    fn default() -> Self {
        Self {
            symbol: "SAMPLE/USDT".to_owned(),
            interval_ms: 3_600_000,
            rows: 17_520,
            seed: 203,
            start: Timestamp::clamped(1_640_995_200_000),
        }
    }
}

/// Makes the bars of `spec`: the same bytes on every platform and in every version.
///
/// The bars pass every check of [`Bars::new`](ct_core::market::Bars::new), and their decimals survive being written as text and
/// read again.
pub fn sample(spec: &SampleSpec) -> RawColumns {
    let mut market = Market::new(spec.seed, spec.interval_ms);
    let mut columns = with_capacity(spec.rows);
    let mut time = spec.start.as_ms();
    for _ in 0..spec.rows {
        if let Some(bar) = market.next_bar() {
            let prices = [bar.open, bar.high, bar.low, bar.close];
            let [open, high, low, close] = prices.map(|price| rounded(price, PRICE_SCALE));
            let volume = rounded(bar.volume, VOLUME_SCALE);
            push(&mut columns, time, [open, high, low, close, volume]);
        }
        time += spec.interval_ms;
    }
    columns
}

/// `value` to the nearest multiple of `1 / scale`, at least one. The quotient of two integers is the `f64` nearest to the decimal
/// text, so the text reads back as the same number.
fn rounded(value: f64, scale: f64) -> f64 {
    whole(value * scale + 0.5).max(1) as f64 / scale
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_core::market::Bars;
    use ct_core::units::Interval;

    fn hash(columns: &RawColumns) -> String {
        let mut hasher = blake3::Hasher::new();
        for time in &columns.time {
            hasher.update(&time.to_le_bytes());
        }
        for column in [&columns.open, &columns.high, &columns.low, &columns.close, &columns.volume]
        {
            for value in column {
                hasher.update(&value.to_le_bytes());
            }
        }
        hasher.finalize().to_string()
    }

    #[test]
    fn the_default_sample_is_the_same_for_ever() {
        // Rows and hash come from a second implementation, written in Python (floats and `math.sqrt`).
        let columns = sample(&SampleSpec::default());
        assert_eq!(columns.time.len(), 17_483);
        assert_eq!(
            hash(&columns),
            "14ca7c4b7bc18f8025ce91189fddb68f0c2047f981ebdcb705821b5fcbccf54c"
        );
    }

    #[test]
    fn every_sample_is_made_of_sound_bars() {
        for interval in ["1s", "1m", "15m", "1h", "4h", "1d", "1w"] {
            let interval: Interval = interval.parse().unwrap();
            for seed in 0..20 {
                let spec = SampleSpec {
                    interval_ms: interval.as_ms(),
                    rows: 2_000,
                    seed,
                    ..SampleSpec::default()
                };
                let columns = sample(&spec);
                assert!(
                    columns.time.len() > 1_500,
                    "{interval} {seed}: {} rows",
                    columns.time.len()
                );
                Bars::new(interval, columns)
                    .unwrap_or_else(|error| panic!("{interval} {seed}: {error}"));
            }
        }
    }

    #[test]
    fn decimals_survive_as_text() {
        let columns = sample(&SampleSpec::default());
        for (column, decimals) in [
            (&columns.open, 2),
            (&columns.high, 2),
            (&columns.low, 2),
            (&columns.close, 2),
            (&columns.volume, 5),
        ] {
            for value in column {
                let text = format!("{value:.decimals$}");
                assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits(), "{text}");
            }
        }
    }

    #[test]
    fn the_seed_and_nothing_else_chooses_the_history() {
        let default = sample(&SampleSpec::default());
        let renamed = SampleSpec { symbol: "OTHER/USDT".to_owned(), ..SampleSpec::default() };
        assert_eq!(sample(&renamed), default);
        let other = SampleSpec { seed: 7, ..SampleSpec::default() };
        assert_ne!(sample(&other).close, default.close);
        let shorter = SampleSpec { rows: 500, ..SampleSpec::default() };
        assert!(default.close.starts_with(&sample(&shorter).close));
    }
}
