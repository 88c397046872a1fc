//! Drawdowns of the bar equity: the deepest ones, and the longest.
//!
//! A drawdown begins at the last row at a peak and ends at the first row that is back at it. The
//! first peak is the initial equity, at the open of the first row.
//!
//! The scan reads millions of rows, so it takes them in blocks. The highest and the lowest value of
//! a block are found with vector instructions, and while the highest is below the peak, the block
//! can neither end the drawdown nor begin another: its lowest value is all there is to know. Only
//! blocks that reach the peak are read row by row. The row of a trough is looked up when the
//! drawdown proves to be one of the worst.

use serde::{Deserialize, Serialize};

/// How many of the deepest drawdowns are kept. QuantStats lists five in its plots.
pub const WORST_DRAWDOWNS: usize = 5;

/// Rows per block: small enough that a block which reaches a new peak is cheap to read again from
/// the first-level cache.
const BLOCK_ROWS: usize = 256;

/// Independent running extremes, so that the compiler can keep them in vector registers.
const LANES: usize = 8;

/// One fall of the equity below its peak. Times are close times of rows, UTC milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drawdown {
    /// Last row at the peak, or the open of the first row when the peak is the initial equity.
    pub peak_time: i64,
    /// First row at the lowest equity.
    pub trough_time: i64,
    /// First row back at the peak; `None` if the run ended before.
    pub recovery_time: Option<i64>,
    /// `trough ÷ peak − 1`, a fraction below 0; below -1 when the account owed money.
    pub depth: f64,
    /// Time from the peak to the recovery, or to the end of the run.
    pub duration_ms: i64,
}

/// What one pass over the equity found.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawdownScan {
    /// The deepest drawdowns, deepest first, earlier first where equally deep; at most
    /// [`WORST_DRAWDOWNS`].
    pub worst: Vec<Drawdown>,
    /// Duration of the longest drawdown; `None` if there was none.
    pub longest_ms: Option<i64>,
    /// Highest equity, the initial one included.
    pub equity_peak: f64,
}

/// Finds the drawdowns of `equity`, marked at the close of the rows that open at `times` (UTC
/// milliseconds, ascending).
///
/// NaN marks are passed over. Nothing is found if the initial equity is not above 0.
pub fn scan_drawdowns(
    times: &[i64],
    interval_ms: i64,
    initial_equity: f64,
    equity: &[f64],
) -> DrawdownScan {
    let mut scan = Scan {
        times,
        interval_ms,
        equity,
        depth_to_beat: 0.0,
        found: DrawdownScan { worst: Vec::new(), longest_ms: None, equity_peak: initial_equity },
    };
    if initial_equity > 0.0 {
        scan.run(Fall::at_peak(initial_equity, None, 0));
    }
    scan.found
}

/// The last peak, and the lowest equity since.
#[derive(Clone, Copy)]
struct Fall {
    peak: f64,
    /// `None` while the peak is the initial equity.
    peak_row: Option<usize>,
    /// Equal to `peak` when there is no drawdown.
    trough: f64,
    /// A row at or before the trough, with no other row between them that is as low.
    trough_from: usize,
}

impl Fall {
    fn at_peak(peak: f64, peak_row: Option<usize>, row: usize) -> Self {
        Self { peak, peak_row, trough: peak, trough_from: row }
    }

    fn is_drawdown(&self) -> bool {
        self.trough < self.peak
    }

    fn lower(&mut self, trough: f64, from: usize) {
        if trough < self.trough {
            self.trough = trough;
            self.trough_from = from;
        }
    }
}

/// The columns, and what was found in them so far.
struct Scan<'a> {
    times: &'a [i64],
    interval_ms: i64,
    equity: &'a [f64],
    /// Depth of the shallowest drawdown that is kept, or 0 while there is room for more.
    depth_to_beat: f64,
    found: DrawdownScan,
}

