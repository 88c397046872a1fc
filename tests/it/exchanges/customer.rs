//! A user of `ct-host fetch`, and what is in the data folder afterwards.

use ct_host::data::origin::exchange_of;
use ct_host::data::store::{Series, Store};
use ct_host::data::{SeriesKey, State};
use ct_host::market::RawColumns;
use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{Exchange, ExchangeServer, History};
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, folder};

/// 2024-01-01, a Monday.
pub(super) const START_MS: i64 = 1_704_067_200_000;

/// A user with a data folder of their own.
pub(super) struct Customer {
    folder: TempDir,
}

/// What a fetch said.
pub(super) struct Fetched {
    /// One report for each series.
    pub(super) series: Vec<Value>,
    /// What was said on standard error, but for the clocks: those of the servers are always years behind.
    pub(super) notices: Vec<String>,
}

impl Customer {
    pub(super) fn new() -> Self {
        Self { folder: folder() }
    }

    /// `ct-host fetch` from `servers` with more `flags`, which succeeds.
    pub(super) fn fetch(&self, servers: &[(Exchange, &ExchangeServer)], flags: &[&str]) -> Fetched {
        let mut command = ct_host(&self.folder);
        command.args(["fetch", "--json", "--rate", "1000", "--exchange"]);
        command.args(servers.iter().map(|(exchange, _)| exchange.id()));
        for (exchange, server) in servers {
            command.arg("--base-url").arg(format!("{}={}", exchange.id(), server.url()));
        }
        let output = command.args(flags).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{flags:?}: {told}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let series = report["series"].as_array().unwrap().clone();
        let told = told.lines().filter(|line| !line.contains(": the clock of "));
        let notice = |line: &str| line.strip_prefix("note: ").map(str::to_owned);
        let notices = told.map(|line| notice(line).unwrap_or_else(|| panic!("noise: {line}")));
        Fetched { series, notices: notices.collect() }
    }

    pub(super) fn store(&self) -> Store {
        Store::new(self.folder.path().join("data"))
    }

    pub(super) fn series(&self, exchange: Exchange, history: &History) -> Series {
        let is_it = |key: &SeriesKey| {
            exchange_of(&key.exchange) == exchange.id()
                && key.symbol == history.symbol()
                && key.interval == history.interval()
        };
        let keys = self.store().keys().unwrap();
        let mut found = keys.iter().filter(|key| is_it(key));
        let (key, None) = (found.next().unwrap(), found.next()) else { panic!("{keys:?}") };
        self.store().series(key).unwrap().unwrap()
    }

    /// What is kept is what `exchange` serves of `history` from one time up to another, and nothing else; the ledger has
    /// each of its bars as held and every other one as empty.
    pub(super) fn assert_keeps(
        &self,
        exchange: Exchange,
        history: &History,
        [from_ms, to_ms]: [i64; 2],
    ) {
        let series = self.series(exchange, history);
        let served = exchange.served(history);
        assert_same_rows(
            &series.verified_bars().unwrap().to_raw(),
            &served.columns_between(from_ms, to_ms),
            &series.key().to_string(),
        );
        let found = series
            .coverage()
            .spans()
            .iter()
            .map(|span| (span.range.from.as_ms(), span.range.to.as_ms(), span.state));
        let found = joined(found);
        assert_eq!(found, spans_between(&served, from_ms, to_ms), "{}", series.key());
    }
}

/// From one time up to another, both on the grid: stretches with and stretches without bars.
fn spans_between(served: &History, from_ms: i64, to_ms: i64) -> Vec<(i64, i64, State)> {
    let step_ms = served.interval().as_ms();
    let opens: Vec<i64> = served.rows().iter().map(|candle| candle.time_ms).collect();
    let grid = (from_ms..to_ms).step_by(usize::try_from(step_ms).unwrap());
    joined(grid.map(|time_ms| {
        let is_held = opens.binary_search(&time_ms).is_ok();
        (time_ms, time_ms + step_ms, if is_held { State::Held } else { State::Empty })
    }))
}

/// Adjoining stretches of one state made one, whoever told it.
fn joined(spans: impl Iterator<Item = (i64, i64, State)>) -> Vec<(i64, i64, State)> {
    let mut joined: Vec<(i64, i64, State)> = Vec::new();
    for (from_ms, to_ms, state) in spans {
        match joined.last_mut() {
            Some(last) if last.1 == from_ms && last.2 == state => last.1 = to_ms,
            _ => joined.push((from_ms, to_ms, state)),
        }
    }
    joined
}

/// Fails with the first difference, not with thousands of rows.
pub(super) fn assert_same_rows(found: &RawColumns, expected: &RawColumns, place: &str) {
    let row = |columns: &RawColumns, row: usize| {
        let time = columns.time.get(row).map(|&time_ms| Timestamp::clamped(time_ms).to_string())?;
        let values = [&columns.open, &columns.high, &columns.low, &columns.close, &columns.volume];
        Some((time, values.map(|column| column[row].to_bits())))
    };
    let rows = found.time.len().max(expected.time.len());
    for at in 0..rows {
        let (found, expected) = (row(found, at), row(expected, at));
        assert_eq!(found, expected, "{place}: row {at} of {rows}");
    }
}

/// The opening time of a bar, counted from [`START_MS`] on.
pub(super) fn time_ms(interval: Interval, bar: i64) -> i64 {
    START_MS + bar * interval.as_ms()
}

/// A time as a flag.
pub(super) fn flag(time_ms: i64) -> String {
    Timestamp::clamped(time_ms).to_string()
}
