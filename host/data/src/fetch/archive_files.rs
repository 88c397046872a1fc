//! Which whole months and days to take from an archive.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::grid::DAY_MS;
use crate::TimeRange;
use ct_core::units::Interval;

/// Sizes of the files that are worth asking for.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileSizes {
    interval: Interval,
    /// Bars in a file, at least: no file is worth it that saves no request.
    bars_min: u64,
    /// Bars in a file, at most.
    bars_max: u64,
}

impl FileSizes {
    /// Files with more bars than the `exchange_rows_max` of a page of the exchange, and no more than the
    /// `archive_rows_max` that the archive gives at once.
    pub(super) fn new(interval: Interval, exchange_rows_max: u32, archive_rows_max: u32) -> Self {
        Self {
            interval,
            bars_min: u64::from(exchange_rows_max) + 1,
            bars_max: u64::from(archive_rows_max),
        }
    }

    fn are_met_by(self, file: TimeRange) -> bool {
        (self.bars_min..=self.bars_max).contains(&file.bars(self.interval))
    }
}

/// The whole UTC months within `ranges`, and the whole days of what is left, by time.
pub(super) fn archive_files(ranges: &[TimeRange], sizes: FileSizes) -> Vec<TimeRange> {
    ranges.iter().flat_map(|range| files_within(*range, sizes)).collect()
}

fn files_within(range: TimeRange, sizes: FileSizes) -> Vec<TimeRange> {
    let mut files = Vec::new();
    let first_day_ms = (range.from.as_ms() + DAY_MS - 1).div_euclid(DAY_MS) * DAY_MS;
    let mut cursor = TimeRange::from_ms(first_day_ms, first_day_ms + DAY_MS);
    while cursor.to <= range.to && !cursor.is_empty() {
        let month = month_from(cursor).filter(|month| month.to <= range.to);
        let file = month.into_iter().chain([cursor]).find(|file| sizes.are_met_by(*file));
        files.extend(file);
        let end_ms = file.unwrap_or(cursor).to.as_ms();
        cursor = TimeRange::from_ms(end_ms, end_ms + DAY_MS);
    }
    files
}

/// The month that begins with `day`.
fn month_from(day: TimeRange) -> Option<TimeRange> {
    let instant = jiff::Timestamp::from_millisecond(day.from.as_ms()).ok()?;
    let date: Date = TimeZone::UTC.to_datetime(instant).date();
    let days = (date.day() == 1).then(|| i64::from(date.days_in_month()))?;
    Some(TimeRange::from_ms(day.from.as_ms(), day.from.as_ms() + days * DAY_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(interval: &str, from: &str, to: &str) -> Vec<String> {
        let sizes = FileSizes::new(interval.parse().unwrap(), 1_000, 31 * 86_400);
        let range = TimeRange::new(from.parse().unwrap(), to.parse().unwrap());
        let day = |file: &TimeRange| file.from.to_string().chars().take(10).collect::<String>();
        let name = |file: &TimeRange| format!("{}+{}", day(file), file.length_ms() / DAY_MS);
        archive_files(&[range], sizes).iter().map(name).collect()
    }

    #[test]
    fn whole_months_and_the_days_around_them_are_taken() {
        let taken = files("1m", "2024-01-30T12:00", "2024-04-02T05:00");
        assert_eq!(taken, ["2024-01-31+1", "2024-02-01+29", "2024-03-01+31", "2024-04-01+1"]);
        assert!(files("1m", "2024-01-30T00:01", "2024-01-31T23:59").is_empty());
    }

    #[test]
    fn files_that_save_no_request_are_left() {
        assert_eq!(files("15m", "2024-01-30", "2024-03-05"), ["2024-02-01+29"]);
        assert!(files("1h", "2017-01-01", "2024-01-01").is_empty());
    }
}
