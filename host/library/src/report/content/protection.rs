//! What the run was told about sizing, limits and breakers.

use serde::Serialize;
use serde_json::Value;

use super::sizing;
use super::view::View;
use crate::report::number::{multiple, rate_percent, trimmed};
use crate::report::{Fact, wording};
use ct_core::order::Rule;
use ct_core::risk::{
    BreakerAction, DelistingAction, DelistingRule, LossBreaker, PauseAfter, Rearm, Shorting,
    StreakScope,
};
use ct_core::settings::{AtEnd, Form, Settings, Shape};
use ct_core::units::{CalendarPeriod, Rate};

/// Sizing, limits and breakers. What is not limited is said too.
pub(super) fn facts(view: &View<'_>) -> Vec<Fact> {
    let risk = &view.result.configuration.risk;
    let mut facts = vec![Fact::new("Sizing", sizing::words(view, &risk.sizing))];
    facts.extend(wrapped("Limits", limits(view)));
    facts.extend(wrapped("Breakers", breakers(view)));
    // While nothing else trades, nothing is delisted.
    facts.extend(view.is_portfolio().then(|| Fact::new("Delisting", delisting(risk.delisting))));
    for (symbol, own) in &risk.instruments {
        let mut parts: Vec<String> =
            own.sizing.iter().map(|sizing| sizing::words(view, sizing)).collect();
        parts.extend(told(view, "risk.limits.position", &own.position));
        facts.extend(wrapped(&format!("{symbol} alone"), parts));
    }
    facts
}

/// When an instrument counts as delisted, and what becomes of its position.
fn delisting(rule: DelistingRule) -> String {
    let becomes = match rule.action {
        DelistingAction::Close => {
            format!("closed at the last price with a haircut of {}", rate_percent(rule.haircut))
        }
        DelistingAction::Freeze => "kept, marked at the last price".to_owned(),
    };
    format!("{} without a bar while others trade: {becomes}", rule.after)
}

/// `parts` on as many lines as they need, the first under `name`.
fn wrapped(name: &str, parts: Vec<String>) -> Vec<Fact> {
    const WIDTH: usize = 76;
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if line.chars().chain(part.chars()).count() < WIDTH => {
                line.push_str(", ");
                line.push_str(&part);
            }
            _ => lines.push(part),
        }
    }
    if lines.is_empty() {
        lines.push("none".to_owned());
    }
    let named = lines.into_iter().enumerate();
    named.map(|(place, line)| Fact::new(if place == 0 { name } else { "" }, line)).collect()
}

fn limits(view: &View<'_>) -> Vec<String> {
    let settings = &view.result.configuration;
    let risk = &settings.risk;
    let mut parts = told(view, "risk.limits", &risk.limits);
    for (name, group) in &risk.groups {
        let most = rate_percent(group.exposure_max);
        parts.push(format!("group {name} up to {most} of equity"));
    }
    parts.extend(risk.correlation.map(|limit| {
        let (threshold, most) = (trimmed(limit.threshold), rate_percent(limit.exposure_max));
        format!("correlations of {threshold} or more up to {most} of equity")
    }));
    parts.extend(risk.budget.as_ref().map(|budget| {
        format!("volatility up to {} a year, by budgets", rate_percent(budget.volatility_max))
    }));
    parts.extend(risk.rebalancing.map(|rule| {
        let every = match rule.every {
            CalendarPeriod::Day => "day",
            CalendarPeriod::Week => "week",
        };
        format!("rebalanced every {every} beyond a drift of {}", rate_percent(rule.band))
    }));
    let leverage = risk.margin.leverage_max;
    if leverage > Rate::ONE || risk.limits.shorting == Shorting::Allowed {
        let maintenance = rate_percent(risk.margin.maintenance);
        let leverage = multiple(leverage);
        parts.push(format!("leverage up to {leverage}, liquidated below {maintenance} margin"));
    }
    if settings.account.at_end == AtEnd::Close {
        parts.push("open positions are closed at the end".to_owned());
    }
    parts
}

/// What is set in `limits`, whose key is `path`, each as its field says it.
fn told(view: &View<'_>, path: &str, limits: &impl Serialize) -> Vec<String> {
    let value = serde_json::to_value(limits).unwrap_or_default();
    let shape = Settings::shape().find(path);
    shape.map(|shape| told_below(view, shape, &value)).unwrap_or_default()
}

fn told_below(view: &View<'_>, shape: &Shape, value: &Value) -> Vec<String> {
    let phrase = |phrase: &String| {
        let number = value.as_f64()?;
        let percent = rate_percent(Rate::from_fraction(number).unwrap_or_default());
        let quote = format!("{} {}", view.numbers.quote(number), view.of_quote_asset());
        let phrase = phrase.replace("{%}", &percent).replace("{quote}", &quote);
        let phrase = phrase.replace("{×}", &format!("{} ×", trimmed(number)));
        Some(phrase.replace("{}", &number.to_string()))
    };
    let mut parts: Vec<String> = shape.told.iter().filter_map(phrase).collect();
    if let Form::Mapping(keys) = &shape.form {
        let inner = keys.shapes.iter().filter_map(|(key, shape)| Some((shape, value.get(key)?)));
        parts.extend(inner.flat_map(|(shape, value)| told_below(view, shape, value)));
    }
    parts
}

