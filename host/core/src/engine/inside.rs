//! What trades inside the bars of a row: stops, take-profits and limits, and what the margin does not cover.

use std::ops::Range;

use super::course::Stretch;
use super::desk::{Desk, Working, WorkingEntry};
use super::machine::Machine;
use super::occasion::{Bar, Course, Entered, LimitTurn};
use super::resting::levels_on_grid;
use crate::costs::Liquidity;
use crate::order::{FillReason, FillTime, Levels, Refusal, Rule, Side, Verdict};
use crate::risk::{Cut, Opening};
use crate::units::{Price, Quantity, UnitsError};

/// Rows with an ambiguous bar that are listed; all are counted.
const AMBIGUOUS_MAX: usize = 10_000;

impl Machine<'_> {
    /// Everything that happens inside `row`: in one go, or in steps where finer bars tell what came first.
    pub(super) fn trade_inside_bars(&mut self, row: usize) -> Result<(), UnitsError> {
        self.now = FillTime::Open;
        for desk in &mut self.desks {
            // What had to wait for an order of the host's own.
            desk.arrive(row);
        }
        for instrument in 0..self.desks.len() {
            self.expire(row, instrument);
        }
        let Some(steps) = self.steps(row) else {
            return self.trade_stretch(&Stretch::whole(row, self.fills.len()));
        };
        for place in 0..steps.count {
            for desk in &mut self.desks {
                desk.refill();
            }
            self.trade_stretch(&Stretch::step(row, self.fills.len(), (&steps, place)))?;
        }
        Ok(())
    }

    /// Stops, take-profits and limits of every instrument in a stretch of a row, and the margin.
    fn trade_stretch(&mut self, stretch: &Stretch<'_>) -> Result<(), UnitsError> {
        // Where the margin is used up on the way, only what lies before that point saves what it protects.
        let mut tried = Vec::new();
        while let Some(instrument) = self.left_before_liquidation(stretch, &tried) {
            tried.push(instrument);
            self.trade_inside(stretch, instrument)?;
        }
        self.liquidate(stretch)?;
        for instrument in 0..self.desks.len() {
            self.trade_inside(stretch, instrument)?;
        }
        // A limit order may have been filled on the way to the worst of the stretch.
        self.liquidate(stretch)
    }

    /// Stops, take-profits and limits of one instrument.
    fn trade_inside(&mut self, stretch: &Stretch<'_>, instrument: usize) -> Result<(), UnitsError> {
        let row = stretch.row;
        if self.has_nothing_resting(instrument) {
            return Ok(());
        }
        if let Some((steps, place)) = stretch.step {
            if let Some(bar) = steps.bar(instrument, place) {
                self.trade_piece((row, instrument), (bar, place))?;
            }
            return Ok(());
        }
        let Some(pieces) = self.pieces(row, instrument) else { return Ok(()) };
        for place in 0..pieces.count() {
            let Some(bar) = pieces.at(place) else { break };
            if let (true, Some(desk)) = (pieces.have_volumes(), self.desks.get_mut(instrument)) {
                desk.refill();
            }
            if self.trade_piece((row, instrument), (bar, place))? {
                break;
            }
        }
        Ok(())
    }

    /// Whether no price of a bar can make `instrument` trade.
    pub(super) fn has_nothing_resting(&self, instrument: usize) -> bool {
        let flat = self.portfolio.position(instrument).is_flat();
        self.desks
            .get(instrument)
            .is_none_or(|desk| desk.working.is_none() && (flat || desk.levels == Levels::default()))
    }

    /// What rests meets `bar`, the piece at `place` of its row, in the order in which the price comes to it. Gives whether
    /// nothing more can happen in the row.
    fn trade_piece(
        &mut self,
        (row, instrument): (usize, usize),
        (bar, place): (Bar, usize),
    ) -> Result<bool, UnitsError> {
        let (held, levels) = self.protected(instrument);
        let turn = match self.resting_limit(instrument) {
            Some(_) if self.limit_takes((row, instrument), (bar, place)) => {
                let left = bar.exit_at_open(held, levels).is_some();
                if left { LimitTurn::Last } else { LimitTurn::First }
            }
            Some(limit) => bar.turn_of_limit(limit, held, levels),
            None => LimitTurn::Last,
        };
        if turn == LimitTurn::First {
            let filled = self.fill_limit((row, instrument), (bar, place))?;
            let (now, levels_now) = self.protected(instrument);
            let shrank = now.signum() == held.signum() && now.abs() <= held.abs();
            // What is left of a position was there before the bar; what was added to it was not.
            let entered = match filled {
                Some(entered) if !shrank || levels != levels_now => entered,
                _ => Entered::Before,
            };
            return self.protect((row, instrument), (bar, place), entered);
        }
        if turn == LimitTurn::Unknown && bar.course == Course::Unknown {
            self.note_ambiguous(row, instrument);
        }
        if self.protect((row, instrument), (bar, place), Entered::Before)? {
            return Ok(true);
        }
        match self.fill_limit((row, instrument), (bar, place))? {
            Some(entered) => self.protect((row, instrument), (bar, place), entered),
            None => Ok(false),
        }
    }

    /// What is held of `instrument`, and the levels that protect it, on the exchange's grid.
    pub(super) fn protected(&self, instrument: usize) -> (Quantity, Levels) {
        let held = self.portfolio.position(instrument).quantity;
        let levels = self.desks.get(instrument).map(|desk| desk.levels).unwrap_or_default();
        (held, levels_on_grid(levels, held, self.tick(instrument)))
    }

    /// Side and price of the limit order that rests in `instrument`, if one does.
    pub(super) fn resting_limit(&self, instrument: usize) -> Option<(Side, Price)> {
        match self.desks.get(instrument)?.working.as_ref()?.entry {
            WorkingEntry::Limit { side, price, .. } => Some((side, price)),
            WorkingEntry::Market => None,
        }
    }

    /// Leaves the position when the bar reaches its stop or take-profit. Gives whether nothing more can happen to it in the
    /// bar: what a take-profit has not sold is still there to be stopped.
    fn protect(
        &mut self,
        (row, instrument): (usize, usize),
        (bar, place): (Bar, usize),
        entered: Entered,
    ) -> Result<bool, UnitsError> {
        let (held, levels) = self.protected(instrument);
        let Some(exit) = bar.protective_exit(held, levels, entered) else { return Ok(false) };
        if exit.ambiguous {
            self.note_ambiguous(row, instrument);
        }
        let Some((reason, reference)) = exit.fill else { return Ok(false) };
        let taken = levels.take_profit.filter(|&level| {
            reason == FillReason::TakeProfit
                && self.takes_at_once((row, instrument), (bar, place), level)
        });
        let (reference, liquidity) = match (reason, taken) {
            (_, Some(_)) => (bar.open, Liquidity::Taker),
            (FillReason::TakeProfit, None) => (reference, Liquidity::Maker),
            _ => (reference, Liquidity::Taker),
        };
        let mut occasion = self.occasion((row, instrument), reference, bar.volume, liquidity);
        occasion.limit = taken;
        let mut closing = Working::closing(reason).from(row + 1);
        self.close_for(&mut closing, occasion)?;
        let flat = self.portfolio.position(instrument).is_flat();
        if let Some(desk) = self.desks.get_mut(instrument) {
            // What the bar could not fill of a take-profit goes on resting, and of a stop as a market order.
            if flat || reason == FillReason::Stop {
                desk.levels = Levels::default();
                self.go_on_after_exit((row, instrument), held, (!flat).then_some(closing));
            }
        }
        Ok(flat || reason == FillReason::Stop)
    }

    /// What becomes of the order in the market when a stop or take-profit has ended a position of `held`, or is still
    /// `closing` it: one that turns the position goes on, one that enlarges it is called back.
    fn go_on_after_exit(&mut self, at: (usize, usize), held: Quantity, closing: Option<Working>) {
        let Some(desk) = self.desks.get_mut(at.1) else { return };
        let before = desk.working.take();
        let turns = before
            .as_ref()
            .and_then(|working| working.order.direction())
            .is_some_and(|direction| i128::from(direction.sign()) * held.signum() < 0);
        match before {
            // A market order that turns the position closes the rest of it first.
            Some(working) if turns && (closing.is_none() || working.turns(held)) => {
                desk.working = Some(working);
            }
            Some(working) if turns => {
                desk.working = closing;
                desk.in_flight.push_front(working);
            }
            before => {
                desk.working = closing;
                let enlarges = before.filter(|working| working.order.opening() == Opening::Allowed);
                if let Some(working) = enlarges {
                    let cut = Cut { rule: Rule::ProtectiveExit, value: 0.0, limit: 0.0 };
                    self.refuse_all(vec![working.decision], at, cut);
                }
            }
        }
    }

    /// Whether a take-profit at `level` finds a market that is beyond it already when it comes, at the entry in `row` or else
    /// at the close before it: then it does not rest, and the open is all there is to get.
    fn takes_at_once(
        &self,
        (row, instrument): (usize, usize),
        (bar, place): (Bar, usize),
        level: Price,
    ) -> bool {
        let fills_before = self.fills.partition_point(|fill| (fill.row as usize) < row);
        let comes = self.desks.get(instrument).is_some_and(|desk| desk.profit_comes_in(row));
        let before = match self.entered_in(&Stretch::whole(row, fills_before), instrument) {
            Some(entry) => entry,
            None if comes && place == 0 => self.mark_at(instrument, row.saturating_sub(1)),
            None => return false,
        };
        let level = level.to_f64();
        match self.portfolio.position(instrument).quantity.signum() {
            -1 => before <= level && bar.open <= level,
            _ => before >= level && bar.open >= level,
        }
    }

    /// Fills the limit order if the bar, the piece at `place` of its row, reaches it. Gives when that was, if anything was
    /// filled.
    fn fill_limit(
        &mut self,
        (row, instrument): (usize, usize),
        (bar, place): (Bar, usize),
    ) -> Result<Option<Entered>, UnitsError> {
        let Some((side, price)) = self.resting_limit(instrument) else { return Ok(None) };
        let takes = self.limit_takes((row, instrument), (bar, place));
        let working = self.desks.get_mut(instrument).and_then(|desk| desk.working.as_mut());
        if let Some(working) = working {
            working.took_in = takes.then_some(row);
        }
        let (reference, entered, liquidity) = if takes {
            (bar.open, Entered::Before, Liquidity::Taker)
        } else if let Some((reference, entered)) = bar.limit_fill(side, price.to_f64()) {
            (reference, entered, Liquidity::Maker)
        } else {
            return Ok(None);
        };
        let Some(mut working) = self.take_working(instrument) else { return Ok(None) };
        let mut occasion = self.occasion((row, instrument), reference, bar.volume, liquidity);
        (occasion.limit, occasion.filled) = (Some(price), working.filled);
        let fills = self.fills.len();
        let done =
            self.sell_down(&mut working, occasion)? || self.open_for(&mut working, occasion)?;
        self.keep_working(instrument, working, done);
        Ok((self.fills.len() > fills).then_some(entered))
    }

    /// Whether the limit order of `instrument` finds a market that has its price already, and has had it ever since it came: it
    /// does not rest, it takes the open.
    fn limit_takes(&self, (row, instrument): (usize, usize), (bar, place): (Bar, usize)) -> bool {
        let working = self.desks.get(instrument).and_then(|desk| desk.working.as_ref());
        let (Some(working), Some((side, price))) = (working, self.resting_limit(instrument)) else {
            return false;
        };
        let has = |market: f64| match side {
            Side::Buy => market <= price.to_f64(),
            Side::Sell => market >= price.to_f64(),
        };
        // It takes from its first bar on, as long as it has taken in every bar.
        let ever_since = match working.took_in {
            Some(last) => last == row || !self.has_bar(instrument, last + 1..row),
            None => {
                place == 0
                    && !self.has_bar(instrument, working.from_row..row)
                    && has(self.mark_at(instrument, row.saturating_sub(1)))
            }
        };
        has(bar.open) && ever_since
    }

    /// Whether `instrument` has a bar in any of `rows`.
    fn has_bar(&self, instrument: usize, rows: Range<usize>) -> bool {
        let series = self.panel.series().get(instrument);
        let opens = series.and_then(|series| series.open().get(rows)).unwrap_or_default();
        opens.iter().any(|open| !open.is_nan())
    }

    /// Takes back the limit order of `instrument` whose rows are over before `row`.
    fn expire(&mut self, row: usize, instrument: usize) {
        let expiry = self.desks.get(instrument).and_then(Desk::expiry);
        if expiry.is_none_or(|last_row| row <= last_row) {
            return;
        }
        if let Some(working) = self.take_working(instrument) {
            let (decision, rule, verdict) = (working.decision, Rule::Expired, Verdict::Refused);
            let (value, limit) = (0.0, 0.0);
            self.refuse(Refusal { row, instrument, decision, rule, verdict, value, limit });
        }
    }

    /// The order of events in the bar of `instrument` in `row` is unknown. A bar counts once.
    pub(super) fn note_ambiguous(&mut self, row: usize, instrument: usize) {
        let Some(desk) = self.desks.get_mut(instrument) else { return };
        if desk.ambiguous_row.replace(row) == Some(row) {
            return;
        }
        self.ambiguous_total += 1;
        if self.ambiguous.len() < AMBIGUOUS_MAX {
            self.ambiguous.push((row, instrument));
        }
    }
}
