//! A run that is made again tells every number and text of the earlier result that did not come out.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Change, result, write};
use crate::program::{ct_host, folder};

/// What the program says of the run of `stranger.json` when it is made again.
fn verdict(folder: &TempDir, result: &Value, change: impl FnOnce(&mut Value)) -> String {
    write(folder, result, change);
    let mut command = ct_host(folder);
    let run = command.args(["backtest", "--from-run", "stranger.json", "--json"]).assert();
    String::from_utf8(run.success().get_output().stderr.clone()).unwrap()
}

/// A change of one field, its path and the forged value as they are told.
type Forgery = (Change, &'static str, &'static str);

const FORGERIES: &[Forgery] = &[
    (|result| result["metrics"]["sharpe"] = json!(9.9), "metrics.sharpe", "9.9"),
    (|result| result["metrics"]["win_rate"] = Value::Null, "metrics.win_rate", "null"),
    (|result| result["plugin"]["version"] = json!("9.0.0"), "plugin.version", "\"9.0.0\""),
    (|result| result["data"]["rows"] = json!(10_u64.pow(18)), "data.rows", "1000000000000000000"),
    (
        |result| result["data"]["from"] = json!("2001-01-01"),
        "data.from",
        "\"2001-01-01T00:00:00Z\"",
    ),
    (|result| result["costs"]["fees"] = json!(0.0), "costs.fees", "0.0"),
    (|result| result["initial_cash"] = json!(1.0), "initial_cash", "1.0"),
    (|result| result["decisions"] = json!(0), "decisions", "0"),
    (|result| result["fills"][3]["tag"] = json!("sure"), "fills[3].tag", "\"sure\""),
    (|result| result["trades"][1]["net_pnl"] = json!(1e6), "trades[1].net_pnl", "1000000.0"),
    (|result| result["daily_equity"][9]["equity"] = json!(2.0), "daily_equity[9].equity", "2.0"),
    (|result| result["refusals_dropped"] = json!(7), "refusals_dropped", "7"),
    (|result| result["ambiguous_bars"] = json!(7), "ambiguous_bars", "7"),
    (
        |result| result["diagnostics"][0]["log_lines_dropped"] = json!(7),
        "diagnostics[0].log_lines_dropped",
        "7",
    ),
];

#[test]
fn a_number_that_was_forged_is_told_with_both_values() {
    let folder = folder();
    let honest = result(&folder);
    for (forge, path, value) in FORGERIES {
        let told = verdict(&folder, &honest, forge);
        let expected = format!("{path} is {value} there and ");
        assert!(told.contains("note: differs from stranger.json: its results are not"), "{told}");
        assert!(told.contains(&expected), "{expected}: {told}");
        assert!(!told.contains("the first of"), "{told}");
    }
    let fewer = verdict(&folder, &honest, |result| {
        result["trades"].as_array_mut().unwrap().truncate(5);
        result["metrics"]["sharpe"] = json!(1);
    });
    assert!(fewer.contains("metrics.sharpe is 1.0 there and "), "{fewer}");
    assert!(fewer.contains("the first of 2 fields that differ"), "{fewer}");
}

#[test]
fn what_may_honestly_differ_is_no_difference() {
    let folder = folder();
    let honest = result(&folder);
    let told = verdict(&folder, &honest, |result| {
        result["timing"] =
            json!({"load_ms": 1.0, "compile_ms": 1.0, "run_ms": 1.0, "bars_per_second": 1e9});
        result["request"]["data"]["files"] = json!([]);
    });
    assert!(told.starts_with("note: same run as stranger.json"), "{told}");
}

#[test]
fn explanations_that_were_not_asked_for_are_not_taken_on_trust() {
    let folder = folder();
    ct_host(&folder).args(["backtest", "--explain", "--json=stranger.json"]).assert().success();
    let again = |more: &[&str]| {
        let mut command = ct_host(&folder);
        let run = command.args(["backtest", "--from-run", "stranger.json", "--json"]).args(more);
        String::from_utf8(run.assert().success().get_output().stderr.clone()).unwrap()
    };
    let told = again(&[]);
    assert!(told.contains("; what it explains was not compared, --explain does"), "{told}");
    let told = again(&["--explain"]);
    assert!(told.starts_with("note: same run as") && !told.contains("not compared"), "{told}");
}

#[test]
fn a_warm_up_that_no_strategy_asks_for_is_refused_before_anything_is_fetched() {
    let folder = folder();
    let honest = result(&folder);
    write(&folder, &honest, |result| result["data"]["warm_up_rows"] = json!(10_u64.pow(18)));
    let mut command = ct_host(&folder);
    let refused = command.args(["backtest", "--from-run", "stranger.json"]).assert().code(2);
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    let expected = "warmed up on 1000000000000000000 bars: expected at most 527040";
    assert!(told.contains(expected), "{told}");
}
