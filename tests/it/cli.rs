//! The command `ct-host` as its users meet it: what it prints, writes and answers to mistakes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use predicates::prelude::*;
use serde_json::Value;

use crate::program::{ct_host, folder, json, output, program};

/// Writes hourly bars from 2024-01-01 that open where the one before closed.
pub(crate) fn write_bars(path: PathBuf, closes: &[f64]) {
    let opens = closes.iter().take(1).chain(closes);
    let times = (1_704_067_200_000_i64..).step_by(3_600_000);
    let bars = times.zip(opens.zip(closes)).map(|(time, (&open, &close))| {
        format!("{time},{open},{},{},{close},100", open.max(close), open.min(close))
    });
    let header = "timestamp,open,high,low,close,volume".to_owned();
    let lines: Vec<String> = std::iter::once(header).chain(bars).collect();
    fs::write(path, lines.join("\n")).unwrap();
}

/// Closes on which averages of 1 and 2 bars buy once at 12 and sell once at 13.
pub(crate) const ROUND_TRIP: [f64; 7] = [10.0, 10.0, 12.0, 14.0, 13.0, 13.0, 13.0];

/// Averages of 1 and 2 bars, free trading, ten units in each position.
pub(crate) const SIMPLE: [&str; 11] = [
    "backtest",
    "--param",
    "fast=1",
    "--param",
    "slow=2",
    "--fee-bps",
    "0",
    "--slippage-bps",
    "0",
    "--units",
    "10",
];

#[test]
fn without_flags_the_sample_is_traded_and_said_to_be_synthetic() {
    let folder = folder();
    ct_host(&folder)
        .arg("backtest")
        .assert()
        .success()
        .stdout(predicate::str::starts_with(
            "sma-crossover on SAMPLE/USDT, 1h bars\n\n ! SYNTHETIC DATA",
        ))
        .stdout(predicate::str::contains("Profit before costs"))
        .stdout(predicate::str::contains("bars per second"))
        .stderr("");
}

#[test]
fn a_round_trip_gives_the_numbers_that_are_computed_by_hand() {
    let folder = folder();
    write_bars(folder.path().join("prices.csv"), &ROUND_TRIP);
    let result = json(ct_host(&folder).args(SIMPLE).args(["--data", "prices.csv", "--json"]));
    // Bought at the open after the close at 12, which is 12; sold at the open after the close at 13.
    assert_eq!(result["fills"][0]["time"], "2024-01-01T03:00:00Z");
    assert_eq!(result["fills"][0]["price"], 12.0);
    assert_eq!(result["fills"][1]["time"], "2024-01-01T05:00:00Z");
    assert_eq!(result["costs"]["net_pnl"], 10.0);
    assert_eq!(result["final_equity"], 10_010.0);
    assert_eq!(result["metrics"]["trades"], 1);
    assert_eq!(result["data"]["symbols"][0], "prices");
    assert_eq!(result["data"]["origin"], "market");

    // 100 bps of 120 and of 130.
    let costly = ["--data", "prices.csv", "--json", "--fee-bps", "100"];
    let flags: Vec<&str> = SIMPLE.iter().copied().filter(|flag| *flag != "--fee-bps").collect();
    let [before, after] = [&flags[..5], &flags[6..]];
    let result = json(ct_host(&folder).args(before).args(after).args(costly));
    assert_eq!(result["costs"]["fees"], 2.5);
    assert_eq!(result["costs"]["net_pnl"], 7.5);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let folder = folder();
    let before_timing = |window: &[&str]| {
        let text = output(ct_host(&folder).args(["backtest", "--json"]).args(window));
        let (result, timing) = text.split_once("\"timing\"").unwrap();
        assert!(timing.contains("bars_per_second"));
        result.to_owned()
    };
    let first = before_timing(&[]);
    assert_eq!(first, before_timing(&[]));
    assert_eq!(first, before_timing(&["--window", "1"]));
}

