//! Tests of every rule: numbers of others, edge cases, and what holds for all of them.

mod equal_risk;
mod fixed;
mod kelly;
mod market;
mod property;
mod risk_share;
mod volatility_target;
