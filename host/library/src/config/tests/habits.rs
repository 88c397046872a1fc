//! What people write out of habit is understood, or gets a hint.

use super::*;

#[test]
fn keys_that_stand_twice_are_told_beside_other_mistakes() {
    let text = "\
account: { cash: 5, cash: 6 }
fills:
  limit: touch
  limit: throgh
  latency_bars: -1
account: { at_end: close }
data: { from: 2024-02-01, to: 2024-01-01 }
";
    let expected = "\
ct-host.yaml:1:21: account.cash: stands twice, first at ct-host.yaml:1:12; keep one of them
ct-host.yaml:4:3: fills.limit: stands twice, first at ct-host.yaml:3:3; keep one of them
ct-host.yaml:5:17: fills.latency_bars: expected a whole number from 0 to 1000, found -1
ct-host.yaml:6:1: account: stands twice, first at ct-host.yaml:1:1; keep one of them
ct-host.yaml:7:31: data.to: expected a time after data.from";
    let text = errors(text);
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn what_people_write_gets_a_hint() {
    for (text, expected) in [
        ("risk: { sizing: { fraction: 25% } }", "found the text '25%'; write 0.25"),
        ("costs: { fees: { taker_bps: 10bps } }", "found the text '10bps'; write 10"),
        ("costs: { fees: { taker_bps: 0.1% } }", "found the text '0.1%'; write 10"),
        ("data: { days: 90d }", "found the text '90d'; write 90"),
        ("account: { cash: 10_000 }", "found the text '10_000'; write 10000"),
        ("account:\n  cash: 10,000", "found the text '10,000'; write 10000"),
        ("account: { cash: 10,000 }", "a number such as 10,000 is written 10000"),
        ("risk: { sizing: { kind: risk_share, risk: 300% } }", "found the text '300%'\n"),
        (
            "base: &base { cash: 5 }\naccount: { <<: *base }",
            "account.<<: merge keys are not supported",
        ),
        ("account: { cash: [1 }", "invalid YAML: "),
        (
            "risk: { breakers: { cool_down: { after: stop, pause: 1 day } } }",
            "pause: '1 day' is no length of time: expected a number and a unit",
        ),
        (
            "commission: 0.001",
            "commission: unknown key; here it is costs.fees.taker_bps, in basis points",
        ),
        ("dry_run_wallet: 1000", "unknown key; here it is account.cash"),
        ("data: { timeframe: 1h }", "unknown key; here it is data.interval"),
        ("max_open_trades: 3", "unknown key; here it is risk.limits.open_positions_max"),
        (
            "risk: { limits: { position: { equity_max: 25 } } }",
            "(did you mean 0.25?), found 25, which is 2500 %",
        ),
        (
            "risk: { breakers: { daily_loss: [{ action: halt }] } }",
            "loss: missing: expected a share above 0 and below 1",
        ),
        (
            "risk: { breakers: { losing_streak: {} } }",
            "losses: missing: expected a whole number from 1 to 4294967295",
        ),
    ] {
        let text = format!("{}\n", errors(text));
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn an_empty_section_says_nothing() {
    let text = "risk:\n  # sizing: { kind: kelly }\ncosts:\n  fees:\n  slippage:\nstrategy: { parameters: }\n";
    assert_eq!(resolved([file(text)]).unwrap().config, crate::config::Config::default());
    let above = file("risk: { limits: }");
    let below = file("risk: { limits: { shorting: allowed } }");
    assert_eq!(resolved([below.clone(), above]).unwrap().config, resolved([below]).unwrap().config);
    assert!(errors("risk: { groups: { majors: } }").contains("expected a mapping"));
}

#[test]
fn a_variable_that_is_nearly_a_key_is_told() {
    let environment = variables(&[
        ("CT_HOST_ACCOUNT__CASH", "5"),
        ("CT_HOST_CONFIG", "a.yaml"),
        ("CT_HOST_SERVICE_PORT_80_TCP_ADDR", "10.0.0.1"),
    ]);
    let errors: Vec<_> =
        resolved([environment.unwrap()]).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "CT_HOST_ACCOUNT__CASH: no variable of this program; did you mean 'CT_HOST__ACCOUNT__CASH'?"
        ]
    );
}
