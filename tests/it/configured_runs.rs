//! Backtests by configuration file, environment and flags together.

use std::fs;

use predicates::prelude::*;
use serde_json::Value;

use crate::program::{ct_host, folder, json, output};

fn fees(result: &Value) -> [Option<f64>; 2] {
    let fees = &result["configuration"]["costs"]["fees"];
    [fees["maker_bps"].as_f64(), fees["taker_bps"].as_f64()]
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_file() {
    let folder = folder();
    let file = "account: { cash: 500 }\ncosts:\n  fees: { maker_bps: 1, taker_bps: 2 }\n  slippage: { kind: fixed, bps: 9 }\n";
    fs::write(folder.path().join("own.yaml"), file).unwrap();
    let mut command = ct_host(&folder);
    command.args(["backtest", "--config", "own.yaml", "--slippage-bps", "4", "--json"]);
    command.env("CT_HOST__COSTS__FEES__TAKER_BPS", "3");
    let result = json(&mut command);
    assert_eq!(fees(&result), [Some(1.0), Some(3.0)]);
    assert_eq!(result["configuration"]["costs"]["slippage"]["bps"], 4.0);
    assert_eq!(result["initial_cash"], 500.0);
    let set = json(command.args(["--set", "account.cash=700", "--fee-bps", "8", "--cash", "6"]));
    assert_eq!(fees(&set), [Some(8.0), Some(8.0)]);
    assert_eq!(set["initial_cash"], 700.0);
}

#[test]
fn set_names_the_very_key_and_holds_over_other_flags() {
    let folder = folder();
    let run = |flags: &[&str]| {
        let mut command = ct_host(&folder);
        json(command.args(["backtest", "--json"]).args(flags))["configuration"]["risk"].clone()
    };
    let daily = "risk.breakers.daily_loss=[{loss: 0.05, action: halt, rearm: next_period}]";
    let breakers = &run(&["--no-risk", "--set", daily])["breakers"];
    assert_eq!(breakers["drawdown"], serde_json::json!([]));
    assert_eq!(breakers["daily_loss"][0]["loss"], 0.05);
    let drawdown = "risk.breakers.drawdown=[{loss: 0.1, action: flatten}]";
    let breakers = &run(&["--set", drawdown, "--max-drawdown", "0.3"])["breakers"];
    assert_eq!(breakers["drawdown"][0]["loss"], 0.1);
    let sizing = &run(&["--set", "risk.sizing.atr_rows=20", "--risk-per-trade", "0.01"])["sizing"];
    assert_eq!((&sizing["risk"], &sizing["atr_rows"]), (&0.01.into(), &20.into()));
}

#[test]
fn a_drawdown_that_takes_the_place_of_several_says_so() {
    let folder = folder();
    let file = "risk:\n  breakers:\n    drawdown:\n      - { loss: 0.1, action: reduce, rearm: 14d }\n      - { loss: 0.2, action: flatten }\n";
    fs::write(folder.path().join("own.yaml"), file).unwrap();
    let mut command = ct_host(&folder);
    command.args(["backtest", "--config", "own.yaml", "--max-drawdown", "0.3"]);
    let note = "note: --max-drawdown takes the place of every drawdown level that own.yaml:4:7 has: 0.1, 0.2\n";
    command.assert().success().stderr(note);
    ct_host(&folder).args(["backtest", "--max-drawdown", "0.3"]).assert().success().stderr("");
}

#[test]
fn limits_of_what_is_not_traded_are_refused_wherever_symbols_come_from() {
    let folder = folder();
    let file = "risk:\n  instruments:\n    SAMPLE/USTD: { position: { equity_max: 0.5 } }\n  groups:\n    all: { symbols: [OTHER], exposure_max: 0.1 }\n";
    fs::write(folder.path().join("own.yaml"), file).unwrap();
    let mut command = ct_host(&folder);
    command.args(["backtest", "--config", "own.yaml"]);
    let expected = predicate::str::contains("did you mean 'SAMPLE/USDT'?")
        .and(predicate::str::contains("'OTHER' is none of"));
    command.assert().code(2).stdout("").stderr(expected);
    let right = file.replace("USTD", "USDT").replace("OTHER", "SAMPLE/USDT");
    fs::write(folder.path().join("own.yaml"), right).unwrap();
    command.assert().success();
}

#[test]
fn the_configuration_of_an_earlier_run_is_shown() {
    let folder = folder();
    let run = ["backtest", "--cash", "123", "--out", "run", "--quiet"];
    ct_host(&folder).args(run).assert().success();
    let shown = output(ct_host(&folder).args(["config", "show", "--from-run", "run"]));
    let line = shown.lines().find(|line| line.contains("cash: 123")).unwrap();
    assert!(line.contains("run/result.json"), "{line}");
}

#[test]
fn a_check_finds_names_that_are_none_without_asking_anyone() {
    let folder = folder();
    let file = "strategy: { name: sma-crosover }\ndata: { symbols: [A/B, A/B], exchange: binanze }\naccess: { fallback: [krakn] }\n";
    fs::write(folder.path().join("own.yaml"), file).unwrap();
    let told = |name: &str| {
        let mut command = ct_host(&folder);
        let assert =
            command.args(["config", "check", "--config", name]).assert().code(2).stdout("");
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    let all = told("own.yaml");
    for expected in [
        "own.yaml:1:19: strategy.name: there is no built-in strategy 'sma-crosover': did you mean 'sma-crossover'?",
        "own.yaml:2:",
        "did you mean binance?",
        "did you mean kraken?",
        "data.symbols: 'A/B' is there twice",
    ] {
        assert!(all.contains(expected), "{expected}: {all}");
    }
    assert_eq!(all.lines().count(), 4, "{all}");
    let file = "strategy: { parameters: { fats: 3, slow: 0 } }\ndata: { files: [none.csv] }\n";
    fs::write(folder.path().join("other.yaml"), file).unwrap();
    let all = told("other.yaml");
    for expected in
        ["fats: ", "did you mean 'fast'?", "strategy.parameters.slow", "none.csv is not there"]
    {
        assert!(all.contains(expected), "{expected}: {all}");
    }
    assert_eq!(all.lines().count(), 3, "{all}");
}

#[test]
fn a_check_says_what_it_checked() {
    let folder = folder();
    let check = || output(ct_host(&folder).args(["config", "check"]));
    assert!(check().starts_with("no problems, but there is no configuration file"));
    let template = output(ct_host(&folder).args(["config", "init", "-"]));
    fs::write(folder.path().join("ct-host.yaml"), &template).unwrap();
    assert_eq!(check(), "ct-host.yaml: no problems\n");
    ct_host(&folder).args(["config", "init", "same.yaml"]).assert().success();
    assert_eq!(fs::read_to_string(folder.path().join("same.yaml")).unwrap(), template);
}

#[test]
fn the_parameters_of_the_file_belong_to_its_strategy() {
    let folder = folder();
    let file = "strategy: { name: sma-crossover, parameters: { fast: 3, slow: 9 } }\n";
    fs::write(folder.path().join("own.yaml"), file).unwrap();
    let run = |flags: &[&str]| {
        let mut command = ct_host(&folder);
        json(command.args(["backtest", "--config", "own.yaml", "--json"]).args(flags))
    };
    assert_eq!(run(&[])["parameters"]["fast"], 3);
    let same = run(&["--strategy", "sma-crossover", "--param", "slow=12"]);
    assert_eq!((&same["parameters"]["fast"], &same["parameters"]["slow"]), (&3.into(), &12.into()));
    assert_eq!(run(&["--strategy", "rsi-mean-reversion"])["parameters"].get("fast"), None);
}

#[test]
fn everything_that_is_wrong_is_told_with_its_place() {
    let folder = folder();
    let file = "account: { csh: 500 }\ncosts: { fees: { taker_bps: much } }\n";
    fs::write(folder.path().join("own.yaml"), file).unwrap();
    let expected = predicate::str::contains("own.yaml:1:12")
        .and(predicate::str::contains("cash"))
        .and(predicate::str::contains("own.yaml:2:"));
    let mut command = ct_host(&folder);
    command.args(["backtest", "--config", "own.yaml"]).assert().code(2).stderr(expected);
}

/// Hours that rise to a take-profit and fall to a stop cannot be told apart; their halves can.
#[test]
fn finer_bars_are_read_from_files() {
    let folder = folder();
    let header = "timestamp,open,high,low,close,volume";
    let write = |name: &str, minutes: i64, rows: i64| {
        let lines = (0..rows).map(|row| {
            let time = 1_704_067_200_000 + row * minutes * 60_000;
            let price = 100 + (row * minutes / 60) % 7;
            format!("{time},{price},{},{},{price},{}", price + 1, price - 1, 100 + row)
        });
        let lines: Vec<String> = std::iter::once(header.to_owned()).chain(lines).collect();
        fs::write(folder.path().join(name), lines.join("\n")).unwrap();
    };
    write("hours.csv", 60, 20);
    write("halves.csv", 30, 40);
    let run = |flags: &[&str]| {
        let mut command = ct_host(&folder);
        command.args(["backtest", "--param", "fast=2", "--param", "slow=4", "--json"]);
        command.args(["--data", "hours.csv"]).args(flags);
        command
    };
    let plain = json(&mut run(&[]));
    let fine = json(&mut run(&["--detail-interval", "30m", "--detail-data", "halves.csv"]));
    assert_eq!(fine["configuration"]["fills"]["intrabar"], "detail");
    assert_ne!(fine["data"]["hash"], plain["data"]["hash"]);
    // They are not read when they are not to be used.
    let unused = ["--set", "data.detail_files=[halves.csv]", "--intrabar", "stop-first"];
    let unused = json(&mut run(&unused));
    assert_eq!(unused["data"]["hash"], plain["data"]["hash"]);
    // Two bars have no halves.
    write("some.csv", 30, 36);
    let some = run(&["--detail-data", "some.csv"]).assert().success();
    let said = String::from_utf8(some.get_output().stderr.clone()).unwrap();
    assert!(said.contains("note: hours: bars with detail: 18 of 20"), "{said}");
    for (flags, expected) in [
        (&["--detail-data", "halves.csv", "--intrabar", "stop-first"] as &[&str], "does not use"),
        (&["--intrabar", "detail"], "detail"),
        (&["--detail-data", "hours.csv"], "1h"),
        (&["--detail-data", "none.csv"], "none.csv: cannot be read"),
    ] {
        let said = predicate::str::contains(expected);
        run(flags).assert().code(2).stdout("").stderr(said);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = folder();
    let names = ["a.csv", "b.csv", "c.csv"];
    for (place, name) in names.iter().enumerate() {
        let mut random = place as u64;
        let lines = (0..500_i64).map(|hour| {
            // Knuth's generator: prices without a period.
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let price = 100 + (random >> 60);
            let volume = 1 + (random >> 40) % 1_000;
            let time = 1_704_067_200_000 + hour * 3_600_000;
            format!("{time},{price},{},{},{price},{volume}", price + 1, price - 1)
        });
        let header = "timestamp,open,high,low,close,volume".to_owned();
        let text = std::iter::once(header).chain(lines).collect::<Vec<_>>().join("\n");
        fs::write(folder.path().join(name), text).unwrap();
    }
    let with = |jobs: &str| {
        let mut command = ct_host(&folder);
        command.args(["backtest", "--param", "fast=2", "--param", "slow=5", "--jobs", jobs]);
        let result = output(command.args(["--json", "--data"]).args(names));
        result.split_once("\"timing\"").unwrap().0.to_owned()
    };
    assert_eq!(with("1"), with("4"));
}

#[test]
fn the_log_tells_what_happened_in_the_order_of_time() {
    let folder = folder();
    let mut command = ct_host(&folder);
    command.args(["backtest", "--quiet", "--log-level", "debug", "--max-drawdown", "0.02"]);
    let assert = command.assert().success().stdout("");
    let log = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert!(log.contains("breaker tripped") && log.contains("rule=\"drawdown\""), "{log}");
    assert!(log.contains("fill") && log.contains("reason=\"breaker\""), "{log}");
    let times: Vec<&str> = log
        .lines()
        .filter_map(|line| line.split("time=").nth(1)?.split_whitespace().next())
        .collect();
    assert!(times.len() > 2 && times.is_sorted(), "{log}");
    // Nothing is told unless it is asked for.
    ct_host(&folder).args(["backtest", "--quiet"]).assert().success().stderr("");
}

#[test]
fn published_fees_are_listed_shown_and_used() {
    let folder = folder();
    let list = json(ct_host(&folder).args(["fees", "--json"]));
    let text = output(ct_host(&folder).arg("fees"));
    for published in list.as_array().unwrap() {
        let name = published["name"].as_str().unwrap();
        assert!(text.contains(name), "{name}");
        let shown = output(ct_host(&folder).args(["fees", name]));
        assert!(shown.contains(published["as_of"].as_str().unwrap()), "{name}");
        let run = json(ct_host(&folder).args(["backtest", "--fee-preset", name, "--json"]));
        assert_eq!(run["configuration"]["costs"]["fees"], published["fees"], "{name}");
    }
    let mistake = predicate::str::contains("did you mean 'binance-spot'?");
    ct_host(&folder).args(["fees", "binance-spto"]).assert().code(2).stderr(mistake);
}
