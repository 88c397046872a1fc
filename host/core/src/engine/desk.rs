//! The orders of one instrument.

use std::collections::VecDeque;

use super::resting::{Triggers, on_grid};
use crate::order::{Entry, Exposure, FillReason, Levels, Rule, Side};
use crate::portfolio::Position;
use crate::risk::{ApprovedOrder, Opening};
use crate::units::{Price, Quantity, UnitsError};

/// What waits to trade in one instrument.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// The order in the market, or about to be, if any.
    pub(super) working: Option<Working>,
    /// Orders on their way to the exchange, in the order in which they arrive; each replaces the one before.
    pub(super) in_flight: VecDeque<Working>,
    /// Live protective levels; they only matter while a position is held.
    pub(super) levels: Levels,
    /// The row from which the present take-profit is in the market.
    profit_from: usize,
    /// The exposure that the latest decision wants.
    pub(super) target: Option<Exposure>,
    /// The strategy of this instrument has failed.
    pub(super) closed: bool,
    /// The latest row whose order of events is unknown.
    pub(super) ambiguous_row: Option<usize>,
    /// What has been filled of the volume that there is in a row.
    taken: Taken,
}

/// What has been traded of the volume of one row, and of the present piece of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Taken {
    row: usize,
    pub(super) of_row: Quantity,
    pub(super) of_piece: Quantity,
}

/// An approved order on its way to the market.
#[derive(Clone, Debug)]
pub(super) struct Working {
    pub(super) order: ApprovedOrder,
    pub(super) entry: WorkingEntry,
    /// First row in which it can trade.
    pub(super) from_row: usize,
    /// Levels that go live with the order's first fill; `None`: the live ones stay.
    pub(super) levels: Option<Levels>,
    /// Reason of the fills that open or enlarge a position.
    pub(super) entry_reason: FillReason,
    /// Reason of the fills that close a position, or make it smaller.
    pub(super) exit_reason: FillReason,
    /// The latest row in which a limit order found its price in the market without ever having waited for it.
    pub(super) took_in: Option<usize>,
    /// What is still to be traded, once the first fill has fixed the whole.
    pub(super) rest: Option<Remainder>,
    /// The rule that cut it last.
    pub(super) cut_by: Option<Rule>,
    /// What has been traded.
    pub(super) filled: Quantity,
    /// Number of the decision behind it; `None` for the host's own orders.
    pub(super) decision: Option<u64>,
    pub(super) tag: Option<Box<str>>,
}

/// What a partial fill has left of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remainder {
    pub(super) side: Side,
    pub(super) quantity: Quantity,
}

/// How a working order trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkingEntry {
    Market,
    Limit { side: Side, price: Price, last_row: Option<usize> },
}

impl Working {
    /// A market order that closes the position for `reason`, from the next open on.
    pub(super) fn closing(reason: FillReason) -> Self {
        Self {
            order: ApprovedOrder::flat(),
            entry: WorkingEntry::Market,
            from_row: 0,
            levels: Some(Levels::default()),
            entry_reason: FillReason::Entry,
            exit_reason: reason,
            took_in: None,
            rest: None,
            cut_by: None,
            filled: Quantity::ZERO,
            decision: None,
            tag: None,
        }
    }

    /// Whether it is a market order that turns a position of `held` around.
    pub(super) fn turns(&self, held: Quantity) -> bool {
        let direction = self.order.direction();
        self.entry == WorkingEntry::Market
            && direction.is_some_and(|direction| i128::from(direction.sign()) * held.signum() < 0)
    }

    /// Whether it is a market order that closes a position of `held`.
    pub(super) fn leaves(&self, held: Quantity) -> bool {
        self.closes() || self.turns(held)
    }

    /// Whether it is a market order to be flat.
    fn closes(&self) -> bool {
        self.order.direction().is_none() && self.entry == WorkingEntry::Market
    }

    /// The same order, which cannot trade before `row`.
    pub(super) fn from(self, row: usize) -> Self {
        Self { from_row: row, ..self }
    }
}

impl WorkingEntry {
    /// The entry of an order that has to move the position to `side` and cannot trade before `from_row`, on a grid of `tick`.
    pub(super) fn new(entry: Entry, (side, tick): (Side, Price), from_row: usize) -> Self {
        match entry {
            Entry::Market => Self::Market,
            Entry::Limit { price, expires_after_rows } => Self::Limit {
                side,
                price: on_grid(price, side, tick),
                last_row: expires_after_rows
                    .map(|rows| from_row.saturating_add(rows.get() as usize) - 1),
            },
        }
    }
}

impl Desk {
    /// What has been filled of the volume that there is in `row`.
    pub(super) fn taken(&self, row: usize) -> Taken {
        if self.taken.row == row { self.taken } else { Taken { row, ..Taken::default() } }
    }

