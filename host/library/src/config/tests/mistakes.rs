//! Every mistake in a configuration is named, with its place.

use serde_json::json;

use super::*;
use crate::config::consistency;

/// `word` with one letter less, and with two neighbours swapped, at every place.
fn typos(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut typos = Vec::new();
    for place in 0..letters.len() {
        let mut fewer = letters.clone();
        fewer.remove(place);
        typos.push(fewer.into_iter().collect());
        if place + 1 < letters.len() && letters[place] != letters[place + 1] {
            let mut swapped = letters.clone();
            swapped.swap(place, place + 1);
            typos.push(swapped.into_iter().collect());
        }
    }
    typos
}

#[test]
fn a_typo_of_every_key_is_caught_and_the_key_is_suggested() {
    let keys = keys();
    assert!(keys.len() > 120, "{}", keys.len());
    let mut count = 0;
    for key in &keys {
        for typo in typos(&key.name) {
            // `aker_bps` could be either fee.
            if key.siblings.iter().any(|other| *other == typo || typos(other).contains(&typo)) {
                continue;
            }
            let wrong = flag(&key.at(&typo), json!(1));
            let errors = resolved([key.below(), wrong]).expect_err(&typo);
            let [error] = errors.as_slice() else { panic!("{typo} of {}: {errors:?}", key.path()) };
            let text = error.to_string();
            assert_eq!(error.path(), key.at(&typo));
            assert!(text.contains(&format!("did you mean '{}'?", key.name)), "{text}");
            count += 1;
        }
    }
    assert!(count > 1_500, "{count}");
}

#[test]
fn a_wrong_type_of_every_key_is_caught() {
    let wrong =
        [json!(null), json!(true), json!(-1e30), json!("\u{1}"), json!([{}]), json!({"\u{1}": 1})];
    for key in keys() {
        for value in &wrong {
            let fits = match (&key.shape.form, value) {
                (_, Value::Null) => {
                    key.shape.presence == Presence::Optional || key.shape.is_section()
                }
                (Form::Flag, Value::Bool(_))
                | (Form::Text(None), Value::String(_))
                | (Form::Anything, Value::Object(_)) => true,
                _ => false,
            };
            let layers = [key.below(), flag(&key.path(), value.clone())];
            if !fits {
                let errors = resolved(layers).expect_err(&format!("{}: {value}", key.path()));
                assert!(errors[0].path().starts_with(&key.path()), "{}: {errors:?}", key.path());
                assert_eq!(errors[0].place().to_string(), "--set");
            }
        }
    }
}

