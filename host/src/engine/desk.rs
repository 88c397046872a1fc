//! The working orders of one instrument.

use super::resting::Triggers;
use crate::order::{Entry, FillReason, Levels, Side};
use crate::portfolio::Position;
use crate::risk::ApprovedOrder;
use crate::units::{Price, Quantity};

/// What waits to trade in one instrument.
#[derive(Debug, Default)]
pub(super) struct Desk {
    /// The order on its way to the market, if any.
    pub(super) working: Option<Working>,
    /// Live protective levels; they only matter while a position is held.
    pub(super) levels: Levels,
    /// The strategy of this instrument has failed.
    pub(super) closed: bool,
}

/// An approved order on its way to the market.
#[derive(Clone, Debug)]
pub(super) struct Working {
    pub(super) order: ApprovedOrder,
    pub(super) entry: WorkingEntry,
    /// Levels that go live with the order's first fill; `None`: the live ones stay.
    pub(super) levels: Option<Levels>,
    /// Reason of the fills that close a position.
    pub(super) exit_reason: FillReason,
    /// What is still to be traded, once the first fill has fixed the whole.
    pub(super) rest: Option<Rest>,
    pub(super) tag: Option<Box<str>>,
}

/// What a partial fill has left of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rest {
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
    /// A market order that closes the position for `reason`.
    pub(super) const fn closing(reason: FillReason, tag: Option<Box<str>>) -> Self {
        Self {
            order: ApprovedOrder::flat(),
            entry: WorkingEntry::Market,
            levels: Some(Levels { stop: None, take_profit: None }),
            exit_reason: reason,
            rest: None,
            tag,
        }
    }
}

impl WorkingEntry {
    /// The entry of a decision on `row`, when the position has to move to `side`.
    pub(super) fn new(entry: Entry, side: Side, row: usize) -> Self {
        match entry {
            Entry::Market => Self::Market,
            Entry::Limit { price, expires_after_rows } => Self::Limit {
                side,
                price,
                last_row: expires_after_rows.map(|rows| row.saturating_add(rows.get() as usize)),
            },
        }
    }
}

impl Desk {
    /// True when an order would trade at the next open.
    pub(super) fn trades_at_open(&self) -> bool {
        self.working.as_ref().is_some_and(|working| working.entry == WorkingEntry::Market)
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
