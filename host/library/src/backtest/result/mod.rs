//! The result of a run, as it is saved. `docs/result-schema.md` describes the JSON.
//!
//! Plain data: what a number means is said here, how it comes about where it is computed. Fills, trades and the other records are
//! those of the engine.

pub(super) mod configuration;
mod costs;
mod inputs;
mod open_position;
mod run_result;

pub use costs::CostSummary;
pub use inputs::{BenchmarkSummary, DataSummary, EngineSummary, PluginSummary};
pub use open_position::{OpenPosition, StaleMark};
pub use run_result::{DailyEquity, RefusalCount, RunResult, SCHEMA_VERSION, Timing};
