//! One exchange that misbehaves, its truth, and `ct-host fetch` run against it.

use std::thread;

use assert_cmd::Command;
use ct_host::data::SeriesKey;
use ct_host::data::origin::kept_as;
use ct_host::data::store::{HistoryRecord, Series, Store};
use ct_host::market::RawColumns;
use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{Behaviour, Exchange, ExchangeServer, Fault, History, Walk};
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, folder};

/// 2024-01-01, when all histories begin but that of Kraken.
pub(super) const START_MS: i64 = 1_704_067_200_000;
pub(super) const HOUR_MS: i64 = 3_600_000;
pub(super) const SYMBOL: &str = "BTC/USDT";

/// One of each kind: paging forward and backward, by time and by count, ascending and descending, lists and objects.
pub(super) const EXCHANGES: [Exchange; 7] = [
    Exchange::Binance,
    Exchange::Kraken,
    Exchange::Okx,
    Exchange::Bybit,
    Exchange::Kucoin,
    Exchange::Bitfinex,
    Exchange::Bitstamp,
];

/// Those that give all of a long history, in several pages of [`rows_of_pages`].
pub(super) const PAGED: [Exchange; 5] =
    [Exchange::Binance, Exchange::Okx, Exchange::Bybit, Exchange::Kucoin, Exchange::Bitstamp];

/// Does `check` for each exchange, all at once: most of the time is spent waiting.
pub(super) fn each(exchanges: &[Exchange], check: impl Fn(Exchange) + Sync) {
    thread::scope(|scope| {
        for &exchange in exchanges {
            let check = &check;
            scope.spawn(move || check(exchange));
        }
    });
}

/// Bars in a little less than `pages` pages; of Kraken always those of one.
pub(super) fn rows_of_pages(exchange: Exchange, pages: usize) -> usize {
    match exchange {
        Exchange::Okx => 300 * pages - 50,
        Exchange::Kucoin => 1_500 * pages - 50,
        Exchange::Kraken => 700,
        _ => 1_000 * pages - 50,
    }
}

/// When a history of `rows` hourly bars begins. Kraken has its newest bars only, and the command goes by this computer's clock
/// until Kraken has answered, so the last of them has to be of the last hour; which hour that is changes no outcome.
fn start_ms(exchange: Exchange, rows: usize) -> i64 {
    if exchange.newest_rows().is_none() {
        return START_MS;
    }
    let now_ms = jiff::Timestamp::now().as_millisecond();
    now_ms - now_ms.rem_euclid(HOUR_MS) - i64::try_from(rows).unwrap() * HOUR_MS
}

/// One exchange, and a data folder.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) exchange: Exchange,
    /// When its history begins.
    pub(super) start_ms: i64,
    /// What the exchange has to give, all of it closed.
    pub(super) truth: History,
    pub(super) server: ExchangeServer,
    pub(super) folder: TempDir,
}

/// What a run of `ct-host fetch` said and did.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) exit_code: i32,
    /// The report of the only series, or the first; nothing after wrong usage.
    pub(super) series: Value,
    pub(super) report: Value,
    /// Standard error.
    pub(super) told: String,
}

impl Stage {
    /// `rows` hourly bars, with `faults`. The exchange's clock stands a second before a full minute, at which Binance counts
    /// anew, and all bars have closed.
    pub(super) fn new(exchange: Exchange, rows: usize, faults: Vec<Fault>) -> Self {
        let start_ms = start_ms(exchange, rows);
        let walk = Walk::new(exchange as u64 + 1, start_ms, rows);
        let truth = exchange.served(&History::random(SYMBOL, hour(), &walk));
        let now_ms = Some(truth.end_ms() + 59_000);
        let behaviour = Behaviour { now_ms, faults };
        let server = ExchangeServer::start(exchange, std::slice::from_ref(&truth), behaviour);
        Self { exchange, start_ms, truth, server, folder: folder() }
    }

    pub(super) fn key(&self) -> SeriesKey {
        SeriesKey {
            exchange: kept_as(self.exchange.id(), &[&self.server.url()]),
            symbol: SYMBOL.to_owned(),
            interval: hour(),
        }
    }

    /// Fetches the whole history.
    pub(super) fn fetch(&self, more: &[&str]) -> Outcome {
        run(self.command().args(more))
    }

    /// The command that fetches the whole history.
    pub(super) fn command(&self) -> Command {
        let mut command = ct_host(&self.folder);
        let base_url = format!("{}={}", self.exchange.id(), self.server.url());
        let [from, to] = [self.start_ms, self.truth.end_ms()].map(Timestamp::clamped);
        command.args(["fetch", "--json", "--rate", "1000", "--symbol", SYMBOL]);
        command.args(["--interval", "1h", "--exchange", self.exchange.id()]);
        command.args(["--base-url", &base_url]);
        command.args(["--from", &from.to_string(), "--to", &to.to_string()]);
        command
    }

    pub(super) fn store(&self) -> Store {
        Store::new(self.folder.path().join("data"))
    }

    /// What is kept; `None` when nothing ever was.
    pub(super) fn series(&self) -> Option<Series> {
        self.store().series(&self.key()).unwrap()
    }

    /// The bars that are kept.
    pub(super) fn rows(&self) -> RawColumns {
        self.series().map(|series| series.bars().to_raw()).unwrap_or_default()
    }

    /// What the history of the series tells.
    pub(super) fn records(&self) -> Vec<HistoryRecord> {
        self.series().map(|series| series.history().to_vec()).unwrap_or_default()
    }

    /// Every bar is kept, bit for bit, and nothing else.
    pub(super) fn assert_whole(&self) {
        self.assert_holds(&self.truth);
    }

    /// The bars of `expected` are kept, bit for bit, and nothing else.
    pub(super) fn assert_holds(&self, expected: &History) {
        let expected = bits(&expected.columns_between(0, i64::MAX));
        let held = bits(&self.rows());
        let id = self.exchange.id();
        let differing = held.iter().zip(&expected).find(|(one, other)| one != other);
        assert!(differing.is_none(), "{id}: a kept row and the true one: {differing:?}");
        assert_eq!(held.len(), expected.len(), "{id}: rows kept, and true rows");
    }
}

impl Outcome {
    /// What the report says of `name`.
    pub(super) fn count(&self, name: &str) -> u64 {
        self.series[name].as_u64().unwrap_or_else(|| panic!("no {name}: {self:?}"))
    }

    /// The run did what it should.
    pub(super) fn assert_updated(&self) {
        assert_eq!((self.exit_code, &self.series["status"]), (0, &"updated".into()), "{self:?}");
        assert_eq!(self.series["missing"], Value::Array(Vec::new()), "{self:?}");
    }

    /// The user was told `text`.
    pub(super) fn assert_told(&self, text: &str) {
        assert!(self.told.contains(text), "expected '{text}' in: {}", self.told);
    }
}

/// Runs a command that writes a report as JSON.
pub(super) fn run(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    Outcome {
        exit_code: output.status.code().unwrap(),
        series: report["series"][0].clone(),
        report,
        told: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(super) fn hour() -> Interval {
    Interval::from_ms(HOUR_MS).unwrap()
}

/// Rows whose values can be compared to the last bit.
pub(super) fn bits(columns: &RawColumns) -> Vec<(i64, [u64; 5])> {
    let RawColumns { time, open, high, low, close, volume } = columns;
    let row = |index: usize| {
        let values = [open, high, low, close, volume].map(|column| column[index].to_bits());
        (time[index], values)
    };
    (0..time.len()).map(row).collect()
}
