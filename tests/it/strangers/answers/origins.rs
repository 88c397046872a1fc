//! Prices that come from another address than the exchange's own: they are never taken for the exchange's.

use serde_json::Value;

use super::stranger::{Answers, PATIENCE, Stranger, told};
use crate::program::{ct_host, json, output};

/// What the prices of `stranger` are kept as.
fn name(stranger: &Stranger) -> String {
    format!("binance@{}", stranger.url)
}

/// One who has given prices.
fn asked() -> Stranger {
    let stranger = Stranger::answering(Answers::honest());
    stranger.fetch().assert().success();
    stranger
}

/// A backtest of what was fetched, with `more`.
fn backtest(stranger: &Stranger, more: &[&str]) -> assert_cmd::Command {
    let mut command = ct_host(&stranger.folder);
    command.args(["backtest", "--symbol", "BTC/USDT", "--interval", "1h", "--strategy"]);
    command.args(["sma-crossover", "--param", "fast=2", "--param", "slow=3"]);
    command.args(["--from", "2024-01-01", "--to", "2024-01-02"]).args(more);
    command.timeout(PATIENCE);
    command
}

/// What is said by a command that is refused.
fn refused(command: &mut assert_cmd::Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    told(&output)
}

#[test]
fn they_are_kept_under_their_address_and_listed_so() {
    let stranger = asked();
    let listed = json(ct_host(&stranger.folder).args(["data", "list", "--json"]));
    assert_eq!(listed["series"][0]["exchange"], name(&stranger));
    assert_eq!(listed["series"].as_array().map(Vec::len), Some(1));
    let kept = stranger.kept();
    let [rules, series @ ..] = kept.as_slice() else { panic!("{kept:?}") };
    assert!(rules.ends_with("BTC-USDT.rules.json"), "{kept:?}");
    assert!(!series.is_empty());
    // One folder for each address, in which nothing of it leads out of the data folder.
    assert!(kept.iter().all(|path| path.starts_with("data/binance%40http%3a--127.0.0.1%3a")));
    assert!(kept.iter().all(|path| !path.contains("..")), "{kept:?}");
}

#[test]
fn a_run_finds_them_at_the_same_address_and_says_so() {
    let stranger = asked();
    let base_url = format!("binance={}", stranger.url);
    let reached = ["--base-url", base_url.as_str(), "--offline"];
    let result = json(backtest(&stranger, &reached).arg("--json"));
    assert_eq!(result["data"]["sources"][0]["series"]["exchange"], name(&stranger));
    assert_eq!(result["data"]["instruments"][0]["tick"].as_f64(), Some(0.01), "its rules too");
    let text = output(&mut backtest(&stranger, &reached));
    assert!(text.contains("PRICES FROM ANOTHER ADDRESS"), "{text}");
    // By their whole name they can be had without the address, and nobody is asked.
    let named = ["--exchange", &name(&stranger)];
    let again: Value = json(backtest(&stranger, &named).arg("--json"));
    assert_eq!(again["data"]["hash"], result["data"]["hash"]);
    assert_eq!(again["data"]["instruments"], result["data"]["instruments"]);
}

#[test]
fn a_run_of_the_exchange_itself_or_of_another_address_does_not_take_them() {
    let stranger = asked();
    let kept = format!("is kept as {} BTC/USDT 1h", name(&stranger));
    let said = refused(&mut backtest(&stranger, &["--offline"]));
    assert!(said.contains("no binance BTC/USDT 1h is kept") && said.contains(&kept), "{said}");
    assert!(said.contains(&format!("reach binance at {} with --base-url", stranger.url)), "{said}");
    let other = ["--offline", "--base-url", "binance=http://127.0.0.1:9"];
    let said = refused(&mut backtest(&stranger, &other));
    assert!(said.contains("no binance@http://127.0.0.1:9 BTC/USDT 1h is kept"), "{said}");
    assert!(said.contains(&kept), "{said}");
}

#[test]
fn commands_on_kept_prices_take_them_where_the_address_is_configured() {
    let stranger = asked();
    let export = |exchange: &str| {
        let mut command = ct_host(&stranger.folder);
        command.args(["data", "export", "prices.csv", "--symbol", "BTC/USDT"]);
        command.args(["--exchange", exchange]);
        command
    };
    let said = refused(&mut export("binance"));
    assert!(said.contains(&format!("is kept as {}", name(&stranger))), "{said}");
    export(&name(&stranger)).assert().success();
    let base_urls = format!("{{\"binance\": \"{}\"}}", stranger.url);
    let mut configured = ct_host(&stranger.folder);
    configured.env("CT_HOST__ACCESS__BASE_URLS", base_urls);
    configured.args(["data", "show", "--symbol", "BTC/USDT", "--exchange", "binance"]);
    let shown = output(&mut configured);
    assert!(shown.contains(&name(&stranger)), "{shown}");
}

#[test]
fn a_run_that_is_made_again_takes_them_from_the_same_address_only() {
    let stranger = asked();
    let base_url = format!("binance={}", stranger.url);
    let reached = ["--base-url", base_url.as_str()];
    backtest(&stranger, &[&reached[..], &["--out", "run", "--quiet"]].concat()).assert().success();
    let again = |more: &[&str]| {
        let mut command = ct_host(&stranger.folder);
        command.args(["backtest", "--from-run", "run"]).args(more).timeout(PATIENCE);
        command
    };
    let output = again(&reached).output().unwrap();
    assert!(told(&output).contains("same run as"), "{}", told(&output));
    let said = refused(&mut again(&[]));
    let kept = format!("the earlier run had prices that are kept as {}", name(&stranger));
    assert!(said.contains(&kept), "{said}");
    assert!(said.contains("this one would take those of binance"), "{said}");
}

#[test]
fn another_address_does_not_answer_for_an_exchange_that_is_asked_itself() {
    let stranger = Stranger::answering(Answers::honest());
    let mut command = ct_host(&stranger.folder);
    command.args([
        "fetch",
        "--symbol",
        "BTC/USDT",
        "--exchange",
        "binance",
        "--fallback",
        "kraken",
    ]);
    command.args(["--base-url", &format!("kraken={}", stranger.url)]).timeout(PATIENCE);
    let said = refused(&mut command);
    let expected =
        format!("kraken@{} is to answer for binance, among whose own prices", stranger.url);
    assert!(said.contains(&expected), "{said}");
    assert_eq!(stranger.asked(""), 0);
}
