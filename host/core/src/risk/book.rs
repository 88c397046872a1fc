//! What the gate is asked, what it looks at, and what it answers.

use super::{ApprovedOrder, Cut};
use crate::market::{Field, Panel};
use crate::order::{Direction, Exposure, Size, Trade, Verdict};
use crate::portfolio::Portfolio;
use crate::units::Price;

/// A decision that asks for an order.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Row of the decision.
    pub row: usize,
    /// Place of the instrument in the panel.
    pub instrument: usize,
    /// The exposure to hold; not flat.
    pub target: Exposure,
    /// Stop of the decision.
    pub stop: Option<Price>,
    /// Price of the decision's limit order; `None` for a market order.
    pub limit: Option<Price>,
}

/// The account at the decision's close.
#[derive(Clone, Copy, Debug)]
pub struct Book<'a> {
    /// The prices.
    pub panel: &'a Panel,
    /// Positions and cash.
    pub portfolio: &'a Portfolio,
    /// Every round trip so far.
    pub trades: &'a [Trade],
    /// Orders of other instruments that are on their way; may be left empty unless
    /// [`Gate::reads_pending`](super::Gate::reads_pending).
    pub pending: &'a [Pending],
    /// The order of the instrument itself that is on its way, if there is one.
    pub own: Option<Pending>,
    /// Equity, in quote asset.
    pub equity: f64,
}

/// An order that is on its way.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// Place of the instrument in the panel.
    pub instrument: usize,
    /// Direction of the position that is aimed at; `None` for flat.
    pub direction: Option<Direction>,
    /// Value of that position, in quote asset.
    pub value: f64,
}

/// What the gate says to a request.
#[derive(Debug, Default)]
pub struct Answer {
    /// The order, if there may be one.
    pub order: Option<ApprovedOrder>,
    /// The size that was refused, where sizing granted one.
    pub refused: Option<Size>,
    /// Rules that refused or cut it.
    pub cuts: Vec<(Verdict, Cut)>,
}

impl Book<'_> {
    fn pending(&self, instrument: usize) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.instrument == instrument)
    }

    /// Direction of the position that `instrument` will have when its orders are done.
    fn direction(&self, instrument: usize) -> Option<Direction> {
        match self.pending(instrument) {
            Some(pending) => pending.direction,
            None => Direction::of(self.portfolio.position(instrument).quantity),
        }
    }

    pub(super) fn will_hold(&self, instrument: usize) -> bool {
        self.direction(instrument).is_some()
    }

    /// Signed values of the positions, as shares of equity: as they are, and as they will be when all orders have traded.
    pub(super) fn weights(&self, panel: &Panel, row: usize) -> [Vec<f64>; 2] {
        let held = |instrument: usize| {
            let held = self.portfolio.position(instrument);
            // Before its first bar an instrument has no mark.
            if held.is_flat() { 0.0 } else { held.quantity.to_f64() * mark(panel, instrument, row) }
        };
        let to_come = |instrument: usize| match self.pending(instrument) {
            Some(Pending { direction, value, .. }) => {
                direction.map_or(0.0, |direction| f64::from(direction.sign()) * value)
            }
            None => held(instrument),
        };
        let all = 0..panel.series().len();
        [
            all.clone().map(|instrument| held(instrument) / self.equity).collect(),
            all.map(|instrument| to_come(instrument) / self.equity).collect(),
        ]
    }
}

/// The instruments that are held beside `instrument`, with the signs of their directions.
pub(super) fn others(
    portfolio: &Portfolio,
    instrument: usize,
) -> impl Iterator<Item = (usize, i8)> {
    let positions = portfolio.positions().iter().enumerate();
    let others = positions.filter(move |(place, _)| *place != instrument);
    others.filter_map(|(place, held)| Some((place, Direction::of(held.quantity)?.sign())))
}

pub(super) fn mark(panel: &Panel, instrument: usize, row: usize) -> f64 {
    panel.series().get(instrument).map_or(f64::NAN, |series| series.rows(Field::Mark).at(row))
}
