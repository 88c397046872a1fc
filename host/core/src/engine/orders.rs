//! The orders of every instrument: on their way, working, and the levels that protect what is held.

use std::collections::VecDeque;

use super::account::{Cause, Execution};
use super::tape::{At, Tape};
use super::triggers::{Triggers, levels_on_grid, on_grid};
use crate::market::{InstrumentId, PerInstrument};
use crate::order::{Decision, Entry, Exposure, FillReason, Levels, Rule, Side};
use crate::risk::ApprovedOrder;
use crate::units::{Price, Quantity, UnitsError};

/// The orders of every instrument.
pub(super) type Orders = PerInstrument<InstrumentOrders>;

/// What waits to trade in one instrument.
#[derive(Clone, Debug, Default)]
pub(super) struct InstrumentOrders {
    /// The order in the market, or about to be, if any.
    pub(super) working: Option<WorkingOrder>,
    /// Orders on their way to the exchange, in the order in which they arrive; each replaces the one before.
    pub(super) in_flight: VecDeque<WorkingOrder>,
    /// Live protective levels; they only matter while a position is held.
    pub(super) levels: Levels,
    /// The row from which the present take-profit is in the market.
    take_profit_from: usize,
    /// The exposure that the latest decision wants.
    pub(super) target: Option<Exposure>,
    /// The exposure that the latest decision asks for, and its row: the weight beside those of other instruments.
    pub(super) weight: (usize, Exposure),
    /// The strategy of this instrument has failed.
    pub(super) closed: bool,
    /// The latest row whose order of events is unknown.
    pub(super) ambiguous_row: Option<usize>,
    /// The last decision of the warm-up, with which the run starts.
    pub(super) deferred: Option<Decision>,
    /// What has been traded of the volume that there is in a row.
    traded: Traded,
    /// The latest fill that opened or enlarged the position.
    entry: Option<EntryFill>,
    /// What a breaker leaves of the position, until it is that small or something was added to it.
    cut_to: Option<Quantity>,
}

/// What has been traded of the volume of one row, and of the present segment of it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traded {
    row: usize,
    pub(super) in_row: Quantity,
    pub(super) in_segment: Quantity,
}

/// A fill that opened or enlarged a position.
#[derive(Clone, Copy, Debug)]
struct EntryFill {
    row: usize,
    /// Number of the segment of the row: 0 for market orders.
    segment: usize,
    side: Side,
    reference_price: Price,
}

/// An approved order on its way to the market, or in it.
#[derive(Clone, Debug)]
pub(super) struct WorkingOrder {
    pub(super) order: ApprovedOrder,
    pub(super) entry: EntryType,
    /// First row in which it can trade.
    pub(super) from_row: usize,
    /// Levels that go live with the order's first fill; `None`: the live ones stay.
    pub(super) levels: Option<Levels>,
    /// Reason of the fills that open or enlarge a position.
    pub(super) entry_reason: FillReason,
    /// Reason of the fills that close a position, or make it smaller.
    pub(super) exit_reason: FillReason,
    /// The latest row in which a limit order found its price in the market without ever having waited for it.
    pub(super) marketable_in: Option<usize>,
    /// It has met a bar in a row that is forgotten.
    pub(super) met_bar: bool,
    /// What is still to be traded, once the first fill has fixed the whole.
    pub(super) remaining: Option<Remaining>,
    /// The rule that cut it last.
    pub(super) cut_by: Option<Rule>,
    /// What has been traded.
    pub(super) filled: Quantity,
    /// What left it without a position has been told.
    pub(super) ended: bool,
    /// Number of the decision behind it; `None` for the host's own orders.
    pub(super) decision: Option<u64>,
    pub(super) tag: Option<Box<str>>,
}

/// What a partial fill has left of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remaining {
    pub(super) side: Side,
    pub(super) quantity: Quantity,
}

