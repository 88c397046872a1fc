//! Strategies as the users of the command meet them: built in, in a file, newly written, failing and talking.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use ct_tests::hostile::{self, Access};
use predicates::prelude::*;
use serde_json::Value;

use crate::cli::{ROUND_TRIP, write_bars};
use crate::program::{ct_host, folder, json, output};

#[test]
fn a_run_whose_strategy_fails_is_shown_and_has_exit_code_1() {
    let folder = folder();
    let plugin = hostile::component("panic-in-advance", Access::Signals);
    fs::write(folder.path().join("hostile.wasm"), plugin).unwrap();
    write_bars(folder.path().join("a.csv"), &ROUND_TRIP);
    ct_host(&folder)
        .args(["backtest", "--plugin", "hostile.wasm", "--param", "row=4"])
        .args(["--data", "a.csv", "--symbol", "BAD/USD"])
        .assert()
        .code(1)
        .stdout(predicate::str::contains(
            "THE STRATEGY FAILED on BAD/USD at 2024-01-01 04:00 (row 4)",
        ))
        .stdout(predicate::str::contains("trapped"))
        .stderr(predicate::str::starts_with("error: the strategy 'hostile' failed"));
}

#[test]
fn what_a_plugin_says_cannot_steer_the_terminal() {
    let folder = folder();
    let plugin = hostile::component("refuse-with-escapes", Access::Signals);
    fs::write(folder.path().join("hostile.wasm"), plugin).unwrap();
    ct_host(&folder)
        .args(["backtest", "--plugin", "hostile.wasm"])
        .assert()
        .code(2)
        .stderr("error: hostile: [2Jno INFO all is well\n");
}

#[test]
fn what_a_strategy_logs_is_shown_streamed_and_written() {
    let folder = folder();
    let plugin = hostile::component("log-escapes", Access::Signals);
    fs::write(folder.path().join("hostile.wasm"), plugin).unwrap();
    let mut run = ct_host(&folder);
    write_bars(folder.path().join("a.csv"), &ROUND_TRIP);
    run.args(["backtest", "--plugin", "hostile.wasm", "--param", "row=4"]);
    run.args(["--data", "a.csv", "--symbol", "BAD/USD"]);
    run.args(["--log-level", "warn", "--out", "run"]);
    let ran = run.assert();
    let streams = ran.get_output();
    let streamed = String::from_utf8(streams.stderr.clone()).unwrap();
    let line = streamed.lines().find(|line| line.contains("strategy symbol=\"BAD/USD\""));
    assert!(
        line.is_some_and(|line| line.contains("WARN") && line.contains("ERROR two")),
        "{streamed}"
    );
    let shown = String::from_utf8(streams.stdout.clone()).unwrap();
    assert!(shown.contains("Messages of the strategy") && shown.contains(" warning "), "{shown}");
    let written = fs::read_to_string(folder.path().join("run/log.csv")).unwrap();
    let header = "time,time_last,row,symbol,level,text";
    let row = "2024-01-01T04:00:00Z,2024-01-01T04:00:00Z,4,BAD/USD,warn,";
    assert!(written.starts_with(&format!("{header}\n{row}")), "{written}");
    let time = " time=2024-01-01T04:00:00Z";
    assert!(line.is_some_and(|line| line.ends_with(time)), "{streamed}");
    assert!(shown.contains(" 2024-01-01 04:00  BAD/USD"), "{shown}");
    let result: Value =
        serde_json::from_slice(&fs::read(folder.path().join("run/result.json")).unwrap()).unwrap();
    let said = &result["diagnostics"][0]["log"][0];
    assert_eq!(
        (&said["row"], &said["time"]),
        (&Value::from(4), &Value::from("2024-01-01T04:00:00Z"))
    );
    // However its bars arrive.
    let mut run = ct_host(&folder);
    run.args(["backtest", "--plugin", "hostile.wasm", "--param", "row=4", "--window", "1"]);
    run.args(["--data", "a.csv", "--symbol", "BAD/USD", "--log-level", "warn", "--quiet"]);
    let streamed = String::from_utf8(run.assert().get_output().stderr.clone()).unwrap();
    let lines: Vec<&str> = streamed.lines().filter(|line| line.contains("ERROR two")).collect();
    assert!(
        matches!(lines[..], [one] if one.ends_with(" time=2024-01-01T04:00:00Z")),
        "{streamed}"
    );
}

