//! Returns of closes, and how far a sample spreads.

use super::{Field, Series};

/// The log returns `ln(cᵢ ÷ cᵢ₋₁)` of the closes in the latest `window_rows` rows up to `row`, oldest first. NaN where this bar or
/// the one before is missing; fewer than `window_rows` at the start of the series.
///
/// Every measurement of volatility and correlation in the host is made of these.
///
/// # Panics
/// When `row` is not known, or a row of the window is forgotten.
pub(crate) fn log_returns(
    series: &Series,
    row: usize,
    window_rows: usize,
) -> impl Iterator<Item = f64> + '_ {
    let start = (row + 1).saturating_sub(window_rows).max(1);
    let closes = series.rows(Field::Close).of(start - 1..row + 1);
    closes.array_windows().map(|[before, close]| libm::log(close / before))
}

/// Those of [`log_returns`] that are there: a missing bar takes two returns away.
pub(crate) fn known_log_returns(series: &Series, row: usize, window_rows: usize) -> Vec<f64> {
    log_returns(series, row, window_rows).filter(|value| value.is_finite()).collect()
}

/// Mean and variance of a sample (divided by `n − 1`); `None` with fewer than two values.
pub(crate) fn mean_and_variance(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 {
        return None;
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((mean, squares / (count - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{Bars, Instrument, Panel, RawColumns};
    use crate::units::Interval;

    /// Hourly closes 1, 2, (none), 8, 4 of the first of two instruments.
    fn panel() -> Panel {
        let bars = |rows: &[(i64, f64)]| {
            let mut raw = RawColumns::default();
            for &(row, close) in rows {
                raw.time.push(row * 3_600_000);
                for prices in [&mut raw.open, &mut raw.high, &mut raw.low, &mut raw.close] {
                    prices.push(close);
                }
                raw.volume.push(1.0);
            }
            Bars::new(Interval::HOUR, raw).unwrap()
        };
        let gappy = bars(&[(0, 1.0), (1, 2.0), (3, 8.0), (4, 4.0)]);
        let whole = bars(&[(0, 1.0), (1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0)]);
        let instrument = Instrument::unrestricted;
        Panel::new(vec![(instrument("A/USD"), gappy), (instrument("B/USD"), whole)]).unwrap()
    }

    #[test]
    fn a_missing_bar_takes_two_returns_away() {
        let panel = panel();
        let all: Vec<f64> = log_returns(&panel.series()[0], 4, 10).collect();
        assert!(all[1].is_nan() && all[2].is_nan(), "{all:?}");
        let known = known_log_returns(&panel.series()[0], 4, 10);
        assert_eq!(known, [core::f64::consts::LN_2, -core::f64::consts::LN_2]);
    }

    #[test]
    fn only_the_window_counts() {
        let panel = panel();
        assert_eq!(log_returns(&panel.series()[1], 4, 2).count(), 2);
        assert_eq!(log_returns(&panel.series()[1], 0, 2).count(), 0);
        assert_eq!(log_returns(&panel.series()[1], 4, 0).count(), 0);
    }

    #[test]
    #[should_panic(expected = "rows 3..6: known are 0 to 5")]
    fn a_row_behind_the_end_has_no_returns_to_look_at() {
        let _ = log_returns(&panel().series()[1], 5, 2).count();
    }

    #[test]
    fn a_sample_is_divided_by_one_less() {
        assert_eq!(mean_and_variance(&[1.0, 2.0, 3.0, 6.0]), Some((3.0, 14.0 / 3.0)));
        assert_eq!(mean_and_variance(&[1.0]), None);
    }
}
