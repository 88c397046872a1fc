//! Days, months and years: the best, the worst, the average, and how many were positive.

use serde::{Deserialize, Serialize};

use crate::metrics::DailySeries;
use crate::metrics::statistic::{
    MonthReturn, YearReturn, mean, monthly_returns, ratio, yearly_returns,
};

/// Returns of UTC days, calendar months and calendar years, as fractions. The first and the last of
/// each may be partial. All statistics of a kind of period are `None` when there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeriodMetrics {
    /// Highest return of a day.
    pub best_day: Option<f64>,
    /// Lowest return of a day.
    pub worst_day: Option<f64>,
    /// Arithmetic mean of the days.
    pub average_day: Option<f64>,
    /// Days with a return above 0 ÷ all days, days without a change included.
    pub positive_days_share: Option<f64>,
    /// Highest return of a month.
    pub best_month: Option<f64>,
    /// Lowest return of a month.
    pub worst_month: Option<f64>,
    /// Arithmetic mean of the months.
    pub average_month: Option<f64>,
    /// Months with a return above 0 ÷ all months.
    pub positive_months_share: Option<f64>,
    /// Mean of the months above 0.
    pub average_up_month: Option<f64>,
    /// Mean of the months below 0.
    pub average_down_month: Option<f64>,
    /// Highest return of a year.
    pub best_year: Option<f64>,
    /// Lowest return of a year.
    pub worst_year: Option<f64>,
    /// Arithmetic mean of the years.
    pub average_year: Option<f64>,
    /// Years with a return above 0 ÷ all years.
    pub positive_years_share: Option<f64>,
    /// Every month, in order.
    pub monthly_returns: Vec<MonthReturn>,
    /// Every year, in order.
    pub yearly_returns: Vec<YearReturn>,
}

impl PeriodMetrics {
    /// Computes the group.
    pub fn compute(initial_equity: f64, daily: &DailySeries) -> Self {
        let dated: Vec<_> = daily
            .days
            .dates()
            .zip(&daily.equity)
            .filter_map(|(date, equity)| date.zip(Some(*equity)))
            .collect();
        let monthly_returns = monthly_returns(initial_equity, &dated);
        let yearly_returns = yearly_returns(initial_equity, &dated);
        let days = daily.returns.as_slice();
        let months: Vec<f64> = monthly_returns.iter().map(|month| month.simple_return).collect();
        let years: Vec<f64> = yearly_returns.iter().map(|year| year.simple_return).collect();
        let up_months: Vec<f64> = months.iter().copied().filter(|month| *month > 0.0).collect();
        let down_months: Vec<f64> = months.iter().copied().filter(|month| *month < 0.0).collect();
        Self {
            best_day: highest(days),
            worst_day: lowest(days),
            average_day: mean(days),
            positive_days_share: positive_share(days),
            best_month: highest(&months),
            worst_month: lowest(&months),
            average_month: mean(&months),
            positive_months_share: positive_share(&months),
            average_up_month: mean(&up_months),
            average_down_month: mean(&down_months),
            best_year: highest(&years),
            worst_year: lowest(&years),
            average_year: mean(&years),
            positive_years_share: positive_share(&years),
            monthly_returns,
            yearly_returns,
        }
    }
}

fn highest(returns: &[f64]) -> Option<f64> {
    returns.iter().copied().reduce(f64::max)
}

fn lowest(returns: &[f64]) -> Option<f64> {
    returns.iter().copied().reduce(f64::min)
}

fn positive_share(returns: &[f64]) -> Option<f64> {
    let positive = returns.iter().filter(|value| **value > 0.0).count();
    ratio(positive as f64, returns.len() as f64)
}