/// How a working order trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryType {
    Market,
    Limit { side: Side, price: Price, last_row: Option<usize> },
}

impl WorkingOrder {
    /// A market order that closes the position for `reason`, from the next open on.
    pub(super) fn closing(reason: FillReason) -> Self {
        Self {
            order: ApprovedOrder::flat(),
            entry: EntryType::Market,
            from_row: 0,
            levels: Some(Levels::default()),
            entry_reason: FillReason::Entry,
            exit_reason: reason,
            marketable_in: None,
            met_bar: false,
            remaining: None,
            cut_by: None,
            filled: Quantity::ZERO,
            ended: false,
            decision: None,
            tag: None,
        }
    }

    /// Why what it opens or enlarges trades.
    pub(super) fn entry_cause(&self) -> Cause {
        Cause { reason: self.entry_reason, decision: self.decision, tag: self.tag.clone() }
    }

    /// Why what it closes, or makes smaller, trades.
    pub(super) fn exit_cause(&self) -> Cause {
        Cause { reason: self.exit_reason, decision: self.decision, tag: self.tag.clone() }
    }

    /// Whether it is a market order that turns a position of `held` around.
    pub(super) fn turns(&self, held: Quantity) -> bool {
        let direction = self.order.direction();
        self.entry == EntryType::Market
            && direction.is_some_and(|direction| i128::from(direction.sign()) * held.signum() < 0)
    }

    /// Whether it is a market order that closes a position of `held`.
    pub(super) fn leaves(&self, held: Quantity) -> bool {
        self.closes() || self.turns(held)
    }

    /// Whether it is a market order to be flat.
    fn closes(&self) -> bool {
        self.order.direction().is_none() && self.entry == EntryType::Market
    }

    /// Whether its end is to be told: it is not that of what the host closes, and no rule has told of it before.
    pub(super) fn is_untold(&self) -> bool {
        let made_reduce_only = self.order.is_reduce_only() && self.order.enlarges();
        let hosts = self.order.is_reduce_only() && self.decision.is_none();
        !self.ended && !made_reduce_only && !hosts
    }

    /// The same order, which cannot trade before `row`.
    pub(super) fn from(self, row: usize) -> Self {
        Self { from_row: row, ..self }
    }
}

impl EntryType {
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

impl InstrumentOrders {
    /// What has been traded of the volume that there is in `row`.
    pub(super) fn traded(&self, row: usize) -> Traded {
        if self.traded.row == row { self.traded } else { Traded { row, ..Traded::default() } }
    }

    /// Takes note of what has traded in a segment of its row, 0 for market orders. `enlarges`: it opened or enlarged a position.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(super) fn add_traded(
        &mut self,
        execution: &Execution,
        segment: usize,
        enlarges: bool,
    ) -> Result<(), UnitsError> {
        let Execution { at: At { row, .. }, side, quantity, reference_price, .. } = *execution;
        let last = self.traded.row;
        assert!(last <= row, "a trade in row {row} after one in row {last}");
        let Traded { in_row, in_segment, .. } = self.traded(row);
        let (in_row, in_segment) = (in_row.plus(quantity)?, in_segment.plus(quantity)?);
        self.traded = Traded { row, in_row, in_segment };
        if enlarges {
            self.entry = Some(EntryFill { row, segment, side, reference_price });
        }
        Ok(())
    }

    /// A breaker cuts a position of `held` to `left`.
    pub(super) fn start_cut(&mut self, held: Quantity, left: Quantity) {
        assert!(left <= held.abs(), "a cut of {held} leaves {left}");
        self.cut_to = (left < held.abs()).then_some(left);
    }

    /// The position has become `held`, which is larger than before or not.
    pub(super) fn look_at_cut(&mut self, held: Quantity, enlarged: bool) {
        self.cut_to.take_if(|left| enlarged || held.abs() <= *left);
    }