impl Scan<'_> {
    fn run(&mut self, mut fall: Fall) {
        for (index, block) in self.equity.chunks(BLOCK_ROWS).enumerate() {
            let first_row = index * BLOCK_ROWS;
            let (lowest, highest) = extremes(block);
            if highest >= fall.peak {
                fall = self.read_rows(fall, first_row, block);
            } else {
                fall.lower(lowest, first_row);
            }
        }
        if fall.is_drawdown() {
            self.record(fall, self.equity.len() - 1, None);
        }
        self.found.equity_peak = fall.peak;
    }

    fn read_rows(&mut self, mut fall: Fall, first_row: usize, block: &[f64]) -> Fall {
        for (row, value) in (first_row..).zip(block) {
            if *value >= fall.peak {
                if fall.is_drawdown() {
                    self.record(fall, row, Some(row));
                }
                fall = Fall::at_peak(*value, Some(row), row);
            } else {
                fall.lower(*value, row);
            }
        }
        fall
    }

    /// Takes note of a drawdown that ends at `end_row`, by recovery or with the run.
    fn record(&mut self, fall: Fall, end_row: usize, recovery_row: Option<usize>) {
        let peak_time = match fall.peak_row {
            Some(row) => self.close_time(row),
            None => self.times.first().copied().unwrap_or_default(),
        };
        let duration_ms = self.close_time(end_row) - peak_time;
        if self.found.longest_ms.is_none_or(|longest| longest < duration_ms) {
            self.found.longest_ms = Some(duration_ms);
        }
        let depth = fall.trough / fall.peak - 1.0;
        if depth < self.depth_to_beat && depth.is_finite() {
            let trough_time = self.close_time(self.trough_row(fall));
            let recovery_time = recovery_row.map(|row| self.close_time(row));
            self.keep(Drawdown { peak_time, trough_time, recovery_time, depth, duration_ms });
        }
    }

    fn keep(&mut self, drawdown: Drawdown) {
        let worst = &mut self.found.worst;
        let rank = worst.partition_point(|kept| kept.depth <= drawdown.depth);
        worst.insert(rank, drawdown);
        worst.truncate(WORST_DRAWDOWNS);
        if let Some(shallowest) = worst.get(WORST_DRAWDOWNS - 1) {
            self.depth_to_beat = shallowest.depth;
        }
    }

    fn trough_row(&self, fall: Fall) -> usize {
        let rows = self.equity.get(fall.trough_from..).unwrap_or_default();
        let offset = rows.iter().position(|value| *value <= fall.trough);
        fall.trough_from + offset.unwrap_or_default()
    }

    fn close_time(&self, row: usize) -> i64 {
        self.times.get(row).copied().unwrap_or_default() + self.interval_ms
    }
}

