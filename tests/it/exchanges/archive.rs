//! Binance's archive of whole months: the same bars as from the exchange itself, with fewer requests, whatever is wrong with
//! its files.

use std::slice;

use ct_host::units::{Interval, Timestamp};
use ct_tests::exchange_server::{
    AnswerFault, Behaviour, Exchange, ExchangeServer, Fault, History, Walk,
};

use super::customer::{Customer, Fetched};

/// Across the end of 2024, when the files went over from milliseconds to microseconds.
const FROM: &str = "2024-10-20T06:00:00Z";
const TO: &str = "2025-03-05T18:00:00Z";

/// Whole months between [`FROM`] and [`TO`].
const MONTHS: [&str; 4] = ["2024-11", "2024-12", "2025-01", "2025-02"];

/// Times without bars, one of them over the end of a month.
const HOLES: [[&str; 2]; 2] =
    [["2024-11-07T03:15", "2024-11-07T04:00"], ["2024-12-31T23:30", "2025-01-01T02:00"]];

fn ms(time: &str) -> i64 {
    time.parse::<Timestamp>().unwrap().as_ms()
}

/// A quarter of an hour each, so that a month is three pages.
fn history() -> History {
    let interval: Interval = "15m".parse().unwrap();
    let rows = usize::try_from((ms(TO) - ms(FROM)) / interval.as_ms() + 40).unwrap();
    let history = History::random("BTC/USDT", interval, &Walk::new(21, ms(FROM), rows));
    HOLES.into_iter().fold(history, |history, [from, to]| history.without(ms(from), ms(to)))
}

/// A fetch of all of it. The archive has published the last month when the clocks show `now_ms`.
struct Fetching {
    exchange: ExchangeServer,
    archive: ExchangeServer,
    customer: Customer,
    fetched: Fetched,
}

impl Fetching {
    fn new(faults: Vec<Fault>, archive_now: &str, flags: &[&str]) -> Self {
        let history = history();
        let behaviour = Behaviour::at(history.end_ms());
        let exchange =
            ExchangeServer::start(Exchange::Binance, slice::from_ref(&history), behaviour);
        let behaviour = Behaviour { now_ms: Some(ms(archive_now)), faults };
        let archive = ExchangeServer::start_archive(slice::from_ref(&history), behaviour);
        let customer = Customer::new();
        let fetched = fetch(&customer, &exchange, &archive, flags);
        customer.assert_keeps(Exchange::Binance, &history, [ms(FROM), ms(TO)]);
        Self { exchange, archive, customer, fetched }
    }

    fn version(&self) -> &str {
        self.fetched.series[0]["version"].as_str().unwrap()
    }

    /// Bars that the archive gave, and requests for bars that the exchange got.
    fn counts(&self) -> (usize, usize) {
        let files = self.archive.requests();
        (files.iter().map(|file| file.rows).sum(), self.exchange.candle_requests().len())
    }
}

fn fetch(
    customer: &Customer,
    exchange: &ExchangeServer,
    archive: &ExchangeServer,
    flags: &[&str],
) -> Fetched {
    let address = format!("binance-archive={}", archive.url());
    let usual = ["--symbol", "BTC/USDT", "--interval", "15m", "--from", FROM, "--to", TO];
    let flags = [&usual[..], &["--base-url", &address], flags].concat();
    customer.fetch(&[(Exchange::Binance, exchange)], &flags)
}

/// The version without the archive, and the requests that it takes.
fn without_archive() -> (String, usize) {
    let fetching = Fetching::new(Vec::new(), "2025-03-06", &["--no-archive"]);
    assert_eq!(fetching.archive.requests(), []);
    (fetching.version().to_owned(), fetching.exchange.candle_requests().len())
}

#[test]
fn whole_months_come_from_the_archive_and_the_rest_from_the_exchange() {
    let (version, requests) = without_archive();
    let fetching = Fetching::new(Vec::new(), "2025-03-06", &[]);
    assert_eq!(fetching.version(), version);
    assert_eq!(fetching.fetched.notices, [""; 0]);
    let history = history();
    let in_months = history.rows_between(ms("2024-11-01"), ms("2025-03-01")).len();
    let (from_archive, asked) = fetching.counts();
    assert_eq!(from_archive, in_months);
    // What is before and after the months, and each hole twice.
    assert!(asked <= 3 + 2 * HOLES.len() && asked < requests, "{asked} instead of {requests}");
    let mut paths: Vec<String> =
        fetching.archive.requests().into_iter().map(|file| file.request.path).collect();
    paths.sort();
    let folder = "/data/spot/monthly/klines/BTCUSDT/15m/BTCUSDT-15m-";
    let wanted = MONTHS
        .iter()
        .flat_map(|month| ["", ".CHECKSUM"].map(|end| format!("{folder}{month}.zip{end}")));
    assert_eq!(paths, wanted.collect::<Vec<_>>());
    let sources: Vec<String> = fetching
        .customer
        .series(Exchange::Binance, &history)
        .coverage()
        .held()
        .map(|span| span.source.to_string())
        .collect();
    assert_eq!(sources.first().map(String::as_str), Some("binance"));
    assert!(sources.iter().any(|source| source == "binance archive"), "{sources:?}");

    fetching.exchange.forget_requests();
    fetching.archive.forget_requests();
    fetch(&fetching.customer, &fetching.exchange, &fetching.archive, &[]);
    assert_eq!((fetching.exchange.requests(), fetching.archive.requests()), (vec![], vec![]));
}

#[test]
fn a_month_that_is_not_published_yet_comes_from_the_exchange() {
    let (version, _) = without_archive();
    // The first Monday of March is the third.
    let fetching = Fetching::new(Vec::new(), "2025-03-02", &[]);
    assert_eq!(fetching.version(), version);
    let history = history();
    let in_months = history.rows_between(ms("2024-11-01"), ms("2025-02-01")).len();
    assert_eq!(fetching.counts().0, in_months);
}

#[test]
fn files_that_are_not_what_their_checksums_say_come_from_the_exchange() {
    let (version, _) = without_archive();
    for faults in [
        // A file that arrives damaged, each time.
        vec![Fault::always(AnswerFault::FlippedBit).on_path("2024-12.zip")],
        // A checksum that is none, and a file that is cut.
        vec![
            Fault::always(AnswerFault::HalfBody).on_path("2024-11.zip.CHECKSUM"),
            Fault::always(AnswerFault::HalfBody).on_path("2025-02.zip"),
        ],
    ] {
        let fetching = Fetching::new(faults.clone(), "2025-03-06", &[]);
        assert_eq!(fetching.version(), version, "{faults:?}");
        let told = fetching.fetched.notices.join("\n");
        assert!(told.contains("; the exchange is asked instead"), "{faults:?}: {told}");
        assert_eq!(fetching.fetched.notices.len(), faults.len(), "{told}");
    }
}

#[test]
fn a_file_that_is_damaged_once_is_taken_again() {
    let (version, _) = without_archive();
    let once = Fault::always(AnswerFault::FlippedBit).on_path("2025-01.zip").times(1);
    let fetching = Fetching::new(vec![once], "2025-03-06", &[]);
    assert_eq!(fetching.version(), version);
    assert_eq!(fetching.fetched.notices, [""; 0]);
    let history = history();
    let in_months = history.rows_between(ms("2024-11-01"), ms("2025-03-01")).len();
    assert!(fetching.counts().0 >= in_months);
}
