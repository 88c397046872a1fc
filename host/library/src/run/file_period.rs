//! The part of a price file that a run looks at: what is wrong outside of it is nobody's concern.

use ct_core::units::{Interval, Timestamp};
use ct_data::files::PriceFile;

/// The traded period, and what is needed before it.
#[derive(Clone, Copy, Debug, Default)]
pub struct FilePeriod {
    /// First time to trade; `None`: from the first bar on.
    pub from: Option<Timestamp>,
    /// Time to stop at; `None`: after the last bar.
    pub to: Option<Timestamp>,
    /// Bars of the run before the first one that is traded.
    pub warm_up_rows: usize,
    /// Length of the bars of the run, if those of the file are put together.
    pub resample: Option<Interval>,
}

impl FilePeriod {
    /// Drops the rows of `file`, whose bars have the length `interval`, that the run does not look at. Where it would look at
    /// none of them, all stay.
    pub(super) fn cut(&self, file: &mut PriceFile, interval: Interval) {
        let times = &file.columns.time;
        let bin_ms = self.resample.map_or(0, Interval::as_ms);
        // The last bar of the run may go on behind the end.
        let end_ms = self.to.map_or(i64::MAX, |to| to.as_ms().saturating_add(bin_ms));
        let start_ms = self.from.map_or(i64::MIN, |from| self.start_ms(times, from, interval));
        let is_seen = |time: i64| start_ms <= time && time < end_ms;
        let is_traded = |time: i64| {
            is_seen(time) && self.from.is_none_or(|from| time + interval.as_ms() > from.as_ms())
        };
        if times.iter().any(|time| is_traded(*time)) && !times.iter().all(|time| is_seen(*time)) {
            let rows: Vec<usize> =
                (0..).zip(times).filter(|(_, time)| is_seen(**time)).map(|(row, _)| row).collect();
            file.keep(&rows);
        }
    }

    /// The time of the first bar that is warmed up on, UTC milliseconds.
    fn start_ms(&self, times: &[i64], from: Timestamp, interval: Interval) -> i64 {
        let per_bar = self.resample.map_or(1, |bar| bar.as_ms() / interval.as_ms()).max(1);
        let per_bar = usize::try_from(per_bar).unwrap_or(usize::MAX);
        // The first bar that is put together may start before the first row that counts.
        let bars = self.warm_up_rows + usize::from(self.resample.is_some());
        let mut before: Vec<i64> =
            times.iter().copied().filter(|time| *time < from.as_ms()).collect();
        before.sort_unstable();
        before.dedup();
        let needed = bars.saturating_mul(per_bar);
        let first = before.len().saturating_sub(needed);
        before.get(first).copied().unwrap_or(from.as_ms())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_core::market::RawColumns;
    use ct_data::files::{FileFormat, Label};

    /// The hours that are left of ten from 2024-01-01.
    fn left(period: FilePeriod) -> Vec<i64> {
        const START: i64 = 1_704_067_200_000;
        let prices = vec![1.0; 10];
        let columns = RawColumns {
            time: (0..10).map(|hour| START + hour * 3_600_000).collect(),
            open: prices.clone(),
            high: prices.clone(),
            low: prices.clone(),
            close: prices.clone(),
            volume: prices,
        };
        let mut file = PriceFile {
            format: FileFormat::Parquet,
            columns,
            quote_volume: None,
            lines: None,
            label: Label::default(),
            remarks: Vec::new(),
        };
        period.cut(&mut file, Interval::HOUR);
        file.columns.time.iter().map(|time| (time - START) / 3_600_000).collect()
    }

    #[test]
    fn what_a_run_does_not_look_at_is_cut() {
        let time = |hour: u32| format!("2024-01-01T{hour:02}:00").parse::<Timestamp>().ok();
        let all: Vec<i64> = (0..10).collect();
        assert_eq!(left(FilePeriod::default()), all);
        let part = FilePeriod { from: time(4), to: time(7), ..FilePeriod::default() };
        assert_eq!(left(part), [4, 5, 6]);
        assert_eq!(left(FilePeriod { warm_up_rows: 2, ..part }), [2, 3, 4, 5, 6]);
        assert_eq!(left(FilePeriod { warm_up_rows: 20, to: None, ..part }), all);
        let resample = "2h".parse().ok();
        let longer = FilePeriod { resample, warm_up_rows: 1, to: time(6), ..part };
        assert_eq!(left(longer), [0, 1, 2, 3, 4, 5, 6, 7]);
        // A period without bars is told elsewhere, with the times of all of them.
        assert_eq!(left(FilePeriod { from: time(12), ..FilePeriod::default() }), all);
    }
}
