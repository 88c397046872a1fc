//! Ctrl-C while prices are fetched.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output};
use std::thread;

use ct_tests::exchange_server::{DeliveryFault, Exchange, Fault};
use serde_json::Value;

use super::market::{Market, store, succeed};
use crate::program::folder;

/// Ctrl-C for `child`, and how it ends.
fn interrupted(child: Child) -> Output {
    let process = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    child.wait_with_output().unwrap()
}

#[test]
fn ctrl_c_keeps_what_arrived_and_the_same_command_goes_on_from_there() {
    let rows = 0..6_000;
    let silence = Fault::nth(9, DeliveryFault::Silence);
    let market = Market::open(Exchange::Okx, rows.end, vec![silence]);
    let folder = folder();
    let mut child = market.fetch(&folder, &rows).spawn().unwrap();
    while market.server.candle_requests().len() < 9 || market.assert_true(&folder) == 0 {
        assert!(child.try_wait().unwrap().is_none(), "the silent request holds it up");
        thread::yield_now();
    }
    let output = interrupted(child);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("what had arrived is kept, and the same command goes on"), "{told}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["series"][0]["status"], "interrupted");
    let held = market.assert_true(&folder);
    assert!(0 < held && held < rows.len(), "{held}");
    assert_eq!(report["series"][0]["rows_held"], held);

    market.server.forget_requests();
    succeed(&mut market.fetch(&folder, &rows));
    let version = market.assert_complete(&folder, &rows);
    let requests = market.server.candle_requests().len();
    assert!(requests < rows.end / 300, "{requests} requests: nothing is fetched twice");
    assert_eq!(version, market.undisturbed_version(&rows));
}

#[test]
fn ctrl_c_ends_the_wait_for_another_process() {
    let rows = 0..1_000;
    let market = Market::open(Exchange::Okx, rows.end, Vec::new());
    let folder = folder();
    let editor = store(&folder).edit(&market.key(), &mut || ()).unwrap();
    let mut child = market.fetch(&folder, &rows).spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    while !told.contains("another ct-host is fetching it; waiting") {
        assert!(errors.read_line(&mut told).unwrap() > 0, "it ended with {told}");
    }
    let output = interrupted(child);
    errors.read_to_string(&mut told).unwrap();
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert_eq!(market.server.candle_requests().len(), 0);
    drop(editor);
    succeed(&mut market.fetch(&folder, &rows));
    market.assert_complete(&folder, &rows);
}

#[test]
fn ctrl_c_while_a_backtest_fetches_keeps_what_arrived() {
    let rows = 0..3_000;
    let silence = Fault::nth(7, DeliveryFault::Silence);
    let market = Market::open(Exchange::Okx, rows.end, vec![silence]);
    let folder = folder();
    let mut child = market.backtest(&folder, &rows).spawn().unwrap();
    while market.server.candle_requests().len() < 7 || market.assert_true(&folder) == 0 {
        assert!(child.try_wait().unwrap().is_none(), "the silent request holds it up");
        thread::yield_now();
    }
    let output = interrupted(child);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(130), &b""[..]), "{told}");
    assert!(told.contains("what had arrived is kept"), "{told}");
    assert!(market.assert_true(&folder) > 0);
    succeed(&mut market.backtest(&folder, &rows));
    market.assert_true(&folder);
}
