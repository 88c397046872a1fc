//! Layers: which value wins, and where it comes from.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::config::Config;
use ct_core::costs::FeePreset;

#[test]
fn without_layers_everything_is_default() {
    let effective = resolved([]).unwrap();
    assert_eq!(effective.config, Config::default());
    assert!(effective.entries().all(|(_, _, origin)| *origin == Origin::Default));
}

#[test]
fn an_empty_file_says_nothing() {
    for text in ["", "# only a comment\n", "---\n", "\u{feff}", "null"] {
        assert_eq!(resolved([file(text)]).unwrap().config, Config::default(), "{text:?}");
    }
}

#[test]
fn every_value_knows_where_it_comes_from() {
    let text = "\
account:
  cash: 500
data: { symbols: [BTC/USDT,
    ETH/USDT], from: '2024-01-01' }
risk:
  breakers:
    drawdown:
      - loss: 0.2
        action: halt
  groups:
    Majors: { symbols: [BTC/USDT], exposure_max: 0.5 }
";
    let environment = variables(&[
        ("CT_HOST__ACCOUNT__AT_END", "close"),
        ("CT_HOST__RISK__GROUPS__MAJORS__EXPOSURE_MAX", "0.4"),
    ]);
    let effective =
        resolved([file(text), environment.unwrap(), flag("fills.latency_bars", json!(2))]).unwrap();
    let origin = |path: &str| effective.origin(path).unwrap().to_string();
    for (path, expected) in [
        ("account.cash", "ct-host.yaml:2:9"),
        ("account.at_end", "CT_HOST__ACCOUNT__AT_END"),
        ("data.symbols", "ct-host.yaml:3:18"),
        ("data.from", "ct-host.yaml:4:22"),
        ("risk.breakers.drawdown", "ct-host.yaml:8:7"),
        ("risk.groups.Majors.symbols", "ct-host.yaml:11:24"),
        ("risk.groups.Majors.exposure_max", "CT_HOST__RISK__GROUPS__MAJORS__EXPOSURE_MAX"),
        ("fills.latency_bars", "--set"),
        ("fills.market", "default"),
    ] {
        assert_eq!(origin(path), expected, "{path}");
    }
    assert_eq!(effective.origin("fills.none"), None);
}

#[test]
fn what_is_not_said_of_an_optional_section_is_filled_in() {
    let effective = resolved([file("risk: { correlation: { threshold: 0.9 } }")]).unwrap();
    assert_eq!(value(&effective, "risk.correlation.estimator.window_rows"), json!(168));
    assert_eq!(effective.origin("risk.correlation.estimator.window_rows"), Some(&Origin::Default));
    let none = resolved([
        file("risk: { correlation: { threshold: 0.9 } }"),
        flag("risk.correlation", json!(null)),
    ]);
    assert_eq!(none.unwrap().config.settings.risk.correlation, None);
}

#[test]
fn a_layer_is_what_it_says_in_the_order_in_which_it_says_it() {
    let mut layer = Layer::empty();
    let origin = || Origin::Flag("--a".to_owned());
    layer.set("costs.funding", json!({"rate_bps": 1}), origin());
    layer.set("costs.funding", json!(null), origin());
    layer.set("costs.funding.rate_bps", json!(3), origin());
    let below = file("costs: { funding: { rate_bps: 9, every: 1h } }");
    let funding = resolved([below, layer]).unwrap().config.settings.costs.funding.unwrap();
    assert_eq!((funding.rate_bps.to_bps(), funding.every.to_string().as_str()), (3.0, "8h"));
}

#[test]
fn published_fees_lie_below_the_layer_that_names_them() {
    let published = FeePreset::named("kraken-spot").unwrap().schedule();
    let above = file("costs: { fees: { preset: kraken-spot, maker_bps: 3 } }");
    let below = file("costs: { fees: { taker_bps: 99, discount: 0.5 } }");
    let effective = resolved([below, above]).unwrap();
    let fees = &effective.config.settings.costs.fees;
    assert_eq!(fees.taker_bps, published.taker_bps);
    assert_eq!((fees.maker_bps.to_bps(), fees.discount.to_fraction()), (3.0, 0.0));
    assert_eq!(fees.tiers, published.tiers);
    let origin = |path: &str| effective.origin(path).unwrap().to_string();
    assert_eq!(origin("costs.fees.taker_bps"), "preset kraken-spot");
    assert_eq!(origin("costs.fees.maker_bps"), "ct-host.yaml:1:50");
    assert_eq!(origin("costs.fees.preset"), "ct-host.yaml:1:26");
}

