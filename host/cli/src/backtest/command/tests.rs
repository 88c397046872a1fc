//! What flags and failures become.

use clap::Parser;
use serde_json::json;

use super::*;
use ct_host::backtest::Settings;
use ct_host::config::{Config, Effective, Layer, Origin, Resolver};
use ct_host::costs::{Impact, Slippage, Spread};
use ct_host::order::{GapFill, Intrabar, LimitFill, MarketFill};
use ct_host::risk::{BreakerAction, BreakerSettings, Shorting, Sizing};
use ct_host::settings::AtEnd;
use ct_host::units::Rate;

#[derive(Debug, Parser)]
#[command(allow_negative_numbers = true)]
struct Command {
    #[command(flatten)]
    args: Args,
}

fn args(flags: &[&str]) -> Args {
    let line = std::iter::once(&"backtest").chain(flags);
    Command::try_parse_from(line).unwrap().args
}

/// What flags make of a configuration file.
fn over(file: &str, flags: &[&str]) -> Effective {
    let file = Layer::from_yaml(file, "ct-host.yaml").unwrap();
    let flags = said(&args(flags)).into_layer();
    Resolver::new().layer(file).layer(flags).resolve().unwrap()
}

fn config(flags: &[&str]) -> Config {
    Resolver::new().layer(said(&args(flags)).into_layer()).resolve().unwrap().config
}

fn refused(flags: &[&str]) -> String {
    let line = std::iter::once(&"backtest").chain(flags);
    Command::try_parse_from(line).unwrap_err().to_string()
}

fn bps(bps: f64) -> Rate {
    Rate::from_bps(bps).unwrap()
}

fn share(share: f64) -> Rate {
    Rate::from_fraction(share).unwrap()
}

/// What the flags say.
fn said(args: &Args) -> FlagLayer {
    let plugin = args.strategy.plugin_file().unwrap();
    args.flags(None, plugin.as_deref())
}

#[test]
fn without_flags_configuration_and_settings_are_the_librarys() {
    assert_eq!(config(&[]), Config::default());
    assert_eq!(config(&[]).settings, Settings::default());
}

#[test]
fn flags_of_money_and_risk_reach_their_settings() {
    let config = config(&[
        "--cash",
        "500",
        "--units",
        "0.5",
        "--allow-short",
        "--max-units",
        "2",
        "--max-notional",
        "900",
        "--max-gross",
        "1.5",
        "--leverage",
        "3",
        "--max-drawdown",
        "0.2",
        "--close-at-end",
    ]);
    assert_eq!(config.settings.account.cash.to_string(), "500");
    assert_eq!(config.settings.account.at_end, AtEnd::Close);
    let Sizing::Units(sizing) = config.settings.risk.sizing else {
        panic!("{:?}", config.settings.risk.sizing)
    };
    assert_eq!(sizing.units.to_string(), "0.5");
    let limits = config.settings.risk.limits;
    assert_eq!(limits.shorting, Shorting::Allowed);
    assert_eq!(limits.position.units_max.unwrap().to_string(), "2");
    assert_eq!(limits.position.notional_max.unwrap().to_string(), "900");
    assert_eq!(limits.gross_exposure_max, Some(share(1.5)));
    assert_eq!(config.settings.risk.margin.leverage_max, share(3.0));
    let [level] = config.settings.risk.breakers.drawdown.as_slice() else { panic!("one level") };
    assert_eq!((level.loss, level.action), (share(0.2), BreakerAction::Flatten));
}

#[test]
fn every_way_of_sizing_has_its_flag() {
    let sizing = |flags: &[&str]| serde_json::to_value(config(flags).settings.risk.sizing).unwrap();
    let fraction = sizing(&["--fraction", "0.5"]);
    assert_eq!(fraction, json!({ "kind": "fraction", "fraction": 0.5 }));
    let risk = sizing(&["--risk-per-trade", "0.02"]);
    assert_eq!((&risk["kind"], &risk["risk"]), (&json!("risk_share"), &json!(0.02)));
    let target = sizing(&["--volatility-target", "0.25"]);
    assert_eq!((&target["kind"], &target["annual"]), (&json!("volatility_target"), &json!(0.25)));
}

#[test]
fn a_flag_keeps_what_the_file_says_of_the_same_rule() {
    let file = "risk: { sizing: { kind: risk_share, risk: 0.05, atr_rows: 20 } }";
    let same = over(file, &["--risk-per-trade", "0.01"]).config.settings.risk.sizing;
    let Sizing::RiskShare(rule) = same else { panic!("{same:?}") };
    assert_eq!((rule.risk, rule.atr_rows), (share(0.01), 20));
    let other = over(file, &["--fraction", "0.5"]).config.settings.risk.sizing;
    assert_eq!(
        serde_json::to_value(other).unwrap(),
        json!({ "kind": "fraction", "fraction": 0.5 })
    );
}

