//! Movements of instruments, measured no more often than wanted.

use super::{Comovement, Estimator};
use crate::market::Panel;

/// The latest measurement, and how it is made.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    estimator: Estimator,
    latest: Option<(usize, Comovement)>,
}

impl Measured {
    pub(super) const fn new(estimator: Estimator) -> Self {
        Self { estimator, latest: None }
    }

    /// The measurement that holds at `row`. The row at which it was made depends on nothing but `row`.
    pub(super) fn at(&mut self, panel: &Panel, row: usize) -> &Comovement {
        let wanted = self.estimator.row_of_measurement(row);
        let known = self.latest.take().filter(|(made_at, _)| *made_at == wanted);
        let made =
            known.unwrap_or_else(|| (wanted, Comovement::measure(panel, wanted, &self.estimator)));
        &self.latest.insert(made).1
    }

    /// The measurement that holds at `row`, which was made before.
    ///
    /// # Panics
    /// When it was not.
    pub(super) fn known_at(&self, row: usize) -> &Comovement {
        let wanted = self.estimator.row_of_measurement(row);
        match &self.latest {
            Some((made_at, comovement)) if *made_at == wanted => comovement,
            other => unreachable!(
                "row {row} needs what was measured at row {wanted}: it was at {:?}",
                other.as_ref().map(|(made_at, _)| made_at)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "row 30 needs what was measured at row 24: it was at None")]
    fn what_was_not_measured_is_not_known() {
        let measured = Measured::new(Estimator { refresh_rows: 24, ..Estimator::default() });
        let _ = measured.known_at(30);
    }
}
