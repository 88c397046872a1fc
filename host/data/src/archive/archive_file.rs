//! Which file of Binance's archive holds which bars.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::TimeRange;
use ct_core::units::Interval;

/// The intervals of the archive that have files of months and of days.
pub(super) const INTERVALS: [&str; 13] =
    ["1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d"];

const DAY_MS: i64 = 86_400_000;

/// One file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ArchiveFile {
    /// Path below the base URL, such as `data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip`.
    pub(super) path: String,
    /// Last part of the path without its ending, such as `BTCUSDT-1h-2024-01`.
    pub(super) stem: String,
    /// The bars in the file open in this month or day.
    pub(super) range: TimeRange,
    /// Number of bars, at most.
    pub(super) rows_max: u64,
}

impl ArchiveFile {
    /// The file of the UTC day in which all of `range` lies, or else that of the month; `None` for a longer range.
    pub(super) fn holding(range: TimeRange, symbol: &str, interval: Interval) -> Option<Self> {
        let instant = jiff::Timestamp::from_millisecond(range.from.as_ms()).ok()?;
        let date = TimeZone::UTC.to_datetime(instant).date();
        let (folder, name, range) = [day(date), month(date)]
            .into_iter()
            .find(|(_, _, file)| file.intersection(&range) == range)?;
        let stem = format!("{symbol}-{interval}-{name}");
        Some(Self {
            path: format!("data/spot/{folder}/klines/{symbol}/{interval}/{stem}.zip"),
            stem,
            range,
            rows_max: range.bars(interval),
        })
    }
}

fn day(date: Date) -> (&'static str, String, TimeRange) {
    ("daily", date.to_string(), days_from(date, 1))
}

fn month(date: Date) -> (&'static str, String, TimeRange) {
    let name = format!("{:04}-{:02}", date.year(), date.month());
    ("monthly", name, days_from(date.first_of_month(), i64::from(date.days_in_month())))
}

fn days_from(date: Date, days: i64) -> TimeRange {
    let from_ms =
        TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_or(0, jiff::Timestamp::as_millisecond);
    TimeRange::from_ms(from_ms, from_ms + days * DAY_MS)
}

/// What the archive calls `symbol`: `BTCUSDT` for `BTC/USDT`. `None` for contracts such as `BTC/USDT:USDT`, and for
/// anything else that is not two assets in capital letters and digits.
///
/// ```
/// use ct_data::archive::archive_symbol;
/// assert_eq!(archive_symbol("BTC/USDT").as_deref(), Some("BTCUSDT"));
/// assert_eq!(archive_symbol("BTC/USDT:USDT"), None);
/// ```
pub fn archive_symbol(symbol: &str) -> Option<String> {
    let is_asset = |asset: &str| {
        !asset.is_empty()
            && asset.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    let (base, quote) = symbol.split_once('/')?;
    (is_asset(base) && is_asset(quote)).then(|| format!("{base}{quote}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(from: &str, to: &str) -> Option<(String, u64)> {
        let range = TimeRange::new(from.parse().unwrap(), to.parse().unwrap());
        let file = ArchiveFile::holding(range, "BTCUSDT", "1h".parse().unwrap())?;
        assert!(file.path.ends_with(&format!("{}.zip", file.stem)));
        Some((file.path, file.rows_max))
    }

    #[test]
    fn days_and_months_have_files_of_their_own() {
        let month = "data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02.zip";
        let day = "data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01-31.zip";
        for (from, to, path, rows) in [
            ("2024-02-01", "2024-03-01", month, 29 * 24),
            ("2024-02-01", "2024-02-03", month, 29 * 24),
            ("2024-01-31", "2024-02-01", day, 24),
            ("2024-01-31T05:00", "2024-01-31T06:00", day, 24),
        ] {
            assert_eq!(file(from, to), Some((path.to_owned(), rows)), "{from} {to}");
        }
        assert_eq!(file("2024-01-31", "2024-02-02"), None);
        assert_eq!(file("2023-12-01", "2024-02-01"), None);
    }

    #[test]
    fn only_spot_pairs_are_in_the_archive() {
        assert_eq!(archive_symbol("1000SATS/USDT").as_deref(), Some("1000SATSUSDT"));
        for symbol in ["BTC/USDT:USDT", "BTCUSDT", "btc/usdt", "/USDT", "BTC/", "A/../B", "Ä/USDT"]
        {
            assert_eq!(archive_symbol(symbol), None, "{symbol}");
        }
    }
}