#[test]
fn without_risk_there_is_no_breaker_at_all() {
    assert_ne!(config(&[]).settings.risk.breakers, BreakerSettings::none());
    assert_eq!(config(&["--no-risk"]).settings.risk.breakers, BreakerSettings::none());
    let file = "risk: { breakers: { daily_loss: [{ loss: 0.1, action: halt }] } }";
    assert_eq!(over(file, &["--no-risk"]).config.settings.risk.breakers, BreakerSettings::none());
}

#[test]
fn flags_of_costs_reach_their_settings() {
    let costs = config(&[
        "--fee-bps",
        "7.5",
        "--maker-fee-bps",
        "2",
        "--slippage-bps",
        "3",
        "--spread-bps",
        "4",
        "--impact-bps",
        "100",
        "--participation",
        "0.1",
        "--funding-bps",
        "1",
    ])
    .settings
    .costs;
    assert_eq!((costs.fees.taker_bps, costs.fees.maker_bps), (bps(7.5), bps(2.0)));
    assert!(matches!(costs.slippage, Slippage::Fixed(fixed) if fixed.bps == bps(3.0)));
    assert!(matches!(costs.spread, Spread::Fixed(fixed) if fixed.bps == bps(4.0)));
    assert!(matches!(costs.impact, Impact::BarVolume(law) if law.coefficient_bps == bps(100.0)));
    assert_eq!(costs.participation.unwrap().rate, bps(1_000.0));
    let funding = costs.funding.unwrap();
    assert_eq!((funding.rate_bps, funding.every.to_string().as_str()), (bps(1.0), "8h"));
    let none = config(&["--impact-bps", "0", "--funding-bps", "0"]).settings.costs;
    assert_eq!((none.impact, none.funding), (Impact::None, None));
}

#[test]
fn a_fee_that_is_named_holds_for_every_fill() {
    assert_eq!(config(&["--fee-bps", "3"]).settings.costs.fees.maker_bps, bps(3.0));
    let file = "costs: { fees: { preset: kraken-spot, starting_tier: 2, discount: 0.25 } }";
    let published = over(file, &[]).config.settings.costs.fees;
    assert!(!published.tiers.is_empty());
    let named = over(file, &["--fee-bps", "3"]).config.settings.costs.fees;
    assert_eq!((named.maker_bps, named.taker_bps), (bps(3.0), bps(3.0)));
    assert_eq!((named.tiers.len(), named.starting_tier), (0, 0));
    assert_eq!((named.preset, named.discount), (None, Rate::ZERO));
}

#[test]
fn published_fees_come_with_their_tiers() {
    let fees = over("costs: { fees: { taker_bps: 1 } }", &["--fee-preset", "kraken-spot"]);
    let fees = &fees.config.settings.costs.fees;
    let published = ct_host::costs::FeePreset::named("kraken-spot").unwrap().schedule();
    assert_eq!(*fees, published);
}

#[test]
fn flags_of_fills_reach_their_settings() {
    let fills = |flags: &[&str]| config(flags).settings.fills;
    let all = fills(&["--fill", "next-close", "--limit-fill", "touch", "--latency-bars", "2"]);
    assert_eq!((all.market, all.limit), (MarketFill::NextClose, LimitFill::Touch));
    assert_eq!(all.latency_bars, 2);
    assert_eq!(fills(&["--intrabar", "open-nearest"]).intrabar, Intrabar::OpenNearest);
    for text in ["next-open", "next-close"] {
        fills(&["--fill", text]);
    }
    for text in ["through", "touch"] {
        fills(&["--limit-fill", text]);
    }
    assert_eq!(fills(&[]).gap, GapFill::Level);
    assert_eq!(fills(&["--gap-fill", "level"]).gap, GapFill::Level);
    assert_eq!(fills(&["--gap-fill", "open"]).gap, GapFill::Open);
    for text in ["stop-first", "open-nearest"] {
        fills(&["--intrabar", text]);
    }
}

#[test]
fn detail_bars_show_the_way_of_the_price_unless_the_user_says_otherwise() {
    let files = ["--data", "a.csv", "--interval", "1h"];
    let with = |more: &[&str]| config(&[&files, more].concat());
    let named = with(&["--detail-interval", "1m", "--detail-data", "a-1m.csv"]);
    assert_eq!(named.settings.fills.intrabar, Intrabar::Detail);
    assert_eq!(named.data.detail_interval.unwrap().to_string(), "1m");
    assert_eq!(named.data.detail_files, [Path::new("a-1m.csv")]);
}

