//! From what a strategy decides to an order on its way.

use super::desk::{Desk, Working, WorkingEntry};
use super::machine::Machine;
use crate::order::{
    Action, Decision, Direction, Entry, Explained, Exposure, FillReason, Levels, Refusal, Rule,
    Side, SizingBasis, Verdict,
};
use crate::risk::{Answer, ApprovedOrder, Book, Cut, Opening, Pending, Request};
use crate::units::{Quantity, Rounding, UnitsError};

/// An intent to hold a position: a strategy's, or the host's own.
#[derive(Clone, Debug)]
struct Intent {
    row: usize,
    instrument: usize,
    target: Exposure,
    entry: Entry,
    /// Levels of the position to come; `None`: the live ones stay.
    levels: Option<Levels>,
    reasons: (FillReason, FillReason),
    decision: Option<u64>,
    tag: Option<Box<str>>,
}

impl Machine<'_> {
    /// A decision: carried out from the next row on, or kept while the strategy warms up.
    pub(super) fn hear(
        &mut self,
        decision: Decision,
        reads_account: bool,
    ) -> Result<(), UnitsError> {
        if decision.row + 1 >= self.first_row {
            let standing = self.standing.get_mut(decision.instrument).and_then(Option::take);
            return self.carry_out(match (decision.action, standing) {
                // The last word of the warm-up moves the levels of what stands, or takes its place.
                (Action::Keep, Some(standing)) => {
                    Decision { row: decision.row, levels: decision.levels, ..standing }
                }
                _ => decision,
            });
        }
        // A strategy that reads its account sees that nothing was traded and decides anew.
        if !reads_account && let Some(standing) = self.standing.get_mut(decision.instrument) {
            match (decision.action, standing.as_mut()) {
                (Action::Keep, Some(standing)) => standing.levels = decision.levels,
                (Action::Keep, None) => {}
                (Action::Move { .. }, _) => *standing = Some(decision),
            }
        }
        Ok(())
    }

    /// What the strategies decided last while they warmed up is what the run starts with.
    pub(super) fn carry_out_standing(&mut self) -> Result<(), UnitsError> {
        let Some(last) = self.first_row.checked_sub(1) else { return Ok(()) };
        for standing in std::mem::take(&mut self.standing).into_iter().flatten() {
            let flat = matches!(standing.action, Action::Move { target: Exposure::FLAT, .. });
            if !flat {
                self.carry_out(Decision { row: last, ..standing })?;
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, decision: Decision) -> Result<(), UnitsError> {
        let number = self.decisions;
        self.decisions += 1;
        let Decision { row, instrument, action, levels, tag } = decision;
        match action {
            Action::Keep => {
                if let Some(desk) = self.desks.get_mut(instrument) {
                    desk.protect_from(row + 1, levels);
                    if let Some(working) = desk.in_flight.back_mut().or(desk.working.as_mut()) {
                        working.levels = working.levels.map(|_| levels);
                    }
                }
                Ok(())
            }
            Action::Move { target, entry } => {
                let reasons = (FillReason::Entry, FillReason::Exit);
                let (levels, decision) = (Some(levels), Some(number));
                let intent =
                    Intent { row, instrument, target, entry, levels, reasons, decision, tag };
                self.grant(intent)
            }
        }
    }

    /// Asks risk for the order of `intent` and sends it off.
    fn grant(&mut self, intent: Intent) -> Result<(), UnitsError> {
        if let Some(rule) = self.closed_by(intent.instrument) {
            self.explain(&intent, None, None);
            if intent.target != Exposure::FLAT {
                let cut = Cut { rule, value: intent.target.share(), limit: 0.0 };
                self.note_cuts(&intent, &[(Verdict::Refused, cut)]);
            }
            return Ok(());
        }
        let order = if intent.target == Exposure::FLAT {
            self.explain(&intent, None, None);
            Some(ApprovedOrder::flat())
        } else {
            let (answer, basis) = self.ask_risk(&intent)?;
            self.explain(&intent, answer.order.as_ref(), basis);
            self.note_cuts(&intent, &answer.cuts);
            // Leaving is the part of a refused intent that can be done.
            let order = answer.order;
            let order = order.or_else(|| self.stands_against(&intent).then(ApprovedOrder::flat));
            self.unless_closing(&intent, order)
        };
        let held = Direction::of(self.portfolio.position(intent.instrument).quantity);
        let Some(desk) = self.desks.get_mut(intent.instrument) else { return Ok(()) };
        desk.target = Some(intent.target);
        match order {
            // The host closes the position already, at the market; a limit order in its place might never fill.
            Some(order) if order.direction().is_none() && desk.is_being_closed() => Ok(()),
            Some(order) => self.send(intent, order),
            None => {
                // What is held keeps its protection, which a refused decision can only tighten; nothing that was on its way
                // opens a position any more.
                if let (Some(levels), Some(direction)) = (intent.levels, held) {
                    desk.protect_from(intent.row + 1, desk.levels.tightened(levels, direction));
                }
                desk.call_back_openings();
                Ok(())
            }
        }
    }

    /// What risk says, and what sizing measured where the way of decisions is kept.
    fn ask_risk(&mut self, intent: &Intent) -> Result<(Answer, Option<SizingBasis>), UnitsError> {
        let pending = if self.gate.reads_pending() { self.pending(intent) } else { Vec::new() };
        let equity = self.equity_at(intent.row);
        if self.gate.counts_days() {
            self.go_to_day(self.close_ms(intent.row));
        }
        let Intent { row, instrument, target, entry, .. } = *intent;
        let own = self.order_of(instrument, row);
        // What brings no levels goes on under those of the position.
        let live = self.desks.get(instrument).map(|desk| desk.levels);
        let stop = intent.levels.or(live).and_then(|levels| levels.stop);
        let limit = match entry {
            Entry::Limit { price, .. } => Some(price),
            Entry::Market => None,
        };
        let request = Request { row, instrument, target, stop, limit };
        let (portfolio, trades) = (&self.portfolio, self.trades.as_slice());
        let book = Book { portfolio, trades, pending: &pending, own, equity };
        let explains = self.explained.is_some();
        let basis = if explains { self.gate.sizing_basis(&request, &book) } else { None };
        Ok((self.gate.approve(&request, &book)?, basis))
    }

    /// The orders of the other instruments that are on their way.
    fn pending(&self, intent: &Intent) -> Vec<Pending> {
        let others = (0..self.desks.len()).filter(|place| *place != intent.instrument);
        others.filter_map(|instrument| self.order_of(instrument, intent.row)).collect()
    }

    /// The order of `instrument` that is on its way, at the close of `row`.
    fn order_of(&self, instrument: usize, row: usize) -> Option<Pending> {
        let order = &self.desks.get(instrument)?.latest()?.order;
        let mark = self.mark_at(instrument, row);
        let value = order.size().map_or(0.0, |size| size.value(mark));
        if order.opening() == Opening::Allowed {
            return Some(Pending { instrument, direction: order.direction(), value });
        }
        // What opens nothing leaves no more than is held.
        let held = self.portfolio.position(instrument).quantity;
        let direction = order.direction().filter(|way| Direction::of(held) == Some(*way));
        let value = direction.map_or(0.0, |_| value.min(held.abs().to_f64() * mark));
        Some(Pending { instrument, direction, value })
    }

    /// Sends `order` to the exchange, where it arrives after the latency.
    fn send(&mut self, intent: Intent, order: ApprovedOrder) -> Result<(), UnitsError> {
        let Intent { row, instrument, entry, levels, reasons, decision, tag, .. } = intent;
        let latency = self.setup.fills.latency_bars as usize;
        let from_row = row.saturating_add(1 + latency);
        let side = self.side_of(&order, instrument, row)?;
        let held = self.portfolio.position(instrument).quantity.signum();
        let reverses =
            order.direction().is_some_and(|direction| held * i128::from(direction.sign()) < 0);
        if order.enlarges() {
            self.gate.add_order();
        }
        let tick = self.tick(instrument);
        let Some(desk) = self.desks.get_mut(instrument) else { return Ok(()) };
        // An order to be flat has something to do as long as another one may still arrive before it.
        let side = if latency > 0 && desk.is_working() { side.or(Some(Side::Sell)) } else { side };
        let working = side.map(|side| Working {
            order,
            entry: WorkingEntry::new(entry, (side, tick), from_row),
            from_row,
            levels,
            entry_reason: reasons.0,
            exit_reason: reasons.1,
            took_in: None,
            rest: None,
            cut_by: None,
            filled: Quantity::ZERO,
            decision,
            tag,
        });
        // What leaves, or turns the position, leaves it protected until it trades.
        let stays = order.direction().is_some() && !reverses;
        if let (Some(levels), true) =
            (levels, working.is_none() || (entry == Entry::Market && stays))
        {
            desk.protect_from(row + 1, levels);
        }
        match working {
            // A limit order waits until the host has made the position smaller at the market.
            Some(working) if entry != Entry::Market && desk.hosts_order().is_some() => {
                desk.in_flight.push_back(working);
            }
            Some(working) if latency > 0 => desk.in_flight.push_back(working),
            working => desk.working = working,
        }
        Ok(())
    }

    /// Brings positions that have drifted back to their size, when `row` ends a period.
    pub(super) fn rebalance(&mut self, row: usize) -> Result<(), UnitsError> {
        let Some(rule) = self.setup.risk.rebalancing else { return Ok(()) };
        if row < self.first_row || self.ruined || !self.ends_period(row, rule.every) {
            return Ok(());
        }
        for instrument in 0..self.desks.len() {
            let held = self.portfolio.position(instrument).quantity;
            let target = self
                .desks
                .get(instrument)
                .filter(|desk| !desk.is_working() && !desk.closed)
                .and_then(|desk| desk.target)
                .filter(|target| target.share() * held.to_f64() > 0.0);
            let Some(target) = target else { continue };
            let intent = Intent {
                row,
                instrument,
                target,
                entry: Entry::Market,
                levels: None,
                reasons: (FillReason::Rebalance, FillReason::Rebalance),
                decision: None,
                tag: None,
            };
            let (answer, _) = self.ask_risk(&intent)?;
            let wanted = match (&answer.order, answer.refused) {
                (Some(order), _) => self.desired_at_mark(order, instrument, row)?,
                (None, Some(size)) => size.quantity_at(self.mark_at(instrument, row))?,
                // Without a size there is nothing that could have drifted.
                (None, None) => continue,
            };
            if wanted.minus(held.abs())?.abs() > rule.band.of(wanted, Rounding::Down)? {
                self.note_cuts(&intent, &answer.cuts);
                if let Some(order) = answer.order {
                    self.send(intent, order)?;
                }
            }
        }
        Ok(())
    }

    /// The rule that has closed `instrument` for good, if any.
    fn closed_by(&self, instrument: usize) -> Option<Rule> {
        if self.desks.get(instrument).is_some_and(|desk| desk.closed) {
            return Some(Rule::Fault);
        }
        self.ruined.then_some(Rule::Ruin)
    }

    /// Whether what is held points the other way.
    fn stands_against(&self, intent: &Intent) -> bool {
        let held = self.portfolio.position(intent.instrument).quantity.to_f64();
        held * intent.target.share() < 0.0
    }

    /// The side on which `order` trades first; `None` when it has nothing to do.
    fn side_of(
        &self,
        order: &ApprovedOrder,
        instrument: usize,
        row: usize,
    ) -> Result<Option<Side>, UnitsError> {
        let held = self.portfolio.position(instrument).quantity;
        let Some(direction) = order.direction() else {
            return Ok(match held.signum() {
                1 => Some(Side::Sell),
                -1 => Some(Side::Buy),
                _ => None,
            });
        };
        let towards = match direction {
            Direction::Long => Side::Buy,
            Direction::Short => Side::Sell,
        };
        if held.signum() * towards.sign() <= 0 {
            return Ok(Some(towards));
        }
        let larger = self.desired_at_mark(order, instrument, row)? >= held.abs();
        Ok(Some(if larger { towards } else { towards.opposite() }))
    }

    /// What the host closes it closes to the end: until then no order of a decision takes the place of its own.
    fn unless_closing(
        &mut self,
        intent: &Intent,
        order: Option<ApprovedOrder>,
    ) -> Option<ApprovedOrder> {
        let closing = self.desks.get(intent.instrument).is_some_and(Desk::is_being_closed);
        if !closing || order.is_none_or(|order| order.direction().is_none()) {
            return order;
        }
        let value = self.portfolio.position(intent.instrument).quantity.abs().to_f64();
        let cut = Cut { rule: Rule::Closing, value, limit: 0.0 };
        self.note_cuts(intent, &[(Verdict::Refused, cut)]);
        None
    }

    fn note_cuts(&mut self, intent: &Intent, cuts: &[(Verdict, Cut)]) {
        let Intent { row, instrument, decision, .. } = *intent;
        for &(verdict, Cut { rule, value, limit }) in cuts {
            self.refuse(Refusal { row, instrument, decision, rule, verdict, value, limit });
        }
    }

    /// Keeps the way of a strategy's decision, if that is wanted.
    fn explain(
        &mut self,
        intent: &Intent,
        order: Option<&ApprovedOrder>,
        basis: Option<SizingBasis>,
    ) {
        let equity = self.equity_at(intent.row);
        let held = self.portfolio.position(intent.instrument).quantity;
        if let (Some(explained), Some(decision)) = (&mut self.explained, intent.decision) {
            explained.push(Explained {
                decision,
                row: intent.row,
                instrument: intent.instrument,
                target: intent.target.share(),
                equity,
                held,
                basis,
                approved: order.and_then(ApprovedOrder::size),
            });
        }
    }
}
