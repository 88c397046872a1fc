//! One backtest: a plugin over a dataset, with settings, gives a [`RunResult`].
//!
//! Everything here is a pure function of its inputs but [`Timing`], which is kept apart from the rest of the result.

mod benchmark;
mod curve;
mod data_source;
mod dataset;
mod heard;
mod look_ahead;
mod request;
mod result;
mod run_id;
mod statistics;
mod summary;

pub use benchmark::{Benchmark, BenchmarkError};
pub use ct_core::settings::{Settings, SettingsError};
pub use curve::{BarEquity, Curve};
pub use data_source::{DataSource, SeriesVersion, SourceFile};
pub(crate) use dataset::HashMemory;
pub use dataset::{Dataset, DatasetError, Origin};
pub use look_ahead::LookAheadProof;
pub use request::{Backtest, BacktestError, Progress};
pub use result::{
    BenchmarkSummary, CostSummary, DailyEquity, DataSummary, EngineSummary, OpenPosition,
    PluginSummary, RefusalCount, RunResult, SCHEMA_VERSION, StaleMark, Timing,
};
pub use statistics::statistics;
pub(crate) use summary::settled_from;