    /// How large a position of `held` is when the cut that a breaker has begun is done.
    pub(super) fn left_by_cut(&self, held: Quantity) -> Quantity {
        self.cut_to.map_or(held.abs(), |left| left.min(held.abs()))
    }

    /// The next segment of the row has a volume of its own.
    pub(super) const fn renew_volume(&mut self) {
        self.traded.in_segment = Quantity::ZERO;
    }

    /// Reference price of the latest fill in `row` that opened or enlarged the position of `held`, if it was in `segment`, where
    /// one is named.
    pub(super) fn entry_in(
        &self,
        row: usize,
        segment: Option<usize>,
        held: Quantity,
    ) -> Option<f64> {
        let entry = self.entry.filter(|entry| entry.row == row)?;
        let there = segment.is_none_or(|segment| entry.segment == segment);
        (there && entry.side.sign() == held.signum()).then(|| entry.reference_price.to_f64())
    }

    /// From `row` on these levels protect the position.
    pub(super) fn protect_from(&mut self, row: usize, levels: Levels) {
        if levels.take_profit != self.levels.take_profit {
            self.take_profit_from = row;
        }
        self.levels = levels;
    }

    /// The take-profit comes to the market in `row`, whenever it was set.
    pub(super) const fn take_profit_starts_in(&mut self, row: usize) {
        self.take_profit_from = row;
    }

    /// Whether the take-profit comes to the market in `row` only.
    pub(super) const fn is_take_profit_new_in(&self, row: usize) -> bool {
        self.take_profit_from == row
    }

    /// Keeps what is to be remembered of the rows before `row`, which are about to be forgotten.
    pub(super) fn forget_before(&mut self, tape: &Tape<'_>, instrument: InstrumentId, row: usize) {
        let Some(working) = self.working.as_mut().filter(|order| order.from_row < row) else {
            return;
        };
        let first = working.marketable_in.map_or(working.from_row, |last| last + 1);
        if tape.has_bar(instrument, first.max(tape.panel.first_row()).min(row)..row) {
            working.met_bar = true;
            working.marketable_in = None;
        } else if let Some(last) = &mut working.marketable_in {
            *last = (*last).max(row - 1);
        }
    }

    /// True when an order is in the market or on its way there.
    pub(super) fn is_working(&self) -> bool {
        self.working.is_some() || !self.in_flight.is_empty()
    }

    /// The market order with which the host closes the position, or makes it smaller, for a reason of its own.
    pub(super) fn hosts_order(&self) -> Option<&WorkingOrder> {
        self.working.as_ref().filter(|working| {
            working.decision.is_none()
                && working.order.is_reduce_only()
                && working.entry == EntryType::Market
        })
    }

    /// True when the host is closing the position at the market, for a reason of its own.
    pub(super) fn is_being_closed(&self) -> bool {
        self.hosts_order().is_some_and(|working| working.order.direction().is_none())
    }

