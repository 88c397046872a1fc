//! `data import` and `data export`: every format both ways, over held bars, and with repairs.

use std::fs;

use predicates::prelude::*;
use serde_json::Value;

use super::{import, import_as, write_hours};
use crate::program::{ct_host, folder, json};

#[test]
fn prices_survive_every_format_bit_for_bit() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    let imported = import(&folder, "a.csv", &[]);
    assert_eq!(imported["rows"], 8);
    let version = imported["version"].as_str().unwrap();
    for name in [
        "b.csv.gz",
        "b.csv.zst",
        "b.parquet",
        "b.arrow",
        "b.feather",
        "A_USD-1h.json",
        "A_USD-1h.json.gz",
        "A_USD-1h.feather",
    ] {
        ct_host(&folder).args(["data", "export", name, "--symbol", "A/USD"]).assert().success();
        let again = import_as(&folder, ["again", name], name, &[]);
        assert_eq!(again["version"], version, "{name}");
    }
    ct_host(&folder)
        .args(["data", "export", "b.parquet", "--symbol", "A/USD"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("b.parquet is there and is not written over"));
}

#[test]
fn numbers_are_taken_in_to_the_last_bit() {
    let folder = folder();
    // 0.1 + 0.2, prices of PEPE and volumes of SHIB; the last one differs by one unit in the last place.
    let rows = "0.00000112,0.30000000000000004,0.00000111,0.00000112,12345678901234.56";
    let other = rows.replace("0.30000000000000004", "0.3");
    let mut versions = Vec::new();
    for (name, rows) in [("a.csv", rows), ("b.csv", &other), ("A_USD-1h.json", rows)] {
        let [first, second] = [1_704_067_200_000_i64, 1_704_070_800_000];
        let text = if name.ends_with("json") {
            format!("[[{first},{rows}],[{second},{rows}]]")
        } else {
            format!("timestamp,open,high,low,close,volume\n{first},{rows}\n{second},{rows}\n")
        };
        fs::write(folder.path().join(name), text).unwrap();
        versions.push(import_as(&folder, [name, "A/USD"], name, &[])["version"].clone());
    }
    assert_eq!(versions[0], versions[2]);
    assert_ne!(versions[0], versions[1]);
}

#[test]
fn a_part_of_a_series_is_exported_in_longer_bars() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    import(&folder, "a.csv", &[]);
    let part = ["data", "export", "b.csv", "--symbol", "A/USD", "--iso-times"];
    let read = || fs::read_to_string(folder.path().join("b.csv")).unwrap();
    ct_host(&folder)
        .args(part)
        .args(["--from", "2024-01-01T03:00", "--to", "2024-01-01T08:00"])
        .assert()
        .success();
    let expected = [
        "2024-01-01T03:00:00Z,103,104.5,102.5,104,4.25",
        "2024-01-01T04:00:00Z,104,105.5,103.5,105,5.25",
        "2024-01-01T07:00:00Z,107,108.5,106.5,108,8.25",
    ];
    assert_eq!(read().lines().skip(1).collect::<Vec<_>>(), expected);
    ct_host(&folder).args(part).args(["--resample", "4h", "--force"]).assert().success();
    // The second bar has a hole; the third one is not complete.
    let expected = [
        "2024-01-01T00:00:00Z,100,104.5,99.5,104,11",
        "2024-01-01T04:00:00Z,104,108.5,103.5,108,13.5",
    ];
    assert_eq!(read().lines().skip(1).collect::<Vec<_>>(), expected);
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

    // The version before the revision stays until it is not wanted any more.
    let prune = |flags: &[&str]| {
        let pruned = json(ct_host(&folder).args(["data", "prune", "--json"]).args(flags));
        pruned["versions"].as_array().unwrap().len()
    };
    assert_eq!(prune(&[]), 0);
    assert_eq!(prune(&["--older-versions", "--dry-run"]), 1);
    assert_eq!(prune(&["--older-versions"]), 1);
    assert_eq!(prune(&["--older-versions"]), 0);
    let left = json(ct_host(&folder).args(["data", "list", "--json"]));
    assert_eq!(left["series"][0]["version"], merged["version"]);
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
