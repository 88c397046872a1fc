//! Times in the headers of an answer.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use ct_core::units::Timestamp;

/// The server's clock when it answered, to the second.
pub(super) fn server_time(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

/// How long the server wants to be left alone: `Retry-After`, in seconds or as a date by the server's own clock.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait_ms = http_date(text)?.as_ms() - server_time(headers)?.as_ms();
    Some(Duration::from_millis(u64::try_from(wait_ms).unwrap_or_default()))
}

fn http_date(text: &str) -> Option<Timestamp> {
    let time = rfc2822::parse(text).ok()?.timestamp();
    Timestamp::from_ms(time.as_millisecond()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_wait_is_read_as_seconds_and_as_a_date() {
        let date = ("date", "Wed, 13 Mar 2024 11:40:00 GMT");
        for (retry_after_text, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Wed, 13 Mar 2024 11:42:30 GMT", Some(150)),
            ("Wed, 13 Mar 2024 11:39:00 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
        ] {
            let found = retry_after(&headers(&[date, ("retry-after", retry_after_text)]));
            assert_eq!(found, seconds.map(Duration::from_secs), "{retry_after_text}");
        }
        assert_eq!(retry_after(&headers(&[date])), None);
    }

    #[test]
    fn a_date_without_the_servers_clock_says_nothing() {
        let found = retry_after(&headers(&[("retry-after", "Wed, 13 Mar 2024 11:42:30 GMT")]));
        assert_eq!(found, None);
    }

    #[test]
    fn the_servers_clock_is_read() {
        let time = server_time(&headers(&[("date", "Wed, 13 Mar 2024 11:40:00 GMT")]));
        assert_eq!(time.map(Timestamp::as_ms), Some(1_710_330_000_000));
        assert_eq!(server_time(&headers(&[("date", "yesterday")])), None);
    }
}
