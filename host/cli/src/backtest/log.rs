//! The log of a run: what its result tells, in the order of time. What the strategy says is logged while it runs.

use serde::Serialize;
use tracing::level_filters::LevelFilter;
use tracing::{debug, error, info, warn};

use ct_host::backtest::RunResult;
use ct_host::engine::FaultReport;
use ct_host::order::{Fill, Refusal};
use ct_host::risk::BreakerEvent;
use ct_host::units::Timestamp;

/// One line of the log.
enum Entry<'a> {
    Fault(&'a FaultReport),
    Breaker(&'a BreakerEvent),
    Refusal(&'a Refusal),
    Fill(&'a Fill),
}

/// Logs failures of strategies, breakers, refusals and cuts, and fills; and how much of what was said is not kept.
pub(super) fn log(result: &RunResult) {
    if LevelFilter::current() == LevelFilter::OFF {
        return;
    }
    let faults = result.faults.iter().map(Entry::Fault);
    let refusals = result.refusals.iter().map(Entry::Refusal);
    let fills = result.fills.iter().map(Entry::Fill);
    // Of one bar the breaker comes last: it trips at the close.
    let breakers = result.breakers.iter().map(Entry::Breaker);
    let mut entries: Vec<Entry<'_>> = refusals.chain(fills).chain(faults).chain(breakers).collect();
    entries.sort_by_key(Entry::time);
    entries.iter().for_each(Entry::write);
    log_dropped(result);
    if result.refusals_dropped > 0 {
        warn!(count = result.refusals_dropped, "refusals that are not listed");
    }
}

/// Logs how many lines of the strategy were too many.
fn log_dropped(result: &RunResult) {
    let symbols = &result.data.symbols;
    let has_own = result.diagnostics.len() == symbols.len();
    for (instance, said) in result.diagnostics.iter().enumerate() {
        if said.log_lines_dropped > 0 {
            let symbol = symbols.get(instance).filter(|_| has_own).map(String::as_str);
            let count = said.log_lines_dropped;
            warn!(symbol, count, "lines of the strategy that are not kept");
        }
    }
}

impl Entry<'_> {
    const fn time(&self) -> Timestamp {
        match self {
            Self::Fault(fault) => fault.time,
            Self::Breaker(breaker) => breaker.time,
            Self::Refusal(refusal) => refusal.time,
            Self::Fill(fill) => fill.time,
        }
    }

    fn write(&self) {
        match self {
            Self::Fault(fault) => error!(
                time = %fault.time,
                symbols = fault.symbols.join(", "),
                kind = name(&fault.kind),
                detail = fault.detail,
                "strategy failed"
            ),
            Self::Breaker(breaker) => warn!(
                time = %breaker.time,
                rule = name(&breaker.rule),
                action = name(&breaker.action),
                symbol = breaker.symbol.as_deref(),
                value = breaker.value,
                limit = breaker.limit,
                equity = breaker.equity,
                "breaker {}",
                name(&breaker.kind)
            ),
            Self::Refusal(refusal) => info!(
                time = %refusal.time,
                symbol = &*refusal.symbol,
                decision = refusal.decision,
                rule = name(&refusal.rule),
                value = refusal.value,
                limit = refusal.limit,
                "order {}",
                name(&refusal.verdict)
            ),
            Self::Fill(fill) => debug!(
                time = %fill.time,
                symbol = &*fill.symbol,
                decision = fill.decision,
                side = name(&fill.side),
                quantity = %fill.quantity,
                price = %fill.price,
                fee = %fill.fee,
                reason = name(&fill.reason),
                "fill"
            ),
        }
    }
}

/// The name of a variant as the result writes it.
fn name(variant: &impl Serialize) -> String {
    match serde_json::to_value(variant) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
