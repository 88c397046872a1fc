//! One instrument of a local exchange, and what a client is to hold of it.

use std::fmt::Display;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::slice;

use ct_host::data::SeriesKey;
use ct_host::data::origin::kept_as;
use ct_host::data::store::{Series, Store};
use ct_host::market::RawColumns;
use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, Fault, History, Walk};
use tempfile::TempDir;

use crate::program::program;

/// Of the first bar: 2024-01-01.
const FIRST_MS: i64 = 1_704_067_200_000;

/// An hour of nothing that exchanges often have, in rows from the first bar.
const HOLE: Range<usize> = 777..803;

/// A symbol, its bars, and the exchange that has them.
#[derive(Debug)]
pub(super) struct Market {
    pub(super) server: ExchangeServer,
    exchange: Exchange,
    history: History,
}

impl Market {
    /// Bars of an hour from 2024-01-01 on, with a hole in them.
    pub(super) fn open(exchange: Exchange, rows: usize, faults: Vec<Fault>) -> Self {
        let interval: Interval = "1h".parse().unwrap();
        let history = History::random("BTC/USDT", interval, &Walk::new(7, FIRST_MS, rows));
        let history = history.without(time_ms(HOLE.start), time_ms(HOLE.end));
        let behaviour = Behaviour { now_ms: Some(history.end_ms() + 60_000), faults };
        let server = ExchangeServer::start(exchange, slice::from_ref(&history), behaviour);
        Self { server, exchange, history }
    }

    pub(super) fn key(&self) -> SeriesKey {
        SeriesKey {
            exchange: kept_as(self.exchange.id(), &[&self.server.url()]),
            symbol: self.history.symbol().to_owned(),
            interval: self.history.interval(),
        }
    }

    /// `ct-host fetch` of some of the rows into the data folder of `folder`.
    pub(super) fn fetch(&self, folder: &TempDir, rows: &Range<usize>) -> Command {
        let mut command = ct_host(folder);
        command.args(["fetch", "--json", "--rate", "1000", "--symbol", "BTC/USDT"]);
        self.on_exchange(&mut command, rows);
        command
    }

    /// `ct-host backtest` over some of the rows, which fetches them first.
    pub(super) fn backtest(&self, folder: &TempDir, rows: &Range<usize>) -> Command {
        let mut command = ct_host(folder);
        command.args(["backtest", "--json", "--rate", "1000", "--symbol", "BTC/USDT"]);
        self.on_exchange(&mut command, rows);
        command
    }

    fn on_exchange(&self, command: &mut Command, rows: &Range<usize>) {
        let times = [rows.start, rows.end].map(|row| Timestamp::clamped(time_ms(row)).to_string());
        let id = self.exchange.id();
        command.args([
            "--interval",
            "1h",
            "--exchange",
            id,
            "--from",
            &times[0],
            "--to",
            &times[1],
        ]);
        command.arg("--base-url").arg(format!("{id}={}", self.server.url()));
    }

    /// What is kept; `None` before the first page.
    pub(super) fn kept(&self, folder: &TempDir) -> Option<Series> {
        store(folder).series(&self.key()).unwrap()
    }

    /// The hash of some of the rows when nothing disturbs the fetch.
    pub(super) fn undisturbed_version(&self, rows: &Range<usize>) -> String {
        let folder = crate::program::folder();
        succeed(&mut self.fetch(&folder, rows));
        self.assert_complete(&folder, rows)
    }

    /// Every stretch that is known holds exactly the bars that the exchange has in it. Returns the number of bars.
    pub(super) fn assert_true(&self, folder: &TempDir) -> usize {
        let Some(series) = self.kept(folder) else { return 0 };
        let bars = series.verified_bars().unwrap();
        let mut known = 0;
        for span in series.asked().spans() {
            let (from, to) = (span.range.from, span.range.to);
            let found = bars.between(from, to);
            let expected = self.history.columns_between(from.as_ms(), to.as_ms());
            assert_same(&found.to_raw(), &expected, &span.range);
            known += found.len();
        }
        assert_eq!(known, bars.len(), "bars that nobody asked for");
        known
    }

