//! How much the account grew.

use super::annual::DAYS_PER_YEAR;
use super::ratio::ratio;
use crate::units::finite;

/// Total return, `final equity ÷ initial equity − 1`, a fraction. Below -1 when the account owes
/// money.
///
/// `None` if the initial equity is not above 0.
pub fn total_return(initial_equity: f64, final_equity: f64) -> Option<f64> {
    if initial_equity > 0.0 { Some(ratio(final_equity, initial_equity)? - 1.0) } else { None }
}

/// Compound annual growth rate, `(final equity ÷ initial equity)^(365 ÷ days) − 1`, a fraction per
/// year of 365 days.
///
/// `days` is the elapsed time, not a count of rows. -1 when everything was lost. `None` without
/// elapsed time, for a negative final equity, and where a short run would compound to infinity. As
/// QuantStats' `cagr(periods=365)` on daily bars.
pub fn cagr(initial_equity: f64, final_equity: f64, days: f64) -> Option<f64> {
    let growth = total_return(initial_equity, final_equity)? + 1.0;
    let exponent = ratio(DAYS_PER_YEAR, days)?;
    if growth < 0.0 { None } else { finite(libm::pow(growth, exponent) - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_in_a_year() {
        assert_eq!(total_return(50.0, 100.0), Some(1.0));
        assert_eq!(cagr(50.0, 100.0, 365.0), Some(1.0));
        assert_eq!(cagr(50.0, 100.0, 730.0), Some(2.0_f64.sqrt() - 1.0));
    }

    #[test]
    fn ruin_and_nonsense() {
        assert_eq!(cagr(100.0, 0.0, 10.0), Some(-1.0));
        assert_eq!(total_return(100.0, -50.0), Some(-1.5));
        assert_eq!(cagr(100.0, -50.0, 10.0), None);
        assert_eq!(cagr(100.0, 200.0, 0.0), None);
        assert_eq!(cagr(100.0, 200.0, 0.01), None);
        assert_eq!(total_return(0.0, 100.0), None);
    }
}
