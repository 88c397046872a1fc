//! What was run, and what came out of it: beside the benchmark, in twelve numbers more, and in four more where the account lay
//! idle for good.

use serde_json::{Map, Value};

use super::view::View;
use super::{benchmark, protection};
use crate::backtest::{LookAheadProof, Origin, Timing};
use crate::report::{Block, Fact, Note, Section, number};
use ct_core::risk::Shorting;

/// Strategy and symbols.
pub(super) fn title(view: &View<'_>) -> String {
    let result = view.result;
    format!("{} on {}, {} bars", result.plugin.name, view.symbols(), result.data.interval)
}

/// What was run, and how it was held in; what it was charged stands with the costs.
pub(super) fn run(view: &View<'_>) -> Section {
    let result = view.result;
    let mut facts = vec![
        Fact::new("Strategy", format!("{} {}", result.plugin.name, result.plugin.version)),
        Fact::new("Parameters", parameters(&result.parameters)),
        Fact::new("Data", data(view)),
        Fact::new("Period", period(view)),
        Fact::new("Account", account(view)),
    ];
    facts.extend(look_ahead(&result.look_ahead).map(|proof| Fact::new("Look-ahead", proof)));
    facts.extend(protection::facts(view));
    facts.push(Fact::new("Run", short(&result.run_id)));
    Section::detail("Run", vec![Block::Properties(facts)])
}

/// The numbers that a trader looks at first.
pub(super) fn headline(view: &View<'_>) -> Section {
    let mut figures = view.metrics(&[
        "equity_final",
        "net_profit",
        "excess_return",
        "longest_drawdown_ms",
        "sortino",
        "calmar",
        "profit_factor",
        "win_rate",
        "trades",
        "expectancy",
        "exposure",
        "costs_total",
    ]);
    if view.is_portfolio() {
        figures.extend(view.metrics(&["gross_exposure_average"]));
    }
    if view.result.closed_by.is_some() {
        figures.extend(view.metrics(&[
            "traded_until",
            "cagr_whole_period",
            "sharpe_whole_period",
            "buy_and_hold_return_whole_period",
        ]));
    }
    let mut blocks = vec![Block::Table(benchmark::table(view))];
    blocks.extend(benchmark::note(view).map(Block::Note));
    blocks.push(Block::Figures(figures));
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
        "Data {}, plugin {}, run {}: {} bars per second.",
        ms(timing.load_ms),
        ms(timing.compile_ms),
        ms(timing.run_ms),
        number::decimal(timing.bars_per_second, 0),
    )))
}

/// What shows that a plugin of somebody else has not looked ahead.
fn look_ahead(proof: &LookAheadProof) -> Option<String> {
    match proof {
        LookAheadProof::Sample { rows: 0 } => Some(
            "not looked for: the plugin cannot be asked again; --window 1 rules it out".to_owned(),
        ),
        LookAheadProof::Sample { rows } => Some(format!(
            "none found on {} rows that were asked again without later bars",
            number::count(*rows)
        )),
        LookAheadProof::RowByRow => Some("impossible: one bar at a time".to_owned()),
        LookAheadProof::BuiltIn | LookAheadProof::None => None,
    }
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
    let unsettled = match data.unsettled_rows {
        0 => String::new(),
        rows => {
            format!(", the first {} of them before the strategy is settled", number::count(rows))
        }
    };
    format!(
        "{} to {} UTC, {}, {} bars{warm_up}{unsettled}",
        view.metric("start_time"),
        view.metric("end_time"),
        view.metric("duration_ms"),
        number::count(data.rows),
    )
}

fn account(view: &View<'_>) -> String {
    let settings = &view.result.configuration;
    let shorting = match settings.risk.limits.shorting {
        Shorting::Forbidden => "long only",
        Shorting::Allowed => "long and short",
    };
    let cash = view.numbers.quote(settings.account.cash.to_f64());
    format!("{cash} {}, {shorting}", view.of_quote_asset())
}
