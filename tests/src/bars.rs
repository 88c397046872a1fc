//! Small and random markets.

use ct_host::market::{Bars, Instrument, Panel, RawColumns};
use ct_host::units::Interval;

/// Open, high, low, close and volume of one bar.
pub type Row = [f64; 5];

/// Milliseconds of the hourly bars that tests use.
pub const HOUR_MS: i64 = 3_600_000;

/// Hourly bars from the start of 1970 on.
///
/// # Panics
/// When the rows are no bars.
pub fn hourly(rows: &[Row]) -> Bars {
    let rows: Vec<Option<Row>> = rows.iter().copied().map(Some).collect();
    hourly_with_gaps(&rows)
}

/// Hourly bars from the start of 1970 on; `None` is a missing bar.
///
/// # Panics
/// When the rows are no bars.
pub fn hourly_with_gaps(rows: &[Option<Row>]) -> Bars {
    let mut columns = RawColumns::default();
    for (place, &row) in (0..).zip(rows) {
        let Some([open, high, low, close, volume]) = row else { continue };
        columns.time.push(place * HOUR_MS);
        columns.open.push(open);
        columns.high.push(high);
        columns.low.push(low);
        columns.close.push(close);
        columns.volume.push(volume);
    }
    bars(HOUR_MS, columns)
}

/// A panel of one unrestricted instrument, `TEST/USD`.
///
/// # Panics
/// When the rows are no bars.
pub fn panel(rows: &[Row]) -> Panel {
    panel_of(vec![(Instrument::unrestricted("TEST/USD"), hourly(rows))])
}

/// A panel of several instruments.
///
/// # Panics
/// When they cannot be aligned.
pub fn panel_of(instruments: Vec<(Instrument, Bars)>) -> Panel {
    match Panel::new(instruments) {
        Ok(panel) => panel,
        Err(error) => unreachable!("test data: {error}"),
    }
}

/// A random walk of `rows` rows of `interval_ms`, with missing bars and jumps. The same seed gives the same bars.
///
/// # Panics
/// When the interval is none.
pub fn random_walk(seed: u64, rows: usize, interval_ms: i64) -> Bars {
    let mut random = SplitMix64(seed);
    let mut columns = RawColumns::default();
    let mut price = 100.0;
    for place in 0.. {
        if columns.time.len() == rows {
            break;
        }
        if random.unit() < 0.02 {
            continue;
        }
        let jump = if random.unit() < 0.01 { 0.1 } else { 0.01 };
        let open = price * (1.0 + 0.002 * (random.unit() - 0.5));
        let close = (open * (1.0 + jump * (random.unit() - 0.5))).clamp(1.0, 10_000.0);
        columns.time.push(place * interval_ms);
        columns.open.push(open);
        columns.high.push(open.max(close) * (1.0 + 0.3 * jump * random.unit()));
        columns.low.push(open.min(close) * (1.0 - 0.3 * jump * random.unit()));
        columns.close.push(close);
        columns.volume.push((1_000.0 * random.unit()).floor());
        price = close;
    }
    bars(interval_ms, columns)
}

fn bars(interval_ms: i64, columns: RawColumns) -> Bars {
    match Interval::from_ms(interval_ms).map(|interval| Bars::new(interval, columns)) {
        Ok(Ok(bars)) => bars,
        other => unreachable!("test data: {other:?}"),
    }
}

/// `SplitMix64` (Steele, Lea and Flood 2014): enough chance for test data.
#[derive(Clone, Copy, Debug)]
pub struct SplitMix64(pub u64);

impl SplitMix64 {
    /// The next 64 bits.
    pub const fn next_bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number from 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next_bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next_bits() % end.max(1) as u64).unwrap_or_default()
    }
}
