//! A secret in a wrong place is not repeated.

use super::stage::{called, refusal, write};
use crate::program::folder;

/// What nobody must see.
const SECRET: &str = "hunter2";

/// A key as exchanges give them out, with no name beside it.
const KEY: &str = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A";

fn assert_untold(told: &str, case: &str) {
    assert!(!told.contains(SECRET) && !told.contains(KEY), "{case}: {told}");
    assert!(told.contains("error:"), "{case}: {told}");
}

#[test]
fn in_flags() {
    let folder = folder();
    for line in [
        "backtest --set access.keys.x=hunter2",
        "backtest --set access.api_key=[hunter2",
        "backtest --set access.api_key=!hunter2",
        "backtest --set access.api_key=*hunter2",
        "backtest --set access.api_key={hunter2:",
        "backtest --set access.base_urls.api_key=[hunter2]",
        "backtest --set webhook=https://hooks.example/hunter2",
        "backtest --set =hunter2",
        "backtest --set hunter2",
        "backtest --set https://me:hunter2@proxy.example/",
        "backtest --set https://me:hunter2@proxy.example/?a=b",
        "backtest --set access.api_key hunter2",
        "backtest --set access.base_urls.binance=me:hunter2@proxy.example",
        "backtest --set data.from=https://me:hunter2@proxy.example",
        "backtest --set account.cash=token=hunter2",
        "backtest --param api_key=hunter2",
        "backtest --param hunter2",
        "backtest --param =hunter2",
        "backtest --param fast=token:hunter2",
        "backtest --api-key=hunter2",
        "backtest --api-key hunter2",
        "backtest --config https://me:hunter2@proxy.example/a.yaml",
        "backtest --config access:{api_key:hunter2}",
        "backtest --strategy token=hunter2",
        "fetch --symbol A/B --base-url https://me:hunter2@proxy.example/",
        "fetch --symbol A/B --base-url binance=me:hunter2@proxy.example/",
        "fetch --symbol A/B --base-url hunter2",
        "fetch --symbol A/B --days password=hunter2",
        "fetch --symbol A/B --base-url binance=https://me:hunter2@[proxy",
        "https://me:hunter2@proxy.example/",
    ] {
        let arguments: Vec<&str> = line.split(' ').collect();
        let ended = called(&folder, &arguments).assert().failure();
        let output = ended.get_output();
        let told = String::from_utf8([&output.stdout[..], &output.stderr[..]].concat()).unwrap();
        assert_untold(&told, line);
    }
    for arguments in [
        &["backtest", KEY][..],
        &["backtest", "--param", KEY],
        &["backtest", "--set", KEY],
        &["backtest", "--set", &format!("account.cash={KEY}")],
        &["backtest", "--fee-bps", KEY],
        &["backtest", "--strategy", KEY],
        &["backtest", "--config", KEY],
        &[KEY],
    ] {
        assert_untold(&refusal(&mut called(&folder, arguments)), &arguments.join(" "));
    }
}

#[test]
fn in_variables() {
    let folder = folder();
    for (name, value) in [
        ("CT_HOST__ACCESS__API_KEY", SECRET),
        ("CT_HOST__ACCESS__API_KEY", "[hunter2"),
        ("CT_HOST__ACCESS__API_KEY", "!hunter2"),
        ("CT_HOST__ACCESS__BASE_URLS__TOKEN", "[hunter2]"),
        ("CT_HOST__ACCESS__BASE_URLS__BINANCE", "me:hunter2@proxy.example"),
        ("CT_HOST__ACCOUNT__CASH", "https://me:hunter2@proxy.example"),
        ("CT_HOST__ACCOUNT__CASH", KEY),
        ("CT_HOST_API_KEY", SECRET),
        ("CT_HOST_CONFIG", "https://me:hunter2@proxy.example"),
        ("CT_HOST__STRATEGY__PARAMETERS__FAST", "secret=hunter2"),
        ("CT_HOST__STRATEGY__PARAMETERS__API_KEY", SECRET),
    ] {
        let mut command = called(&folder, &["backtest"]);
        let ended = command.env(name, value).assert();
        let told = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
        assert!(!told.contains(SECRET) && !told.contains(KEY), "{name}={value}: {told}");
    }
}

#[test]
fn in_files() {
    let folder = folder();
    for text in [
        "access: { api_key: hunter2 }",
        "access: { keys: { binance: hunter2 } }",
        "access: { base_urls: { api_key: [hunter2] } }",
        "access: { base_urls: { binance: 'me:hunter2@proxy.example' } }",
        "access: { base_urls: { binance: 'ftp://me:hunter2@proxy.example' } }",
        "access: { base_urls: { binance: !hunter2 x } }",
        "account: { cash: 'https://me:hunter2@proxy.example' }",
        "account: { cash: 'api_key: hunter2' }",
        "fills: { limit: 'token=hunter2' }",
        "data: { from: 'me:hunter2@proxy.example' }",
        "webhook: 'https://hooks.example/hunter2'\nalerts: { telegram_token: hunter2 }",
        "api_key: [hunter2",
        "api_key: \"hunter2",
        "api_key: hunter2: x: y",
        "'https://me:hunter2@proxy.example': 1",
        "strategy: { parameters: { fast: 'api_key=hunter2' } }",
    ] {
        write(&folder, "mine.yaml", text);
        for arguments in [
            &["config", "check", "--config", "mine.yaml"][..],
            &["backtest", "--config", "mine.yaml"],
        ] {
            assert_untold(&refusal(&mut called(&folder, arguments)), text);
        }
    }
    // What is shown of a sound file is without them, however deep they lie.
    write(&folder, "mine.yaml", "strategy: { parameters: { credentials: { id: hunter2 } } }");
    let ended = called(&folder, &["config", "show", "--config", "mine.yaml"]).assert().success();
    let shown = String::from_utf8(ended.get_output().stdout.clone()).unwrap();
    assert!(!shown.contains(SECRET) && shown.contains("***"), "{shown}");
}
