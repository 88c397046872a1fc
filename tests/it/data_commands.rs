//! The commands that look after prices: `data`, `validate-data`.

use std::fs;
use std::path::{Path, PathBuf};

use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, folder, json, output};

/// Ten hours from 2024-01-01, with a hole of two hours.
fn write_hours(path: &Path) {
    let rows = (0..10).filter(|hour| !(5..7).contains(hour)).map(|hour| {
        let time = 1_704_067_200_000_i64 + hour * 3_600_000;
        let open = 100 + hour;
        format!("{time},{open},{}.5,{}.5,{},{}.25\n", open + 1, open - 1, open + 1, hour + 1)
    });
    let header = "timestamp,open,high,low,close,volume\n".to_owned();
    fs::write(path, std::iter::once(header).chain(rows).collect::<String>()).unwrap();
}

fn import(folder: &TempDir, file: &str, more: &[&str]) -> Value {
    let mut command = ct_host(folder);
    command.args(["data", "import", file, "--exchange", "mine", "--symbol", "A/USD", "--json"]);
    json(command.args(more))
}

#[test]
fn prices_survive_every_format_bit_for_bit() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    let imported = import(&folder, "a.csv", &[]);
    assert_eq!(imported["rows"], 8);
    let version = imported["version"].as_str().unwrap();
    for name in ["b.csv.gz", "b.csv.zst", "b.parquet", "b.arrow", "b.feather", "A_USD-1h.json"] {
        ct_host(&folder).args(["data", "export", name, "--symbol", "A/USD"]).assert().success();
        let mut again = ct_host(&folder);
        again.args(["data", "import", name, "--exchange", "again", "--symbol", name, "--json"]);
        assert_eq!(json(&mut again)["version"], version, "{name}");
    }
    ct_host(&folder)
        .args(["data", "export", "b.parquet", "--symbol", "A/USD"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("b.parquet is there already"));
}

#[test]
fn the_list_and_the_details_say_what_is_held() {
    let folder = folder();
    let empty = output(ct_host(&folder).args(["data", "list"]));
    assert!(empty.contains("ct-host fetch --symbol BTC/USDT"), "{empty}");
    write_hours(&folder.path().join("a.csv"));
    let version = import(&folder, "a.csv", &[])["version"].clone();

    let list = json(ct_host(&folder).args(["data", "list", "--json"]));
    let series = &list["series"][0];
    assert_eq!((&series["exchange"], &series["rows"]), (&"mine".into(), &8.into()));
    assert_eq!(series["version"], version);
    assert_eq!(series["range"]["to"], "2024-01-01T10:00:00Z");

    let shown = json(ct_host(&folder).args(["data", "show", "--symbol", "a-usd", "--json"]));
    let states: Vec<(&str, &str)> = shown[0]["coverage"]
        .as_array()
        .unwrap()
        .iter()
        .map(|span| (span["state"].as_str().unwrap(), span["from"].as_str().unwrap()))
        .collect();
    let expected = [
        ("held", "2024-01-01T00:00:00Z"),
        ("empty", "2024-01-01T05:00:00Z"),
        ("held", "2024-01-01T07:00:00Z"),
    ];
    assert_eq!(states, expected);
    assert_eq!(shown[0]["history"][0]["kind"], "imported");
    assert_eq!(shown[0]["history"][0]["file"], "a.csv");

    ct_host(&folder)
        .args(["data", "show", "--symbol", "B/USD"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("no B/USD is kept"));
}

#[test]
fn a_snapshot_keeps_what_is_pruned_otherwise() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    let version = import(&folder, "a.csv", &[])["version"].clone();
    let snapshot = json(ct_host(&folder).args(["data", "snapshot", "first", "--json"]));
    assert_eq!(snapshot["series"][0]["version"], version);
    ct_host(&folder)
        .args(["data", "snapshot", "first"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("first"));
    ct_host(&folder).args(["data", "snapshot", "../x"]).assert().code(2);

    json(ct_host(&folder).args(["data", "remove", "--symbol", "A/USD", "--json"]));
    json(ct_host(&folder).args(["data", "prune", "--json"]));
    let mut export = ct_host(&folder);
    export.args(["backtest", "--symbol", "A/USD", "--exchange", "mine", "--snapshot", "first"]);
    export.args(["--from", "2024-01-01", "--to", "2024-01-02", "--param", "fast=1", "--param"]);
    let result = json(export.args(["slow=2", "--json"]));
    assert_eq!(result["data"]["sources"][0]["series"]["version"], version);

    ct_host(&folder).args(["data", "snapshot", "first", "--remove"]).assert().success();
    let pruned = json(ct_host(&folder).args(["data", "prune", "--json"]));
    assert!(!pruned["files"].as_array().unwrap().is_empty(), "{pruned}");
    ct_host(&folder).args(["data", "remove"]).assert().code(2);
}

#[test]
fn what_is_held_already_is_not_lost_to_an_import() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    import(&folder, "a.csv", &[]);
    // Two of the same bars, one with another close, and one in the hole.
    let rows = "timestamp,open,high,low,close,volume\n\
        1704067200000,100,101.5,99.5,101,1.25\n\
        1704070800000,101,102.5,100.5,101.5,2.25\n\
        1704085200000,105,106.5,104.5,106,6.25\n";
    fs::write(folder.path().join("b.csv"), rows).unwrap();
    let merged = import(&folder, "b.csv", &["--interval", "1h"]);
    assert_eq!((&merged["rows_imported"], &merged["rows"]), (&3.into(), &9.into()));
    let shown = json(ct_host(&folder).args(["data", "show", "--symbol", "A/USD", "--json"]));
    let history = shown[0]["history"].as_array().unwrap();
    let revised: Vec<&Value> =
        history.iter().filter(|record| record["kind"] == "revised").collect();
    assert_eq!(revised.len(), 1);
    assert_eq!(revised[0]["time"], "2024-01-01T01:00:00Z");
    assert_eq!((&revised[0]["before"][3], &revised[0]["after"][3]), (&102.0.into(), &101.5.into()));
}

