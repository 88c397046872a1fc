//! What sample to make.

use super::market::{Market, whole};
use crate::market::RawColumns;
use crate::units::{Interval, Timestamp};

/// A sample market.
///
/// ```
/// use ct_host::data::{SampleSpec, sample};
/// let spec = SampleSpec { interval: "15m".parse()?, rows: 1_000, ..SampleSpec::default() };
/// let columns = sample(&spec);
/// assert!(columns.time.len() <= 1_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleSpec {
    /// The name of the instrument; the prices do not depend on it.
    pub symbol: String,
    /// Length of a bar.
    pub interval: Interval,
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
            interval: Interval::HOUR,
            rows: 17_520,
            seed: 1,
            start: Timestamp::clamped(1_640_995_200_000),
        }
    }
}

/// Makes the bars of `spec`: the same bytes on every platform and in every version.
///
/// The bars pass every check of [`Bars::new`](crate::market::Bars::new), and their decimals survive being written as text and
/// read again.
pub fn sample(spec: &SampleSpec) -> RawColumns {
    let mut market = Market::new(spec.seed, spec.interval);
    let mut columns = with_capacity(spec.rows);
    let mut time = spec.start.as_ms();
    for _ in 0..spec.rows {
        if let Some(bar) = market.next_bar() {
            columns.time.push(time);
            columns.open.push(rounded(bar.open, PRICE_SCALE));
            columns.high.push(rounded(bar.high, PRICE_SCALE));
            columns.low.push(rounded(bar.low, PRICE_SCALE));
            columns.close.push(rounded(bar.close, PRICE_SCALE));
            columns.volume.push(rounded(bar.volume, VOLUME_SCALE));
        }
        time += spec.interval.as_ms();
    }
    columns
}

fn with_capacity(rows: usize) -> RawColumns {
    let column = || Vec::with_capacity(rows);
    RawColumns {
        time: Vec::with_capacity(rows),
        open: column(),
        high: column(),
        low: column(),
        close: column(),
        volume: column(),
    }
}

/// `value` to the nearest multiple of `1 / scale`, at least one. The quotient of two integers is the `f64` nearest to the decimal
/// text, so the text reads back as the same number.
fn rounded(value: f64, scale: f64) -> f64 {
    whole(value * scale + 0.5).max(1) as f64 / scale
}
