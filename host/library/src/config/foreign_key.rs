//! What keys of other frameworks are called here.

/// Keys that other frameworks have, and what to write in their place.
const KEYS: [(&[&str], &str); 17] = [
    (&["commission", "fee", "taker_fee"], "costs.fees.taker_bps, in basis points"),
    (&["maker_fee"], "costs.fees.maker_bps, in basis points"),
    (
        &["initial_capital", "initial_cash", "dry_run_wallet", "starting_balance", "capital"],
        "account.cash",
    ),
    (&["slippage", "slip_perc", "slippage_perc"], "costs.slippage, in basis points"),
    (&["max_drawdown", "max_drawdown_limit"], "risk.breakers.drawdown, a list of levels"),
    (&["max_daily_loss", "daily_loss_limit"], "risk.breakers.daily_loss, a list of levels"),
    (&["timeframe", "granularity"], "data.interval"),
    (&["timeframe_detail"], "data.detail_interval"),
    (&["timerange", "fromdate", "start_date"], "data.from and data.to"),
    (&["todate", "end_date"], "data.to"),
    (&["symbol", "pair", "pairs", "pair_whitelist"], "data.symbols, a list"),
    (
        &["stake_amount", "position_size", "tradable_balance_ratio", "sizer"],
        "risk.sizing, a mapping with its kind",
    ),
    (&["risk_per_trade"], "risk.sizing: { kind: risk_share, risk: 0.02 }"),
    (&["max_open_trades", "max_positions"], "risk.limits.open_positions_max"),
    (&["max_position_size"], "risk.limits.position.equity_max"),
    (
        &["stoploss", "stop_loss", "take_profit", "minimal_roi", "trailing_stop"],
        "a parameter of the strategy, which sets stop and take-profit with each decision",
    ),
    (&["strategy_params", "params"], "strategy.parameters"),
];

/// What to write in place of `key`, if another framework has it.
pub(super) fn own_name(key: &str) -> Option<&'static str> {
    let key = key.to_lowercase().replace('-', "_");
    KEYS.iter().find(|(names, _)| names.contains(&key.as_str())).map(|(_, own)| *own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::shape;
    use ct_core::settings::{Form, Shape};

    #[test]
    fn every_name_here_is_a_key() {
        for (_, own) in KEYS.iter().filter(|(_, own)| !own.starts_with("a parameter")) {
            let paths = own.split(" and ").map(|path| path.split([',', ':']).next().unwrap());
            for path in paths {
                let step = |shape: &'static Shape, key| shape.get(key, None);
                assert!(path.split('.').try_fold(shape(), step).is_some(), "{path}");
            }
        }
    }

    #[test]
    fn no_section_is_taken_for_a_foreign_key() {
        let Form::Mapping(sections) = &shape().form else { panic!("no mapping") };
        assert!(sections.names().all(|name| own_name(name).is_none()));
        assert_eq!(own_name("Initial-Capital"), Some("account.cash"));
        assert_eq!(own_name("cash"), None);
    }
}
