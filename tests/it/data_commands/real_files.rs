//! The defects of real price files, where those files are there.

use std::path::PathBuf;

use ct_tests::real_data::real_data;
use predicates::prelude::*;
use serde_json::Value;

use crate::program::{ct_host, folder};

fn real(name: &str) -> Option<PathBuf> {
    real_data(&format!("ohlcv/{name}"))
}

/// The kinds that `validate-data` finds in a real file, with their numbers, and its exit code.
fn found(name: &str, more: &[&str]) -> Option<(Value, i32)> {
    let folder = folder();
    let path = real(name)?;
    let mut command = ct_host(&folder);
    command.arg("validate-data").arg(path).arg("--json").args(more);
    let output = command.output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    Some((report[0].clone(), output.status.code().unwrap()))
}

#[test]
fn the_defects_of_real_files_are_named() {
    // The counts are those that pandas gave for each file.
    for (name, kind, count, rows, code) in [
        ("binance_LUNAUSDT_1h_2021-2023.csv.gz", "ticker_reuse", 1, 437, 4),
        ("binance_FTTUSDT_1h_2021-2023.csv.gz", "long_hole", 1, 7_467, 3),
        ("bitstamp_BTCUSD_1d_2019page.csv", "conflicting_duplicate", 1, 1, 4),
        ("cdd_BTCUSD_1h_2018-2022_desc.csv.gz", "descending", 1, 33_259, 4),
        ("cdd_BTCUSD_1h_2018-2022_desc.csv.gz", "swapped_volume", 2, 20_143, 4),
        ("bitfinex_BTCUSD_1h_2013-10.csv", "bad_tick", 2, 2, 3),
        ("binance_BTCUSDT_1h_2017-2024.csv.gz", "gap", 28, 128, 3),
        ("binance_LUNAUSDT_1h_2021-2023.csv.gz", "gap", 5, 12, 4),
        ("binance_FTTUSDT_1h_2021-2023.csv.gz", "gap", 4, 11, 3),
        ("coinbase_BTCUSD_1h_2017-2019_desc.csv.gz", "descending", 1, 20_111, 4),
        ("coinbase_BTCUSD_1h_2017-2019_desc.csv.gz", "copied_rows", 1, 5, 4),
    ] {
        let Some((report, exit_code)) = found(name, &[]) else { return };
        let counted = &report["counts"][kind];
        assert_eq!(
            (&counted["findings"], &counted["rows"]),
            (&count.into(), &rows.into()),
            "{name} {kind}"
        );
        assert_eq!(exit_code, code, "{name}");
    }
    for (name, kind, time, part) in [
        ("bitstamp_BTCUSD_1d_2019page.csv", "conflicting_duplicate", "2019-01-09T00", "4002.13"),
        ("binance_LUNAUSDT_1h_2021-2023.csv.gz", "ticker_reuse", "2022-05-13T01", "2022-05-31T06"),
        ("binance_FTTUSDT_1h_2021-2023.csv.gz", "long_hole", "2022-11-15T", "2023-09-22"),
        ("bitfinex_BTCUSD_1h_2013-10.csv", "bad_tick", "2013-10-02T15", "88.62"),
    ] {
        let Some((report, _)) = found(name, &[]) else { return };
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(|finding| finding["kind"] == kind).unwrap();
        assert!(finding["time"].as_str().unwrap().starts_with(time), "{finding}");
        assert!(finding["found"].as_str().unwrap().contains(part), "{finding}");
    }
    let Some(luna) = real("binance_LUNAUSDT_1h_2021-2023.csv.gz") else { return };
    let folder = folder();
    let refused = ct_host(&folder).args(["backtest", "--data"]).arg(luna).assert().code(2);
    refused.stdout("").stderr(predicate::str::contains("ticker reuse"));
}

#[test]
fn another_source_shows_that_a_last_bar_was_not_finished() {
    let Some(other) = real("binance_BTCUSDT_1h_2017-2024.csv.gz") else { return };
    let other = other.to_str().unwrap().to_owned();
    let (report, _) = found("binance_BTCUSDT_1h_2021-2023.csv.gz", &["--against", &other]).unwrap();
    assert_eq!(report["against"]["unfinished"], "left");
    assert_eq!(report["against"]["equal"], 23_987);
    assert_eq!(report["against"]["common"], 23_988);
}
