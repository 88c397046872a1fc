//! How much an exchange will still take, as the headers of its answers tell, so that one slows down before it says stop.

use std::time::Duration;

use reqwest::header::HeaderMap;

use super::http_time::server_time;

/// A pause that keeps within an exchange's limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pause {
    pub(super) delay: Duration,
    pub(super) reason: String,
}

/// Pauses begin when less than one part in this many of a limit is left.
const RESERVE: u64 = 10;
/// No limit is reset less often; what says so is misread.
const PAUSE_MAX: Duration = Duration::from_mins(1);
/// Weight that Binance grants in a minute. It tells what is used, not what is left.
const BINANCE_WEIGHT: u64 = 6_000;
const MINUTE_MS: i64 = 60_000;

/// Three headers that tell a limit, what is left of it, and when it is whole again.
struct Family {
    limit: &'static str,
    left: &'static str,
    reset: &'static str,
    reset_is: Reset,
}

enum Reset {
    /// Milliseconds from now.
    In,
    /// Time in seconds since 1970.
    AtSeconds,
    /// Time in milliseconds since 1970.
    AtMilliseconds,
}

const FAMILIES: [Family; 3] = [
    Family {
        limit: "gw-ratelimit-limit",
        left: "gw-ratelimit-remaining",
        reset: "gw-ratelimit-reset",
        reset_is: Reset::In,
    },
    Family {
        limit: "x-gate-ratelimit-limit",
        left: "x-gate-ratelimit-requests-remain",
        reset: "x-gate-ratelimit-reset-timestamp",
        reset_is: Reset::AtSeconds,
    },
    Family {
        limit: "x-bapi-limit",
        left: "x-bapi-limit-status",
        reset: "x-bapi-limit-reset-timestamp",
        reset_is: Reset::AtMilliseconds,
    },
];

/// The pause that the headers of an answer call for.
pub(super) fn pause(headers: &HeaderMap) -> Option<Pause> {
    binance_pause(headers)
        .or_else(|| FAMILIES.iter().find_map(|family| family_pause(headers, family)))
}

fn family_pause(headers: &HeaderMap, family: &Family) -> Option<Pause> {
    let limit = u64::try_from(number(headers, family.limit)?).ok()?;
    let left = u64::try_from(number(headers, family.left)?).ok()?;
    if left.saturating_mul(RESERVE) >= limit {
        return None;
    }
    let reset = number(headers, family.reset)?;
    let now_ms = || Some(server_time(headers)?.as_ms());
    let wait_ms = match family.reset_is {
        Reset::In => reset,
        Reset::AtSeconds => reset.checked_mul(1000)?.checked_sub(now_ms()?)?,
        Reset::AtMilliseconds => reset.checked_sub(now_ms()?)?,
    };
    Some(Pause {
        delay: bounded(wait_ms)?,
        reason: format!("only {left} of {limit} requests are left"),
    })
}

fn binance_pause(headers: &HeaderMap) -> Option<Pause> {
    let used = u64::try_from(number(headers, "x-mbx-used-weight-1m")?).ok()?;
    let left = BINANCE_WEIGHT.saturating_sub(used);
    if left.saturating_mul(RESERVE) >= BINANCE_WEIGHT {
        return None;
    }
    // The weight is counted by whole minutes of the server's clock.
    let wait_ms = server_time(headers)
        .map_or(MINUTE_MS, |time| MINUTE_MS - time.as_ms().rem_euclid(MINUTE_MS));
    let reason = format!("{used} of {BINANCE_WEIGHT} request weight of this minute are used");
    Some(Pause { delay: bounded(wait_ms)?, reason })
}

/// `None` when there is nothing to wait for.
fn bounded(wait_ms: i64) -> Option<Duration> {
    let wait = Duration::from_millis(u64::try_from(wait_ms).ok()?);
    (!wait.is_zero()).then(|| wait.min(PAUSE_MAX))
}

fn number(headers: &HeaderMap, name: &str) -> Option<i64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 20 seconds into a minute: 1 710 330 020 s.
    const DATE: (&str, &str) = ("date", "Wed, 13 Mar 2024 11:40:20 GMT");

    fn delay_ms(pairs: &[(&'static str, &'static str)]) -> Option<u128> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs.iter().chain([&DATE]) {
            headers.insert(*name, value.parse().unwrap());
        }
        pause(&headers).map(|pause| pause.delay.as_millis())
    }

    #[test]
    fn binance_is_left_alone_until_its_next_minute() {
        assert_eq!(delay_ms(&[("x-mbx-used-weight-1m", "5400")]), None);
        assert_eq!(delay_ms(&[("x-mbx-used-weight-1m", "5401")]), Some(40_000));
        assert_eq!(delay_ms(&[("x-mbx-used-weight-1m", "99999")]), Some(40_000));
    }

    #[test]
    fn the_others_are_left_alone_until_their_limit_is_reset() {
        let kucoin = |left| {
            delay_ms(&[
                ("gw-ratelimit-limit", "2000"),
                ("gw-ratelimit-remaining", left),
                ("gw-ratelimit-reset", "14990"),
            ])
        };
        assert_eq!([kucoin("200"), kucoin("199")], [None, Some(14_990)]);
        let gate = delay_ms(&[
            ("x-gate-ratelimit-limit", "200"),
            ("x-gate-ratelimit-requests-remain", "0"),
            ("x-gate-ratelimit-reset-timestamp", "1710330023"),
        ]);
        assert_eq!(gate, Some(3_000));
        let bybit = |reset| {
            delay_ms(&[
                ("x-bapi-limit", "100"),
                ("x-bapi-limit-status", "5"),
                ("x-bapi-limit-reset-timestamp", reset),
            ])
        };
        assert_eq!(bybit("1710330021500"), Some(1_500));
        assert_eq!([bybit("1710330019000"), bybit("<ms>")], [None, None]);
        assert_eq!(bybit("99999999999999"), Some(60_000), "no limit takes that long");
    }
}
