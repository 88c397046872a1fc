//! How much of an account's equity is in positions.

/// Gross exposure at the closes of rows: Σ |quantity × mark| ÷ equity, added up over rows. A row at whose close the account is
/// worth nothing has none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GrossExposure {
    /// Its sum over the rows at whose close anything was held.
    pub sum: f64,
    /// The largest.
    pub max: f64,
    /// Over the same rows, the sum of what it is above 1: the share of the equity that is borrowed, or owed twice.
    pub above_one_sum: f64,
}

impl GrossExposure {
    /// Takes in a row at whose close positions are worth `value` and the account `equity`, in quote asset.
    pub(crate) fn add(&mut self, value: f64, equity: f64) {
        if equity > 0.0 {
            let share = value / equity;
            self.sum += share;
            if share > self.max {
                self.max = share;
            }
            if share > 1.0 {
                self.above_one_sum += share - 1.0;
            }
        }
    }
}