#[test]
fn a_saved_result_is_shown_again() {
    let folder = folder();
    ct_host(&folder).args(["backtest", "--out", "run", "--quiet"]).assert().success().stdout("");
    let read = |name: &str| fs::read_to_string(folder.path().join("run").join(name)).unwrap();
    for (form, name) in [("text", "report.txt"), ("markdown", "report.md"), ("json", "result.json")]
    {
        let shown = output(ct_host(&folder).args(["report", "run", "--full", "--format", form]));
        assert_eq!(without_claim(&shown), read(name), "{form}");
    }
    let result: Value = serde_json::from_str(&read("result.json")).unwrap();
    for (name, list) in
        [("fills.csv", "fills"), ("trades.csv", "trades"), ("daily_equity.csv", "daily_equity")]
    {
        let rows = read(name).lines().count() - 1;
        assert_eq!(rows, result[list].as_array().unwrap().len(), "{name}");
    }
    let files = fs::read_dir(folder.path().join("run")).unwrap().count();
    assert_eq!(files, 9, "nothing half-written is left");
}

#[test]
fn the_report_is_short_unless_more_is_asked_for() {
    let folder = folder();
    let shown = |arguments: &[&str]| output(ct_host(&folder).arg("backtest").args(arguments));
    let headings = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix("── "));
        lines.map(|line| line.trim_end_matches(['─', ' ']).to_owned()).collect()
    };
    let usual = shown(&[]);
    let parts = [
        "Run",
        "Trades in groups",
        "Equity at the end of each day (UTC)",
        "Costs: from gross to net",
        "Headline",
    ];
    assert_eq!(headings(&usual), parts);
    assert!(usual.lines().count() <= 75, "{usual}");
    assert!(usual.contains("The whole report: --full."));
    let full = shown(&["--full"]);
    assert!(full.contains("Sortino ratio / √2") && !full.contains("--full"));
    let picked = shown(&["--sections", "drawdown,headline"]);
    assert_eq!(headings(&picked), ["Drawdown", "Headline"]);
    // A rule that did something is part of the short report too.
    assert!(headings(&shown(&["--max-drawdown", "0.05"])).contains(&"Risk".to_owned()));
}

#[test]
fn what_is_printed_fits_the_screen_and_its_characters() {
    let folder = folder();
    ct_host(&folder).args(["backtest", "--out", "run", "--quiet"]).assert().success();
    let commands: [&[&str]; 9] = [
        &["backtest", "--full", "--explain"],
        &["report", "run", "--full"],
        &["fees"],
        &["fees", "binance-spot"],
        &["strategies", "show", "sma-crossover"],
        &["data", "list"],
        &["--help"],
        &["backtest", "--help"],
        &["config", "init", "--help"],
    ];
    for command in commands {
        for columns in [60, 80, 120] {
            for locale in ["C", "C.UTF-8"] {
                let mut run = ct_host(&folder);
                run.args(command).env("COLUMNS", columns.to_string()).env("LC_ALL", locale);
                let shown = output(&mut run);
                for line in shown.lines() {
                    assert!(line.chars().count() <= columns, "{command:?} {columns}: {line:?}");
                    assert!(locale != "C" || line.is_ascii(), "{command:?}: {line:?}");
                }
            }
        }
        // Nobody said how wide it is.
        let shown = output(ct_host(&folder).args(command).env_remove("COLUMNS"));
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{command:?}: {shown}");
    }
}