#[test]
fn numbers_just_outside_of_their_range_are_caught() {
    for (path, value, expected) in [
        (
            "costs.fees.taker_bps",
            json!(2500.1),
            "expected basis points from 0 to 2500, found 2500.1",
        ),
        ("costs.fees.taker_bps", json!(-0.1), "expected basis points from 0 to 2500, found -0.1"),
        ("fills.latency_bars", json!(1001), "expected a whole number from 0 to 1000, found 1001"),
        ("fills.latency_bars", json!(1.5), "expected a whole number from 0 to 1000, found 1.5"),
        ("plugins.window", json!(0), "expected a whole number, 1 or more, found 0"),
        ("plugins.call_seconds_max", json!(0), "expected a number above 0, found 0"),
        ("data.days", json!(0), "expected a whole number from 1 to 4294967295, found 0"),
        ("account.cash", json!(1e18), "expected an amount above 0, found 1e+18"),
    ] {
        let errors = resolved([flag(path, value)]).unwrap_err();
        let [error] = errors.as_slice() else { panic!("{errors:?}") };
        assert_eq!(error.to_string(), format!("--set: {path}: {expected}"));
    }
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_place_and_what_to_do() {
    let text = "\
acount: { cash: 5 }
costs:
  taker_bps: 5
  fees:
    preset: binnance-spot
    makr_bps: 1
    tiers: [{ volume_min: 1, maker_bps: 1 }]
  impact: { kind: squareroot }
  spread:
    kind: volatility
    bps: 3
  slippage: { kind: fixed, floor_bps: 1 }
risk:
  sizing: kelly
  limits: { shorting: yes, position: { equity_max: '0.5' } }
  breakers:
    daily_loss: { loss: 0.1 }
    drawdown:
      - { loss: 0.1, action: stop, rearm: tomorrow }
      - { loss: 0.2 }
fills: { limit: throgh }
data:
  symbols: BTC/USDT
  interval: 1 hour
  from: 2024-13-01
access:
  offline: 1
  base_urls: [a]
strategy:
  name: 7
";
    let expected = "\
ct-host.yaml:1:1: acount: unknown key; did you mean 'account'?
ct-host.yaml:3:3: costs.taker_bps: unknown key here; did you mean 'costs.fees.taker_bps'?
ct-host.yaml:5:13: costs.fees.preset: there are no published fees 'binnance-spot'; did you mean 'binance-spot'?
ct-host.yaml:6:5: costs.fees.makr_bps: unknown key; did you mean 'maker_bps'?
ct-host.yaml:7:13: costs.fees.tiers.0.taker_bps: missing: expected basis points from 0 to 2500
ct-host.yaml:8:19: costs.impact.kind: expected one of 'none', 'bar_volume', 'square_root', found the text 'squareroot'; did you mean 'square_root'?
ct-host.yaml:11:5: costs.spread.bps: unknown key of kind 'volatility'; kind 'fixed' has it
ct-host.yaml:12:28: costs.slippage.floor_bps: unknown key of kind 'fixed'; kind 'volatility' has it
ct-host.yaml:14:11: risk.sizing: expected a mapping with the key 'kind', found the text 'kelly'; write { kind: kelly }
ct-host.yaml:15:23: risk.limits.shorting: expected one of 'forbidden', 'allowed', found the text 'yes'
ct-host.yaml:15:52: risk.limits.position.equity_max: expected a share above 0 and up to 1000, found the text '0.5'; write 0.5
ct-host.yaml:17:17: risk.breakers.daily_loss: expected a list, found a mapping; put it in brackets to make it a list
ct-host.yaml:19:30: risk.breakers.drawdown.0.action: expected one of 'reduce', 'halt', 'flatten', found the text 'stop'
ct-host.yaml:19:43: risk.breakers.drawdown.0.rearm: 'tomorrow' is no time to arm a breaker again: expected manual, next_period, or a time such as 7d
ct-host.yaml:20:9: risk.breakers.drawdown.1.action: missing: expected one of 'reduce', 'halt', 'flatten'
ct-host.yaml:21:17: fills.limit: expected one of 'through', 'touch', found the text 'throgh'; did you mean 'through'?
ct-host.yaml:23:12: data.symbols: expected a list, found the text 'BTC/USDT'; put it in brackets to make it a list
ct-host.yaml:24:13: data.interval: '1 hour' is no bar interval: expected a number and a unit from 1s to 52w, such as 1m, 15m, 1h, 4h, 1d or 1w
ct-host.yaml:25:9: data.from: '2024-13-01' is no time: expected for example 2024-01-31, 2024-01-31T12:00 (UTC) or 2024-01-31T12:00:00+02:00
ct-host.yaml:27:12: access.offline: expected true or false, found 1
ct-host.yaml:28:14: access.base_urls: expected a mapping from names to values, found a list
ct-host.yaml:30:9: strategy.name: expected a text, found 7; put it in quotes to make it a text";
    assert_eq!(errors(text), expected);
}

#[test]
fn every_layer_is_checked() {
    let environment = variables(&[
        ("CT_HOST__ACOUNT__CASH", "5"),
        ("CT_HOST__FILLS__LIMIT", "always"),
        ("CT_HOST__ACCOUNT__CASH", "lots"),
    ]);
    let layers = [file("data: { days: soon }"), environment.unwrap(), flag("fees", json!(1))];
    let errors: Vec<_> = resolved(layers).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        errors.join("\n"),
        "\
ct-host.yaml:1:15: data.days: expected a whole number from 1 to 4294967295, found the text 'soon'
CT_HOST__ACCOUNT__CASH: account.cash: expected an amount above 0, found the text 'lots'
CT_HOST__ACOUNT__CASH: acount: unknown key; did you mean 'account'?
CT_HOST__FILLS__LIMIT: fills.limit: expected one of 'through', 'touch', found the text 'always'
--set: fees: unknown key here; did you mean 'costs.fees'?"
    );
    let unreadable = variables(&[("CT_HOST__A", "[1"), ("CT_HOST__B", "a: b: c")]).unwrap_err();
    assert_eq!(unreadable.len(), 2);
    assert_eq!(unreadable[0].place().to_string(), "CT_HOST__A");
}