    /// Each of these bars is one of the exchange's.
    pub(super) fn assert_bars_are_true(&self, bars: &RawColumns) {
        let (first, last) = (bars.time[0], bars.time[bars.time.len() - 1]);
        let mut expected = self.history.columns_between(first, last + 1);
        // Between two fetched stretches there may be one that is not there yet.
        let held = |place: usize| bars.time.binary_search(&expected.time[place]).is_ok();
        let places: Vec<usize> = (0..expected.time.len()).filter(|&place| held(place)).collect();
        expected = RawColumns {
            time: places.iter().map(|&place| expected.time[place]).collect(),
            open: places.iter().map(|&place| expected.open[place]).collect(),
            high: places.iter().map(|&place| expected.high[place]).collect(),
            low: places.iter().map(|&place| expected.low[place]).collect(),
            close: places.iter().map(|&place| expected.close[place]).collect(),
            volume: places.iter().map(|&place| expected.volume[place]).collect(),
        };
        assert_same(bars, &expected, &"exported");
    }

    /// From now on the exchange has other values in `row`.
    pub(super) fn revise(&mut self, row: usize) {
        self.history = self.history.clone().revised(time_ms(row));
        self.server.set_history(&self.history);
    }

    /// All of `rows` is there, true and intact; returns its hash.
    pub(super) fn assert_complete(&self, folder: &TempDir, rows: &Range<usize>) -> String {
        self.assert_true(folder);
        let series = self.kept(folder).unwrap();
        let expected = self.history.columns_between(time_ms(rows.start), time_ms(rows.end));
        let range = [rows.start, rows.end].map(|row| Timestamp::clamped(time_ms(row)));
        let found = series.bars().between(range[0], range[1]).to_raw();
        assert_same(&found, &expected, &format!("{rows:?}"));
        let verification = store(folder).verify(&[self.key()], &mut |_| ()).remove(0);
        assert!(verification.is_intact(), "{verification:?}");
        series.version().to_owned()
    }
}

/// Fails with the first difference, not with thousands of bars.
fn assert_same(found: &RawColumns, expected: &RawColumns, place: &dyn Display) {
    if let Some(row) =
        (0..expected.time.len()).find(|&row| found.time.get(row) != expected.time.get(row))
    {
        let found = found.time.get(row).map(|&time| Timestamp::clamped(time));
        let expected = Timestamp::clamped(expected.time[row]);
        panic!("{place}: found {found:?} in row {row}, expected {expected}");
    }
    assert!(found == expected, "{place}: other values at the same times, or bars behind the last");
}

/// When the row that is so many hours after the first bar opens.
pub(super) fn time_ms(row: usize) -> i64 {
    FIRST_MS + 3_600_000 * i64::try_from(row).unwrap()
}

/// Bars of an hour from the first one on.
pub(super) fn hourly_columns(rows: usize) -> RawColumns {
    let history = History::random("BTC/USDT", "1h".parse().unwrap(), &Walk::new(5, FIRST_MS, rows));
    history.columns_between(time_ms(0), time_ms(rows))
}

/// Where the hours of BTC/USDT are, of the only exchange of which anything is kept.
pub(super) fn kept_in(folder: &TempDir) -> PathBuf {
    let mut exchanges = fs::read_dir(folder.path().join("data")).unwrap();
    exchanges.next().unwrap().unwrap().path().join("BTC-USDT/1h")
}

pub(super) fn store(folder: &TempDir) -> Store {
    Store::new(folder.path().join("data"))
}

/// `ct-host` as a process that can be killed.
pub(super) fn ct_host(folder: &TempDir) -> Command {
    let mut command = Command::new(program());
    command.current_dir(folder).env("CT_HOST_CACHE_DIR", folder.path().join("cache"));
    command.env("CT_HOST_CONFIG_DIR", folder.path().join("own"));
    command.env("CT_HOST_DATA_DIR", folder.path().join("data"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs `command`, which succeeds.
pub(super) fn succeed(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    output
}
