//! The one annualisation basis: 365 days, because crypto markets never close.

/// Days in a year.
pub const DAYS_PER_YEAR: f64 = 365.0;

/// Scales a daily deviation, or a ratio of a daily mean to a daily deviation, to a year:
/// `daily × √365`. Exact for independent days; trending or reverting days make the true annual
/// figure larger or smaller.
pub fn annualise(daily: f64) -> f64 {
    daily * DAYS_PER_YEAR.sqrt()
}
