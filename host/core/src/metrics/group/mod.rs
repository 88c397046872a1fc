//! The groups that the metrics of a run are reported in: what is computed from what, and the names
//! in JSON.

mod activity;
mod benchmark;
mod costs;
mod distribution;
mod drawdown;
mod growth;
mod holding;
mod periods;
mod risk_adjusted;
mod span;
mod trades;
mod whole_period;

pub use activity::ActivityMetrics;
pub use benchmark::BenchmarkMetrics;
pub use costs::CostMetrics;
pub use distribution::DistributionMetrics;
pub use drawdown::DrawdownMetrics;
pub use growth::GrowthMetrics;
pub use holding::HoldingMetrics;
pub use periods::PeriodMetrics;
pub use risk_adjusted::{RiskAdjustedMetrics, RiskAdjustedSources};
pub use span::SpanMetrics;
pub use trades::TradeMetrics;
pub use whole_period::WholePeriodMetrics;
