//! What a file may not say that lies in the folder one works in, and who may.

use std::fs;

use serde_json::{Value, json};

use super::stage::{called, in_bounds, refusal, write};
use crate::program::{ct_host, folder, json, output};

/// What needs the user's word, each on a line of its own.
const OF_THE_USER: &str = "\
access:
  folder: prices
  base_urls: { binance: 'http://127.0.0.1:9' }
plugins:
  cache_folder: compiled
  call_seconds_max: 1e9
  run_seconds_max: 1e9
";

/// The entry of `key` in what `config show --json` writes.
fn entry<'a>(shown: &'a Value, key: &str) -> &'a Value {
    let entries = shown.as_array().unwrap();
    entries.iter().find(|entry| entry["key"] == key).unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn a_file_that_is_only_found_names_no_folder_of_code_or_prices_and_no_address() {
    let folder = folder();
    write(&folder, "ct-host.yaml", OF_THE_USER);
    let fetch = ["fetch", "--symbol", "BTC/USDT"];
    for arguments in [
        &["backtest"][..],
        &["backtest", "--data", "prices.csv"],
        &["config", "check"],
        &["config", "show"],
        &["data", "list"],
        &fetch,
    ] {
        let told = refusal(&mut in_bounds(&folder, arguments));
        for (place, key, why) in [
            ("2:3", "access.folder", "taken for the prices of exchanges"),
            ("3:3", "access.base_urls", "taken for the prices of the exchange"),
            ("5:3", "plugins.cache_folder", "compiled code that is found there is run"),
            ("6:3", "plugins.call_seconds_max", "it limits plugins"),
            ("7:3", "plugins.run_seconds_max", "it limits plugins"),
        ] {
            let begin = format!("error: ct-host.yaml:{place}: {key}: only you may say this");
            let line = told.lines().find(|line| line.starts_with(&begin));
            let line = line.unwrap_or_else(|| panic!("{key} in {told}"));
            assert!(line.contains(why), "{line}");
            let own = folder.path().join("own").join("config.yaml");
            for remedy in [&*own.to_string_lossy(), "--config", "CT_HOST_CONFIG", "--set"] {
                assert!(line.contains(remedy), "{remedy} in {line}");
            }
        }
    }
    for made in ["compiled", "prices", "data"] {
        assert!(!folder.path().join(made).exists(), "{made}");
    }
}

#[test]
fn results_are_written_to_no_folder_but_below_a_file_that_is_only_found() {
    let (folder, elsewhere) = (folder(), folder());
    let path = elsewhere.path().join("results");
    for outside in ["../results", "a/../../results", path.to_str().unwrap()] {
        write(&folder, "ct-host.yaml", &format!("report: {{ folder: '{outside}' }}\n"));
        let told = refusal(&mut in_bounds(&folder, &["backtest"]));
        assert!(
            told.contains("ct-host.yaml:1:11: report.folder: a file that is merely found"),
            "{told}"
        );
        assert!(!path.exists() && !folder.path().with_file_name("results").exists());
        in_bounds(&folder, &["backtest", "--out", "inside"]).assert().code(2);
    }
    write(&folder, "ct-host.yaml", "report: { folder: results/today }\n");
    called(&folder, &["backtest"]).assert().success();
    assert!(folder.path().join("results/today/result.json").exists());
}

#[test]
fn who_names_the_file_means_it() {
    let folder = folder();
    write(&folder, "ct-host.yaml", OF_THE_USER);
    write(&folder, "other/ct-host.yaml", OF_THE_USER);
    let mut by_flag = ct_host(&folder);
    by_flag.args(["config", "show", "--json", "--config", "ct-host.yaml"]);
    let mut by_variable = ct_host(&folder);
    by_variable.args(["config", "show", "--json"]).env("CT_HOST_CONFIG", "other/ct-host.yaml");
    for (command, file) in
        [(&mut by_flag, "ct-host.yaml"), (&mut by_variable, "other/ct-host.yaml")]
    {
        let shown = json(command);
        let cache = entry(&shown, "plugins.cache_folder");
        assert_eq!(cache["value"], "compiled");
        assert_eq!(cache["origin"], format!("{file}:5:17"));
    }
    // Flags and variables are the user's word too.
    fs::remove_file(folder.path().join("ct-host.yaml")).unwrap();
    let mut said = ct_host(&folder);
    said.args(["config", "show", "--json", "--set", "plugins.cache_folder=a"]);
    let shown = json(said.env("CT_HOST__ACCESS__FOLDER", "b"));
    assert_eq!(entry(&shown, "plugins.cache_folder")["value"], "a");
    assert_eq!(entry(&shown, "access.folder")["value"], "b");
}

