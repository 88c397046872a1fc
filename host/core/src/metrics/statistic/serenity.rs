//! Serenity index.

use super::moments::dispersion;
use super::ratio::ratio;
use super::ulcer::ulcer_index;
use super::value_at_risk::{Confidence, conditional_value_at_risk_parametric};

/// Serenity index, `Σ returns ÷ (ulcer index × pitfall)`, where the pitfall is the expected depth
/// in the worst 5 % of days (parametric) ÷ sample deviation of the returns (`KeyQuant`, "The
/// Serenity Ratio"). As QuantStats' `serenity_index`.
///
/// `None` if the account was never below its peak, and for fewer than two or constant returns.
pub fn serenity_index(daily_returns: &[f64], underwater: &[f64]) -> Option<f64> {
    let expected_depth = -conditional_value_at_risk_parametric(underwater, Confidence::Percent95)?;
    let pitfall = ratio(expected_depth, dispersion(daily_returns)?)?;
    ratio(daily_returns.iter().sum(), ulcer_index(underwater)? * pitfall)
}