#[test]
fn the_built_in_strategies_are_listed_and_explained() {
    let folder = folder();
    let list = json(ct_host(&folder).args(["strategies", "--json"]));
    let names: Vec<&str> =
        list.as_array().unwrap().iter().map(|found| found["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["sma-crossover", "rsi-mean-reversion", "bollinger-breakout"]);
    for name in names {
        assert!(output(ct_host(&folder).arg("strategies")).contains(name));
        let shown = json(ct_host(&folder).args(["strategies", "show", name, "--json"]));
        let parameters = shown["parameters"].as_array().unwrap();
        assert!(parameters.iter().all(|parameter| parameter["help"] != ""), "{name}");
    }
}

#[test]
fn a_plugin_file_is_inspected() {
    let folder = folder();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/prebuilt/sma_crossover.wasm");
    let shown = json(ct_host(&folder).arg("inspect").arg(&file).arg("--json"));
    assert_eq!(shown["kind"], "component");
    assert_eq!(shown["size_bytes"], fs::metadata(&file).unwrap().len());
    assert_eq!(shown["imports"], serde_json::json!(["ct:strategy/diagnostics@1.0.0"]));
    assert_eq!(shown["exports"], serde_json::json!(["ct:strategy/guest@1.0.0"]));
    assert_eq!(shown["descriptor"]["name"], "sma-crossover");
    let text = output(ct_host(&folder).arg("inspect").arg(&file));
    assert!(text.contains(shown["hash"].as_str().unwrap()));
}

/// Compiles for WebAssembly and natively, but keeps what it compiled for the next time.
#[test]
fn a_new_strategy_passes_its_tests_builds_and_trades_as_it_was_written() {
    let folder = folder();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-strategy");
    ct_host(&folder)
        .args(["new", "my-strategy", "--sdk-path"])
        .arg(&root)
        .assert()
        .success()
        .stdout(predicate::str::contains("ct-host build"));
    ct_host(&folder).args(["new", "my-strategy"]).assert().code(2);
    // With the versions of this workspace nothing has to be downloaded.
    let strategy = folder.path().join("my-strategy");
    fs::copy(root.join("Cargo.lock"), strategy.join("Cargo.lock")).unwrap();
    let offline = |command: &mut Command| {
        command.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", &target);
        output(command.current_dir(&strategy))
    };
    let tested = offline(Command::new("cargo").args(["test", "--quiet", "--lib"]));
    assert!(tested.contains("2 passed"), "{tested}");
    let built = offline(ct_host(&folder).arg("build"));
    assert!(built.contains("ct-host backtest --plugin my-strategy.wasm"), "{built}");
    let plugin = ["backtest", "--plugin", "my-strategy.wasm", "--json"];
    let result = json(ct_host(&folder).args(plugin).current_dir(&strategy));
    assert_eq!(result["plugin"]["name"], "my-strategy");
    // The folder of the crate will do: it is built first.
    fs::remove_file(strategy.join("my-strategy.wasm")).unwrap();
    let mut built = ct_host(&folder);
    built.args(["backtest", "--plugin", "my-strategy", "--json"]);
    built.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", &target);
    assert_eq!(json(&mut built)["run_id"], result["run_id"]);
    ct_host(&folder)
        .args(["backtest", "--plugin", "cache"])
        .assert()
        .code(2)
        .stderr(predicate::str::contains("cache has no Cargo.toml"));
    assert!(result["metrics"]["trades"].as_u64() > Some(0));
    assert_eq!(result["faults"], serde_json::json!([]));
}

#[test]
fn every_form_of_a_new_strategy_passes_its_tests_and_names_no_folder_of_this_machine() {
    let folder = folder();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new-strategy");
    for form in ["account", "portfolio"] {
        let name = format!("my-{form}");
        ct_host(&folder).args(["new", &name, "--form", form]).assert().success();
        let strategy = folder.path().join(&name);
        let manifest = fs::read_to_string(strategy.join("Cargo.toml")).unwrap();
        assert!(manifest.contains("ct-sdk = { path = \"../"), "{manifest}");
        fs::copy(root.join("Cargo.lock"), strategy.join("Cargo.lock")).unwrap();
        let mut test = Command::new("cargo");
        test.args(["test", "--quiet", "--lib"]).current_dir(&strategy);
        test.env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", &target);
        let tested = output(&mut test);
        assert!(tested.contains("2 passed"), "{form}: {tested}");
    }
}
