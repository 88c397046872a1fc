//! Several processes in one data folder at once.

use std::ops::Range;
use std::thread;

use ct_host::data::FileBudget;
use ct_host::data::files::read_file;
use ct_tests::exchange_server::Exchange;
use serde_json::Value;
use tempfile::TempDir;

use super::market::{Market, ct_host, succeed};
use crate::program::folder;

/// Fetches `ranges` with a process each, all at once, while others read; all of it is there afterwards.
fn fetch_at_once(ranges: &[Range<usize>], all: &Range<usize>) {
    let market = Market::open(Exchange::Okx, all.end, Vec::new());
    let version = market.undisturbed_version(all);
    let folder = folder();
    thread::scope(|scope| {
        let fetches: Vec<_> = ranges
            .iter()
            .map(|rows| scope.spawn(|| succeed(&mut market.fetch(&folder, rows))))
            .collect();
        let mut reads = 0;
        while fetches.iter().any(|fetch| !fetch.is_finished()) {
            if market.kept(&folder).is_some_and(|series| series.rows() > 0) {
                read(&market, &folder, all, reads);
                reads += 1;
            }
            thread::yield_now();
        }
        assert!(reads > 0, "nobody has read while it was written");
        for fetch in fetches {
            let report: Value = serde_json::from_slice(&fetch.join().unwrap().stdout).unwrap();
            let status = report["series"][0]["status"].as_str().unwrap();
            assert!(["updated", "up_to_date"].contains(&status), "{status}");
        }
    });
    assert_eq!(market.assert_complete(&folder, all), version);
}

/// Reads what is kept with a process, the one way or the other.
fn read(market: &Market, folder: &TempDir, all: &Range<usize>, place: usize) {
    if place.is_multiple_of(2) {
        let file = format!("{place}.csv");
        succeed(ct_host(folder).args(["data", "export", &file]));
        let columns = read_file(&folder.path().join(file), &FileBudget::default(), &mut |_| ())
            .unwrap()
            .columns;
        market.assert_bars_are_true(&columns);
    } else {
        succeed(market.backtest(folder, all).arg("--offline"));
    }
}

#[test]
fn two_fetches_of_the_same_bars_at_once_and_readers() {
    fetch_at_once(&[0..6_000, 0..6_000], &(0..6_000));
}

#[test]
fn fetches_of_different_bars_at_once_and_readers() {
    fetch_at_once(&[0..2_500, 2_000..4_000, 3_500..6_000, 700..5_000], &(0..6_000));
}

#[test]
fn nothing_is_asked_for_twice_by_two_processes() {
    let market = Market::open(Exchange::Okx, 3_000, Vec::new());
    market.undisturbed_version(&(0..3_000));
    let alone = market.server.candle_requests().len();
    market.server.forget_requests();
    let folder = folder();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| succeed(&mut market.fetch(&folder, &(0..3_000))));
        }
    });
    assert_eq!(market.server.candle_requests().len(), alone);
}
