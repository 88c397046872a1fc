//! The whole result, part by part.

use std::collections::BTreeMap;

use serde_json::Value;

use super::costs;
use super::stale_marks::stale_marks;
use crate::backtest::run_id::run_id;
use crate::backtest::statistics::{Compared, daily_equity, statistics_against};
use crate::backtest::{
    BenchmarkSummary, Curve, DataSummary, Dataset, EngineSummary, LookAheadProof, OpenPosition,
    PluginSummary, RefusalCount, RunResult, SCHEMA_VERSION, Settings, Timing,
};
use ct_core::engine::{MachineError, Outcome};
use ct_core::market::Panel;
use ct_core::order::{Rule, Verdict};
use ct_core::portfolio::Position;
use ct_core::units::UnitsError;
use ct_plugin::{Arguments, Diagnostics, Plugin};

/// What a result is made from, beside the outcome.
pub(in crate::backtest) struct Made<'a> {
    pub(in crate::backtest) plugin: &'a Plugin,
    pub(in crate::backtest) arguments: &'a Arguments,
    pub(in crate::backtest) data: &'a Dataset,
    /// Rows after which it does not matter to the strategy where they began; 0 when it never does.
    pub(in crate::backtest) settled_rows: usize,
    pub(in crate::backtest) settings: &'a Settings,
    pub(in crate::backtest) compared: Compared<'a>,
    pub(in crate::backtest) benchmark: Option<BenchmarkSummary>,
    pub(in crate::backtest) keeps_curve: bool,
    pub(in crate::backtest) request: &'a Value,
    pub(in crate::backtest) look_ahead: LookAheadProof,
    pub(in crate::backtest) diagnostics: Vec<Diagnostics>,
}

/// The result of a run.
pub(in crate::backtest) fn result(
    made: Made<'_>,
    outcome: Outcome,
) -> Result<RunResult, MachineError> {
    let panel = made.data.panel();
    let last_row = panel.rows().saturating_sub(1);
    let units = |source: UnitsError| MachineError::Units { row: last_row, source };
    let final_equity = costs::final_equity(panel, &outcome).map_err(units)?;
    let cash = made.settings.account.cash;
    let costs = costs::summary(cash, final_equity, &outcome).map_err(units)?;
    let run_id = run_id(&made);
    let daily_equity = daily_equity(panel, &outcome);
    let stale_marks = stale_marks(panel, &outcome);
    let curve = made.keeps_curve.then(|| Curve::new(panel, cash, &made.compared, &outcome));
    let parameters = made
        .arguments
        .iter()
        .map(|(name, value)| (name.to_owned(), serde_json::to_value(value).unwrap_or_default()));
    Ok(RunResult {
        schema_version: SCHEMA_VERSION,
        run_id,
        engine: EngineSummary {
            name: "ct-host".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        },
        plugin: plugin_summary(made.plugin),
        parameters: parameters.collect(),
        data: data_summary(made.data, made.settled_rows),
        benchmark: made.benchmark,
        configuration: made.settings.clone(),
        request: made.request.clone(),
        costs,
        initial_cash: made.settings.account.cash,
        final_equity,
        metrics: statistics_against(&made.compared, panel, made.settings, &outcome),
        decisions: outcome.decisions,
        fills: outcome.fills,
        trades: outcome.trades,
        open_positions: open_positions(panel, &outcome.positions),
        refusals: outcome.refusals,
        refusals_dropped: outcome.refusals_dropped,
        refusal_counts: refusal_counts(&outcome.refusal_counts),
        closed_by: outcome.closed.map(|closed| closed.rule),
        breakers: outcome.breaker_events,
        ambiguous_bars: outcome.ambiguous_total,
        ambiguous: outcome.ambiguous,
        volume_use: outcome.volume_use,
        delistings: outcome.delistings,
        stale_marks,
        faults: outcome.faults,
        daily_equity,
        curve,
        explained: outcome.explained,
        look_ahead: made.look_ahead,
        diagnostics: made.diagnostics,
        timing: Timing::default(),
    })
}

pub(super) fn open_positions(panel: &Panel, held: &[Position]) -> Vec<OpenPosition> {
    let open = panel.series().iter().zip(held).filter(|(_, held)| !held.is_flat());
    open.map(|(series, position)| {
        let mark = series.marks().last().copied().unwrap_or(f64::NAN);
        OpenPosition {
            symbol: series.symbol().clone(),
            quantity: position.quantity,
            average_price: position.average_price(),
            mark,
            unrealised_pnl: position.quantity.to_f64() * mark - position.cost.to_f64(),
        }
    })
    .collect()
}

pub(super) fn refusal_counts(counts: &BTreeMap<(Rule, Verdict), u64>) -> Vec<RefusalCount> {
    let count = |(&(rule, verdict), &count)| RefusalCount { rule, verdict, count };
    counts.iter().map(count).collect()
}

fn plugin_summary(plugin: &Plugin) -> PluginSummary {
    let descriptor = plugin.descriptor();
    PluginSummary {
        name: descriptor.name.clone(),
        version: descriptor.version.clone(),
        hash: plugin.hash().to_owned(),
    }
}

/// The first row before which every instrument has had `settled_rows` bars of its own; all rows where one never has so many.
pub(crate) fn settled_from(panel: &Panel, settled_rows: usize) -> usize {
    let Some(before) = settled_rows.checked_sub(1) else { return 0 };
    let of_series = panel.series().iter().map(|series| {
        let opens = series.open().iter().enumerate();
        let mut bars = opens.filter(|(_, open)| !open.is_nan());
        bars.nth(before).map_or(panel.rows(), |(row, _)| row + 1)
    });
    of_series.max().unwrap_or_default()
}

fn data_summary(data: &Dataset, settled_rows: usize) -> DataSummary {
    let panel = data.panel();
    let rows = panel.rows() - data.first_row();
    DataSummary {
        hash: data.hash().to_owned(),
        rows: rows as u64,
        warm_up_rows: data.first_row() as u64,
        unsettled_rows: settled_from(panel, settled_rows).saturating_sub(data.first_row()).min(rows)
            as u64,
        from: panel.time(data.first_row()),
        to: panel.time(usize::MAX),
        interval: panel.interval(),
        symbols: panel.series().iter().map(|series| series.instrument().symbol.clone()).collect(),
        instruments: panel.series().iter().map(|series| series.instrument().clone()).collect(),
        origin: data.origin(),
        sources: data.sources().to_vec(),
    }
}
