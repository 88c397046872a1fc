//! The result of a run, as it is saved. `docs/result-schema.md` describes the JSON.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{DataSource, Origin, Settings};
use crate::engine::FaultKind;
use crate::market::Instrument;
use crate::metrics::Metrics;
use crate::order::{Direction, FillReason, Rule, Side, Verdict};
use crate::plugin::Diagnostics;
use crate::units::{Interval, Money, Price, Quantity, Timestamp};

/// Version of the result's layout. It grows with every change that a reader could trip over.
pub const SCHEMA_VERSION: u32 = 1;

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
    /// Money, cost model, sizing and limits.
    pub configuration: Settings,
    /// Profit before costs, each cost, and profit after costs.
    pub costs: CostSummary,
    /// Quote asset at the start.
    pub initial_cash: Money,
    /// Cash and positions at the end, marked at the last close.
    pub final_equity: Money,
    /// Statistics.
    pub metrics: Metrics,
    /// Every fill, in order.
    pub fills: Vec<FillRecord>,
    /// Every round trip, in the order of exits.
    pub trades: Vec<TradeRecord>,
    /// What is still held at the end.
    pub open_positions: Vec<OpenPosition>,
    /// What was refused or cut; the first 10 000.
    pub refusals: Vec<RefusalRecord>,
    /// Refusals and cuts beyond those.
    pub refusals_dropped: u64,
    /// Bars in which the order of events is unknown and the worse one was taken.
    pub ambiguous_bars: u64,
    /// Strategies that failed; their instruments were left and stayed flat.
    pub faults: Vec<FaultRecord>,
    /// Equity at the end of each UTC day.
    pub daily_equity: Vec<DailyEquity>,
    /// What the plugin said, by instance.
    pub diagnostics: Vec<Diagnostics>,
    /// How long it took. Differs from run to run.
    #[serde(default)]
    pub timing: Timing,
}

/// The host that made a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineSummary {
    /// `ct-host`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The strategy of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluginSummary {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// BLAKE3 of the plugin file, in hexadecimal.
    pub hash: String,
}

/// The prices of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSummary {
    /// BLAKE3 of the content, warm-up rows included, in hexadecimal.
    pub hash: String,
    /// Rows of the period, without those that the strategy warmed up on.
    pub rows: u64,
    /// Rows before the period that the strategy warmed up on.
    pub warm_up_rows: u64,
    /// Open time of the period's first bar.
    pub from: Timestamp,
    /// Open time of the period's last bar.
    pub to: Timestamp,
    /// Length of a bar.
    pub interval: Interval,
    /// Symbols.
    pub symbols: Vec<String>,
    /// The rules by which each of them was traded.
    pub instruments: Vec<Instrument>,
    /// Where the prices come from.
    pub origin: Origin,
    /// Where the bars of each instrument come from, and what was done to them; nothing for untouched files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<DataSource>,
}

/// What trading cost, in quote asset. `net_pnl = gross_pnl - total`, to the last unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostSummary {
    /// Profit at reference prices, before any cost; open positions included.
    pub gross_pnl: Money,
    /// Exchange fees.
    pub fees: Money,
    /// Half the spread of every taker fill.
    pub spread: Money,
    /// Slippage, the way to the next tick included.
    pub slippage: Money,
    /// Market impact.
    pub impact: Money,
    /// The sum of these costs.
    pub total: Money,
    /// `final_equity - initial_cash`.
    pub net_pnl: Money,
}

/// One fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FillRecord {
    /// Open time of the bar.
    pub time: Timestamp,
    /// Symbol.
    pub symbol: String,
    /// Direction.
    pub side: Side,
    /// Price, every friction but the fee included.
    pub price: Price,
    /// Price without friction.
    pub reference_price: Price,
    /// Base asset.
    pub quantity: Quantity,
    /// Fee, in quote asset.
    pub fee: Money,
    /// Lost to half the spread, in quote asset.
    pub spread: Money,
    /// Lost to slippage, in quote asset.
    pub slippage: Money,
    /// Lost to market impact, in quote asset.
    pub impact: Money,
    /// Why.
    pub reason: FillReason,
    /// The strategy's own word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// One round trip, from flat to flat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TradeRecord {
    /// Symbol.
    pub symbol: String,
    /// Direction.
    pub direction: Direction,
    /// Open time of the bar of the first fill.
    pub entry_time: Timestamp,
    /// Open time of the bar of the last fill.
    pub exit_time: Timestamp,
    /// Bars from the first fill to the last.
    pub bars_held: u64,
    /// Base asset.
    pub quantity: Quantity,
    /// Average price of the entries.
    pub entry_price: f64,
    /// Average price of the exits.
    pub exit_price: f64,
    /// Profit before costs, in quote asset.
    pub gross_pnl: Money,
    /// Profit after costs, in quote asset.
    pub net_pnl: Money,
    /// Fees, in quote asset.
    pub fees: Money,
    /// Net profit as a share of the entry notional.
    #[serde(rename = "return")]
    pub return_on_notional: f64,
    /// Worst mark against the position, as a share of the entry price; 0 or less.
    pub mae: f64,
    /// Best mark in favour of the position, as a share of the entry price; 0 or more.
    pub mfe: f64,
    /// Why the position was left.
    pub exit_reason: FillReason,
}

/// What is held of one instrument at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenPosition {
    /// Symbol.
    pub symbol: String,
    /// Base asset; negative when short.
    pub quantity: Quantity,
    /// Average entry price before costs.
    pub average_price: f64,
    /// Last close.
    pub mark: f64,
    /// Profit at the last close, before costs, in quote asset.
    pub unrealised_pnl: f64,
}

/// One order that a rule refused or cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalRecord {
    /// Open time of the bar.
    pub time: Timestamp,
    /// Symbol.
    pub symbol: String,
    /// The rule.
    pub rule: Rule,
    /// What it did.
    pub verdict: Verdict,
    /// What was asked for, in the rule's own unit.
    pub asked: f64,
    /// What is allowed, in the same unit.
    pub allowed: f64,
}

/// One strategy that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultRecord {
    /// Open time of the bar it was taking in.
    pub time: Timestamp,
    /// Row of the period, from 0; `None` when it failed while warming up.
    pub row: Option<u64>,
    /// Symbols it looked after.
    pub symbols: Vec<String>,
    /// The kind of failure.
    pub kind: FaultKind,
    /// What happened.
    pub detail: String,
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
