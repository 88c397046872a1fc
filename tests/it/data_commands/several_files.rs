//! Several files of one symbol are one series, in every command that reads files: months, folders, zip files, names with `*`.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::program::{ct_host, folder, json};

/// These hours from 2024-01-01 as text, whose prices begin at `price`.
fn hours(hours: Range<i64>, price: i64) -> String {
    let row = |hour: i64| {
        let time = 1_704_067_200_000_i64 + hour * 3_600_000;
        // Without a pattern that would look like copied rows.
        let chance = ((hour + 3) * (hour + 977) * 2_654_435_761) >> 11;
        let open = price + chance % 5;
        let [high, low, close] = [open + 1, open - 1, open + chance / 5 % 2];
        format!("{time},{open},{high}.5,{low}.5,{close},{}.25\n", chance % 9_973 + 1)
    };
    let header = "timestamp,open,high,low,close,volume\n".to_owned();
    std::iter::once(header).chain(hours.map(row)).collect()
}

fn zip(path: &Path, files: &[(&str, &str)]) {
    let mut zip = ZipWriter::new(fs::File::create(path).unwrap());
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

/// Two hundred hours: as one file, and in three parts of which the second and the third share ten.
fn stage() -> TempDir {
    let folder = folder();
    let path = folder.path();
    let parts = [hours(0..60, 100), hours(60..130, 100), hours(120..200, 100)];
    fs::write(path.join("whole_BTCUSDT_1h.csv"), hours(0..200, 100)).unwrap();
    for place in ["months", "zips"] {
        fs::create_dir(path.join(place)).unwrap();
    }
    let mut named = Vec::new();
    for (month, text) in (1..).zip(&parts) {
        let name = format!("BTCUSDT-1h-2024-0{month}");
        fs::write(path.join(format!("months/{name}.csv")), text).unwrap();
        zip(&path.join(format!("zips/{name}.zip")), &[(&format!("{name}.csv"), text)]);
        named.push((format!("{name}.csv"), text));
    }
    let all: Vec<(&str, &str)> =
        named.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    zip(&path.join("all.zip"), &all);
    folder
}

fn backtest(folder: &TempDir, data: &[&str]) -> Value {
    let run = ["backtest", "--strategy", "sma-crossover", "--json", "-", "--data"];
    json(ct_host(folder).args(run).args(data))
}

const MONTHS: [&str; 3] = [
    "months/BTCUSDT-1h-2024-03.csv",
    "months/BTCUSDT-1h-2024-01.csv",
    "months/BTCUSDT-1h-2024-02.csv",
];

#[test]
fn a_run_on_months_is_the_run_on_all_of_them_in_one_file() {
    let folder = stage();
    let whole = backtest(&folder, &["whole_BTCUSDT_1h.csv"]);
    assert_eq!(whole["data"]["symbols"], serde_json::json!(["BTC/USDT"]));
    assert_eq!(whole["data"]["sources"], Value::Null);
    for data in [
        &MONTHS[..],
        &["months"],
        &["months/BTCUSDT-1h-2024-*.csv"],
        &["zips"],
        &["zips/BTCUSDT-1h-2024-0?.zip"],
        &["all.zip"],
        &[MONTHS[0], "zips/BTCUSDT-1h-2024-01.zip", MONTHS[2]],
    ] {
        let result = backtest(&folder, data);
        assert_eq!(result["run_id"], whole["run_id"], "{data:?}");
        let files = result["data"]["sources"][0]["files"].as_array().unwrap();
        assert_eq!(files.len(), 3, "{data:?}");
        let mut rows: Vec<u64> = files.iter().map(|file| file["rows"].as_u64().unwrap()).collect();
        rows.sort_unstable();
        assert_eq!(rows, [60, 70, 80], "{data:?}");
        assert!(files.iter().all(|file| file["hash"].as_str().unwrap().len() == 64));
    }
    let hash = blake3::hash(hours(0..60, 100).as_bytes()).to_hex().to_string();
    for (data, file) in
        [("months", "months/BTCUSDT-1h-2024-01.csv"), ("all.zip", "all.zip/BTCUSDT-1h-2024-01.csv")]
    {
        let first = &backtest(&folder, &[data])["data"]["sources"][0]["files"][0];
        assert_eq!((&first["file"], &first["hash"]), (&file.into(), &hash.clone().into()));
    }
    ct_host(&folder)
        .args(["backtest", "--strategy", "sma-crossover", "--data", "months"])
        .assert()
        .success()
        .stderr(predicate::str::contains(
            "2024-01.csv and 2 more: 10 rows are the same in two of these files, and count once",
        ));
    // A configuration names them likewise, and so does a run that is made again.
    fs::write(folder.path().join("a.yaml"), "data: { files: ['zips/*.zip'] }").unwrap();
    let configured = ["backtest", "--config", "a.yaml", "--strategy", "sma-crossover"];
    let result = json(ct_host(&folder).args(configured).args(["--json", "-", "--out", "kept"]));
    assert_eq!(result["run_id"], whole["run_id"]);
    let again = ct_host(&folder).args(["backtest", "--from-run", "kept"]).assert().success();
    again.stderr(predicate::str::contains("same run as kept"));
}

#[test]
fn files_of_other_symbols_are_other_instruments_and_can_be_left_out() {
    let folder = stage();
    fs::write(folder.path().join("months/ETHUSDT-1h-2024-01.csv"), hours(0..200, 50)).unwrap();
    fs::write(folder.path().join("months/BTCUSDT-1h-2024-01.csv.CHECKSUM"), "abc").unwrap();
    let symbols = |data: &[&str]| backtest(&folder, data)["data"]["symbols"].clone();
    assert_eq!(symbols(&["months"]), serde_json::json!(["BTC/USDT", "ETH/USDT"]));
    let both = ["months", "--symbol", "ETH/USDT", "BTC/USDT"];
    assert_eq!(symbols(&both), serde_json::json!(["ETH/USDT", "BTC/USDT"]));
    assert_eq!(symbols(&["months", "--symbol", "BTCUSDT"]), serde_json::json!(["BTCUSDT"]));
    let shell = [&MONTHS[..], &["--symbol", "XBT/USD"]].concat();
    assert_eq!(symbols(&shell), serde_json::json!(["XBT/USD"]));
    let run = ["backtest", "--strategy", "sma-crossover", "--data", "months"];
    let told = predicate::str::contains("months: left out what is no price file: BTCUSDT-1h")
        .and(predicate::str::contains("ETHUSDT-1h-2024-01.csv is of ETH/USDT"));
    ct_host(&folder).args(run).args(["--symbol", "BTC/USDT"]).assert().success().stderr(told);
    for (more, expected) in [
        (&["--symbol", "LTC/USDT"][..], "none of the price files is of LTC/USDT"),
        (&["--data", "gone-*.csv"], "gone-*.csv: no file is called so"),
        (&["--data", "empty"], "empty: no price file in it, but nothing"),
    ] {
        fs::create_dir_all(folder.path().join("empty")).unwrap();
        let run = ["backtest", "--strategy", "sma-crossover"];
        let data = if more[0] == "--data" { &[][..] } else { &["--data", "months"] };
        let assert = ct_host(&folder).args(run).args(data).args(more).assert().code(2);
        assert.stderr(predicate::str::contains(expected));
    }
}

#[test]
fn overlaps_that_differ_and_other_intervals_are_refused_with_both_files() {
    let folder = stage();
    // From hour 195 on, other prices than the third part has.
    fs::write(folder.path().join("months/BTCUSDT-1h-2024-04.csv"), hours(195..260, 101)).unwrap();
    let months = "months/BTCUSDT-1h-2024-0";
    let conflict = format!(
        "{months}4.csv, line 2 (2024-01-09T03:00:00Z): conflicting duplicate: the time is there twice: open "
    );
    let there = format!("there, in {months}3.csv, line 77; expected each time once");
    let told = || {
        predicate::str::contains(conflict.as_str()).and(predicate::str::contains(there.as_str()))
    };
    let run = ["backtest", "--strategy", "sma-crossover", "--data", "months"];
    ct_host(&folder).args(run).assert().code(2).stderr(told());
    ct_host(&folder).args(["validate-data", "months"]).assert().code(4).stdout(
        predicate::str::contains("conflicting duplicate")
            .and(predicate::str::contains("2024-03.csv")),
    );
    let import = ["data", "import", "months", "--exchange", "mine"];
    ct_host(&folder).args(import).assert().code(2).stderr(told());
    ct_host(&folder).args(run).args(["--bad-data", "repair"]).assert().success();

    let minutes = hours(0..60, 100).replace("3600000", "60000");
    let minutes: String = minutes.lines().take(1).map(|line| line.to_owned() + "\n").collect();
    let rows = (0..60).map(|minute| {
        format!("{},100,101,99,100,1\n", 1_706_000_000_000_i64 / 60_000 * 60_000 + minute * 60_000)
    });
    let text: String = std::iter::once(minutes).chain(rows).collect();
    fs::write(folder.path().join("months/BTCUSDT-1m-2024-04.csv"), text).unwrap();
    ct_host(&folder).args(run).assert().code(2).stderr(predicate::str::contains(
        "BTC/USDT: months/BTCUSDT-1h-2024-01.csv has bars of 1h, months/BTCUSDT-1m-2024-04.csv bars of 1m",
    ));
}

#[test]
fn gaps_between_files_are_gaps() {
    let folder = stage();
    let run = ["backtest", "--strategy", "sma-crossover", "--data", MONTHS[1], MONTHS[0]];
    let told =
        predicate::str::contains("months/BTCUSDT-1h-2024-01.csv and 1 more: gap: 1 (60 bars)");
    ct_host(&folder).args(run).assert().success().stderr(told);
    let report = json_of_findings(&folder, &[MONTHS[1], MONTHS[0]]);
    assert_eq!(report[0]["counts"]["gap"]["rows"], 60);
    let whole = json_of_findings(&folder, &MONTHS);
    assert_eq!((&whole[0]["rows"], &whole[0]["counts"]["gap"]), (&200.into(), &Value::Null));
}

fn json_of_findings(folder: &TempDir, files: &[&str]) -> Value {
    let output = ct_host(folder).arg("validate-data").args(files).arg("--json").output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn many_files_are_imported_as_series_which_the_exchanges_symbol_finds() {
    let folder = stage();
    fs::write(folder.path().join("months/ETHUSDT-1h-2024-01.csv"), hours(0..200, 50)).unwrap();
    let import = ["data", "import", "--exchange", "mine", "--json"];
    let all = json(ct_host(&folder).args(import).arg("months"));
    let found = |place: usize| (&all[place]["symbol"], &all[place]["rows"]);
    assert_eq!(found(0), (&"BTC/USDT".into(), &200.into()));
    assert_eq!(found(1), (&"ETH/USDT".into(), &200.into()));
    // The same from zip files, under the symbol as the exchange writes it, is the same series.
    let again = json(ct_host(&folder).args(import).args(["zips", "--symbol", "BTCUSDT"]));
    let found = (&again["symbol"], &again["rows_added"], &again["version"]);
    assert_eq!(found, (&"BTC/USDT".into(), &0.into(), &all[0]["version"]));
    let shown = ct_host(&folder).args(["data", "show", "--symbol", "BTCUSDT"]).assert().success();
    shown.stdout(predicate::str::contains("mine BTC/USDT 1h"));
    let run =
        ["backtest", "--exchange", "mine", "--symbol", "BTCUSDT", "--strategy", "sma-crossover"];
    let period = ["--from", "2024-01-04", "--to", "2024-01-08", "--json", "-"];
    let result = json(ct_host(&folder).args(run).args(period));
    assert_eq!(result["data"]["symbols"], serde_json::json!(["BTC/USDT"]));
}

#[test]
fn zip_files_of_strangers_are_refused() {
    let folder = folder();
    let path = folder.path();
    // A megabyte of zeros for each kilobyte.
    let zeros = "0".repeat(200 << 20);
    zip(&path.join("BTCUSDT-1h-2024-01.zip"), &[("BTCUSDT-1h-2024-01.csv", &zeros)]);
    zip(&path.join("a.zip"), &[("../a.csv", "")]);
    zip(&path.join("b.zip"), &[("LICENSE", "")]);
    fs::write(path.join("c.zip"), "PK").unwrap();
    for (file, expected) in [
        ("BTCUSDT-1h-2024-01.zip", "unpack to 209715200 bytes or more: expected 134217728 at most"),
        ("a.zip", "a.zip: it holds '../a.csv', a name that leads out of it"),
        ("b.zip", "b.zip: no price file in it, but 'LICENSE'"),
        ("c.zip", "c.zip: it is no zip file that can be read"),
    ] {
        let run = ["backtest", "--strategy", "sma-crossover", "--data", file];
        ct_host(&folder).args(run).assert().code(2).stderr(predicate::str::contains(expected));
    }
}

/// The result of a run over `arguments`.
fn traded(folder: &TempDir, arguments: &[&str]) -> Value {
    json(ct_host(folder).args(["backtest", "--json", "--no-risk"]).args(arguments))
}

#[test]
fn a_repair_goes_by_the_rows_and_not_by_the_order_of_the_files() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("a.csv"), hours(0..60, 100)).unwrap();
    // The last hour of the first file with the same volume and another close.
    let second = hours(59..120, 100);
    let row = second.lines().nth(1).unwrap();
    let mut cells: Vec<String> = row.split(',').map(str::to_owned).collect();
    cells[4] = format!("{}.25", cells[1]);
    fs::write(path.join("b.csv"), second.replacen(row, &cells.join(","), 1)).unwrap();
    let hash = |files: [&str; 2]| {
        let [one, other] = files;
        let rest = ["--symbol", "BTC/USDT", "--bad-data", "repair"];
        let arguments = [&["--data", one, other][..], &rest].concat();
        traded(&folder, &arguments)["data"]["hash"].clone()
    };
    assert_eq!(hash(["a.csv", "b.csv"]), hash(["b.csv", "a.csv"]));
}

