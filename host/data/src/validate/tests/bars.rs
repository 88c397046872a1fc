//! Bars without any defect, and changes to them.

use crate::validate::{
    FindingKind, Report, RowNumber, Rows, Subject, ValidationSettings, validate,
};
use ct_core::market::RawColumns;
use ct_core::units::Interval;

pub(super) const HOUR: i64 = 3_600_000;
/// 2024-01-01T00:00:00Z.
pub(super) const START: i64 = 1_704_067_200_000;

/// A row: time, open, high, low, close, volume.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) time: i64,
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) close: f64,
    pub(super) volume: f64,
}

impl Row {
    /// The row with every price times `factor`.
    pub(super) fn scaled(self, factor: f64) -> Self {
        let Self { time, open, high, low, close, volume } = self;
        let [open, high, low, close] = [open, high, low, close].map(|price| price * factor);
        Self { time, open, high, low, close, volume }
    }

    /// The row with the prices of `other`.
    pub(super) fn with_prices_of(self, other: &Self) -> Self {
        Self { time: self.time, volume: self.volume, ..*other }
    }
}

/// Random numbers: xorshift64, G. Marsaglia, "Xorshift RNGs", 2003.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    /// A number in [0, 1).
    fn uniform(&mut self) -> f64 {
        self.bits() as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits()).unwrap() % end
    }
}

/// Hourly bars around 100 that move by up to 0.3 %, with volumes from 50 to 150: no check finds anything.
pub(super) fn clean(count: usize, seed: u64) -> Vec<Row> {
    let mut random = Random::new(seed);
    let mut close = 100.0;
    let mut time = START - HOUR;
    let mut row = || {
        // Drawn back to 100, so that no price is far from it.
        let drift = 0.001 * (100.0_f64 / close).ln();
        let open = close;
        close = open * (1.0 + drift + 0.006 * (random.uniform() - 0.5));
        time += HOUR;
        let high = open.max(close) * (1.0 + 0.001 * random.uniform());
        let low = open.min(close) * (1.0 - 0.001 * random.uniform());
        Row { time, open, high, low, close, volume: 50.0 + 100.0 * random.uniform() }
    };
    (0..count).map(|_| row()).collect()
}

pub(super) fn columns(rows: &[Row]) -> RawColumns {
    RawColumns {
        time: rows.iter().map(|row| row.time).collect(),
        open: rows.iter().map(|row| row.open).collect(),
        high: rows.iter().map(|row| row.high).collect(),
        low: rows.iter().map(|row| row.low).collect(),
        close: rows.iter().map(|row| row.close).collect(),
        volume: rows.iter().map(|row| row.volume).collect(),
    }
}

pub(super) fn hour() -> Interval {
    "1h".parse().unwrap()
}

/// Settings that list every finding.
pub(super) fn all_listed() -> ValidationSettings {
    ValidationSettings { listed_max: usize::MAX, ..ValidationSettings::default() }
}

pub(super) fn report(rows: &[Row]) -> Report {
    let columns = columns(rows);
    validate(&Subject::new(hour(), Rows::from(&columns)), &all_listed())
}

/// Kind, row from 0, and number of bars of every finding.
pub(super) fn findings(report: &Report) -> Vec<(FindingKind, u64, u64)> {
    let place = |row| match row {
        RowNumber::Bar(bar) => bar - 1,
        RowNumber::Line(line) => line,
    };
    report.findings.iter().map(|found| (found.kind, place(found.row), found.rows)).collect()
}
