//! Returns per calendar month and year (UTC).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ratio::ratio;

/// Return of one calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MonthReturn {
    /// Calendar year.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Compounded return of the month, a fraction.
    #[serde(rename = "return")]
    pub simple_return: f64,
}

/// Return of one calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct YearReturn {
    /// Calendar year.
    pub year: i16,
    /// Compounded return of the year, a fraction.
    #[serde(rename = "return")]
    pub simple_return: f64,
}

/// Return of each UTC month,
/// `equity at its last day ÷ equity at the last day of the month before − 1`. The first is relative
/// to `initial`; the first and the last may be partial. Ends with the month in which the account
/// was ruined.
pub fn monthly_returns(initial: f64, days: &[(Date, f64)]) -> Vec<MonthReturn> {
    period_returns(initial, days, |date| (date.year(), date.month()))
        .map(|((year, month), simple_return)| MonthReturn { year, month, simple_return })
        .collect()
}

/// Return of each UTC year, by the rules of [`monthly_returns`].
pub fn yearly_returns(initial: f64, days: &[(Date, f64)]) -> Vec<YearReturn> {
    period_returns(initial, days, Date::year)
        .map(|(year, simple_return)| YearReturn { year, simple_return })
        .collect()
}

/// Groups consecutive days of the same period, and measures each group from the end of the one
/// before.
fn period_returns<P: PartialEq>(
    initial: f64,
    days: &[(Date, f64)],
    period: impl Fn(Date) -> P,
) -> impl Iterator<Item = (P, f64)> {
    let same_period = |a: &(Date, f64), b: &(Date, f64)| period(a.0) == period(b.0);
    let ends: Vec<_> = days.chunk_by(same_period).filter_map(|group| group.last()).collect();
    let mut previous = initial;
    ends.into_iter().map_while(move |(date, equity)| {
        let base = previous;
        previous = *equity;
        let growth = if base > 0.0 { ratio(*equity, base)? } else { return None };
        Some((period(*date), growth - 1.0))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_and_years_chain() {
        let days = [
            (date(2023, 11, 30), 110.0),
            (date(2023, 12, 1), 50.0),
            (date(2023, 12, 31), 55.0),
            (date(2024, 1, 1), 110.0),
        ];
        let months: Vec<_> = monthly_returns(100.0, &days)
            .iter()
            .map(|month| (month.year, month.month, month.simple_return))
            .collect();
        assert_eq!(months, [(2023, 11, 110.0 / 100.0 - 1.0), (2023, 12, -0.5), (2024, 1, 1.0)]);
        let years: Vec<_> = yearly_returns(100.0, &days)
            .iter()
            .map(|year| (year.year, year.simple_return))
            .collect();
        assert_eq!(years, [(2023, 55.0 / 100.0 - 1.0), (2024, 1.0)]);
    }

    #[test]
    fn end_with_ruin() {
        let days = [(date(2023, 1, 1), 0.0), (date(2023, 2, 1), 5.0)];
        assert_eq!(monthly_returns(100.0, &days).len(), 1);
        assert!(monthly_returns(0.0, &days).is_empty());
    }
}
