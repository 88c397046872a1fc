//! What was run, and what came out of it in sixteen numbers.

use serde_json::{Map, Value};

use super::view::View;
use crate::backtest::{Origin, Settings, Timing};
use crate::engine::AtEnd;
use crate::report::{Block, Fact, Note, Section, number};
use crate::risk::{Shorting, Sizing};
use crate::units::Rate;

/// Strategy and symbols.
pub(super) fn title(view: &View<'_>) -> String {
    let result = view.result;
    format!("{} on {}, {} bars", result.plugin.name, view.symbols(), result.data.interval)
}

/// Everything that decided the result.
pub(super) fn run(view: &View<'_>) -> Section {
    let result = view.result;
    let settings = &result.configuration;
    let mut facts = vec![
        Fact::new("Strategy", format!("{} {}", result.plugin.name, result.plugin.version)),
        Fact::new("Parameters", parameters(&result.parameters)),
        Fact::new("Data", data(view)),
        Fact::new("Period", period(view)),
        Fact::new("Account", account(view)),
        Fact::new("Costs", frictions(settings)),
    ];
    if let Some(limits) = limits(view) {
        facts.push(Fact::new("Limits", limits));
    }
    facts.push(Fact::new("Run", short(&result.run_id)));
    Section::detail("Run", vec![Block::Properties(facts)])
}

/// The numbers that a trader looks at first.
pub(super) fn headline(view: &View<'_>) -> Section {
    let figures = view.metrics(&[
        "equity_final",
        "net_profit",
        "total_return",
        "cagr",
        "buy_and_hold_return",
        "max_drawdown",
        "longest_drawdown_ms",
        "sharpe",
        "sortino",
        "calmar",
        "profit_factor",
        "win_rate",
        "trades",
        "expectancy",
        "exposure",
        "costs_total",
    ]);
    let mut blocks = vec![Block::Figures(figures)];
    blocks.extend(timing(view.result.timing).map(Block::Note));
    Section::summary("Headline", blocks)
}

/// Enough of a hash to tell runs apart.
pub(super) fn short(hash: &str) -> String {
    hash.chars().take(12).collect()
}

fn timing(timing: Timing) -> Option<Note> {
    if timing.bars_per_second <= 0.0 {
        return None;
    }
    let ms = |ms: f64| format!("{} ms", number::decimal(ms, 1));
    Some(Note::plain(format!(
        "Data loaded in {}, plugin in {}; run in {}: {} bars per second.",
        ms(timing.load_ms),
        ms(timing.compile_ms),
        ms(timing.run_ms),
        number::decimal(timing.bars_per_second, 0),
    )))
}

fn parameters(parameters: &Map<String, Value>) -> String {
    if parameters.is_empty() {
        return "none".to_owned();
    }
    let shown = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name} {text}"),
        other => format!("{name} {other}"),
    };
    parameters.iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn data(view: &View<'_>) -> String {
    let data = &view.result.data;
    let origin = match data.origin {
        Origin::Market => "",
        Origin::Synthetic => ", synthetic",
    };
    format!("{}, {} bars{origin}", view.symbols(), data.interval)
}

fn period(view: &View<'_>) -> String {
    let data = &view.result.data;
    let warm_up = match data.warm_up_rows {
        0 => String::new(),
        rows => format!(" after {} bars to warm up", number::count(rows)),
    };
    format!(
        "{} to {} UTC, {}, {} bars{warm_up}",
        view.metric("start_time"),
        view.metric("end_time"),
        view.metric("duration_ms"),
        number::count(data.rows),
    )
}

fn account(view: &View<'_>) -> String {
    let settings = &view.result.configuration;
    let instruments = view.result.data.symbols.len();
    let shared = if instruments > 1 {
        format!(", shared by {instruments} instruments")
    } else {
        String::new()
    };
    let sizing = match settings.sizing {
        Sizing::Fraction(rate) => format!("{} of equity in positions{shared}", share(rate)),
        Sizing::Units(quantity) => format!("{quantity} of base asset in each position"),
    };
    let shorting = match settings.limits.shorting {
        Shorting::Forbidden => "long only",
        Shorting::Allowed => "long and short",
    };
    let cash = view.numbers.quote(settings.cash.to_f64());
    format!("{cash} {}, {sizing}, {shorting}", view.of_quote_asset())
}

fn frictions(settings: &Settings) -> String {
    let costs = &settings.costs;
    let fee = if costs.fees.maker == costs.fees.taker {
        format!("fee {}", bps(costs.fees.taker))
    } else {
        format!("taker fee {}, maker fee {}", bps(costs.fees.taker), bps(costs.fees.maker))
    };
    let mut parts = vec![
        fee,
        format!("slippage {}", bps(costs.slippage.rate)),
        format!("spread {}", bps(costs.spread.rate)),
    ];
    if !costs.impact.coefficient.is_zero() {
        parts.push(format!("impact {} at a bar's whole volume", bps(costs.impact.coefficient)));
    }
    if let Some(cap) = costs.participation {
        parts.push(format!("fills up to {} of a bar's volume", share(cap.rate)));
    }
    parts.join(", ")
}

fn limits(view: &View<'_>) -> Option<String> {
    let settings = &view.result.configuration;
    let mut parts = Vec::new();
    if let Some(quantity) = settings.limits.position_max {
        parts.push(format!("position up to {quantity} of base asset"));
    }
    if let Some(amount) = settings.limits.position_notional_max {
        let amount = view.numbers.quote(amount.to_f64());
        parts.push(format!("position up to {amount} {}", view.of_quote_asset()));
    }
    if settings.at_end == AtEnd::Close {
        parts.push("open positions are closed at the end".to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn bps(rate: Rate) -> String {
    format!("{} bps", trimmed(rate.to_fraction() * 10_000.0))
}

fn share(rate: Rate) -> String {
    format!("{} %", trimmed(rate.to_fraction() * 100.0))
}

/// As many decimals as the user gave.
fn trimmed(value: f64) -> String {
    const DECIMALS: f64 = 1e8;
    ((value * DECIMALS).round() / DECIMALS).to_string()
}
