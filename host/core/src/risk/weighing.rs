//! Weights that are asked for together.

use super::{Book, Cut, Gate, Shorting};
use crate::market::InstrumentId;
use crate::order::{Exposure, Rule};

impl Gate {
    /// Whether targets of both instruments are weights of one strategy.
    pub(crate) fn weigh_together(&self, one: InstrumentId, other: InstrumentId) -> bool {
        let own = &self.own[one];
        let shares = own.capital.instruments.contains(&other.index());
        own.sizing.weighs() && shares && self.own[other].sizing.weighs()
    }

    /// What a target counts for as a weight: nothing where it may not be held.
    pub(crate) fn weight_of(&self, target: Exposure) -> f64 {
        let forbidden =
            target.share() < 0.0 && self.settings.limits.shorting == Shorting::Forbidden;
        if forbidden { 0.0 } else { target.share().abs() }
    }

    /// The part of the weights in `book` that the leverage and the cap on all positions leave, and what is told where that is not all of them. Sums of shares are a
    /// few units of 1e-16 beside 1.
    pub(super) fn weighed(&self, book: &Book<'_>) -> (f64, Option<Cut>) {
        let leverage = self.settings.margin.leverage_max;
        let most =
            self.settings.limits.gross_exposure_max.map_or(leverage, |cap| cap.min(leverage));
        let (value, limit) = (book.weights, most.to_fraction());
        if value <= limit * (1.0 + 1e-9) {
            return (1.0, None);
        }
        (limit / value, Some(Cut { rule: Rule::Weights, value, limit }))
    }
}
