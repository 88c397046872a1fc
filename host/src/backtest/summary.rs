//! From what the machine did to the result that is saved.

use super::run_id::run_id;
use super::statistics::{daily_equity, statistics};
use super::{
    CostSummary, DataSummary, Dataset, EngineSummary, FaultRecord, FillRecord, OpenPosition,
    PluginSummary, RefusalRecord, RunResult, SCHEMA_VERSION, Settings, Timing, TradeRecord,
};
use crate::engine::{MachineError, Outcome};
use crate::market::Panel;
use crate::order::{Fill, Trade};
use crate::plugin::{Arguments, Diagnostics, Plugin};
use crate::units::{Money, Price, Rounding, UnitsError};

/// What a result is made from, beside the outcome.
pub(super) struct Made<'a> {
    pub(super) plugin: &'a Plugin,
    pub(super) arguments: &'a Arguments,
    pub(super) data: &'a Dataset,
    pub(super) settings: &'a Settings,
    pub(super) diagnostics: Vec<Diagnostics>,
}

/// The result of a run.
pub(super) fn result(made: Made<'_>, outcome: &Outcome) -> Result<RunResult, MachineError> {
    let panel = made.data.panel();
    let last_row = panel.rows().saturating_sub(1);
    let units = |source: UnitsError| MachineError::Units { row: last_row, source };
    let final_equity = final_equity(panel, outcome).map_err(units)?;
    let costs = cost_summary(made.settings.cash, final_equity, outcome).map_err(units)?;
    let run_id = run_id(&made);
    let descriptor = made.plugin.descriptor();
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
        plugin: PluginSummary {
            name: descriptor.name.clone(),
            version: descriptor.version.clone(),
            hash: made.plugin.hash().to_owned(),
        },
        parameters: parameters.collect(),
        data: data_summary(made.data),
        configuration: made.settings.clone(),
        costs,
        initial_cash: made.settings.cash,
        final_equity,
        metrics: statistics(panel, made.settings, outcome),
        fills: outcome.fills.iter().map(|fill| fill_record(panel, fill)).collect(),
        trades: outcome.trades.iter().map(|trade| trade_record(panel, trade)).collect(),
        open_positions: open_positions(panel, outcome),
        refusals: refusals(panel, outcome),
        refusals_dropped: outcome.refusals_dropped,
        ambiguous_bars: outcome.ambiguous.len() as u64,
        faults: faults(panel, outcome),
        daily_equity: daily_equity(panel, outcome),
        diagnostics: made.diagnostics,
        timing: Timing::default(),
    })
}

fn data_summary(data: &Dataset) -> DataSummary {
    let panel = data.panel();
    DataSummary {
        hash: data.hash().to_owned(),
        rows: (panel.rows() - data.first_row()) as u64,
        warm_up_rows: data.first_row() as u64,
        from: panel.time(data.first_row()),
        to: panel.time(usize::MAX),
        interval: panel.interval(),
        symbols: panel.series().iter().map(|series| series.instrument().symbol.clone()).collect(),
        instruments: panel.series().iter().map(|series| series.instrument().clone()).collect(),
        origin: data.origin(),
        sources: data.sources().to_vec(),
    }
}

/// Cash and positions at the last close, exactly.
fn final_equity(panel: &Panel, outcome: &Outcome) -> Result<Money, UnitsError> {
    let mut equity = outcome.cash;
    for (series, position) in panel.series().iter().zip(&outcome.positions) {
        if let (Some(&mark), false) = (series.marks().last(), position.is_flat()) {
            let value = Price::from_f64(mark)?.notional(position.quantity, Rounding::Nearest)?;
            equity = equity.plus(value)?;
        }
    }
    Ok(equity)
}

fn cost_summary(
    initial_cash: Money,
    final_equity: Money,
    outcome: &Outcome,
) -> Result<CostSummary, UnitsError> {
    let costs = outcome.costs;
    let total = costs.fees.plus(costs.spread)?.plus(costs.slippage)?.plus(costs.impact)?;
    let net_pnl = final_equity.minus(initial_cash)?;
    Ok(CostSummary {
        gross_pnl: net_pnl.plus(total)?,
        fees: costs.fees,
        spread: costs.spread,
        slippage: costs.slippage,
        impact: costs.impact,
        total,
        net_pnl,
    })
}

fn symbol(panel: &Panel, instrument: usize) -> String {
    let series = panel.series().get(instrument);
    series.map(|series| series.instrument().symbol.clone()).unwrap_or_default()
}

fn fill_record(panel: &Panel, fill: &Fill) -> FillRecord {
    FillRecord {
        time: panel.time(fill.row as usize),
        symbol: symbol(panel, fill.instrument as usize),
        side: fill.side,
        price: fill.price,
        reference_price: fill.reference_price,
        quantity: fill.quantity,
        fee: fill.fee,
        spread: fill.spread,
        slippage: fill.slippage,
        impact: fill.impact,
        reason: fill.reason,
        tag: fill.tag.as_deref().map(str::to_owned),
    }
}

fn trade_record(panel: &Panel, trade: &Trade) -> TradeRecord {
    TradeRecord {
        symbol: symbol(panel, trade.instrument as usize),
        direction: trade.direction,
        entry_time: panel.time(trade.entry_row as usize),
        exit_time: panel.time(trade.exit_row as usize),
        bars_held: u64::from(trade.exit_row - trade.entry_row),
        quantity: trade.quantity,
        entry_price: trade.entry_price(),
        exit_price: trade.exit_price(),
        gross_pnl: trade.gross_pnl,
        net_pnl: trade.net_pnl,
        fees: trade.fees,
        return_on_notional: trade.return_on_notional(),
        mae: trade.mae,
        mfe: trade.mfe,
        exit_reason: trade.exit_reason,
    }
}

fn open_positions(panel: &Panel, outcome: &Outcome) -> Vec<OpenPosition> {
    let open = panel.series().iter().zip(&outcome.positions).filter(|(_, held)| !held.is_flat());
    open.map(|(series, position)| {
        let mark = series.marks().last().copied().unwrap_or(f64::NAN);
        OpenPosition {
            symbol: series.instrument().symbol.clone(),
            quantity: position.quantity,
            average_price: position.average_price(),
            mark,
            unrealised_pnl: position.quantity.to_f64() * mark - position.cost.to_f64(),
        }
    })
    .collect()
}

fn refusals(panel: &Panel, outcome: &Outcome) -> Vec<RefusalRecord> {
    let record = |refusal: &crate::order::Refusal| RefusalRecord {
        time: panel.time(refusal.row),
        symbol: symbol(panel, refusal.instrument),
        rule: refusal.rule,
        verdict: refusal.verdict,
        asked: refusal.asked,
        allowed: refusal.allowed,
    };
    outcome.refusals.iter().map(record).collect()
}

fn faults(panel: &Panel, outcome: &Outcome) -> Vec<FaultRecord> {
    let record = |report: &crate::engine::FaultReport| FaultRecord {
        time: panel.time(report.row),
        row: report.row.checked_sub(outcome.first_row).map(|row| row as u64),
        symbols: report.instruments.clone().map(|instrument| symbol(panel, instrument)).collect(),
        kind: report.fault.kind,
        detail: report.fault.detail.clone(),
    };
    outcome.faults.iter().map(record).collect()
}
