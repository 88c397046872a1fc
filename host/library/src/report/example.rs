//! A small result for the tests of the report: 99 BTC bought at 100 and sold at 110, with a fee of 10 bps and slippage of
//! 5 bps, computed by hand.

use crate::backtest::{
    CostSummary, DailyEquity, DataSummary, EngineSummary, LookAheadProof, Origin, PluginSummary,
    RefusalCount, RunResult, SCHEMA_VERSION, Settings, Timing,
};
use ct_core::engine::FaultKind;
use ct_core::engine::{FaultReport, VolumeUse};
use ct_core::metrics::{Inputs, Metrics};
use ct_core::order::{Direction, FillReason, Rule, Side, Size, Verdict};
use ct_core::order::{Explained, Fill, Refusal, Trade};
use ct_core::portfolio::{CostTotals, GrossExposure};
use ct_core::risk::BreakerEvent;
use ct_core::risk::{BreakerAction, BreakerEventKind};
use ct_core::units::{Money, Price, Quantity, Timestamp};

const HOUR_MS: i64 = 3_600_000;
const START_MS: i64 = 1_704_067_200_000;
const NET: f64 = 958.815_495;
/// 99 × (100.05 + 109.945).
const TRADED: f64 = 20_789.505;

pub(crate) fn result() -> RunResult {
    let money = |amount: f64| Money::from_f64(amount).unwrap();
    RunResult {
        schema_version: SCHEMA_VERSION,
        run_id: "0123456789abcdef".repeat(4),
        engine: EngineSummary { name: "ct-host".to_owned(), version: "0.1.0".to_owned() },
        plugin: PluginSummary {
            name: "sma-crossover".to_owned(),
            version: "0.1.0".to_owned(),
            hash: "fedcba9876543210".repeat(4),
        },
        parameters: serde_json::from_str(r#"{"fast": 20, "slow": 50, "short": false}"#).unwrap(),
        data: DataSummary {
            hash: "00112233445566778".repeat(4).chars().take(64).collect(),
            rows: 48,
            warm_up_rows: 0,
            unsettled_rows: 0,
            from: hour(0),
            to: hour(47),
            interval: "1h".parse().unwrap(),
            symbols: vec!["BTC/USDT".to_owned()],
            instruments: vec![ct_core::market::Instrument::unrestricted("BTC/USDT")],
            origin: Origin::Market,
            sources: Vec::new(),
        },
        benchmark: None,
        configuration: Settings::default(),
        request: serde_json::Value::Null,
        costs: CostSummary {
            gross_pnl: money(990.0),
            fees: money(20.789_505),
            spread: Money::ZERO,
            slippage: money(10.395),
            impact: Money::ZERO,
            funding: Money::ZERO,
            borrow: Money::ZERO,
            liquidation: Money::ZERO,
            total: money(31.184_505),
            net_pnl: money(NET),
            cost_bps: Some(31.184_505 / TRADED * 10_000.0),
            break_even_bps: Some(990.0 / TRADED * 10_000.0),
        },
        initial_cash: money(10_000.0),
        final_equity: money(10_000.0 + NET),
        metrics: metrics(),
        decisions: 2,
        fills: vec![fill(5, Side::Buy, 100.0, 9.904_95), fill(30, Side::Sell, 110.0, 10.884_555)],
        trades: vec![trade()],
        open_positions: Vec::new(),
        refusals: Vec::new(),
        refusals_dropped: 0,
        refusal_counts: Vec::new(),
        closed_by: None,
        delistings: Vec::new(),
        stale_marks: Vec::new(),
        breakers: Vec::new(),
        ambiguous_bars: 0,
        ambiguous: Vec::new(),
        volume_use: VolumeUse::default(),
        faults: Vec::new(),
        daily_equity: vec![
            DailyEquity { date: "2024-01-01".to_owned(), equity: 10_500.0 },
            DailyEquity { date: "2024-01-02".to_owned(), equity: 10_000.0 + NET },
        ],
        curve: None,
        explained: Vec::new(),
        look_ahead: LookAheadProof::BuiltIn,
        diagnostics: Vec::new(),
        timing: Timing::default(),
    }
}

pub(super) fn fault() -> FaultReport {
    FaultReport {
        time: hour(24),
        row: Some(24),
        symbols: vec!["BTC/USDT".into()],
        kind: FaultKind::Trapped,
        detail: "unreachable executed".to_owned(),
    }
}

/// The breaker for drawdowns of 50 %, at the close of the bar that opens at this hour.
pub(super) fn drawdown(at: i64, kind: BreakerEventKind) -> BreakerEvent {
    BreakerEvent {
        time: hour(at),
        rule: Rule::Drawdown,
        kind,
        action: BreakerAction::Flatten,
        symbol: None,
        value: Some(0.523),
        limit: 0.5,
        equity: 4_770.0,
    }
}

/// The way of the first decision: an order of all equity, cut by the cap on gross exposure.
pub(crate) fn explain(result: &mut RunResult) {
    let cut = Refusal {
        time: hour(5),
        symbol: "BTC/USDT".into(),
        decision: Some(0),
        rule: Rule::GrossExposure,
        verdict: Verdict::Cut,
        value: Some(1.0),
        limit: Some(0.99),
    };
    result.refusal_counts =
        vec![RefusalCount { rule: Rule::GrossExposure, verdict: Verdict::Cut, count: 1 }];
    result.refusals = vec![cut];
    let approved = Some(Size::Amount(result.initial_cash));
    let entry = Explained {
        decision: 0,
        time: hour(4),
        symbol: "BTC/USDT".into(),
        target: 1.0,
        limit: None,
        stop: None,
        take_profit: None,
        tag: None,
        equity: 10_000.0,
        held: Quantity::ZERO,
        basis: None,
        approved,
    };
    let held = Quantity::from_f64(99.0).unwrap();
    let exit = Explained {
        decision: 1,
        time: hour(29),
        target: 0.0,
        held,
        approved: None,
        ..entry.clone()
    };
    result.explained = vec![entry, exit];
}

pub(super) fn hour(hour: i64) -> Timestamp {
    Timestamp::from_ms(START_MS + hour * HOUR_MS).unwrap()
}

fn fill(at: i64, side: Side, reference: f64, fee: f64) -> Fill {
    let slippage = reference * 0.000_5;
    let (price, reason, decision, tag) = match side {
        Side::Buy => (reference + slippage, FillReason::Entry, 0, Some("golden \"cross\", hourly")),
        Side::Sell => (reference - slippage, FillReason::Exit, 1, None),
    };
    Fill {
        time: hour(at),
        symbol: "BTC/USDT".into(),
        side,
        price: Price::from_f64(price).unwrap(),
        reference_price: Price::from_f64(reference).unwrap(),
        quantity: Quantity::from_f64(99.0).unwrap(),
        fee: Money::from_f64(fee).unwrap(),
        fee_quantity: Quantity::ZERO,
        spread: Money::ZERO,
        slippage: Money::from_f64(99.0 * slippage).unwrap(),
        impact: Money::ZERO,
        reason,
        decision: Some(decision),
        tag: tag.map(Into::into),
    }
}

fn trade() -> Trade {
    Trade {
        symbol: "BTC/USDT".into(),
        direction: Direction::Long,
        entry_time: hour(5),
        exit_time: hour(30),
        bars_held: 25,
        quantity: Quantity::from_f64(99.0).unwrap(),
        entry_price: 100.05,
        exit_price: 109.945,
        gross_pnl: Money::from_f64(990.0).unwrap(),
        net_pnl: Money::from_f64(NET).unwrap(),
        fees: Money::from_f64(20.789_505).unwrap(),
        carry: Money::ZERO,
        return_on_notional: NET / (99.0 * 100.05),
        mae: -0.01,
        mfe: 0.12,
        exit_reason: FillReason::Exit,
    }
}

fn metrics() -> Metrics {
    let times: Vec<i64> = (0..48).map(|row| START_MS + row * HOUR_MS).collect();
    let equity: Vec<f64> = (0..48)
        .map(|row| match row {
            0..5 => 10_000.0,
            5..30 => 10_500.0,
            _ => 10_000.0 + NET,
        })
        .collect();
    Metrics::compute(&Inputs {
        times: &times,
        interval_ms: HOUR_MS,
        initial_equity: 10_000.0,
        equity: &equity,
        traded_rows: times.len(),
        benchmark: &[],
        trades: &[trade()],
        rows_in_market: 25,
        gross_exposure: GrossExposure { sum: 24.5, max: 0.99, above_one_sum: 0.0 },
        traded_notional: TRADED,
        costs: CostTotals {
            fees: Money::from_f64(20.789_505).unwrap(),
            slippage: Money::from_f64(10.395).unwrap(),
            ..CostTotals::default()
        },
    })
}
