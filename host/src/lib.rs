//! ct-host

pub mod backtest;
#[doc(hidden)]
pub mod cli;
pub mod costs;
pub mod data;
pub mod engine;
pub mod market;
pub mod metrics;
pub mod order;
pub mod plugin;
pub mod portfolio;
pub mod report;
pub mod risk;
pub mod units;