#[test]
fn variables_are_written_as_in_yaml_and_in_any_case() {
    let environment = variables(&[
        ("PATH", "/bin"),
        ("CT_HOST_CACHE_DIR", "x"),
        ("CT_HOST__COSTS__FEES__TAKER_BPS", "7.5"),
        ("CT_HOST__data__Symbols", "[BTC/USDT, ETH/USDT]"),
        ("CT_HOST__RISK__CORRELATION__THRESHOLD", "0.9"),
        ("CT_HOST__RISK__SIZING", "{ kind: risk_share, risk: 0.02 }"),
        ("CT_HOST__RISK__SIZING__ATR_ROWS", "20"),
        ("CT_HOST__RISK__INSTRUMENTS__BTC/USDT__POSITION__EQUITY_MAX", "0.25"),
        ("CT_HOST__STRATEGY__PARAMETERS__FAST", "3"),
        ("CT_HOST__ACCESS__SNAPSHOT", ""),
    ]);
    let config = resolved([environment.unwrap()]).unwrap().config;
    assert_eq!(config.settings.costs.fees.taker_bps.to_bps().to_string(), "7.5");
    assert_eq!(config.data.symbols, ["BTC/USDT", "ETH/USDT"]);
    assert_eq!(config.settings.risk.correlation.unwrap().threshold.to_string(), "0.9");
    let sizing = serde_json::to_value(&config.settings.risk.sizing).unwrap();
    assert_eq!((&sizing["risk"], &sizing["atr_rows"]), (&json!(0.02), &json!(20)));
    assert!(config.settings.risk.instruments["BTC/USDT"].position.equity_max.is_some());
    assert_eq!(config.strategy.parameters["fast"], 3);
}

#[test]
fn variables_are_one_layer_whatever_their_names() {
    let environment = variables(&[
        ("CT_HOST__COSTS__SLIPPAGE__FLOOR_BPS", "2"),
        ("CT_HOST__COSTS__SLIPPAGE__KIND", "volatility"),
        ("CT_HOST__COSTS__FUNDING", ""),
        ("CT_HOST__COSTS__FUNDING__RATE_BPS", "3"),
        ("CT_HOST__RISK__GROUPS", "{ Majors: { symbols: [A/B], exposure_max: 0.5 } }"),
        ("CT_HOST__RISK__GROUPS__MAJORS__EXPOSURE_MAX", "0.4"),
    ]);
    let below = file("costs: { funding: { rate_bps: 9, every: 1h } }");
    let config = resolved([below, environment.unwrap()]).unwrap().config;
    let slippage = serde_json::to_value(config.settings.costs.slippage).unwrap();
    assert_eq!(slippage["kind"], "volatility");
    assert_eq!(slippage["floor_bps"], 2.0);
    assert_eq!(config.settings.costs.funding.unwrap().every.to_string(), "8h");
    assert_eq!(config.settings.risk.groups.len(), 1);
    assert_eq!(config.settings.risk.groups["Majors"].exposure_max.to_fraction().to_string(), "0.4");
}

#[test]
fn a_key_of_no_kind_yet_has_to_belong_to_the_kind_of_a_later_layer() {
    let below = file("risk: { instruments: { A/B: { sizing: { fraction: 0.5 } } } }");
    let kind = |kind: &str| flag("risk.instruments.A/B.sizing.kind", json!(kind));
    assert!(resolved([below.clone(), kind("fraction")]).is_ok());
    let errors = resolved([below, kind("kelly")]).unwrap_err();
    let expected =
        "ct-host.yaml:1:41: risk.instruments.A/B.sizing.fraction: unknown key of kind 'kelly'";
    assert!(errors[0].to_string().starts_with(expected), "{errors:?}");
}

#[test]
fn the_origin_of_a_result_is_told() {
    let mut earlier = serde_json::to_value(Config::default()).unwrap();
    earlier["account"]["cash"] = json!(7);
    let layer = Layer::from_value(earlier, Origin::Result("a.json".to_owned()));
    let effective = resolved([layer]).unwrap();
    assert_eq!(effective.config.settings.account.cash.to_string(), "7");
    for (path, value, origin) in effective.entries() {
        let is_empty_mapping = value.as_object().is_some();
        assert!(is_empty_mapping || origin.to_string() == "result a.json", "{path}");
    }
}

/// Values for some keys, of every form that merges in a way of its own.
fn choices() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        ("account.cash", vec![json!(1), json!(2.5), json!(3)]),
        ("data.symbols", vec![json!([]), json!(["A/B"]), json!(["A/B", "C/D"])]),
        ("data.days", vec![json!(1), json!(null)]),
        ("costs.spread", vec![json!({"kind": "fixed", "bps": 3}), json!({"kind": "volatility"})]),
        ("costs.borrow", vec![json!(null), json!({}), json!({"base_annual": 0.2})]),
        ("costs.borrow.every", vec![json!("1h"), json!("1d")]),
        (
            "risk.sizing",
            vec![json!({"kind": "fraction", "fraction": 0.5}), json!({"kind": "kelly"})],
        ),
        ("risk.limits.position.equity_max", vec![json!(0.5), json!(null)]),
        (
            "strategy.parameters",
            vec![json!({"a": 1}), json!({"b": 2, "a": 3}), json!({"kind": "x"})],
        ),
    ]
}

