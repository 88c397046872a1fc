//! Everything a run produced.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    BenchmarkSummary, CostSummary, DataSummary, EngineSummary, OpenPosition, PluginSummary,
    StaleMark,
};
use crate::backtest::{Curve, LookAheadProof, Settings};
use ct_core::engine::{AmbiguousBar, Delisting, FaultReport, VolumeUse};
use ct_core::metrics::Metrics;
use ct_core::order::{Explained, Fill, Refusal, Rule, Trade, Verdict};
use ct_core::risk::BreakerEvent;
use ct_core::units::Money;
use ct_plugin::Diagnostics;

/// Version of the result's layout. It grows with every change that a reader could trip over.
pub const SCHEMA_VERSION: u32 = 2;

/// Everything a run produced. All but `timing` is the same, to the byte, on every run with the same inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunResult {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// BLAKE3 over data, plugin, parameters, configuration and engine version, in hexadecimal.
    pub run_id: String,
    /// The host that made the result.
    pub engine: EngineSummary,
    /// The strategy.
    pub plugin: PluginSummary,
    /// The strategy's parameters.
    pub parameters: Map<String, Value>,
    /// The prices.
    pub data: DataSummary,
    /// What the run was compared with; `None`: buying its instruments in equal parts and holding them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<BenchmarkSummary>,
    /// Money, costs, risk and fill rules.
    #[serde(with = "super::configuration")]
    pub configuration: Settings,
    /// What the user asked for, to run it again; `null` where nobody said. It decides nothing and is no part of `run_id`.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub request: Value,
    /// Profit before costs, each cost, and profit after costs.
    pub costs: CostSummary,
    /// Quote asset at the start.
    pub initial_cash: Money,
    /// Cash and positions at the end, marked at the last close.
    pub final_equity: Money,
    /// Statistics.
    pub metrics: Metrics,
    /// Number of decisions that the strategies made. Fills, refusals and cuts name theirs by its number, from 0.
    pub decisions: u64,
    /// Every fill, in order.
    pub fills: Vec<Fill>,
    /// Every round trip, in the order of exits.
    pub trades: Vec<Trade>,
    /// What is still held at the end.
    pub open_positions: Vec<OpenPosition>,
    /// What was refused or cut; the first 10 000.
    pub refusals: Vec<Refusal>,
    /// Refusals and cuts beyond those.
    pub refusals_dropped: u64,
    /// Refusals and cuts of each rule, those beyond included.
    pub refusal_counts: Vec<RefusalCount>,
    /// Why the account lay idle from `metrics.traded_until` to the end; `None` where it could trade to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_by: Option<Rule>,
    /// Breakers that tripped or were armed again, in order.
    pub breakers: Vec<BreakerEvent>,
    /// Bars in which the order of events is unknown and the worse one was taken.
    pub ambiguous_bars: u64,
    /// The first of those bars.
    pub ambiguous: Vec<AmbiguousBar>,
    /// Fills beside the volume of their bars.
    #[serde(default)]
    pub volume_use: VolumeUse,
    /// Instruments whose prices ended while others traded, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delistings: Vec<Delisting>,
    /// Positions that were marked or closed at the end at a price of before: that of instruments whose prices had ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale_marks: Vec<StaleMark>,
    /// Strategies that failed; their instruments were left and stayed flat.
    pub faults: Vec<FaultReport>,
    /// Equity at the end of each UTC day.
    pub daily_equity: Vec<DailyEquity>,
    /// The account at the close of every bar; `None` unless the run was asked to keep it. It is no part of the JSON, which would be
    /// many times as long.
    #[serde(skip)]
    pub curve: Option<Curve>,
    /// The way of each decision to its order; empty unless the run was asked to explain itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained: Vec<Explained>,
    /// What shows that the strategy has not looked ahead.
    #[serde(default)]
    pub look_ahead: LookAheadProof,
    /// What the plugin said, by instance.
    pub diagnostics: Vec<Diagnostics>,
    /// How long it took. Differs from run to run.
    #[serde(default)]
    pub timing: Timing,
}

/// How often a rule did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalCount {
    /// The rule.
    pub rule: Rule,
    /// What it did.
    pub verdict: Verdict,
    /// Orders.
    pub count: u64,
}

/// Equity at the end of a UTC day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DailyEquity {
    /// The day, such as `2024-01-31`.
    pub date: String,
    /// Quote asset.
    pub equity: f64,
}

/// How long a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// Reading and checking data.
    pub load_ms: f64,
    /// Compiling the plugin, or taking it from the cache.
    pub compile_ms: f64,
    /// Setting up, running every row, and the statistics.
    pub run_ms: f64,
    /// Rows of all instruments per second of `run_ms`.
    pub bars_per_second: f64,
}