#[test]
fn what_is_no_yaml_is_refused_with_its_place() {
    for (text, expected) in [
        ("account: { cash: 5", "ct-host.yaml:"),
        (
            "account:\n  cash: 5\n  cash: 6\n",
            "ct-host.yaml:3:3: account.cash: stands twice, first at ct-host.yaml:2:3; keep one of them",
        ),
        ("account:\n\tcash: 5\n", "ct-host.yaml:2:"),
        ("a: 1\n---\nb: 2\n", "ct-host.yaml:3:1: a second document"),
        ("- a\n- b\n", "ct-host.yaml:1:1: expected sections such as 'account:'"),
        ("just a text", "ct-host.yaml:1:1: expected sections such as 'account:'"),
        ("account: { cash: .nan }", "ct-host.yaml:1:18: account.cash: expected a finite number"),
        ("account: { 1: 2 }", "ct-host.yaml:1:12: account: expected a text as key"),
        ("account: !money { cash: 5 }", "ct-host.yaml:1:"),
        ("account: *cash", "ct-host.yaml:1:"),
    ] {
        let text = errors(text);
        assert!(text.starts_with(expected), "{text}");
    }
    let deep = "[".repeat(5_000);
    assert!(errors(&deep).contains("at most 64 deep"), "{}", errors(&deep));
    let indented: String =
        (0..200).flat_map(|depth| [" ".repeat(depth), "a:\n".to_owned()]).collect();
    assert!(errors(&indented).contains("at most 64 deep"));
    let long = format!("# {}", "x".repeat(1 << 20));
    assert!(errors(&long).contains("expected at most 1048576 bytes"));
}

#[test]
fn an_alias_stands_for_what_it_names() {
    let text = "costs: { spread: &fixed { kind: fixed, bps: 3 }, slippage: *fixed }";
    let config = resolved([file(text)]).unwrap().config;
    let value = serde_json::to_value(&config.settings.costs).unwrap();
    assert_eq!(value["slippage"], json!({"kind": "fixed", "bps": 3.0}));
}

#[test]
fn what_makes_no_sense_together_is_refused_with_its_place() {
    for (text, expected) in [
        ("account: { cash: 0 }", "1:18: account.cash: expected an amount above 0, found 0"),
        (
            "data: { from: 2024-02-01, to: 2024-01-01 }",
            "1:31: data.to: expected a time after data.from, 2024-02-01",
        ),
        (
            "data: { from: 2024-02-01, days: 3 }",
            "1:33: data.days: given beside data.from or data.to",
        ),
        (
            "data: { interval: 1h, detail_interval: 1h }",
            "1:40: data.detail_interval: expected a shorter interval that divides the bars of 1h, found 1h",
        ),
        ("data: { interval: 1h, detail_interval: 7m }", "1:40: data.detail_interval: "),
        ("data: { interval: 4h, resample: 6h }", "1:33: data.resample: expected a multiple of"),
        (
            "data: { files: [a.csv], symbols: [A, B] }",
            "1:34: data.symbols: expected one for each of the 1 files, found 2",
        ),
        ("access: { snapshot: a }", "1:21: access.snapshot: pins prices that are kept"),
        (
            "data: { files: [a], symbols: [A] }\naccess: { snapshot: a }",
            "2:21: access.snapshot: pins",
        ),
        (
            "access: { base_urls: { binance: localhost } }",
            "1:33: access.base_urls.binance: expected an address",
        ),
        ("strategy: { name: a, plugin: b }", "1:30: strategy.plugin: given beside strategy.name"),
        (
            "data: { symbols: [BTC/USDT] }\nrisk: { groups: { a: { symbols: [BTC/USD], exposure_max: 1 } } }",
            "2:34: risk.groups.a.symbols.0: 'BTC/USD' is none of data.symbols; did you mean 'BTC/USDT'?",
        ),
        (
            "data: { symbols: [BTC/USDT] }\nrisk: { instruments: { X: {} }, budget: { budgets: { Y: 0.5 } } }",
            "2:27: risk.instruments.X: 'X' is none of data.symbols\nct-host.yaml:2:57: risk.budget.budgets.Y",
        ),
        (
            "costs: { fees: { asset: base, minimum: 1 } }",
            "1:40: costs.fees.minimum: expected 0 when fees are in base asset",
        ),
        (
            "costs: { fees: { starting_tier: 2 } }",
            "1:33: costs.fees.starting_tier: expected one of the tiers of costs.fees.tiers, 0 to 0",
        ),
        (
            "costs: { noise: { seed: 1, amplitude: 2 } }",
            "1:39: costs.noise.amplitude: expected a share from 0 to 1, found 2",
        ),
        (
            "risk: { budget: { budgets: { A: 0.6, B: 0.6 } } }",
            "1:28: risk.budget.budgets: expected shares",
        ),
        (
            "risk: { breakers: { drawdown: [{ loss: 0.2, action: halt, rearm: next_period }] } }",
            "1:66: risk.breakers.drawdown.0.rearm: expected manual or a time",
        ),
    ] {
        let text = errors(text);
        assert!(text.starts_with(&format!("ct-host.yaml:{expected}")), "{text}");
    }
}

