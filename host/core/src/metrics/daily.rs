//! Daily UTC equity: the series that every annualised statistic is computed from.
//!
//! A day is the half-open span of instants `(midnight, next midnight]`, so that a row which closes
//! exactly at midnight belongs to the day that ends there. The equity of a day is the equity of the
//! last row that closed by its end; a day without rows keeps the equity of the day before. With
//! daily bars the daily equity is the bar equity.
//!
//! The first day is the day of the first row's close, the last day that of the last row's close.
//! Both may be partial; they count as whole days, which at most dilutes the daily statistics by two
//! days. Rows longer than a day put their whole move on the day they close.

use jiff::tz::Offset;
use jiff::{Timestamp, civil::Date};

use super::Inputs;

/// Milliseconds in a UTC day.
pub const DAY_MS: i64 = 86_400_000;

/// More days than any price history has (2 700 years). A longer span comes from broken times, and
/// would fill memory with empty days; such a run has no daily series.
const DAYS_MAX: i64 = 1_000_000;

/// The last row of each UTC day from the first to the last day of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayEnds {
    first_day: i64,
    rows: Vec<usize>,
}

impl DayEnds {
    /// Finds the last row of each day. `times` are open times in UTC milliseconds, strictly
    /// ascending.
    ///
    /// Most days have as many rows as fit into a day, so the end of a day is guessed from its
    /// beginning and only searched for (by bisection) where the guess is wrong: at the ends of the
    /// run and around gaps.
    pub fn find(times: &[i64], interval_ms: i64) -> Self {
        let (Some(first), Some(last)) = (times.first(), times.last()) else {
            return Self { first_day: 0, rows: Vec::new() };
        };
        let first_day = day_of_close(first + interval_ms);
        let last_day = day_of_close(last + interval_ms);
        if last_day - first_day >= DAYS_MAX {
            return Self { first_day, rows: Vec::new() };
        }
        let rows_per_day = usize::try_from(DAY_MS / interval_ms).unwrap_or(0);
        let mut next = 0;
        let rows = (first_day..=last_day)
            .map(|day| {
                let last_open = (day + 1) * DAY_MS - interval_ms;
                next = first_row_after(times, last_open, next, next + rows_per_day);
                next - 1
            })
            .collect();
        Self { first_day, rows }
    }

    /// The value of a bar column at the end of each day.
    pub fn sample(&self, column: &[f64]) -> Vec<f64> {
        self.rows.iter().filter_map(|row| column.get(*row).copied()).collect()
    }

    /// The UTC dates of the days, in order. `None` for a day outside the calendar (years -9999 to
    /// 9999).
    pub fn dates(&self) -> impl Iterator<Item = Option<Date>> {
        (self.first_day..).take(self.rows.len()).map(|day| {
            let midnight = Timestamp::from_millisecond(day.checked_mul(DAY_MS)?).ok()?;
            Some(Offset::UTC.to_datetime(midnight).date())
        })
    }
}

/// Day number (days since 1970-01-01 UTC) that a close instant belongs to.
fn day_of_close(close: i64) -> i64 {
    (close - 1).div_euclid(DAY_MS)
}

/// First row at or after `from` that opens later than `last_open`, or the number of rows.
fn first_row_after(times: &[i64], last_open: i64, from: usize, guess: usize) -> usize {
    let opens_later = |row: usize| times.get(row).is_none_or(|time| *time > last_open);
    if guess > from && opens_later(guess) && !opens_later(guess - 1) {
        return guess;
    }
    let searched =
        if opens_later(guess) { from..guess.min(times.len()) } else { guess..times.len() };
    let start = searched.start;
    start + times.get(searched).unwrap_or_default().partition_point(|time| *time <= last_open)
}

/// Daily equity and daily returns of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct DailySeries {
    /// The last row of each day.
    pub days: DayEnds,
    /// Equity at the end of each day, in quote.
    pub equity: Vec<f64>,
    /// Simple return of each day, a fraction; the first is relative to the initial equity. Shorter
    /// than `equity` when the account was ruined, see [`simple_returns`].
    pub returns: Vec<f64>,
}

impl DailySeries {
    /// Samples the equity of a run at the end of each UTC day.
    pub fn sample(inputs: &Inputs) -> Self {
        let days = DayEnds::find(inputs.times, inputs.interval_ms);
        let equity = days.sample(inputs.equity);
        let returns = simple_returns(inputs.initial_equity, &equity);
        Self { days, equity, returns }
    }
}

