//! Weights that are asked for together.

use super::{Book, Cut, Gate, Shorting};
use crate::market::InstrumentId;
use crate::order::{Exposure, Rule};

impl Gate {
    /// The instruments whose targets are weights beside those of `instrument`, itself included; none where its own are not.
    pub(crate) fn weighed_with(
        &self,
        instrument: InstrumentId,
    ) -> impl Iterator<Item = InstrumentId> {
        let own = &self.own[instrument];
        let sharing = if own.sizing.weighs() { own.capital.instruments.clone() } else { 0..0 };
        sharing.map(InstrumentId::new).filter(|other| self.own[*other].sizing.weighs())
    }

    /// What a target counts for as a weight: nothing where it may not be held.
    pub(crate) fn weight_of(&self, target: Exposure) -> f64 {
        let forbidden =
            target.share() < 0.0 && self.settings.limits.shorting == Shorting::Forbidden;
        if forbidden { 0.0 } else { target.share().abs() }
    }

    /// The part of the weights in `book` that the leverage leaves, and what is told where that is not all of them. Sums of shares are a
    /// few units of 1e-16 beside 1.
    pub(super) fn weighed(&self, book: &Book<'_>) -> (f64, Option<Cut>) {
        let (value, limit) = (book.weights, self.settings.margin.leverage_max.to_fraction());
        if value <= limit * (1.0 + 1e-9) {
            return (1.0, None);
        }
        (limit / value, Some(Cut { rule: Rule::Weights, value, limit }))
    }
}