#[test]
fn repairs_are_in_the_history_of_a_series_and_in_a_result() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    let mut text = fs::read_to_string(folder.path().join("a.csv")).unwrap();
    text.push_str("1704103200000,110,90,120,111,1\n");
    fs::write(folder.path().join("bad.csv"), text).unwrap();

    let mut refused = ct_host(&folder);
    refused.args(["data", "import", "bad.csv", "--exchange", "mine", "--symbol", "A/USD"]);
    let expected =
        predicate::str::contains("inconsistent prices").and(predicate::str::contains("line 10"));
    refused.assert().code(2).stderr(expected);
    let repairing = ["--bad-data", "repair", "--fill-gaps", "2"];
    let imported = import(&folder, "bad.csv", &repairing);
    assert_eq!((&imported["rows"], &imported["repairs"]), (&10.into(), &2.into()));
    let shown = json(ct_host(&folder).args(["data", "show", "--symbol", "A/USD", "--json"]));
    let what = |record: &Value| record["what"].as_str().map(str::to_owned);
    let whats: Vec<String> =
        shown[0]["history"].as_array().unwrap().iter().filter_map(what).collect();
    assert_eq!(whats, ["dropped_unsound", "filled"]);

    let mut run = ct_host(&folder);
    run.args(["backtest", "--data", "bad.csv", "--param", "fast=1", "--param", "slow=2", "--json"]);
    let repaired = json(run.args(repairing));
    let source = &repaired["data"]["sources"][0];
    assert_eq!(source["synthetic_bars"], 2);
    assert_eq!(source["repairs"].as_array().unwrap().len(), 2);
    let mut run = ct_host(&folder);
    run.args(["backtest", "--data", "a.csv", "--param", "fast=1", "--param", "slow=2", "--json"]);
    let clean = json(&mut run);
    assert_ne!(repaired["data"]["hash"], clean["data"]["hash"]);
    let mut refused = ct_host(&folder);
    refused.args(["backtest", "--data", "bad.csv"]);
    refused.assert().code(2).stderr(predicate::str::contains("--bad-data"));
}

#[test]
fn the_exit_code_says_how_bad_prices_are() {
    let folder = folder();
    write_hours(&folder.path().join("gaps.csv"));
    let text = fs::read_to_string(folder.path().join("gaps.csv")).unwrap();
    let clean: String = text.split_inclusive('\n').take(6).collect();
    fs::write(folder.path().join("clean.csv"), &clean).unwrap();
    fs::write(folder.path().join("bad.csv"), clean + "1704092400000,1,2,3,4,5\n").unwrap();
    fs::write(folder.path().join("no.csv"), "what is this\n").unwrap();
    for (file, code) in [("clean.csv", 0), ("gaps.csv", 3), ("bad.csv", 4), ("no.csv", 2)] {
        ct_host(&folder).args(["validate-data", file]).assert().code(code);
        ct_host(&folder).args(["validate-data", file, "--quiet"]).assert().code(code);
    }
    ct_host(&folder).args(["validate-data", "absent.csv"]).assert().code(2);
    ct_host(&folder).args(["validate-data"]).assert().code(2);

    let assert = ct_host(&folder).args(["validate-data", "gaps.csv", "--json"]).assert().code(3);
    let report: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    let finding = &report[0]["findings"][0];
    assert_eq!((&finding["kind"], &finding["rows"]), (&"gap".into(), &2.into()));
    assert_eq!(
        (&finding["severity"], &finding["time"]),
        (&"warning".into(), &"2024-01-01T05:00:00Z".into())
    );
    assert_eq!(finding["row"]["line"], 7);

    let repair = ["validate-data", "bad.csv", "--repair-to", "good.parquet"];
    ct_host(&folder).args(repair).assert().code(4);
    ct_host(&folder).args(["validate-data", "good.parquet"]).assert().code(0);
    ct_host(&folder).args(repair).assert().code(2).stderr(predicate::str::contains("already"));
}

fn real(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/ohlcv");
    let path = folder.join(name);
    path.exists().then_some(path)
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
    let (report, _) = found("bitstamp_BTCUSD_1d_2019page.csv", &[]).unwrap();
    assert_eq!(report["findings"][0]["time"], "2019-01-09T00:00:00Z");
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