#[test]
fn the_users_own_file_holds_in_every_folder_and_below_every_other() {
    let folder = folder();
    write(
        &folder,
        "own/config.yaml",
        &format!("{OF_THE_USER}account: {{ cash: 5, at_end: close }}\n"),
    );
    // As `config init` writes it: every key as a comment, those of the user too.
    ct_host(&folder).args(["config", "init"]).assert().success();
    let written = fs::read_to_string(folder.path().join("ct-host.yaml")).unwrap();
    assert!(written.contains("  # cache_folder: null") && written.contains("ct-host/config.yaml"));
    let mut show = ct_host(&folder);
    let shown = json(show.args(["config", "show", "--json"]).env("CT_HOST__DATA__DAYS", "3"));
    let own = folder.path().join("own").join("config.yaml");
    for (key, value, origin) in [
        ("plugins.cache_folder", json!("compiled"), format!("{}:5:17", own.display())),
        (
            "access.base_urls.binance",
            json!("http://127.0.0.1:9"),
            format!("{}:3:25", own.display()),
        ),
        ("account.cash", json!(5.0), format!("{}:8:", own.display())),
        ("data.days", json!(3), "CT_HOST__DATA__DAYS".to_owned()),
    ] {
        let entry = entry(&shown, key);
        let found = (entry["value"].clone(), entry["origin"].as_str().unwrap());
        assert!(found.0 == value && found.1.starts_with(&origin), "{key}: {entry}");
    }
    fs::remove_file(folder.path().join("ct-host.yaml")).unwrap();
    let ended = ct_host(&folder).args(["config", "check"]).assert().success();
    let told = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
    assert_eq!(told, format!("note: {} holds where nothing else is said\n", own.display()));
    let told = output(ct_host(&folder).args(["config", "check"]));
    assert_eq!(told, format!("{}: no problems\n", own.display()));
    let result = json(ct_host(&folder).args(["backtest", "--json"]));
    assert_eq!(result["initial_cash"], 5.0);
    // A mistake in it is told as in any file.
    write(&folder, "own/config.yaml", "acount: {}\n");
    let told = refusal(ct_host(&folder).args(["backtest"]));
    assert!(
        told.ends_with("config.yaml:1:1: acount: unknown key; did you mean 'account'?\n"),
        "{told}"
    );
}

#[test]
fn a_result_of_a_stranger_says_nothing_of_how_things_are_done_here() {
    let folder = folder();
    let mut result = json(ct_host(&folder).args(["backtest", "--json"]));
    let sections = json!({
        "plugins": { "cache_folder": "compiled" },
        "access": { "folder": "prices", "base_urls": { "binance": "http://127.0.0.1:9" } },
        "report": { "folder": "/tmp" },
    });
    write(&folder, "honest.json", &result.to_string());
    for (name, section) in sections.as_object().unwrap() {
        result["configuration"][name] = section.clone();
    }
    let show = ["config", "show", "--json", "--from-run", "result.json"];
    write(&folder, "result.json", &result.to_string());
    let ended = in_bounds(&folder, &show).assert();
    if ended.get_output().status.success() {
        let shown: Value = serde_json::from_slice(&ended.get_output().stdout).unwrap();
        assert_eq!(entry(&shown, "plugins.cache_folder")["value"], Value::Null);
        assert_eq!(entry(&shown, "access.folder")["value"], Value::Null);
        assert_eq!(entry(&shown, "report.folder")["value"], Value::Null);
    }
    for (name, section) in sections.as_object().unwrap() {
        result["request"][name] = section.clone();
    }
    write(&folder, "result.json", &result.to_string());
    let told = refusal(&mut in_bounds(&folder, &show));
    assert!(told.contains("this result does not say how it was asked for"), "{told}");
    // Nor does the file in the folder while a run is made again.
    write(&folder, "ct-host.yaml", OF_THE_USER);
    for command in [&["backtest"][..], &["config", "show"]] {
        let arguments = [command, &["--from-run", "honest.json"]].concat();
        let told = refusal(&mut in_bounds(&folder, &arguments));
        assert!(told.contains("plugins.cache_folder: only you may say this"), "{told}");
    }
}
