//! Runs: what leads from a configuration to a result.
//!
//! [`RunLayers`] puts the configuration together when an earlier run is made again; a [`Run`] loads what it names; what is
//! [`Prepared`] then runs as often as is wanted. Of the program around it a run sees its [`Ports`] and nothing else: it reads
//! no environment and no clock, and prints nothing.
//!
//! Read the parts in this order: `layers` and `earlier_run` say what is to be run, `pin` what of the earlier run's data holds,
//! `comparison` whether the same came out;
//! `preparation` loads it: the `strategy` as a `trader`, then the prices, for which `loading` asks `files` or `kept`; `file_series` and
//! `symbol_files` make series of files; `fetch` brings kept prices up to date, `defect_policy` decides what of them may be used,
//! `period` what of them is traded, `benchmark` what the run is compared with; `prepared`
//! is what comes out, and `request` what its results say of how they were asked for.

mod benchmark;
mod clock;
mod comparison;
mod defect_policy;
mod earlier_run;
mod error;
mod fetch;
mod file_period;
mod file_series;
mod files;
mod folders;
mod kept;
mod layers;
mod loading;
mod observer;
mod period;
mod pin;
mod ports;
mod preparation;
mod prepared;
mod price_file;
mod request;
mod saved_result;
mod series;
mod strategy;
mod symbol_files;
mod trader;

pub use clock::Clock;
pub use defect_policy::{DefectPolicy, Unchecked};
pub use earlier_run::EarlierRun;
pub use error::RunError;
pub use fetch::{Fetcher, Wanted, check_fetch, exchange_mistakes, kept_as, kept_elsewhere};
pub use file_period::FilePeriod;
pub use file_series::{FileSeries, FilesRequest};
pub use folders::Folders;
pub use layers::RunLayers;
pub use loading::are_kept;
pub use observer::{FetchProgress, Observer, Silent, Task, TaskProgress};
pub use ports::Ports;
pub use preparation::Run;
pub use prepared::Prepared;
pub use price_file::{CheckedFile, file_budget, interval_of_file, read_price_file};
pub use saved_result::SavedResult;
pub use series::snapshot_keys;
pub use strategy::{built_in_bytes, load_strategy, parameter_mistakes};