#[test]
fn decisions_are_chosen_by_time_and_symbol_and_go_to_a_file() {
    let folder = folder();
    let run = |arguments: &[&str]| output(ct_host(&folder).arg("backtest").args(arguments));
    let first = |text: &str| text.lines().find(|line| line.contains(" #")).map(str::to_owned);
    let chosen = run(&["--explain-from", "2023-12-20", "--explain-to", "2023-12-23"]);
    assert!(first(&chosen).is_some_and(|line| line.contains(" 2023-12-22 02:00 ")), "{chosen}");
    assert_eq!(chosen.lines().filter(|line| line.contains(" #")).count(), 1);
    let shown = run(&["--explain=decisions.txt"]);
    let written = fs::read_to_string(folder.path().join("decisions.txt")).unwrap();
    assert!(!shown.contains(" #0 ") && written.contains(" #0 2022-"), "{written}");
    ct_host(&folder).args(["backtest", "--explain=decisions.txt"]).assert().code(2);
    ct_host(&folder).args(["backtest", "--out", "run", "--quiet"]).assert().success();
    ct_host(&folder)
        .args(["report", "run", "--sections", "decisions"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("tells the way of no decision"));
}

/// `shown` without the remark, and the blank line before it, that a result was not run again.
fn without_claim(shown: &str) -> String {
    let claims: Vec<&str> =
        shown.lines().filter(|line| line.trim_start().starts_with("As the file says;")).collect();
    claims
        .iter()
        .fold(shown.to_owned(), |shown, claim| shown.replacen(&format!("\n{claim}\n"), "", 1))
}

#[test]
fn a_folder_with_a_result_is_not_written_over() {
    let folder = folder();
    let run = |more: &[&str]| {
        let mut command = ct_host(&folder);
        command.args(["backtest", "--out", "run", "--quiet"]).args(more);
        command
    };
    let cash = || {
        json(ct_host(&folder).args(["report", "run", "--format", "json"]))["initial_cash"].clone()
    };
    run(&["--cash", "5"]).assert().success();
    let refused = predicate::str::contains("run has a result, which is not written over")
        .and(predicate::str::contains("--force"));
    run(&["--cash", "7"]).assert().code(2).stderr(refused);
    assert_eq!(cash(), 5.0);
    fs::write(folder.path().join("run/notes.txt"), "mine").unwrap();
    run(&["--cash", "7", "--force"]).assert().success();
    assert_eq!(cash(), 7.0);
    assert!(folder.path().join("run/notes.txt").exists());
}

#[test]
fn several_mistakes_are_told_together() {
    let folder = folder();
    let told = |arguments: &[&str]| {
        let assert = ct_host(&folder).arg("backtest").args(arguments).assert().code(2).stdout("");
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    let parameters = told(&["--param", "fats=3", "--param", "slow=0"]);
    assert_eq!(parameters.lines().count(), 2, "{parameters}");
    assert!(parameters.contains("did you mean 'fast'?") && parameters.contains("slow"));
    let twice =
        ["--param", "slow=9", "--param", "fast=1", "--param", "fast=2", "--param", "slow=8"];
    assert_eq!(told(&twice).lines().count(), 2);
    let set = told(&["--set", "cash", "--set", "account.cash=[1"]);
    assert_eq!(set.lines().count(), 2, "{set}");
    assert!(
        set.contains("--set cash: expected PATH=VALUE") && set.contains("--set account.cash: ")
    );
}

#[test]
fn several_files_are_one_portfolio() {
    let folder = folder();
    let names = ["binance_AAAUSDT_1h.csv", "binance_BBBUSDT_1h.csv"];
    for name in names {
        write_bars(folder.path().join(name), &ROUND_TRIP);
    }
    let result = json(ct_host(&folder).args(SIMPLE).arg("--data").args(names).arg("--json"));
    assert_eq!(result["data"]["symbols"], serde_json::json!(["AAA/USDT", "BBB/USDT"]));
    assert_eq!(result["costs"]["net_pnl"], 20.0);
    let renamed = ["--symbol", "A/USDT", "B/USDT"];
    let mut command = ct_host(&folder);
    command.args(SIMPLE).arg("--data").args(names).args(renamed);
    assert!(output(&mut command).starts_with("sma-crossover on A/USDT, B/USDT, 1h bars"));
}

#[test]
fn the_last_days_are_traded_with_the_bars_before_to_warm_up() {
    let folder = folder();
    let result = json(ct_host(&folder).args(["backtest", "--days", "30", "--json"]));
    assert_eq!(result["data"]["from"], "2023-12-02T00:00:00Z");
    assert_eq!(result["data"]["to"], "2023-12-31T23:00:00Z");
    assert!(result["data"]["warm_up_rows"].as_u64() > Some(0));
}

#[test]
fn mistakes_are_told_on_one_line_with_exit_code_2() {
    let folder = folder();
    write_bars(folder.path().join("a.csv"), &ROUND_TRIP);
    fs::write(folder.path().join("file"), "").unwrap();
    let cases: [(&[&str], &str); 16] = [
        (&["backtest", "--strategy", "sma-crosover"], "did you mean 'sma-crossover'?"),
        (&["backtest", "--plugin", "none.wasm"], "none.wasm cannot be read"),
        (&["backtest", "--plugin", "a.csv"], "a.csv: this is no WebAssembly file"),
        (&["backtest", "--param", "fats=3"], "did you mean 'fast'?"),
        (&["backtest", "--param", "fast=0"], "expected a whole number from 1 to 1000"),
        (&["backtest", "--param", "fast=60"], "fast (60) must be less than slow (50)"),
        (&["backtest", "--data", "none.csv"], "none.csv: cannot be read"),
        (&["backtest", "--data", "a.csv", "a.csv"], "'a' is there twice"),
        (
            &["backtest", "--data", "a.csv", "--symbol", "A", "B"],
            "--symbol: data.symbols: expected one for each of the 1 files, found 2",
        ),
        (
            &["backtest", "--from", "2023-01-02", "--to", "2023-01-01"],
            "--to: data.to: expected a time after data.from, 2023-01-02T00:00:00Z",
        ),
        (
            &["backtest", "--detail-interval", "1m", "--intrabar", "stop-first"],
            "--detail-interval names finer bars, which --intrabar stop-first does not use",
        ),
        (
            &["backtest", "--symbol", "A/B", "--offline", "--detail-interval", "7m"],
            "--detail-interval 7m: expected a shorter interval that divides the bars of 1h",
        ),
        (&["backtest", "--from", "2030-01-01"], "lies outside the data"),
        (&["backtest", "--out", "file"], "file cannot be written"),
        (&["report", "a.csv"], "a.csv: this is no saved result"),
        (&["inspect", "a.csv"], "a.csv: this is no WebAssembly file"),
    ];
    for (arguments, expected) in cases {
        let assert = ct_host(&folder).args(arguments).assert().code(2).stdout("");
        let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
        assert!(said.starts_with("error: ") && said.contains(expected), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    }
    for arguments in [
        &["backtest", "--units", "1", "--fraction", "0.5"] as &[&str],
        &["backtest", "--plugin", "a.wasm", "--strategy", "b"],
        &["backtest", "--days", "0"],
        &["backtest", "--days", "-3"],
        &["backtest", "--cash", "-5"],
        &["frobnicate"],
    ] {
        ct_host(&folder).args(arguments).assert().code(2).stdout("");
    }
}

#[test]
fn too_few_bars_are_told_with_both_numbers() {
    let folder = folder();
    write_bars(folder.path().join("a.csv"), &ROUND_TRIP);
    let told = predicate::str::starts_with(
        "note: the strategy sees 50 bars before its first decision, and the prices have 7:",
    );
    ct_host(&folder).args(["backtest", "--data", "a.csv"]).assert().success().stderr(told);
    ct_host(&folder).args(SIMPLE).args(["--data", "a.csv"]).assert().success().stderr("");
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let folder = folder();
    let mut child = std::process::Command::new(program())
        .args(["backtest", "--json"])
        .env("CT_HOST_CACHE_DIR", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn every_field_of_the_result_is_documented() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let documentation = fs::read_to_string(root.join("docs/result-schema.md")).unwrap();
    let folder = folder();
    // A minimum that no order reaches gives refusals; closing nothing at the end gives an open position.
    write_bars(folder.path().join("a.csv"), &ROUND_TRIP[..5]);
    write_bars(folder.path().join("b.csv"), &ROUND_TRIP);
    for more in [
        &["--data", "a.csv", "--benchmark", "b.csv"] as &[&str],
        &["--data", "b.csv", "--min-notional", "1000"],
    ] {
        let result = json(ct_host(&folder).args(SIMPLE).args(more).arg("--json"));
        assert_documented(&result, &documentation);
    }
    // On the sample data a tight breaker trips, and every decision is told.
    let arguments = ["backtest", "--explain", "--max-drawdown", "0.05", "--json"];
    let result = json(ct_host(&folder).args(arguments));
    assert!(!result["breakers"].as_array().unwrap().is_empty());
    assert!(!result["explained"].as_array().unwrap().is_empty());
    assert_documented(&result, &documentation);
}

fn assert_documented(value: &Value, documentation: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                // Parameters have the names that the strategy gives them.
                if name == "parameters" {
                    continue;
                }
                let named = [
                    format!("`{name}`"),
                    format!(".{name}`"),
                    format!("\"{name}\""),
                    format!(".{name}."),
                    format!("`{name}."),
                ];
                let heading = format!("### {name}\n");
                let found = named.iter().any(|form| documentation.contains(form.as_str()));
                assert!(found || documentation.contains(&heading), "'{name}' is not documented");
                assert_documented(value, documentation);
            }
        }
        Value::Array(values) => {
            for value in values {
                assert_documented(value, documentation);
            }
        }
        _ => {}
    }
}
