//! The trials prove little if a rule never acts in them.

use std::collections::{BTreeMap, BTreeSet};

use ct_host::engine::Scope;
use ct_host::order::{FillReason, Rule};
use ct_host::risk::{
    BreakerSettings, FixedNotional, Limits, Margin, RiskSettings, Shorting, Sizing,
};
use ct_host::units::{Money, Rate};
use ct_tests::script::Failure;
use ct_tests::trial::Trial;

use super::run;

/// The rule after `rule`, so that a new one cannot be forgotten.
const fn next(rule: Rule) -> Option<Rule> {
    Some(match rule {
        Rule::ShortNotAllowed => Rule::PositionUnits,
        Rule::PositionUnits => Rule::PositionNotional,
        Rule::PositionNotional => Rule::PositionEquity,
        Rule::PositionEquity => Rule::PositionVolume,
        Rule::PositionVolume => Rule::GrossExposure,
        Rule::GrossExposure => Rule::NetExposure,
        Rule::NetExposure => Rule::GroupExposure,
        Rule::GroupExposure => Rule::ClusterExposure,
        Rule::ClusterExposure => Rule::OpenPositions,
        Rule::OpenPositions => Rule::OrdersPerDay,
        Rule::OrdersPerDay => Rule::TurnoverPerDay,
        Rule::TurnoverPerDay => Rule::Weights,
        Rule::Weights => Rule::RiskBudget,
        Rule::RiskBudget => Rule::NoStop,
        Rule::NoStop => Rule::StopWrongSide,
        Rule::StopWrongSide => Rule::VolatilityUnknown,
        Rule::VolatilityUnknown => Rule::NoEdge,
        Rule::NoEdge => Rule::PortfolioStop,
        Rule::PortfolioStop => Rule::DailyLoss,
        Rule::DailyLoss => Rule::WeeklyLoss,
        Rule::WeeklyLoss => Rule::Drawdown,
        Rule::Drawdown => Rule::LosingStreak,
        Rule::LosingStreak => Rule::CoolDown,
        Rule::CoolDown => Rule::NotionalMin,
        Rule::NotionalMin => Rule::QuantityMin,
        Rule::QuantityMin => Rule::Lot,
        Rule::Lot => Rule::Cash,
        Rule::Cash => Rule::ReduceOnly,
        Rule::ReduceOnly => Rule::Closing,
        Rule::Closing => Rule::Liquidation,
        Rule::Liquidation => Rule::Ruin,
        Rule::Ruin => Rule::Fault,
        Rule::Fault => Rule::ProtectiveExit,
        Rule::ProtectiveExit => Rule::Delisted,
        Rule::Delisted => Rule::Expired,
        Rule::Expired => Rule::Halted,
        Rule::Halted => Rule::Frozen,
        Rule::Frozen => return None,
    })
}

/// Positions of eight times the cash, with nothing but the margin in their way: liquidations are rare otherwise.
fn leveraged(trial: &Trial) -> RiskSettings {
    let notional = Money::from_f64(8.0 * trial.setup.account.cash.to_f64()).unwrap();
    let rate = |fraction| Rate::from_fraction(fraction).unwrap();
    RiskSettings {
        sizing: Sizing::Notional(FixedNotional { notional }),
        limits: Limits { shorting: Shorting::Allowed, ..Limits::default() },
        margin: Margin { leverage_max: rate(15.0), maintenance: rate(0.05), ..Margin::default() },
        breakers: BreakerSettings::none(),
        ..RiskSettings::default()
    }
}

#[test]
fn the_trials_make_every_rule_act() {
    let mut counts = BTreeMap::new();
    let mut reasons = BTreeSet::new();
    for (place, seed) in (0..500).enumerate() {
        let mut trial = Trial::with_every_rule(seed, 300, 4);
        if seed % 5 == 0 {
            trial.setup.risk = leveraged(&trial);
        }
        let fails_at = (seed % 4 == 0).then(|| (200, Failure::ALL[place % Failure::ALL.len()]));
        let outcome = run(&trial, 2 + place % 6, Scope::Portfolio, fails_at);
        for ((rule, _), count) in outcome.refusal_counts {
            *counts.entry(rule).or_insert(0) += count;
        }
        reasons.extend(outcome.fills.iter().map(|fill| fill.reason));
    }
    let rules = std::iter::successors(Some(Rule::ShortNotAllowed), |rule| next(*rule));
    // An operator's word is not part of a run; `steps` has it. No instrument of a trial is away for a week.
    let elsewhere = [Rule::Halted, Rule::Frozen, Rule::Delisted];
    for rule in rules.filter(|rule| !elsewhere.contains(rule)) {
        assert!(counts.contains_key(&rule), "{rule:?} never acted: {counts:?}");
    }
    for reason in [
        FillReason::Stop,
        FillReason::TakeProfit,
        FillReason::Breaker,
        FillReason::Rebalance,
        FillReason::Liquidation,
        FillReason::Ruin,
        FillReason::Fault,
    ] {
        assert!(reasons.contains(&reason), "no fill for {reason:?}");
    }
}