#[test]
fn what_makes_no_sense_together_is_told_beside_what_cannot_be_read() {
    let text = "\
acount: {}
account: { cash: 0 }
data: { from: 2024-02-01, to: 2024-01-01, interval: soon, resample: 6h }
costs: { spread: { kind: wide, bps: 1 }, fees: { starting_tier: 2, tiers: [{ volume_min: 1 }] } }
risk:
  margin: { leverage_max: -4, maintenance: 1 }
  breakers:
    portfolio_stop: {}
    drawdown: [{ loss: 0.1, action: halt, rearm: next_period }]
access: { snapshot: a }
";
    let expected = "\
ct-host.yaml:1:1: acount: unknown key; did you mean 'account'?
ct-host.yaml:2:18: account.cash: expected an amount above 0, found 0
ct-host.yaml:3:31: data.to: expected a time after data.from, 2024-02-01T00:00:00Z, found 2024-01-01T00:00:00Z
ct-host.yaml:3:53: data.interval: ";
    let text = errors(text);
    assert!(text.starts_with(expected), "{text}");
    for path in [
        "costs.spread.kind: expected one of",
        "costs.fees.tiers.0.taker_bps: missing",
        "risk.margin.leverage_max: expected a multiple of the equity",
        "risk.breakers.portfolio_stop.loss: missing",
        "risk.breakers.drawdown.0.rearm: expected manual",
        "access.snapshot: pins prices that are kept",
    ] {
        assert!(text.contains(path), "{path} in {text}");
    }
    // What is compared with a value that cannot be read is not told.
    for path in ["data.resample:", "starting_tier:", "maintenance:"] {
        assert!(!text.contains(path), "{path} in {text}");
    }
}

#[test]
fn a_default_does_not_contradict_itself() {
    let effective = resolved([]).unwrap();
    let node = crate::config::node::Node::empty(Origin::Default);
    assert_eq!(consistency::contradictions(&effective.config, &node), []);
}

#[test]
fn a_secret_is_not_told_in_an_error() {
    let layer = flag("access.base_urls", json!({"binance_key": 5, "b": "ftp://me:pw@host"}));
    let errors: Vec<_> = resolved([layer]).unwrap_err().iter().map(ToString::to_string).collect();
    assert!(errors[1].contains("found a secret"), "{errors:?}");
    assert!(!errors.concat().contains("pw"), "{errors:?}");
    let layer = flag("access.base_urls", json!({"b": "ftp://me:pw@host"}));
    assert!(!format!("{:?}", resolved([layer]).unwrap_err()).contains("pw"));
}

#[test]
fn what_makes_a_value_right_is_said() {
    for (yaml, hint) in [
        ("data: { symbols: BTC/USDT }", "; put it in brackets to make it a list"),
        ("data: { files: null }", "; write [] for none, or leave the key out"),
        (
            "risk: { breakers: { drawdown: 0.2 } }",
            "; write a list of mappings, such as [{ loss: … }]",
        ),
        (
            "risk: { breakers: { drawdown: { loss: 0.2 } } }",
            "; put it in brackets to make it a list",
        ),
        ("account: { cash: [1] }", "found a list; write it without brackets"),
        ("account: { cash: [1, 2] }", "found a list"),
        ("account: { cash: null }", "found nothing; leave the key out for its default"),
        ("account: { cash: }", "found nothing; leave the key out for its default"),
    ] {
        let layer = Layer::from_yaml(yaml, "ct-host.yaml").unwrap();
        let errors = Resolver::new().layer(layer).resolve().unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(told.concat().ends_with(hint), "{yaml}: {told:?}");
    }
}
