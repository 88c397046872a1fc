//! What the gate is asked, what it looks at, and what it answers.

use super::{ApprovedOrder, Cut};
use crate::market::{Field, InstrumentId, Panel, PerInstrument};
use crate::order::{Direction, Exposure, Size, Trade, Verdict};
use crate::portfolio::Portfolio;
use crate::units::Price;

/// A decision that asks for an order.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// Row of the decision.
    pub row: usize,
    /// The instrument.
    pub instrument: InstrumentId,
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
    /// Σ |latest target| of the instruments that share the capital of the one that is asked about, where [`Sizing::Weights`](super::Sizing::Weights)
    /// sizes them; 0 where it is not.
    pub weights: f64,
}

/// An order that is on its way.
#[derive(Clone, Copy, Debug)]
pub struct Pending {
    /// The instrument.
    pub instrument: InstrumentId,
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
    /// The stop that sizing places, for an order whose decision has none.
    pub placed_stop: Option<Price>,
}

impl Answer {
    /// What must hold of the answer to `request`.
    pub(super) fn check(&self, request: &Request) {
        let share = request.target.share();
        match &self.order {
            None => assert!(
                self.cuts.iter().any(|(verdict, _)| *verdict == Verdict::Refused),
                "{request:?}: nothing is approved, and nobody is told why: {self:?}"
            ),
            Some(order) => {
                let sign = order.direction().map_or(0.0, |way| f64::from(way.sign()));
                assert!(sign * share >= 0.0, "{request:?}: {order:?} goes the other way");
                assert!(
                    !(order.enlarges() && order.is_reduce_only()),
                    "{request:?}: {order:?} is to enlarge a position, and may not"
                );
                assert!(self.refused.is_none(), "{request:?}: approved and refused: {self:?}");
            }
        }
    }
}

impl Book<'_> {
    fn pending(&self, instrument: InstrumentId) -> Option<&Pending> {
        self.pending.iter().find(|pending| pending.instrument == instrument)
    }

    /// Direction of the position that `instrument` will have when its orders are done.
    fn direction(&self, instrument: InstrumentId) -> Option<Direction> {
        match self.pending(instrument) {
            Some(pending) => pending.direction,
            None => Direction::of(self.portfolio.position(instrument).quantity),
        }
    }

    pub(super) fn will_hold(&self, instrument: InstrumentId) -> bool {
        self.direction(instrument).is_some()
    }

    /// Signed values of the positions at the close of `row`, as shares of equity: as they are, and as they will be when all
    /// orders have traded.
    pub(super) fn weights(&self, row: usize) -> [PerInstrument<f64>; 2] {
        let held = |instrument: InstrumentId| {
            let held = self.portfolio.position(instrument);
            // Before its first bar an instrument has no mark.
            if held.is_flat() {
                return 0.0;
            }
            let mark = mark(self.panel, instrument, row);
            assert!(!mark.is_nan(), "row {row}: {instrument:?} is held, but never had a price");
            held.quantity.to_f64() * mark
        };
        let to_come = |instrument: InstrumentId| match self.pending(instrument) {
            Some(Pending { direction, value, .. }) => {
                direction.map_or(0.0, |direction| f64::from(direction.sign()) * value)
            }
            None => held(instrument),
        };
        let count = self.panel.series().len();
        [
            PerInstrument::new(count, |instrument| held(instrument) / self.equity),
            PerInstrument::new(count, |instrument| to_come(instrument) / self.equity),
        ]
    }
}

/// The instruments that are held beside `instrument`, with the signs of their directions.
pub(super) fn others(
    portfolio: &Portfolio,
    instrument: InstrumentId,
) -> impl Iterator<Item = (InstrumentId, i8)> {
    let places = (0..).map(InstrumentId::new);
    let others = places.zip(portfolio.positions()).filter(move |(place, _)| *place != instrument);
    others.filter_map(|(place, held)| Some((place, Direction::of(held.quantity)?.sign())))
}

/// Last known close of `instrument` at `row`; NaN before its first bar.
pub(super) fn mark(panel: &Panel, instrument: InstrumentId, row: usize) -> f64 {
    panel.series_of(instrument).rows(Field::Mark).at(row)
}
