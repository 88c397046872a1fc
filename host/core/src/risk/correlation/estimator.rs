//! How the movements of instruments are measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{ROWS_MAX, Rate};

/// How the movements of instruments are measured: log returns of closes over the latest `window_rows` rows, of rows in which
/// both instruments have a bar, and had one in the row before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Estimator {
    /// Rows that are looked at: at most as many returns.
    #[schemars(range(min = 3, max = ROWS_MAX))]
    pub window_rows: usize,
    /// Pairs with fewer common returns are taken as unknown; so is the volatility of an instrument with fewer returns. Two
    /// are always needed; more than `window_rows` are never there.
    #[schemars(range(min = 2))]
    pub overlap_min: usize,
    /// Part of every correlation that is taken away, 0 to 1: 0.1 makes 0.9 of 1.0. Estimates of many pairs from few rows are
    /// too large at both ends.
    #[schemars(range(min = 0, max = 1))]
    pub shrinkage: Rate,
    /// Rows for which one measurement is used; it is made at multiples of this row number.
    #[schemars(range(min = 1, max = ROWS_MAX))]
    pub refresh_rows: usize,
}

impl Default for Estimator {
    fn default() -> Self {
        Self { window_rows: 168, overlap_min: 48, shrinkage: Rate::known(0.1), refresh_rows: 24 }
    }
}

impl Estimator {
    /// The row at which the measurement that holds at `row` is made: the latest multiple of `refresh_rows` at or before it.
    /// Depends on the row alone, never on when it is asked for. No `refresh_rows` count as 1.
    pub(crate) const fn row_of_measurement(&self, row: usize) -> usize {
        if self.refresh_rows == 0 { row } else { row - row % self.refresh_rows }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_holds_from_a_multiple_of_its_row_number_to_the_next() {
        let estimator = |refresh_rows| Estimator { refresh_rows, ..Estimator::default() };
        for (refresh_rows, row, expected) in [
            (24, 0, 0),
            (24, 23, 0),
            (24, 24, 24),
            (24, 47, 24),
            (24, 1_000, 984),
            (1, 17, 17),
            (0, 17, 17),
            (usize::MAX, 17, 0),
        ] {
            let found = estimator(refresh_rows).row_of_measurement(row);
            assert_eq!(found, expected, "row {row}, refreshed every {refresh_rows}");
        }
    }

    #[test]
    fn the_default_keeps_nine_tenths_of_a_correlation() {
        assert!((Estimator::default().shrinkage.to_fraction() - 0.1).abs() < 1e-15);
    }
}
