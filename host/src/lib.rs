//! ct-host

pub mod units;
pub mod market;
pub mod order;
pub mod costs;
pub mod portfolio;
pub mod risk;
pub mod engine;
pub mod metrics;
pub mod data;
pub mod plugin;
pub mod backtest;
pub mod report;
