//! Returns of the latest closes, and how far they spread.

use crate::market::{Panel, Series};

const YEAR_MS: f64 = 365.0 * 86_400_000.0;

/// Rows per year of 365 days.
pub(super) fn rows_per_year(panel: &Panel) -> f64 {
    YEAR_MS / panel.interval().as_ms() as f64
}

/// Returns that a measurement over `window_rows` rows needs: half a window, two at least.
pub(super) fn returns_needed(window_rows: usize) -> usize {
    window_rows.div_ceil(2).max(2)
}

/// The log returns `ln(cᵢ ÷ cᵢ₋₁)` of the closes in the latest `window_rows` rows up to `row`, oldest first. A return needs a
/// bar in its row and in the one before, so a missing bar takes two returns away.
pub(super) fn log_returns(series: &Series, row: usize, window_rows: usize) -> Vec<f64> {
    let start = (row + 1).saturating_sub(window_rows).max(1);
    let closes = series.close().get(start - 1..=row).unwrap_or_default();
    let returns = closes.array_windows().map(|[before, close]| libm::log(close / before));
    returns.filter(|value| value.is_finite()).collect()
}

/// Mean and variance of a sample (divided by `n − 1`); `None` with fewer than two values.
pub(super) fn mean_and_variance(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 {
        return None;
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    Some((mean, squares / (count - 1.0)))
}
