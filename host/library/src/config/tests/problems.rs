//! Every path that a check of settings can name is a key.

use serde_json::json;

use super::shape;
use super::*;
use crate::backtest::Settings;

/// Puts `value` in at `path`.
fn put(settings: &mut Value, path: &str, value: &Value) {
    let mut inner = settings;
    for key in path.split('.') {
        inner = &mut inner[key];
    }
    *inner = value.clone();
}

fn nothing_is_sound() -> Vec<(&'static str, Value)> {
    let level = json!({"loss": 1, "action": "halt", "reduce_to": 0, "rearm": "next_period"});
    let estimator = json!({"window_rows": 0, "refresh_rows": 0, "overlap_min": 0, "shrinkage": 2});
    let position = json!({"units_max": 0, "notional_max": 0, "equity_max": 0, "volume_max": 0});
    vec![
        ("account.cash", json!(0)),
        (
            "costs.fees",
            json!({"maker_bps": 9000, "taker_bps": 9000, "discount": 2, "minimum": -1,
            "starting_tier": 3, "tiers": [{"volume_min": 0, "maker_bps": 9000, "taker_bps": 9000}]}),
        ),
        ("costs.fees", json!({"maker_bps": 1, "taker_bps": 1, "asset": "base", "minimum": 1})),
        ("costs.spread", json!({"kind": "fixed", "bps": 9000})),
        ("costs.spread", json!({"kind": "volatility", "floor_bps": 9000, "multiple": 0})),
        ("costs.slippage", json!({"kind": "fixed", "bps": 9000})),
        ("costs.slippage", json!({"kind": "volatility", "floor_bps": 9000, "multiple": 0})),
        ("costs.slippage", json!({"kind": "volume_share", "floor_bps": 9000})),
        ("costs.impact", json!({"kind": "bar_volume", "coefficient_bps": 9000})),
        ("costs.impact", json!({"kind": "square_root", "y": 0})),
        ("costs.noise", json!({"seed": 1, "amplitude": 2})),
        ("costs.participation", json!({"rate": 0})),
        ("costs.funding", json!({"rate_bps": 9000})),
        ("costs.borrow", json!({"base_annual": 9, "quote_annual": 9})),
        ("costs.volatility_rows", json!(0)),
        ("risk.sizing", json!({"kind": "fraction", "fraction": 0})),
        ("risk.sizing", json!({"kind": "units", "units": 0})),
        ("risk.sizing", json!({"kind": "notional", "notional": 0})),
        ("risk.sizing", json!({"kind": "risk_share", "risk": 0, "atr_rows": 0, "atr_multiple": 0})),
        (
            "risk.sizing",
            json!({"kind": "volatility_target", "annual": 9, "window_rows": 0, "floor": 2, "cap": 1}),
        ),
        (
            "risk.sizing",
            json!({"kind": "kelly", "multiple": 0, "window": 0, "sample_min": 3, "cap": 0}),
        ),
        ("risk.sizing", json!({"kind": "equal_risk", "fraction": 0, "window_rows": 0})),
        (
            "risk.limits",
            json!({"position": position, "gross_exposure_max": 9, "net_exposure_max": 9,
            "turnover_per_day_max": 0}),
        ),
        (
            "risk.instruments",
            json!({"A/B": {"position": position, "sizing": {"kind": "fraction", "fraction": 0}}}),
        ),
        ("risk.groups", json!({"all": {"symbols": [], "exposure_max": 9}})),
        (
            "risk.margin",
            json!({"leverage_max": 900, "maintenance": 2, "liquidation_fee_bps": 9000}),
        ),
        ("risk.correlation", json!({"estimator": estimator, "threshold": 2, "exposure_max": 9})),
        (
            "risk.budget",
            json!({"estimator": estimator, "volatility_max": 9, "budgets": {"A/B": 2}}),
        ),
        (
            "risk.breakers",
            json!({"portfolio_stop": level, "daily_loss": [level], "weekly_loss": [level],
            "drawdown": [level], "losing_streak": {"losses": 0}}),
        ),
        ("fills", json!({"latency_bars": 1001})),
    ]
}

#[test]
fn every_path_of_a_problem_is_a_key() {
    let mut count = 0;
    for (path, value) in nothing_is_sound() {
        let mut settings = serde_json::to_value(Settings::default()).unwrap();
        put(&mut settings, path, &value);
        let settings: Settings = serde_json::from_value(settings).unwrap();
        let problems = settings.problems();
        assert!(!problems.is_empty(), "{path}: {value}");
        for problem in problems {
            assert!(shape().find(&problem.path).is_some(), "{} is no key", problem.path);
            count += 1;
        }
    }
    assert!(count > 70, "{count}");
    assert!(shape().find("risk.limit").is_none() && shape().find("fills.latency").is_none());
}