    /// The latest order that the market will see.
    pub(super) fn latest(&self) -> Option<&WorkingOrder> {
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

    /// Cancels every order. Gives the decisions of those whose end is to be told.
    pub(super) fn cancel(&mut self) -> Vec<Option<u64>> {
        let all = self.working.take().into_iter().chain(self.in_flight.drain(..));
        all.filter(WorkingOrder::is_untold).map(|order| order.decision).collect()
    }

    /// A stop or take-profit has closed the position: what was to leave it, and nothing that opens one comes before, has nothing to
    /// do any more. Gives the decisions of those orders. One on its way that makes a position smaller at the market finds out itself.
    pub(super) fn end_exits(&mut self) -> Vec<Option<u64>> {
        let working = self.working.as_mut().map(|order| (order, false));
        let in_flight = self.in_flight.iter_mut().map(|order| (order, true));
        let exits = working.into_iter().chain(in_flight);
        let mut ended = Vec::new();
        for (order, on_its_way) in exits.take_while(|(order, _)| order.order.is_reduce_only()) {
            let finds_out = on_its_way && order.entry == EntryType::Market && !order.closes();
            if order.is_untold() && !finds_out {
                order.ended = true;
                ended.push(order.decision);
            }
        }
        ended
    }

    /// Cancels every order that may open or enlarge a position.
    pub(super) fn cancel_openings(&mut self) {
        self.working.take_if(|working| !working.order.is_reduce_only());
        self.in_flight.retain(|working| working.order.is_reduce_only());
    }

    /// From now on no order opens or enlarges a position. Gives the decisions whose orders might have.
    pub(super) fn make_reduce_only(&mut self) -> Vec<Option<u64>> {
        let mut changed = Vec::new();
        for working in self.working.iter_mut().chain(&mut self.in_flight) {
            if !working.order.is_reduce_only() {
                working.order.make_reduce_only();
                changed.push(working.decision);
            }
        }
        changed
    }

    /// Whether no order may open or enlarge a position.
    pub(super) fn all_reduce_only(&self) -> bool {
        self.working.iter().chain(&self.in_flight).all(|working| working.order.is_reduce_only())
    }

    /// True when a market order trades in `row`.
    pub(super) fn trades_in(&self, row: usize) -> bool {
        self.working
            .as_ref()
            .is_some_and(|working| working.entry == EntryType::Market && working.from_row <= row)
    }

    /// The first row in which a market order trades, or an order arrives.
    pub(super) fn trades_at(&self) -> Option<usize> {
        let market = self.working.as_ref().filter(|order| order.entry == EntryType::Market);
        let arriving = self.in_flight.front();
        market.into_iter().chain(arriving).map(|order| order.from_row).min()
    }

    /// The row after which a limit order expires.
    pub(super) fn expiry(&self) -> Option<usize> {
        match self.working.as_ref()?.entry {
            EntryType::Limit { last_row, .. } => last_row,
            EntryType::Market => None,
        }
    }

    /// The levels that protect a position of `held`, on the exchange's grid.
    pub(super) fn levels_of(&self, held: Quantity, tick: Price) -> Levels {
        levels_on_grid(self.levels, held, tick)
    }

    /// Side and price of the limit order that works, if one does.
    pub(super) fn limit(&self) -> Option<(Side, Price)> {
        match self.working.as_ref()?.entry {
            EntryType::Limit { side, price, .. } => Some((side, price)),
            EntryType::Market => None,
        }
    }

    /// Whether a limit order works that turns a position of `held` around.
    pub(super) fn limit_turns(&self, held: Quantity) -> bool {
        let order = self.working.as_ref().filter(|_| self.limit().is_some()).map(|own| &own.order);
        order.is_some_and(|order| {
            let direction = order.direction().filter(|_| !order.is_reduce_only());
            direction.is_some_and(|way| i128::from(way.sign()) * held.signum() < 0)
        })
    }

    /// Whether no price of a bar can make it trade, with a position that is `flat` or not.
    pub(super) fn is_idle(&self, flat: bool) -> bool {
        self.working.is_none() && (flat || self.levels == Levels::default())
    }

    /// The prices at which something happens while `held` is held.
    pub(super) fn triggers(&self, held: Quantity) -> Triggers {
        let mut triggers = Triggers::NONE;
        if let Some(WorkingOrder { entry: EntryType::Limit { side, price, .. }, .. }) = self.working
        {
            triggers = match side {
                Side::Buy => triggers.below(price.to_f64()),
                Side::Sell => triggers.above(price.to_f64()),
            };
        }
        let (stop, take_profit) = (self.levels.stop, self.levels.take_profit);
        let (below, above) = match held.signum() {
            1 => (stop, take_profit),
            -1 => (take_profit, stop),
            _ => (None, None),
        };
        let triggers = below.map_or(triggers, |price| triggers.below(price.to_f64()));
        above.map_or(triggers, |price| triggers.above(price.to_f64()))
    }
}

#[cfg(test)]
mod tests;
