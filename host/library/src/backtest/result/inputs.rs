//! What a result was made from: host, strategy, prices.

use serde::{Deserialize, Serialize};

use crate::backtest::{DataSource, Origin};
use ct_core::market::Instrument;
use ct_core::units::{Interval, Timestamp};

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
    /// BLAKE3 of the content, warm-up rows and finer bars included, in hexadecimal.
    pub hash: String,
    /// Rows of the period, without those that the strategy warmed up on.
    pub rows: u64,
    /// Rows before the period that the strategy warmed up on.
    pub warm_up_rows: u64,
    /// First rows of the period in which it still matters to the strategy where the prices begin: it had fewer to warm up on than it
    /// needs until its indicators are settled.
    #[serde(default, skip_serializing_if = "crate::backtest::data_source::is_zero")]
    pub unsettled_rows: u64,
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

/// What a run was compared with, where that is not buying its own instruments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchmarkSummary {
    /// Its symbol.
    pub name: String,
    /// BLAKE3 over its value at each row of the run, in hexadecimal.
    pub hash: String,
    /// Length of its bars.
    pub interval: Interval,
    /// Open time of the first bar of the run at whose close it has a price.
    pub from: Timestamp,
    /// Open time of the last such bar.
    pub to: Timestamp,
}
