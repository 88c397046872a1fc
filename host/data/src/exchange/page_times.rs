//! Whether the bars of a page open near the time that was asked for.
//!
//! An answer without any bar of the time asked for says that there are none, and is recorded so when it is given twice. One
//! whose bars are of quite another time says nothing, whatever its sender meant by them.

use super::profile::Profile;
use crate::TimeRange;
use crate::source::PageRequest;
use ct_core::units::Timestamp;

/// Looks at the `times` of all bars of an answer, in UTC milliseconds and in order.
///
/// # Errors
/// Which bar is of another time, and which ones were expected.
pub(super) fn check_times(
    profile: &Profile,
    page: &PageRequest,
    times: &[i64],
    server_time: Option<Timestamp>,
) -> Result<(), String> {
    let expected = expected(profile, page, server_time);
    let ends = [times.first(), times.last()];
    let Some(wrong) = ends.into_iter().flatten().find(|time| !expected.contains(**time)) else {
        return Ok(());
    };
    let asked = page.range;
    let shown = match Timestamp::from_ms(*wrong) {
        Ok(time) => time.to_string(),
        Err(_) => format!("{wrong} ms, which is no time between 1970 and 9999"),
    };
    let (symbol, bars) = (&page.symbol, times.len());
    Err(format!(
        "asked for {symbol} from {asked}, one of the {bars} bars of its answer opens at {shown}"
    ))
}

/// Where bars of an answer may open. An exchange that was told both ends of a window gives some more at most, no more than a
/// page on each side; one that cannot be told the end goes on to its newest bar; of one that nobody checked nothing is known.
fn expected(profile: &Profile, page: &PageRequest, server_time: Option<Timestamp>) -> TimeRange {
    let margin_ms = page.interval.as_ms().saturating_mul(i64::from(profile.rows_max));
    let from_ms =
        if profile.is_checked() { page.range.from.as_ms().saturating_sub(margin_ms) } else { 0 };
    let end = match (profile.window_end, server_time) {
        (Some(_), _) => page.range.to,
        (None, Some(now)) => page.range.to.max(now),
        (None, None) => Timestamp::clamped(i64::MAX),
    };
    TimeRange::from_ms(from_ms, end.as_ms().saturating_add(margin_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn check(id: &'static str, times: &[i64]) -> Result<(), String> {
        let range = TimeRange::new("2024-02-01".parse().unwrap(), "2024-02-02".parse().unwrap());
        let page =
            PageRequest { symbol: "BTC/USDT".to_owned(), interval: "1h".parse().unwrap(), range };
        let now = "2024-03-13".parse().unwrap();
        check_times(&Profile::of(id), &page, times, Some(now))
    }

    #[test]
    fn bars_near_the_time_asked_for_are_taken() {
        let from_ms = 1_706_745_600_000;
        for times in [
            &[][..],
            &[from_ms],
            &[from_ms - 7 * HOUR_MS, from_ms + 30 * HOUR_MS],
            &[from_ms - 1_000 * HOUR_MS, from_ms + 1_023 * HOUR_MS],
        ] {
            assert_eq!(check("binance", times), Ok(()), "{times:?}");
        }
        let newest_ms = from_ms + 40 * 24 * HOUR_MS;
        for id in ["kraken", "htx"] {
            assert_eq!(check(id, &[from_ms, newest_ms]), Ok(()), "{id} cannot be told the end");
        }
        assert_eq!(check("htx", &[1]), Ok(()), "nothing is known of it");
    }

    #[test]
    fn bars_of_another_time_are_an_error() {
        let from_ms = 1_706_745_600_000;
        let (year_1, year_60000) = (-62_135_596_800_000, 1_831_337_078_400_000);
        for (id, times, shown) in [
            ("binance", &[year_1, from_ms][..], "opens at -62135596800000 ms, which is no time"),
            ("htx", &[year_1], "opens at -62135596800000 ms"),
            ("kraken", &[from_ms, year_60000], "opens at 1831337078400000 ms"),
            ("htx", &[year_60000], "opens at 1831337078400000 ms"),
            ("binance", &[0], "one of the 1 bars of its answer opens at 1970-01-01T00:00:00Z"),
            ("binance", &[from_ms - 1_001 * HOUR_MS], "opens at 2023-12-21T07:00:00Z"),
            ("binance", &[from_ms, from_ms + 1_024 * HOUR_MS], "opens at 2024-03-14T16:00:00Z"),
            (
                "kraken",
                &[from_ms - 721 * HOUR_MS],
                "asked for BTC/USDT from 2024-02-01T00:00:00Z to",
            ),
        ] {
            let error = check(id, times).unwrap_err();
            assert!(error.contains(shown), "{id}: {error}");
        }
    }
}