#[test]
fn rules_defects_and_the_rest_reach_their_settings() {
    let config = config(&[
        "--tick",
        "0.5",
        "--lot",
        "0.1",
        "--min-quantity",
        "0.2",
        "--min-notional",
        "10",
        "--bad-data",
        "repair",
        "--fill-gaps",
        "3",
        "--clip-bad-ticks",
        "--window",
        "7",
        "--log-level",
        "info",
        "--out",
        "run",
        "--explain",
        "--quiet",
    ]);
    assert_eq!(
        serde_json::to_value(config.data.rules).unwrap(),
        json!({ "tick": 0.5, "lot": 0.1, "quantity_min": 0.2, "notional_min": 10.0 })
    );
    assert_eq!(serde_json::to_value(config.data.bad_data).unwrap(), "repair");
    assert_eq!((config.data.fill_gaps, config.data.clip_bad_ticks), (3, true));
    assert_eq!(config.plugins.window, Some(7));
    assert_eq!(serde_json::to_value(config.monitoring.log_level).unwrap(), "info");
    assert_eq!(config.report.folder.as_deref(), Some("run".as_ref()));
    assert!(config.report.explain && config.report.quiet);
}

#[test]
fn what_a_flag_takes_the_place_of_is_gone() {
    let file = "data: { files: [a.csv, b.csv], symbols: [A, B], days: 9 }";
    let data = over(file, &["--data", "c.csv", "--from", "2024-01-01"]).config.data;
    assert_eq!((data.files.len(), data.symbols.len(), data.days), (1, 0, None));
    let kept = over(file, &["--exchange", "kraken", "--symbol", "BTC/USD"]).config.data;
    assert_eq!((kept.files.len(), kept.symbols.as_slice()), (0, &["BTC/USD".to_owned()] as _));
    let days = over("data: { from: 2024-01-01, to: 2024-02-01 }", &["--days", "3"]).config.data;
    assert_eq!((days.from, days.to, days.days.unwrap().get()), (None, None, 3));
    let plugin = over("strategy: { name: a }", &["--plugin", "b.wasm"]).config.strategy;
    assert_eq!((plugin.name, plugin.plugin), (None, Some("b.wasm".into())));
}

#[test]
fn a_value_remembers_its_flag() {
    let effective = over("account: { cash: 5 }", &["--cash", "7", "--param", "fast=3"]);
    assert_eq!(effective.origin("account.cash"), Some(&Origin::Flag("--cash".to_owned())));
    assert_eq!(effective.config.strategy.parameters["fast"], 3);
}

#[test]
fn how_exchanges_are_reached_reaches_its_settings() {
    let access = config(&[
        "--symbol",
        "BTC/USDT",
        "--data-dir",
        "prices",
        "--fallback",
        "kraken",
        "--no-archive",
        "--rate",
        "3",
        "--timeout",
        "4",
        "--retries",
        "0",
        "--base-url",
        "binance=http://a",
        "--snapshot",
        "old",
        "--offline",
    ])
    .access;
    assert_eq!(
        serde_json::to_value(access).unwrap(),
        json!({
            "folder": "prices", "offline": true, "snapshot": "old", "fallback": ["kraken"],
            "archive": false, "requests_per_second": 3, "timeout_seconds": 4, "retries": 0,
            "base_urls": { "binance": "http://a" }, "file_bytes_max": null, "file_rows_max": null,
        })
    );
}

#[test]
fn what_excludes_each_other_is_refused() {
    for (flags, expected) in [
        (vec!["--units", "1", "--fraction", "0.5"], "cannot be used with"),
        (vec!["--units", "1", "--risk-per-trade", "0.5"], "cannot be used with"),
        (vec!["--no-risk", "--max-drawdown", "0.5"], "cannot be used with"),
        (vec!["--fee-preset", "kraken-spot", "--fee-bps", "5"], "cannot be used with"),
        (vec!["--from-run", "a", "--data-hash", "b"], "cannot be used with"),
        (vec!["--plugin", "a.wasm", "--strategy", "b"], "cannot be used with"),
        (vec!["--days", "3", "--from", "2024-01-01"], "cannot be used with"),
        (vec!["--days", "0"], "expected a whole number from 1 to 4294967295"),
        (vec!["--days", "-3"], "expected a whole number from 1 to 4294967295"),
        (vec!["--data", "a.csv", "--offline"], "cannot be used with"),
        (vec!["--fee-bps", "9000"], "expected basis points from 0 to 2500"),
        (vec!["--leverage", "0.5"], "expected a multiple of the equity from 1 to 125"),
        (vec!["--max-drawdown", "1"], "expected a share above 0 and below 1"),
        (vec!["--from", "yesterday"], "'yesterday' is no time"),
        (vec!["--interval", "1 hour"], "'1 hour' is no bar interval"),
        (vec!["--param", "fast"], "expected NAME=VALUE"),
        (vec!["--window", "0"], "'--window <BARS>'"),
        (vec!["--jobs", "0"], "'--jobs <THREADS>'"),
        (vec!["--fill", "now"], "next-close"),
    ] {
        let message = refused(&flags);
        assert!(message.contains(expected), "{flags:?}: {message}");
    }
}