    /// `quantity` more is filled in `row`.
    pub(super) fn take(&mut self, row: usize, quantity: Quantity) -> Result<(), UnitsError> {
        let Taken { of_row, of_piece, .. } = self.taken(row);
        let (of_row, of_piece) = (of_row.plus(quantity)?, of_piece.plus(quantity)?);
        self.taken = Taken { row, of_row, of_piece };
        Ok(())
    }

    /// The next piece of the row has a volume of its own.
    pub(super) const fn refill(&mut self) {
        self.taken.of_piece = Quantity::ZERO;
    }

    /// From `row` on these levels protect the position.
    pub(super) fn protect_from(&mut self, row: usize, levels: Levels) {
        if levels.take_profit != self.levels.take_profit {
            self.profit_from = row;
        }
        self.levels = levels;
    }

    /// The take-profit comes to the market in `row`, whenever it was set.
    pub(super) const fn take_profit_comes_in(&mut self, row: usize) {
        self.profit_from = row;
    }

    /// Whether the take-profit comes to the market in `row`.
    pub(super) const fn profit_comes_in(&self, row: usize) -> bool {
        self.profit_from == row
    }

    /// True when an order is in the market or on its way there.
    pub(super) fn is_working(&self) -> bool {
        self.working.is_some() || !self.in_flight.is_empty()
    }

    /// The market order with which the host closes the position, or makes it smaller, for a reason of its own.
    pub(super) fn hosts_order(&self) -> Option<&Working> {
        self.working.as_ref().filter(|working| {
            working.decision.is_none()
                && working.order.opening() == Opening::Barred
                && working.entry == WorkingEntry::Market
        })
    }

    /// True when the host is closing the position at the market, for a reason of its own.
    pub(super) fn is_being_closed(&self) -> bool {
        self.hosts_order().is_some_and(|working| working.order.direction().is_none())
    }

    /// The latest order that the market will see.
    pub(super) fn latest(&self) -> Option<&Working> {
        self.in_flight.back().or(self.working.as_ref())
    }

    /// Orders that have reached the exchange by `row` take the place of those before. What the host closes or cuts at the market
    /// is finished first, whatever bars are missing and however little they fill; only what closes everything goes before it.
    pub(super) fn arrive(&mut self, row: usize) {
        while let Some(front) = self.in_flight.front()
            && front.from_row <= row
            && (self.hosts_order().is_none() || front.closes())
        {
            let arrived = self.in_flight.pop_front();
            self.working = arrived.map(|order| order.from(row));
        }
    }

    /// Takes every order back.
    pub(super) fn call_back(&mut self) {
        self.working = None;
        self.in_flight.clear();
    }

    /// Takes back every order that may open or enlarge a position.
    pub(super) fn call_back_openings(&mut self) {
        self.working.take_if(|working| working.order.opening() == Opening::Allowed);
        self.in_flight.retain(|working| working.order.opening() == Opening::Barred);
    }

    /// From now on no order opens or enlarges a position. Gives the decisions whose orders might have.
    pub(super) fn bar_opening(&mut self) -> Vec<Option<u64>> {
        let mut barred = Vec::new();
        for working in self.working.iter_mut().chain(&mut self.in_flight) {
            if working.order.opening() == Opening::Allowed {
                working.order.bar_opening();
                barred.push(working.decision);
            }
        }
        barred
    }

    /// True when a market order trades in `row`.
    pub(super) fn trades_in(&self, row: usize) -> bool {
        self.working
            .as_ref()
            .is_some_and(|working| working.entry == WorkingEntry::Market && working.from_row <= row)
    }

    /// The first row in which a market order trades, or an order arrives.
    pub(super) fn trades_at(&self) -> Option<usize> {
        let market = self.working.as_ref().filter(|order| order.entry == WorkingEntry::Market);
        let arriving = self.in_flight.front();
        market.into_iter().chain(arriving).map(|order| order.from_row).min()
    }

    /// The row after which a limit order expires.
    pub(super) fn expiry(&self) -> Option<usize> {
        match self.working.as_ref()?.entry {
            WorkingEntry::Limit { last_row, .. } => last_row,
            WorkingEntry::Market => None,
        }
    }

    /// The prices at which something happens while `position` is held.
    pub(super) fn triggers(&self, position: Position) -> Triggers {
        let mut triggers = Triggers::NONE;
        if let Some(Working { entry: WorkingEntry::Limit { side, price, .. }, .. }) = self.working {
            triggers = match side {
                Side::Buy => triggers.below(price.to_f64()),
                Side::Sell => triggers.above(price.to_f64()),
            };
        }
        let (stop, take_profit) = (self.levels.stop, self.levels.take_profit);
        let (below, above) = match position.quantity.signum() {
            1 => (stop, take_profit),
            -1 => (take_profit, stop),
            _ => (None, None),
        };
        let triggers = below.map_or(triggers, |price| triggers.below(price.to_f64()));
        above.map_or(triggers, |price| triggers.above(price.to_f64()))
    }
}