#[test]
fn a_symbol_in_two_spellings_is_one_and_a_folder_of_one_file_tells_it() {
    let folder = stage();
    let once = traded(&folder, &["--data", "months", "--symbol", "BTC/USDT"]);
    let twice = traded(&folder, &["--data", "months", "--symbol", "BTC/USDT", "BTCUSDT"]);
    assert_eq!(once["data"]["hash"], twice["data"]["hash"]);
    fs::create_dir(folder.path().join("one")).unwrap();
    fs::write(folder.path().join("one/BTCUSDT-1h.csv"), hours(0..200, 100)).unwrap();
    let told = traded(&folder, &["--data", "one"]);
    let files = &told["data"]["sources"][0]["files"];
    assert_eq!((files[0]["rows"].as_u64(), files.as_array().unwrap().len()), (Some(200), 1));
}

#[test]
fn the_interval_that_a_user_names_holds_for_all_files() {
    let folder = folder();
    fs::write(folder.path().join("a.csv"), hours(0..100, 100)).unwrap();
    let sparse = hours(100..200, 100);
    let every_second = sparse.lines().enumerate().filter(|(place, _)| place % 2 == 0);
    let sparse: Vec<&str> = every_second.map(|(_, line)| line).collect();
    fs::write(folder.path().join("b.csv"), sparse.join("\n")).unwrap();
    let files = ["backtest", "--data", "a.csv", "b.csv", "--symbol", "BTC/USDT"];
    ct_host(&folder).args(files).assert().code(2).stderr(predicate::str::contains("bars of 2h"));
    ct_host(&folder).args(files).args(["--interval", "1h"]).assert().success();
}

#[test]
fn a_benchmark_is_known_in_any_spelling_and_is_one_series() {
    let folder = stage();
    let path = folder.path();
    let data = ["--data", "whole_BTCUSDT_1h.csv"];
    let own = traded(&folder, &[&data[..], &["--benchmark", "BTCUSDT"]].concat());
    assert_eq!(
        own["metrics"]["buy_and_hold_return"],
        traded(&folder, &data)["metrics"]["buy_and_hold_return"]
    );
    fs::write(path.join("months/ETHUSDT-1h-2024-01.csv"), hours(0..200, 10)).unwrap();
    ct_host(&folder)
        .arg("backtest")
        .args(data)
        .args(["--benchmark", "months"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains(
            "--benchmark months: it has prices of BTC/USDT, ETH/USDT",
        ));
}
