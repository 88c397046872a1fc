//! The result of a run, as it is saved. `docs/result-schema.md` describes the JSON.
//!
//! Plain data: what a number means is said here, how it comes about where it is computed.

pub(super) mod configuration;
mod costs;
mod execution;
mod explained;
mod incident;
mod inputs;
mod run_result;
mod volume_use;

pub use costs::CostSummary;
pub use execution::{FillRecord, OpenPosition, TradeRecord};
pub use explained::ExplainedRecord;
pub use incident::{AmbiguousBar, BreakerRecord, FaultRecord, RefusalCount, RefusalRecord};
pub use inputs::{DataSummary, EngineSummary, PluginSummary};
pub use run_result::{DailyEquity, RunResult, SCHEMA_VERSION, Timing};
pub use volume_use::VolumeUse;
