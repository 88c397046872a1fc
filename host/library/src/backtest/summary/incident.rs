//! What was refused or cut, which breakers acted, which bars are ambiguous, and who failed.

use super::execution::symbol;
use crate::backtest::{AmbiguousBar, BreakerRecord, FaultRecord, RefusalCount, RefusalRecord};
use ct_core::engine::{FaultReport, Outcome};
use ct_core::market::Panel;
use ct_core::order::Refusal;
use ct_core::risk::BreakerEvent;

pub(super) fn refusals(panel: &Panel, outcome: &Outcome) -> Vec<RefusalRecord> {
    let record = |refusal: &Refusal| RefusalRecord {
        time: panel.time(refusal.row),
        symbol: symbol(panel, refusal.instrument),
        decision: refusal.decision,
        rule: refusal.rule,
        verdict: refusal.verdict,
        value: number(refusal.value),
        limit: number(refusal.limit),
    };
    outcome.refusals.iter().map(record).collect()
}

pub(super) fn refusal_counts(outcome: &Outcome) -> Vec<RefusalCount> {
    let counts = outcome.refusal_counts.iter();
    counts.map(|(&(rule, verdict), &count)| RefusalCount { rule, verdict, count }).collect()
}

pub(super) fn breakers(panel: &Panel, outcome: &Outcome) -> Vec<BreakerRecord> {
    let record = |event: &BreakerEvent| BreakerRecord {
        time: panel.time(event.row),
        rule: event.rule,
        kind: event.kind,
        action: event.action,
        symbol: event.instrument.map(|instrument| symbol(panel, instrument)),
        value: number(event.value),
        limit: event.limit,
        equity: event.equity,
    };
    outcome.breaker_events.iter().map(record).collect()
}

pub(super) fn ambiguous(panel: &Panel, outcome: &Outcome) -> Vec<AmbiguousBar> {
    let bar = |&(row, instrument): &(usize, usize)| AmbiguousBar {
        time: panel.time(row),
        symbol: symbol(panel, instrument),
    };
    outcome.ambiguous.iter().map(bar).collect()
}

pub(super) fn faults(panel: &Panel, outcome: &Outcome) -> Vec<FaultRecord> {
    let record = |report: &FaultReport| FaultRecord {
        time: panel.time(report.row),
        row: report.row.checked_sub(outcome.first_row).map(|row| row as u64),
        symbols: report.instruments.clone().map(|instrument| symbol(panel, instrument)).collect(),
        kind: report.fault.kind,
        detail: report.fault.detail.clone(),
    };
    outcome.faults.iter().map(record).collect()
}

/// JSON has no infinity and no NaN.
fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
