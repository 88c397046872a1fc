//! The configuration file as its users write, check and show it.

use std::fmt::Write;
use std::fs;

use predicates::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, folder, json, output};

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

/// The entry of `key` in what `config show --json` writes.
fn entry<'a>(shown: &'a Value, key: &str) -> &'a Value {
    let entries = shown.as_array().unwrap();
    entries.iter().find(|entry| entry["key"] == key).unwrap_or_else(|| panic!("no {key}"))
}

/// Hourly prices of `symbol` in waves, so that averages cross, as a file.
fn waves(folder: &TempDir, symbol: &str, place: usize) -> String {
    let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
    let mut open = 100.0;
    for hour in 0..2_000_i64 {
        let close = 100.0 + 20.0 * (hour as f64 / (20.0 + place as f64)).sin();
        let (high, low) = (f64::max(open, close) + 0.5, f64::min(open, close) - 0.5);
        let time = 1_704_067_200_000 + hour * 3_600_000;
        writeln!(text, "{time},{open},{high},{low},{close},50000").unwrap();
        open = close;
    }
    let name = format!("{}.csv", symbol.replace('/', ""));
    write(folder, &name, &text);
    name
}

#[test]
fn every_template_is_written_checked_and_run() {
    for (template, sizing, breakers) in [
        ("default", "fraction", 1),
        ("conservative", "risk_share", 4),
        ("aggressive", "risk_share", 3),
        ("multi-asset", "equal_risk", 3),
    ] {
        let folder = folder();
        let written = format!("{template}.yaml");
        let mut init = ct_host(&folder);
        init.args(["config", "init", &written, "--template", template]).assert().success();
        let mut check = ct_host(&folder);
        check.args(["config", "check", "--config", &written]);
        assert_eq!(output(&mut check), format!("{written}: no problems\n"));

        let mut show = ct_host(&folder);
        let shown = json(show.args(["config", "show", "--json", "--config", &written]));
        let symbols: Vec<&str> = entry(&shown, "data.symbols")["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|symbol| symbol.as_str().unwrap())
            .collect();
        let symbols = if symbols.is_empty() { vec!["BTC/USDT"] } else { symbols };
        let mut run = ct_host(&folder);
        run.args(["backtest", "--config", &written, "--json", "--quiet"]);
        for (place, symbol) in symbols.iter().enumerate() {
            let file = waves(&folder, symbol, place);
            run.args(["--data", &file, "--symbol", symbol]);
        }
        let result = json(&mut run);
        let risk = &result["configuration"]["risk"];
        assert_eq!(risk["sizing"]["kind"], sizing, "{template}");
        let levels = ["daily_loss", "weekly_loss", "drawdown"]
            .map(|name| risk["breakers"][name].as_array().map_or(0, Vec::len));
        assert_eq!(levels.iter().sum::<usize>(), breakers, "{template}: {}", risk["breakers"]);
        assert_eq!(result["data"]["symbols"].as_array().unwrap().len(), symbols.len());
        assert!(result["trades"].as_array().unwrap().len() > 10, "{template}: hardly a trade");
        assert!(result["final_equity"].as_f64().unwrap() > 0.0, "{template}");
    }
}

#[test]
fn the_usual_file_is_written_once_and_read_from_then_on() {
    let folder = folder();
    ct_host(&folder).args(["config", "init"]).assert().success();
    // Defaults are comments: a file that nobody has changed says nothing.
    assert_eq!(output(ct_host(&folder).args(["config", "show", "--changed"])), "");
    let text = fs::read_to_string(folder.path().join("ct-host.yaml")).unwrap();
    let refused = predicate::str::contains("ct-host.yaml is there and is not written over")
        .and(predicate::str::contains("--force"));
    ct_host(&folder).args(["config", "init"]).assert().code(2).stderr(refused);
    assert_eq!(fs::read_to_string(folder.path().join("ct-host.yaml")).unwrap(), text);
    let mut again = ct_host(&folder);
    again.args(["config", "init", "--force", "--template", "conservative"]).assert().success();
    let told = predicate::str::contains("note: configured by ct-host.yaml in this folder");
    ct_host(&folder).args(["config", "check"]).assert().success().stderr(told);
    let shown = json(ct_host(&folder).args(["config", "show", "--json"]));
    assert_eq!(entry(&shown, "risk.sizing.kind")["value"], "risk_share");
}

#[test]
fn every_mistake_is_told_on_a_line_of_its_own() {
    let folder = folder();
    write(
        &folder,
        "own.yaml",
        "acount: { cash: 5 }\nfills:\n  limit: throgh\n  latency_bars: -1\n",
    );
    let mut check = ct_host(&folder);
    check.args(["config", "check", "--config", "own.yaml"]);
    check.env("CT_HOST__COSTS__FEES__TAKER_BP", "7").env("CT_HOST__DATA__DAYS", "soon");
    let expected = "\
error: own.yaml:1:1: acount: unknown key; did you mean 'account'?
error: own.yaml:3:10: fills.limit: expected one of 'through', 'touch', found the text 'throgh'; did you mean 'through'?
error: own.yaml:4:17: fills.latency_bars: expected a whole number from 0 to 1000, found -1
error: CT_HOST__COSTS__FEES__TAKER_BP: costs.fees.taker_bp: unknown key; did you mean 'taker_bps'?
error: CT_HOST__DATA__DAYS: data.days: expected a whole number from 1 to 4294967295, found the text 'soon'
";
    check.assert().code(2).stdout("").stderr(expected);
    let mut missing = ct_host(&folder);
    missing.args(["config", "check", "--config", "none.yaml"]);
    missing.assert().code(2).stderr(predicate::str::contains("none.yaml: cannot be read"));
    write(&folder, "twice.yaml", "account:\n  cash: 5\n  cash: 6\n");
    let mut twice = ct_host(&folder);
    twice.args(["config", "check", "--config", "twice.yaml"]);
    twice
        .assert()
        .code(2)
        .stderr(predicate::str::contains("twice.yaml:3:3: account.cash: stands twice"));
}

#[test]
fn what_holds_is_shown_with_where_it_comes_from() {
    let folder = folder();
    write(&folder, "a.yaml", "account: { cash: 500 }\ncosts: { fees: { preset: kraken-spot } }\n");
    let mut show = ct_host(&folder);
    show.args(["config", "show", "--changed", "--set", "data.symbols=[BTC/USDT]"]);
    show.env("CT_HOST_CONFIG", "a.yaml").env("CT_HOST__ACCOUNT__AT_END", "close");
    let text = output(&mut show);
    for line in [
        "data:\n  symbols: [BTC/USDT]",
        "  cash: 500 ",
        "# a.yaml:1:18\n",
        "# CT_HOST__ACCOUNT__AT_END\n",
        "# preset kraken-spot\n",
        "# --set\n",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("# default"), "{text}");
    let all = json(show.arg("--json"));
    assert_eq!(entry(&all, "account.cash")["origin"], "a.yaml:1:18");
    // What is shown is a configuration itself.
    let whole = output(ct_host(&folder).args(["config", "show"]));
    write(&folder, "shown.yaml", &whole);
    let mut again = ct_host(&folder);
    let shown = json(again.args(["config", "show", "--json", "--config", "shown.yaml"]));
    let usual = json(ct_host(&folder).args(["config", "show", "--json"]));
    let values = |shown: &Value| -> Vec<Value> {
        shown.as_array().unwrap().iter().map(|entry| entry["value"].clone()).collect()
    };
    assert_eq!(values(&shown), values(&usual));
}

#[test]
fn secrets_are_not_shown() {
    let folder = folder();
    let text = "access: { base_urls: { binance: 'https://me:hidden@proxy.example/api' } }\n";
    write(&folder, "mine.yaml", text);
    for form in [&["config", "show"][..], &["config", "show", "--json"]] {
        let mut show = ct_host(&folder);
        show.args(form)
            .env("CT_HOST_CONFIG", "mine.yaml")
            .env("CT_HOST__STRATEGY__PARAMETERS__API_KEY", "hidden");
        let text = output(&mut show);
        assert!(!text.contains("hidden"), "{text}");
        assert!(text.contains("https://***@proxy.example/api"), "{text}");
    }
}

#[test]
fn the_schema_is_written_for_editors() {
    let folder = folder();
    let schema = json(ct_host(&folder).args(["config", "schema"]));
    let fees = &schema["properties"]["costs"]["properties"]["fees"]["properties"]["taker_bps"];
    assert_eq!(fees["maximum"], 2500);
    assert!(fees["description"].is_string());
}

#[test]
fn a_backtest_reads_the_usual_file() {
    let folder = folder();
    write(&folder, "ct-host.yaml", "account: { cash: 777 }\n");
    let result = json(ct_host(&folder).args(["backtest", "--json"]));
    assert_eq!(result["initial_cash"], 777.0);
}

#[test]
fn every_file_in_the_documentation_is_sound() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/configuration.md");
    let text = fs::read_to_string(path).unwrap();
    let blocks: Vec<&str> = text.split("```yaml\n").skip(1).collect();
    assert!(blocks.len() > 1, "{}", blocks.len());
    for block in blocks {
        let folder = folder();
        write(&folder, "a.yaml", block.split("```").next().unwrap());
        let mut check = ct_host(&folder);
        let told = output(check.args(["config", "check", "--config", "a.yaml"]));
        assert_eq!(told, "a.yaml: no problems\n");
    }
}
