//! Turnover.

use super::annual::DAYS_PER_YEAR;
use super::ratio::ratio;

/// Turnover, `traded notional ÷ average equity`: how often the account was traded over. Buying and
/// selling both count, so one round trip of the whole account is 2.
///
/// `None` if the average equity is not above 0.
pub fn turnover(traded_notional: f64, average_equity: f64) -> Option<f64> {
    if average_equity > 0.0 { ratio(traded_notional, average_equity) } else { None }
}

/// Turnover per year of 365 days, `turnover × 365 ÷ days`. `None` without elapsed time.
pub fn turnover_annual(turnover: f64, days: f64) -> Option<f64> {
    ratio(turnover * DAYS_PER_YEAR, days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_trip_a_day() {
        let turnover = turnover(200.0, 100.0);
        assert_eq!(turnover, Some(2.0));
        assert_eq!(turnover_annual(2.0, 1.0), Some(730.0));
        assert_eq!(turnover_annual(2.0, 0.0), None);
        assert_eq!(super::turnover(200.0, -1.0), None);
    }
}
