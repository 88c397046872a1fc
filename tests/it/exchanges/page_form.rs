//! What one request for bars may ask of each exchange, from the exchanges' documentation.

use ct_host::units::Interval;
use ct_tests::exchange_server::{Exchange, RecordedRequest, Request};

/// The form of a request.
struct PageForm {
    /// Name of the interval; in the path where it is empty.
    interval: &'static str,
    /// The exchange's own names of a minute, an hour, a day, and a week if it has weeks that begin on Monday.
    intervals: [&'static str; 4],
    /// Names of the first and of the last time.
    window: [&'static str; 2],
    /// Milliseconds in the unit of the times.
    unit_ms: i64,
    /// Name of the count of rows, where there is one beside the window.
    limit: Option<&'static str>,
    rows_max: i64,
}

const INTERVALS: [&str; 4] = ["1m", "1h", "1d", "1w"];

/// Rows that one request may ask for.
pub(super) fn rows_max(exchange: Exchange) -> i64 {
    form(exchange).rows_max
}

const fn form(exchange: Exchange) -> PageForm {
    let binance = PageForm {
        interval: "interval",
        intervals: ["1m", "1h", "1d", "1w"],
        window: ["startTime", "endTime"],
        unit_ms: 1,
        limit: Some("limit"),
        rows_max: 1_000,
    };
    let window = ["start", "end"];
    match exchange {
        Exchange::Binance => binance,
        Exchange::Bitfinex => PageForm {
            interval: "",
            intervals: ["1m", "1h", "1D", "7D"],
            window,
            rows_max: 10_000,
            ..binance
        },
        Exchange::Bitstamp => PageForm {
            interval: "step",
            intervals: ["60", "3600", "86400", ""],
            window,
            unit_ms: 1_000,
            ..binance
        },
        Exchange::Bybit => PageForm { intervals: ["1", "60", "D", "W"], window, ..binance },
        Exchange::Coinbase => PageForm {
            interval: "granularity",
            intervals: ["ONE_MINUTE", "ONE_HOUR", "ONE_DAY", ""],
            window,
            unit_ms: 1_000,
            limit: None,
            rows_max: 300,
        },
        Exchange::Gate => PageForm {
            intervals: ["1m", "1h", "1d", "7d"],
            window: ["from", "to"],
            unit_ms: 1_000,
            limit: None,
            ..binance
        },
        Exchange::Kraken => PageForm {
            intervals: ["1", "60", "1440", "10080"],
            window: ["since", ""],
            unit_ms: 1_000,
            limit: None,
            rows_max: 720,
            ..binance
        },
        Exchange::Kucoin => PageForm {
            interval: "type",
            intervals: ["1min", "1hour", "1day", "1week"],
            window: ["startAt", "endAt"],
            unit_ms: 1_000,
            limit: None,
            rows_max: 1_500,
        },
        Exchange::Mexc => {
            PageForm { intervals: ["1m", "60m", "1d", "1W"], rows_max: 500, ..binance }
        }
        // The names are the wrong way round, and neither time is in the window itself.
        Exchange::Okx => PageForm {
            interval: "bar",
            intervals: ["1m", "1H", "1Dutc", "1Wutc"],
            window: ["before", "after"],
            rows_max: 300,
            ..binance
        },
    }
}

/// The opening times of the first and the last bar that `recorded` asks for; the last one of Kraken, which cannot be told
/// where to stop, is the end of time.
///
/// # Panics
/// When the exchange does not allow it, or did not answer it.
pub(super) fn asked(exchange: Exchange, recorded: &RecordedRequest) -> (i64, i64) {
    let (form, request) = (form(exchange), &recorded.request);
    let whole = |name: &str| -> i64 {
        let value = request.get(name).and_then(|value| value.parse().ok());
        value.unwrap_or_else(|| panic!("no {name} in {request:?}"))
    };
    assert_eq!(recorded.status, 200, "{request:?}");
    let step_ms = interval(&form, request).as_ms();
    let [first, last] = form.window;
    let first_ms = match exchange {
        Exchange::Okx => whole(first) + 1,
        // The bar at that time is not given.
        Exchange::Kraken => whole(first) * form.unit_ms + step_ms,
        _ => whole(first) * form.unit_ms,
    };
    if exchange == Exchange::Kraken {
        return (first_ms, i64::MAX);
    }
    let end_ms = whole(last) * form.unit_ms - i64::from(exchange == Exchange::Okx);
    let bars = (end_ms - first_ms).div_euclid(step_ms) + 1;
    assert!((1..=form.rows_max).contains(&bars), "{bars} bars are asked for by {request:?}");
    match form.limit {
        Some(limit) => assert!((bars..=form.rows_max).contains(&whole(limit)), "{request:?}"),
        None => assert_eq!(request.get("limit"), None, "{request:?}"),
    }
    (first_ms, first_ms + (bars - 1) * step_ms)
}

fn interval(form: &PageForm, request: &Request) -> Interval {
    let is_asked = |own: &str| match form.interval {
        "" => request.path.contains(&format!(":{own}:")),
        name => request.get(name) == Some(own),
    };
    let place = form.intervals.iter().position(|own| is_asked(own));
    let place = place.unwrap_or_else(|| panic!("no interval in {request:?}"));
    INTERVALS[place].parse().unwrap()
}
