//! The prices of a run.

use std::num::NonZeroU32;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use ct_core::units::{Interval, Money, Price, Quantity, Timestamp};

/// Prices and the traded period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Price files, also folders, zip files and names with `*`; files of one symbol are one series.
    pub files: Vec<PathBuf>,
    /// Symbols, such as BTC/USDT; with files one per file in the same order, or those to take.
    pub symbols: Vec<String>,
    /// Of files with several instruments the one to take, as a column names it; one per file in the same order.
    pub instruments: Vec<String>,
    /// How CSV files write times, as of strptime; otherwise as their rows tell.
    pub time_format: Option<String>,
    /// Time zone of times in files without an offset, as the IANA database names it; otherwise UTC.
    pub time_zone: Option<String>,
    /// What the run is compared with: a symbol of the run or of the exchange, or a price file. Nobody trades it, and no strategy
    /// sees it; otherwise the instruments of the run, bought in equal parts and held.
    pub benchmark: Option<String>,
    /// Files have no volumes: all are 0.
    pub no_volume: bool,
    /// Exchange whose prices are fetched and kept.
    pub exchange: String,
    /// Length of a bar; as the file's times show, or 1h from an exchange.
    pub interval: Option<Interval>,
    /// Put bars together to longer ones.
    pub resample: Option<Interval>,
    /// Interval of finer bars that show the way of the price inside a bar.
    pub detail_interval: Option<Interval>,
    /// Files with the finer bars, one per instrument in the same order or of the same symbol; otherwise they come from the exchange.
    pub detail_files: Vec<PathBuf>,
    /// First time to trade.
    pub from: Option<Timestamp>,
    /// Time to stop at; a bar that opens then is not part of the run.
    pub to: Option<Timestamp>,
    /// Trade the last so many days of the data.
    pub days: Option<NonZeroU32>,
    /// What happens to prices with errors.
    pub bad_data: BadData,
    /// In a repair, fill gaps of up to so many bars.
    pub fill_gaps: usize,
    /// In a repair, cut prices that revert at once.
    pub clip_bad_ticks: bool,
    /// Rules that hold in place of the exchange's.
    pub rules: RulesConfig,
}

/// What happens to prices with errors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[serde(rename_all = "snake_case")]
pub enum BadData {
    /// The run is refused.
    #[default]
    Refuse,
    /// They are told and used as they are, as far as they are bars.
    Warn,
    /// They are repaired, and the result says so.
    Repair,
}

/// Rules of the exchange, the same for every instrument of the run; what is not set is as the exchange says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RulesConfig {
    /// Prices are multiples of this.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub tick: Option<Price>,
    /// Quantities are multiples of this.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub lot: Option<Quantity>,
    /// Smaller orders are refused, in base asset.
    pub quantity_min: Option<Quantity>,
    /// Orders worth less are refused, in quote asset.
    pub notional_min: Option<Money>,
}

impl Default for DataConfig {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            symbols: Vec::new(),
            instruments: Vec::new(),
            time_format: None,
            time_zone: None,
            benchmark: None,
            no_volume: false,
            exchange: "binance".to_owned(),
            interval: None,
            resample: None,
            detail_interval: None,
            detail_files: Vec::new(),
            from: None,
            to: None,
            days: None,
            bad_data: BadData::default(),
            fill_gaps: 0,
            clip_bad_ticks: false,
            rules: RulesConfig::default(),
        }
    }
}