/// Simple returns `value ÷ previous value − 1`, the first relative to `base`.
///
/// A return on nothing is undefined, so the returns end with the first value that is not above 0
/// (its return, -1 or worse, is the last one), or before the first that is not finite. Empty if
/// `base` is not above 0.
pub fn simple_returns(base: f64, values: &[f64]) -> Vec<f64> {
    let mut previous = base;
    values
        .iter()
        .map_while(|value| {
            let simple = value / previous - 1.0;
            let defined = previous > 0.0 && simple.is_finite();
            previous = *value;
            defined.then_some(simple)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    /// The definition, row by row: the last row of a day is the last whose close falls into it.
    fn naive_day_ends(times: &[i64], interval_ms: i64) -> Vec<usize> {
        let day = |row: usize| (times[row] + interval_ms - 1).div_euclid(DAY_MS);
        (day(0)..=day(times.len() - 1))
            .map(|wanted| (0..times.len()).rev().find(|row| day(*row) <= wanted).unwrap())
            .collect()
    }

    proptest! {
        #[test]
        fn day_ends_are_the_last_rows_of_their_days(
            start in -3 * DAY_MS..3 * DAY_MS,
            steps in prop::collection::vec(prop_oneof![8 => Just(1_i64), 1 => 1_i64..40], 1..300),
            hours in 1_i64..8,
        ) {
            let interval_ms = hours * HOUR_MS;
            let mut time = start;
            let times: Vec<i64> = steps
                .iter()
                .map(|step| {
                    time += step * interval_ms;
                    time
                })
                .collect();
            let found = DayEnds::find(&times, interval_ms).rows;
            prop_assert_eq!(found, naive_day_ends(&times, interval_ms));
        }
    }

    #[test]
    fn agrees_with_pandas_on_hourly_rows_with_a_gap() {
        // pandas 3.1.1: pd.Series(range(60), index=<close times>).resample("1D", closed="right",
        // label="left") .last().ffill(), with hourly closes from 2024-02-27T22:00Z and three days
        // missing after row 29.
        let first_close = 1_709_071_200_000;
        let times: Vec<i64> = (0..60)
            .map(|row| {
                first_close - HOUR_MS + row * HOUR_MS + if row >= 30 { 3 * DAY_MS } else { 0 }
            })
            .collect();
        let column: Vec<f64> = (0..60).map(f64::from).collect();
        let days = DayEnds::find(&times, HOUR_MS);
        assert_eq!(days.sample(&column), PANDAS_DAY_ENDS);
        let dates: Vec<String> = days.dates().map(|date| date.unwrap().to_string()).collect();
        assert_eq!(dates, PANDAS_DATES);
    }

    const PANDAS_DAY_ENDS: [f64; 7] = [2.0, 26.0, 29.0, 29.0, 29.0, 50.0, 59.0];
    const PANDAS_DATES: [&str; 7] = [
        "2024-02-27",
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2024-03-02",
        "2024-03-03",
        "2024-03-04",
    ];

    #[test]
    fn with_daily_rows_every_row_is_a_day() {
        let times: Vec<i64> = (0..5).map(|day| day * DAY_MS).collect();
        assert_eq!(DayEnds::find(&times, DAY_MS).rows, [0, 1, 2, 3, 4]);
    }

    #[test]
    fn rows_longer_than_a_day_are_filled_forward() {
        let times = [0, 7 * DAY_MS];
        assert_eq!(DayEnds::find(&times, 7 * DAY_MS).rows, [0, 0, 0, 0, 0, 0, 0, 1]);
    }

    #[test]
    fn broken_times_do_not_fill_memory() {
        let days = DayEnds::find(&[0, i64::MAX / 4], DAY_MS);
        assert_eq!(days.sample(&[1.0, 2.0]), [0.0; 0]);
    }

    #[test]
    fn returns_end_with_ruin() {
        assert_eq!(simple_returns(100.0, &[150.0, 75.0, 0.0, 50.0]), [0.5, -0.5, -1.0]);
        assert_eq!(simple_returns(100.0, &[-50.0, 50.0]), [-1.5]);
        assert_eq!(simple_returns(100.0, &[150.0, f64::NAN, 50.0]), [0.5]);
        assert_eq!(simple_returns(0.0, &[150.0]), [0.0; 0]);
    }
}
