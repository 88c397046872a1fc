//! The facts about each exchange.
//!
//! Sources: the exchanges' API documents, recorded answers, and ccxt 4.5. The rates are what an exchange grants to one
//! address without a key, with a margin. Weeks are offered only where they are known to open on Monday, and nothing is
//! offered whose length is not fixed, such as a month. ccxt's table is wrong in two places, which are therefore left out:
//! its `1w` of Bitstamp is three days long, its `2w` of Kraken fifteen.

use std::time::Duration;

use super::profile::{Bound, Intervals, NewestOnly, Profile, TimeUnit, WindowEnd};

const UNTIL_LAST: WindowEnd =
    WindowEnd { parameter: "until", unit: TimeUnit::Milliseconds, bound: Bound::Last };

/// For exchanges that nobody checked: small pages, one after the other, slowly.
pub(super) const UNCHECKED: Profile = Profile {
    id: "",
    intervals: Intervals::UpToADay { except: &[] },
    rows_max: 100,
    newest_rows: None,
    requests_per_minute: 60,
    concurrency: 1,
    window_start: None,
    window_end: None,
    rows_at: None,
    newest_only: None,
    spot_markets: "fetch_markets",
    quantity_decimals: None,
    forbidden_for: None,
};

/// The exchanges that were checked.
pub(super) const PROFILES: &[Profile] = &[
    Profile {
        id: "binance",
        intervals: Intervals::Checked(&[
            "1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d",
            "1w",
        ]),
        rows_max: 1000,
        // 6000 weight a minute, 2 for a page.
        requests_per_minute: 2400,
        concurrency: 8,
        window_end: Some(UNTIL_LAST),
        rows_at: Some(&[]),
        ..UNCHECKED
    },
    Profile {
        id: "bitfinex",
        intervals: Intervals::Checked(&["1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1d"]),
        rows_max: 10_000,
        requests_per_minute: 80,
        concurrency: 2,
        window_end: Some(UNTIL_LAST),
        rows_at: Some(&[]),
        quantity_decimals: Some(8),
        ..UNCHECKED
    },
    Profile {
        id: "bitstamp",
        intervals: Intervals::Checked(&[
            "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d",
        ]),
        rows_max: 1000,
        // 10 000 in ten minutes.
        requests_per_minute: 900,
        concurrency: 4,
        window_end: Some(UNTIL_LAST),
        rows_at: Some(&["data", "ohlc"]),
        ..UNCHECKED
    },
    Profile {
        id: "bybit",
        intervals: Intervals::Checked(&[
            "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "1w",
        ]),
        rows_max: 1000,
        // 600 in five seconds.
        requests_per_minute: 3000,
        concurrency: 8,
        // ccxt would move the start of weeks to a Thursday, and lose the first one.
        window_start: Some("start"),
        window_end: Some(UNTIL_LAST),
        rows_at: Some(&["result", "list"]),
        forbidden_for: Some(Duration::from_mins(10)),
        ..UNCHECKED
    },
    Profile {
        id: "coinbase",
        intervals: Intervals::Checked(&["1m", "5m", "15m", "30m", "1h", "2h", "6h", "1d"]),
        rows_max: 300,
        // 10 in a second.
        requests_per_minute: 540,
        concurrency: 4,
        window_end: Some(UNTIL_LAST),
        rows_at: Some(&["candles"]),
        spot_markets: "v3_public_get_brokerage_market_products",
        ..UNCHECKED
    },
    Profile {
        id: "gate",
        intervals: Intervals::Checked(&["10s", "1m", "5m", "15m", "30m", "1h", "4h", "8h", "1d"]),
        rows_max: 1000,
        // 10 000, and an older start is an error; a hundred to spare for the time that fetching takes.
        newest_rows: Some(9_900),
        // 200 in ten seconds.
        requests_per_minute: 1080,
        concurrency: 6,
        window_end: Some(WindowEnd {
            parameter: "to",
            unit: TimeUnit::Seconds,
            bound: Bound::Last,
        }),
        rows_at: Some(&[]),
        ..UNCHECKED
    },
    Profile {
        id: "kraken",
        intervals: Intervals::Checked(&["1m", "5m", "15m", "30m", "1h", "4h", "1d"]),
        rows_max: 720,
        // 720 closed bars and the open one.
        newest_rows: Some(721),
        requests_per_minute: 57,
        concurrency: 1,
        rows_at: Some(&["result", "*"]),
        ..UNCHECKED
    },
    Profile {
        id: "kucoin",
        intervals: Intervals::Checked(&[
            "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d",
        ]),
        rows_max: 1500,
        // 2000 weight in thirty seconds, 3 for a page.
        requests_per_minute: 1200,
        concurrency: 6,
        window_end: Some(WindowEnd {
            parameter: "endAt",
            unit: TimeUnit::Seconds,
            bound: Bound::Last,
        }),
        rows_at: Some(&["data"]),
        ..UNCHECKED
    },
    Profile {
        id: "mexc",
        intervals: Intervals::Checked(&["1m", "5m", "15m", "30m", "1h", "4h", "8h", "1d"]),
        // The documents say 1000; 500 is what it gives.
        rows_max: 500,
        // 500 weight in ten seconds, 1 for a page.
        requests_per_minute: 1200,
        concurrency: 6,
        window_end: Some(WindowEnd {
            parameter: "endTime",
            unit: TimeUnit::Milliseconds,
            bound: Bound::Last,
        }),
        rows_at: Some(&[]),
        spot_markets: "fetch_spot_markets",
        ..UNCHECKED
    },
    Profile {
        id: "okx",
        intervals: Intervals::Checked(&[
            "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "1w",
        ]),
        rows_max: 300,
        // 20 in two seconds for old bars, twice that for new ones.
        requests_per_minute: 540,
        concurrency: 4,
        window_end: Some(WindowEnd {
            parameter: "until",
            unit: TimeUnit::Milliseconds,
            bound: Bound::After,
        }),
        rows_at: Some(&["data"]),
        newest_only: Some(NewestOnly { path: "/market/candles?", rows: 1440 }),
        ..UNCHECKED
    },
    // Its days open at 16:00 UTC.
    Profile { id: "htx", intervals: Intervals::UpToADay { except: &["1d"] }, ..UNCHECKED },
];