/// The lowest and the highest value of a block; NaN is passed over.
fn extremes(block: &[f64]) -> (f64, f64) {
    let mut lowest = [f64::INFINITY; LANES];
    let mut highest = [f64::NEG_INFINITY; LANES];
    let (chunks, rest) = block.as_chunks::<LANES>();
    for chunk in chunks {
        for ((low, high), value) in lowest.iter_mut().zip(&mut highest).zip(chunk) {
            // A plain comparison is one vector instruction; `f64::min` needs more for its rules
            // about NaN.
            *low = if *value < *low { *value } else { *low };
            *high = if *value > *high { *value } else { *high };
        }
    }
    let lowest = lowest.iter().chain(rest).copied().fold(f64::INFINITY, f64::min);
    let highest = highest.iter().chain(rest).copied().fold(f64::NEG_INFINITY, f64::max);
    (lowest, highest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const INTERVAL_MS: i64 = 60_000;

    /// The definition, row by row, with every drawdown kept and sorted at the end.
    fn naive(times: &[i64], initial: f64, equity: &[f64]) -> DrawdownScan {
        let close = |row: usize| times[row] + INTERVAL_MS;
        let mut all: Vec<Drawdown> = Vec::new();
        let (mut peak, mut peak_time, mut open) = (initial, times[0], None::<Drawdown>);
        for (row, value) in equity.iter().copied().enumerate() {
            if value >= peak {
                if let Some(mut drawdown) = open.take() {
                    drawdown.recovery_time = Some(close(row));
                    drawdown.duration_ms = close(row) - drawdown.peak_time;
                    all.push(drawdown);
                }
                (peak, peak_time) = (value, close(row));
            } else if value < peak {
                let depth = value / peak - 1.0;
                let drawdown = open.get_or_insert(Drawdown {
                    peak_time,
                    trough_time: close(row),
                    recovery_time: None,
                    depth,
                    duration_ms: close(times.len() - 1) - peak_time,
                });
                if depth < drawdown.depth {
                    (drawdown.depth, drawdown.trough_time) = (depth, close(row));
                }
            }
        }
        all.extend(open);
        let longest_ms = all.iter().map(|drawdown| drawdown.duration_ms).max();
        all.sort_by(|a, b| a.depth.total_cmp(&b.depth));
        all.truncate(WORST_DRAWDOWNS);
        DrawdownScan { worst: all, longest_ms, equity_peak: peak }
    }

    fn minutes(rows: usize) -> Vec<i64> {
        (0..).step_by(60_000).take(rows).collect()
    }

    proptest! {
        /// Small whole numbers give ties, plateaus and exact recoveries; the lengths cross block
        /// borders.
        #[test]
        fn blocks_find_what_single_rows_find(
            steps in prop::collection::vec(-3_i32..=3, 1..2_000),
            drift in -1_i32..=1,
            initial in 1_i32..4_000,
        ) {
            let mut level = initial;
            let equity: Vec<f64> = steps
                .iter()
                .map(|step| {
                    level += step + drift;
                    f64::from(level)
                })
                .collect();
            let times = minutes(equity.len());
            let initial = f64::from(initial);
            prop_assert_eq!(
                scan_drawdowns(&times, INTERVAL_MS, initial, &equity),
                naive(&times, initial, &equity)
            );
        }

        #[test]
        fn marks_without_a_value_change_nothing(
            steps in prop::collection::vec((-3_i32..=3, prop::bool::weighted(0.3)), 2..800),
        ) {
            let mut level = 1_000;
            let equity: Vec<f64> = steps
                .iter()
                .map(|(step, hole)| {
                    level += step;
                    if *hole { f64::NAN } else { f64::from(level) }
                })
                .collect();
            let times = minutes(equity.len());
            prop_assert_eq!(
                scan_drawdowns(&times, INTERVAL_MS, 1_000.0, &equity),
                naive(&times, 1_000.0, &equity)
            );
        }
    }

    #[test]
    fn one_fall_from_the_initial_equity() {
        let scan = scan_drawdowns(&minutes(4), INTERVAL_MS, 100.0, &[75.0, 50.0, 100.0, 125.0]);
        let expected = Drawdown {
            peak_time: 0,
            trough_time: 120_000,
            recovery_time: Some(180_000),
            depth: -0.5,
            duration_ms: 180_000,
        };
        let found =
            DrawdownScan { worst: vec![expected], longest_ms: Some(180_000), equity_peak: 125.0 };
        assert_eq!(scan, found);
    }

    #[test]
    fn an_open_drawdown_lasts_to_the_end_of_the_run() {
        let scan = scan_drawdowns(&minutes(3), INTERVAL_MS, 100.0, &[200.0, -100.0, 50.0]);
        let expected = Drawdown {
            peak_time: 60_000,
            trough_time: 120_000,
            recovery_time: None,
            depth: -1.5,
            duration_ms: 120_000,
        };
        assert_eq!(scan.worst, [expected]);
    }

    #[test]
    fn nothing_to_find() {
        let none = DrawdownScan { worst: Vec::new(), longest_ms: None, equity_peak: 100.0 };
        assert_eq!(scan_drawdowns(&[], INTERVAL_MS, 100.0, &[]), none);
        assert_eq!(scan_drawdowns(&minutes(2), INTERVAL_MS, 100.0, &[100.0, 100.0]), none);
        let broke = scan_drawdowns(&minutes(2), INTERVAL_MS, 0.0, &[-5.0, -10.0]);
        assert_eq!(broke.worst, []);
    }
}
