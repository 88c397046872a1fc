//! What trades in one row, and how an order moves the position: closing first, then opening.

use super::booking::Cause;
use super::desk::{Remainder, Working, WorkingEntry};
use super::machine::Machine;
use super::occasion::Occasion;
use crate::costs::Liquidity;
use crate::order::{FillTime, MarketFill, Side, Verdict};
use crate::risk::Opening;
use crate::units::{Quantity, UnitsError};

/// Which part of the market orders trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// What frees cash.
    Closing,
    /// What needs cash.
    Opening,
}

impl Machine<'_> {
    /// Everything that trades in `row`.
    pub(super) fn trade(&mut self, row: usize) -> Result<(), UnitsError> {
        self.start_day(row);
        for desk in &mut self.desks {
            desk.arrive(row);
        }
        match self.setup.fills.market {
            MarketFill::NextOpen => {
                self.trade_market_orders(row, FillTime::Open)?;
                self.carry_inside_bar(row)?;
                self.trade_inside_bars(row)?;
                self.carry_at_close(row)?;
            }
            MarketFill::NextClose => {
                self.carry_inside_bar(row)?;
                self.trade_inside_bars(row)?;
                self.carry_at_close(row)?;
                self.trade_market_orders(row, FillTime::Close)?;
            }
        }
        Ok(())
    }

    /// Tells what counts days which one `row` opens in. Times are another part of memory: nothing else looks at them.
    pub(super) fn start_day(&mut self, row: usize) {
        if self.meter.counts_days() {
            self.meter.start(self.panel.time(row).as_ms());
        }
        if self.gate.counts_days() {
            self.go_to_day(self.panel.time(row).as_ms());
        }
    }

    /// Market orders at the open or at the close.
    fn trade_market_orders(&mut self, row: usize, now: FillTime) -> Result<(), UnitsError> {
        self.now = now;
        for pass in [Pass::Closing, Pass::Opening] {
            for instrument in 0..self.desks.len() {
                self.trade_at_market(row, instrument, pass)?;
            }
        }
        Ok(())
    }

    fn trade_at_market(
        &mut self,
        row: usize,
        instrument: usize,
        pass: Pass,
    ) -> Result<(), UnitsError> {
        if !self.desks.get(instrument).is_some_and(|desk| desk.trades_in(row)) {
            return Ok(());
        }
        if pass == Pass::Closing && self.opens_from_nothing(instrument) {
            return Ok(());
        }
        let Some(series) = self.panel.series().get(instrument) else { return Ok(()) };
        // Only the columns that are needed: each is another part of memory.
        let reference = self.prices_now(series).get(row).copied().unwrap_or(f64::NAN);
        let volume = if self.setup.costs.reads_volume() { series.volume().get(row) } else { None };
        if reference.is_nan() {
            return Ok(());
        }
        let volume = volume.copied().unwrap_or_default();
        let Some(mut working) = self.take_working(instrument) else { return Ok(()) };
        let mut occasion = self.occasion((row, instrument), reference, volume, Liquidity::Taker);
        occasion.filled = working.filled;
        let done = match pass {
            Pass::Closing => self.sell_down(&mut working, occasion)?,
            Pass::Opening => self.open_for(&mut working, occasion)?,
        };
        self.keep_working(instrument, working, done);
        Ok(())
    }

    /// Whether the order opens a position where there is none: it has nothing to close.
    fn opens_from_nothing(&self, instrument: usize) -> bool {
        let working = self.desks.get(instrument).and_then(|desk| desk.working.as_ref());
        self.portfolio.position(instrument).is_flat()
            && working.is_some_and(|working| working.order.direction().is_some())
    }

    /// Trades what makes the position smaller. Gives whether the order is done.
    pub(super) fn sell_down(
        &mut self,
        working: &mut Working,
        occasion: Occasion,
    ) -> Result<bool, UnitsError> {
        self.close_for(working, occasion)?;
        let held = self.portfolio.position(occasion.instrument).quantity;
        let Some(direction) = working.order.direction() else { return Ok(held.is_zero()) };
        if held.signum() * i128::from(direction.sign()) <= 0 {
            return Ok(false);
        }
        let towards = direction.entry_side();
        let side = self.side(working, held.abs(), occasion, towards)?;
        if side == towards { Ok(false) } else { self.reduce_for(working, occasion, side) }
    }

    /// Closes what stands against the order: the whole position for a flat target, an opposite position otherwise.
    pub(super) fn close_for(
        &mut self,
        working: &mut Working,
        occasion: Occasion,
    ) -> Result<(), UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity;
        let against = match working.order.direction() {
            None => !held.is_zero(),
            Some(direction) => held.signum() * i128::from(direction.sign()) < 0,
        };
        if !against {
            return Ok(());
        }
        let quantity = self.fillable(occasion, held.abs())?;
        if quantity.is_zero() {
            return Ok(());
        }
        self.leave(occasion, quantity, Cause::exit(working))?;
        working.filled = working.filled.plus(quantity)?;
        // What was just closed may bar what the same order was to open.
        if working.order.opening() == Opening::Allowed
            && let Some(cut) = self.gate.barred(occasion.instrument, occasion.row)
        {
            working.order.bar_opening();
            self.refuse_at(working, occasion, Verdict::Refused, cut);
        }
        Ok(())
    }

    /// Moves the position up to the order's size. Gives whether the order is done.
    pub(super) fn open_for(
        &mut self,
        working: &mut Working,
        occasion: Occasion,
    ) -> Result<bool, UnitsError> {
        let Some(direction) = working.order.direction() else { return Ok(false) };
        let held = self.portfolio.position(occasion.instrument).quantity;
        let towards = direction.entry_side();
        if held.signum() * i128::from(direction.sign()) < 0
            || self.side(working, held.abs(), occasion, towards)? != towards
        {
            return Ok(false);
        }
        if working.order.opening() == Opening::Barred {
            return Ok(true);
        }
        let (desired, quote) = self.sized(&working.order, occasion, towards)?;
        let asked = match working.rest {
            Some(rest) => held.abs().plus(rest.quantity)?,
            None => desired,
        };
        let (whole, cut) = self.within_limits(working, occasion, &quote, asked)?;
        let fillable = self.fillable(occasion, whole)?;
        // The quantity may be more than the one that was quoted: it trades at its own price, within the limits at that price.
        let (quote, whole, fillable, cut) = if self.setup.costs.depends_on_quantity() {
            let quote = self.quote(occasion, towards, fillable)?;
            let asked = held.abs().plus(whole)?;
            let (whole, cut_again) = self.within_limits(working, occasion, &quote, asked)?;
            (quote, whole, fillable.min(whole), cut_again.or(cut))
        } else {
            (quote, whole, fillable, cut)
        };
        let quantity = self.affordable(working, occasion, &quote, fillable)?;
        // What cash does not cover is cut for good; what the bar's volume does not cover waits for the next bar.
        let order = if quantity < fillable { quantity } else { whole };
        let rest = order.minus(quantity)?;
        if quantity.is_zero() && !rest.is_zero() {
            return Ok(false);
        }
        self.record_cut(working, occasion, (cut, whole));
        if working.rest.is_none() && !self.large_enough(working, occasion, order)? {
            return Ok(true);
        }
        if !quantity.is_zero() {
            let quote = self.requote(&quote, occasion, quantity)?;
            self.fill(occasion, &quote, quantity, Cause::entry(working))?;
            self.go_live(working, occasion, held);
            working.rest = Some(Remainder { side: towards, quantity: rest });
            working.filled = working.filled.plus(quantity)?;
        }
        Ok(rest.is_zero())
    }

    /// Sells (or buys back) what the position is larger than the order's size. Gives whether the order is done.
    fn reduce_for(
        &mut self,
        working: &mut Working,
        occasion: Occasion,
        side: Side,
    ) -> Result<bool, UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity.abs();
        let whole = match working.rest {
            Some(rest) => rest.quantity.min(held),
            None => held.minus(self.desired(&working.order, occasion, side)?)?.max(Quantity::ZERO),
        };
        let quantity = self.fillable(occasion, whole)?;
        let rest = whole.minus(quantity)?;
        if !quantity.is_zero() {
            let quote = self.quote(occasion, side, quantity)?;
            self.fill(occasion, &quote, quantity, Cause::exit(working))?;
            self.go_live(working, occasion, held);
            working.rest = Some(Remainder { side, quantity: rest });
            working.filled = working.filled.plus(quantity)?;
        }
        Ok(rest.is_zero())
    }

    /// The side on which the order moves a position of `held` towards its size: that of its first fill or of its limit, or
    /// else what the price of the occasion makes of it.
    fn side(
        &self,
        working: &Working,
        held: Quantity,
        occasion: Occasion,
        towards: Side,
    ) -> Result<Side, UnitsError> {
        match (working.rest, working.entry) {
            (Some(rest), _) => Ok(rest.side),
            (None, WorkingEntry::Limit { side, .. }) => Ok(side),
            (None, WorkingEntry::Market) => {
                let larger =
                    held.is_zero() || self.desired(&working.order, occasion, towards)? >= held;
                Ok(if larger { towards } else { towards.opposite() })
            }
        }
    }

    /// The order's levels go live with its first fill. A position that was opened at the close meets them from the next bar on.
    fn go_live(&mut self, working: &Working, at: Occasion, held_before: Quantity) {
        let Occasion { row, instrument, .. } = at;
        let opened_at_close = self.now == FillTime::Close && held_before.is_zero();
        let Some(desk) = self.desks.get_mut(instrument) else { return };
        if let (Some(levels), None) = (working.levels, working.rest) {
            desk.protect_from(row, levels);
        }
        if opened_at_close {
            desk.take_profit_comes_in(row + 1);
        }
    }

    pub(super) fn take_working(&mut self, instrument: usize) -> Option<Working> {
        self.desks.get_mut(instrument)?.working.take()
    }

    pub(super) fn keep_working(&mut self, instrument: usize, working: Working, done: bool) {
        if let (false, Some(desk)) = (done, self.desks.get_mut(instrument)) {
            desk.working = Some(working);
        }
    }
}