/// What some layers say: for each layer, the places of keys and of their values in [`choices`].
fn stacks() -> impl Strategy<Value = Vec<Vec<(usize, usize)>>> {
    let said = (0..choices().len(), 0..6_usize);
    prop::collection::vec(prop::collection::vec(said, 0..4), 1..5)
}

proptest! {
    /// A key holds what the last layer said of it, whatever was said of others, and knows that layer.
    #[test]
    fn what_a_later_layer_says_holds(stack in stacks()) {
        let choices = choices();
        let mut last: Vec<Option<(usize, Value)>> = vec![None; choices.len()];
        let mut layers = Vec::new();
        for (depth, said) in stack.iter().enumerate() {
            let mut layer = Layer::empty();
            for (key, pick) in said {
                let (path, values) = &choices[*key];
                let value = values[pick % values.len()].clone();
                layer.set(path, value.clone(), Origin::Flag(depth.to_string()));
                last[*key] = Some((depth, value));
            }
            layers.push(layer);
        }
        let effective = resolved(layers).unwrap();
        for ((path, _), said) in choices.iter().zip(last) {
            let Some((depth, value)) = said else { continue };
            // A key within `costs.borrow` and its section are said of by two names.
            if value.is_object() || path.starts_with("costs.borrow") {
                continue;
            }
            let found = super::value(&effective, path);
            let same = found == value || found.as_f64().is_some_and(|found| Some(found) == value.as_f64());
            prop_assert!(same, "{path}: {found} in place of {value}");
            prop_assert_eq!(effective.origin(path), Some(&Origin::Flag(depth.to_string())));
        }
    }

    /// Two layers in one do the same as one after the other.
    #[test]
    fn layers_can_be_joined(stack in stacks()) {
        let choices = choices();
        let mut apart = Vec::new();
        let mut joined = Layer::empty();
        for said in &stack {
            let mut layer = Layer::empty();
            for (key, pick) in said {
                let (path, values) = &choices[*key];
                let value = &values[pick % values.len()];
                layer.set(path, value.clone(), Origin::Default);
                joined.set(path, value.clone(), Origin::Default);
            }
            apart.push(layer);
        }
        prop_assert_eq!(resolved(apart).unwrap().config, resolved([joined]).unwrap().config);
    }

    /// The order in which a source says different keys means nothing, whichever kind they belong to.
    #[test]
    fn parts_of_a_layer_may_stand_in_any_order(order in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let parts = [
            ("costs.slippage.kind", json!("volatility")),
            ("costs.slippage.floor_bps", json!(2)),
            ("costs.slippage.multiple", json!(0.3)),
            ("costs.spread.bps", json!(3)),
            ("costs.fees.preset", json!("kraken-spot")),
            ("costs.fees.maker_bps", json!(9)),
            ("risk.sizing.kind", json!("kelly")),
            ("risk.sizing.window", json!(50)),
            ("risk.instruments.A/B.sizing.fraction", json!(0.5)),
            ("risk.instruments.A/B.sizing.kind", json!("fraction")),
            ("strategy.parameters.kind", json!("x")),
            ("strategy.parameters.fast", json!(3)),
        ];
        let config = |order: &[usize]| {
            let mut set = Layer::empty();
            for place in order {
                let (path, value) = &parts[*place];
                set.set(path, value.clone(), Origin::Flag("--set".to_owned()));
            }
            resolved([set]).unwrap().config
        };
        let usual: Vec<usize> = (0..parts.len()).collect();
        prop_assert_eq!(config(&order), config(&usual));
    }

    /// The order of keys in a file means nothing.
    #[test]
    fn keys_may_stand_in_any_order(order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let lines = [
            "account: { cash: 5, at_end: close }",
            "data: { symbols: [A/B], days: 3 }",
            "costs: { spread: { bps: 3, kind: fixed }, fees: { preset: kraken-spot, maker_bps: 9 } }",
            "risk: { sizing: { risk: 0.02, kind: risk_share } }",
            "strategy: { parameters: { a: 1 } }",
            "fills: { market: next_close }",
        ];
        let shuffled: Vec<&str> = order.iter().map(|place| lines[*place]).collect();
        let config = |lines: &[&str]| resolved([file(&lines.join("\n"))]).unwrap().config;
        prop_assert_eq!(config(&shuffled), config(&lines));
    }
}
