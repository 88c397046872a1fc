//! `data list`, `show`, `verify`, `prune`, `remove` and `snapshot`, and what they answer to mistakes.

use std::fs;
use std::path::PathBuf;

use predicates::prelude::*;
use serde_json::Value;

use super::{import, import_as, write_hours};
use crate::program::{ct_host, folder, json, output};

#[test]
fn an_empty_folder_holds_nothing_and_that_is_no_error() {
    let folder = folder();
    for command in ["list", "show", "verify", "prune"] {
        ct_host(&folder).args(["data", command]).assert().success().stderr("");
        json(ct_host(&folder).args(["data", command, "--json"]));
    }
    assert!(!folder.path().join("data").exists(), "looking makes no folder");
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

    let text = output(ct_host(&folder).args(["data", "list"]));
    let line = text.lines().find(|line| line.contains("mine A/USD 1h")).unwrap();
    let short = &version.as_str().unwrap()[..12];
    for part in [" 8 ", "2024-01-01T00:00Z", "2024-01-01T10:00Z", short] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let text = output(ct_host(&folder).args(["data", "show"]));
    for part in ["mine A/USD 1h", "held", "empty", "a.csv", version.as_str().unwrap()] {
        assert!(text.contains(part), "{part}: {text}");
    }

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
fn a_damaged_file_is_named_healed_and_taken_in_again() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    let version = import(&folder, "a.csv", &[])["version"].clone();
    let verify = |more: &[&str], code: i32| -> Value {
        let mut command = ct_host(&folder);
        let verified = command.args(["data", "verify", "--json"]).args(more).assert().code(code);
        serde_json::from_slice(&verified.get_output().stdout).unwrap()
    };
    assert_eq!(verify(&[], 0)[0]["errors"], serde_json::json!([]));
    let files = fs::read_dir(folder.path().join("data/mine/A-USD/1h")).unwrap();
    let files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    let segment = files.iter().find(|file| file.extension().is_some_and(|end| end == "bars"));
    let segment = segment.unwrap();
    let mut bytes = fs::read(segment).unwrap();
    *bytes.last_mut().unwrap() ^= 0x40;
    fs::write(segment, bytes).unwrap();

    let name = segment.file_name().unwrap().to_str().unwrap();
    assert!(verify(&[], 1)[0]["errors"][0].as_str().unwrap().contains(name));
    let advice = predicate::str::contains("data verify --heal");
    let mut text = ct_host(&folder);
    let text = text.args(["data", "verify"]).assert().code(1).stderr(advice);
    text.stdout(predicate::str::contains(name));
    let healed = verify(&["--heal"], 0);
    assert_eq!(healed[0]["healed"]["rows_lost"], 8);
    assert_eq!(import(&folder, "a.csv", &[])["version"], version);
    assert_eq!(verify(&[], 0)[0]["errors"], serde_json::json!([]));
}

#[test]
fn wrong_names_and_files_are_told_on_one_line_with_exit_code_2() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    import(&folder, "a.csv", &[]);
    import_as(&folder, ["other", "A/USD"], "a.csv", &[]);
    fs::write(folder.path().join("empty.csv"), "").unwrap();
    fs::write(folder.path().join("words.csv"), "a,b\n1,2\n").unwrap();
    fs::write(folder.path().join("no.parquet"), "no").unwrap();
    let list = || output(ct_host(&folder).args(["data", "list"]));
    let before = list();
    let cases: [(&[&str], &str); 16] = [
        (&["data", "show", "--symbol", "B/USD"], "no B/USD is kept"),
        (&["data", "show", "--symbol", "A/USD", "--interval", "4h"], "no A/USD 4h is kept"),
        (&["data", "verify", "--symbol", "B/USD"], "no B/USD is kept"),
        (&["data", "remove", "--symbol", "B/USD"], "no B/USD is kept"),
        (&["data", "remove"], "name what is to be removed with --symbol"),
        (&["data", "snapshot", "a/b"], "letters, digits"),
        (&["data", "snapshot", "x", "--symbol", "B/USD"], "no B/USD is kept"),
        (&["data", "snapshot", "x", "--remove"], "there is no snapshot 'x'"),
        (&["data", "export", "b.xls", "--symbol", "A/USD"], "expected .csv"),
        (&["data", "export", "b.csv", "--symbol", "A/USD"], "found 2: name it with --symbol"),
        (&["data", "import", "none.csv"], "none.csv: cannot be read"),
        (&["data", "import", "empty.csv"], "empty.csv: the file is empty"),
        (&["data", "import", "words.csv"], "no column for timestamp"),
        (&["data", "import", "no.parquet"], "no.parquet"),
        (&["data", "import", "a.csv"], "--exchange"),
        (&["data", "import", "a.csv", "--exchange", "m", "--fill-gaps", "2"], "--bad-data repair"),
    ];
    for (arguments, expected) in cases {
        let assert = ct_host(&folder).args(arguments).assert().code(2).stdout("");
        let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        let error = said.lines().last().unwrap();
        assert!(error.starts_with("error: ") && error.contains(expected), "{arguments:?}: {said}");
    }
    assert_eq!(list(), before);
    assert!(!folder.path().join("b.csv").exists() && !folder.path().join("b.xls").exists());
}