fn breakers(view: &View<'_>) -> Vec<String> {
    let breakers = &view.result.configuration.risk.breakers;
    let standing = breakers.portfolio_stop.as_slice();
    let levels = [
        (Rule::PortfolioStop, standing),
        (Rule::DailyLoss, &breakers.daily_loss),
        (Rule::WeeklyLoss, &breakers.weekly_loss),
        (Rule::Drawdown, &breakers.drawdown),
    ];
    let mut parts: Vec<String> = levels
        .into_iter()
        .flat_map(|(rule, levels)| levels.iter().map(move |level| loss(rule, level)))
        .collect();
    parts.extend(breakers.losing_streak.map(|streak| {
        let pause = streak.pause.map_or("for good".to_owned(), |pause| format!("for {pause}"));
        let paused = match streak.scope {
            StreakScope::Strategy => "everything",
            StreakScope::Instrument => "an instrument",
        };
        format!("{} losing trades in a row pause {paused} {pause}", streak.losses)
    }));
    parts.extend(breakers.cool_down.map(|cool_down| {
        let after = match cool_down.after {
            PauseAfter::Stop => "a stop",
            PauseAfter::Loss => "a loss",
            PauseAfter::Exit => "an exit",
        };
        format!("an instrument cools down for {} after {after}", cool_down.pause)
    }));
    parts
}

fn loss(rule: Rule, level: &LossBreaker) -> String {
    let action = match level.action {
        BreakerAction::Reduce => format!("cuts positions to {}", rate_percent(level.reduce_to)),
        action => wording::breaker_action(action).to_owned(),
    };
    let rearm = match level.rearm {
        Rearm::Manual => "until armed by hand".to_owned(),
        Rearm::NextPeriod if rule == Rule::WeeklyLoss => "until the next week".to_owned(),
        Rearm::NextPeriod => "until the next day".to_owned(),
        Rearm::After(time) => format!("for {time}"),
    };
    format!("{} of {} {action} {rearm}", wording::rule(rule), rate_percent(level.loss))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::example;
    use ct_core::risk::RiskSettings;

    fn shown(risk: RiskSettings) -> Vec<String> {
        let mut result = example::result();
        result.configuration.risk = risk;
        let facts = facts(&View::new(&result));
        facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value)).collect()
    }

    #[test]
    fn the_default_protection_is_told() {
        let expected = [
            "Sizing: up to 100 % of equity in a position",
            "Limits: none",
            "Breakers: drawdown of 50 % closes everything until armed by hand",
        ];
        assert_eq!(shown(RiskSettings::default()), expected);
    }

    #[test]
    fn every_limit_is_told_as_it_was_set() {
        let risk = json!({
            "sizing": {"kind": "risk_share", "risk": 0.01},
            "limits": {
                "shorting": "allowed",
                "position": {"units_max": 2, "notional_max": 5000, "equity_max": 0.5, "volume_max": 0.1},
                "gross_exposure_max": 1.5,
                "net_exposure_max": 1,
                "open_positions_max": 5,
                "orders_per_day_max": 20,
                "turnover_per_day_max": 3,
            },
            "margin": {"leverage_max": 2},
            "groups": {"majors": {"symbols": ["BTC/USDT"], "exposure_max": 0.8}},
            "correlation": {"threshold": 0.7},
            "budget": {"volatility_max": 0.4},
            "rebalancing": {"every": "week"},
            "instruments": {
                "ETH/USDT": {
                    "sizing": {"kind": "notional", "notional": 200},
                    "position": {"equity_max": 0.1},
                },
            },
            "breakers": {
                "portfolio_stop": {"loss": 0.3, "action": "flatten"},
                "daily_loss": [{"loss": 0.05, "action": "halt", "rearm": "next_period"}],
                "drawdown": [{"loss": 0.1, "action": "reduce", "rearm": "5d"}],
                "losing_streak": {"losses": 3, "pause": "1d"},
                "cool_down": {"after": "stop", "pause": "4h"},
            },
        });
        let expected = [
            "Sizing: 1 % of equity is lost at the stop; a missing one is placed 2 × ATR(14) away",
            "Limits: position up to 2 of base asset, position up to 5,000.00 USDT",
            ": position up to 50 % of equity, position up to 10 % of a bar's volume",
            ": gross exposure up to 150 % of equity, net exposure up to 100 % of equity",
            ": up to 5 positions, up to 20 orders a day, up to 3 × equity traded in a day",
            ": group majors up to 80 % of equity",
            ": correlations of 0.7 or more up to 50 % of equity",
            ": volatility up to 40 % a year, by budgets",
            ": rebalanced every week beyond a drift of 25 %",
            ": leverage up to 2, liquidated below 5 % margin",
            "Breakers: loss since the start of 30 % closes everything until armed by hand",
            ": loss of the day of 5 % allows no new position until the next day",
            ": drawdown of 10 % cuts positions to 50 % for 5d",
            ": 3 losing trades in a row pause everything for 1d",
            ": an instrument cools down for 4h after a stop",
            "ETH/USDT alone: 200.00 USDT in each position, position up to 10 % of equity",
        ];
        assert_eq!(shown(serde_json::from_value(risk).unwrap()), expected);
    }
}
