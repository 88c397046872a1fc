//! Shares of the portfolio's volatility, and keeping positions at them.

mod contribution;
mod equal_contribution;
mod rebalancing;
mod settings;

#[cfg(test)]
mod tests;

pub use contribution::contributions;
pub(crate) use contribution::largest_share;
pub use equal_contribution::equal_contribution_weights;
pub use rebalancing::Rebalancing;
pub use settings::RiskBudget;
