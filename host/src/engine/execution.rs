//! What trades in one row: market orders at the open, resting orders inside the bar.

use super::desk::{Desk, Rest, Working, WorkingEntry};
use super::machine::Machine;
use super::occasion::{Bar, Entered, Occasion};
use crate::costs::Liquidity;
use crate::order::{FillReason, Levels, Refusal, Rule, Side, Verdict};
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
        for pass in [Pass::Closing, Pass::Opening] {
            for instrument in 0..self.desks.len() {
                self.trade_at_open(row, instrument, pass)?;
            }
        }
        for instrument in 0..self.desks.len() {
            self.trade_inside(row, instrument)?;
        }
        Ok(())
    }

    fn trade_at_open(
        &mut self,
        row: usize,
        instrument: usize,
        pass: Pass,
    ) -> Result<(), UnitsError> {
        if !self.desks.get(instrument).is_some_and(Desk::trades_at_open) {
            return Ok(());
        }
        let Some(series) = self.panel.series().get(instrument) else { return Ok(()) };
        // Only the columns that are needed: each is another part of memory.
        let reference = series.open().get(row).copied().unwrap_or(f64::NAN);
        let volume = if self.setup.costs.read_volume() { series.volume().get(row) } else { None };
        let (volume, liquidity) = (volume.copied().unwrap_or_default(), Liquidity::Taker);
        if reference.is_nan() {
            return Ok(());
        }
        let Some(mut working) = self.take_working(instrument) else { return Ok(()) };
        let occasion = Occasion { row, instrument, reference, volume, liquidity };
        let done = match pass {
            Pass::Closing => self.sell_down(&mut working, occasion)?,
            Pass::Opening => self.open_for(&mut working, occasion)?,
        };
        self.keep_working(instrument, working, done);
        Ok(())
    }

    /// Stops, take-profits and limits of one instrument.
    fn trade_inside(&mut self, row: usize, instrument: usize) -> Result<(), UnitsError> {
        let Some(desk) = self.desks.get(instrument) else { return Ok(()) };
        let flat = self.portfolio.position(instrument).is_flat();
        if desk.working.is_none() && (flat || desk.levels == Levels::default()) {
            return Ok(());
        }
        if desk.expiry().is_some_and(|last_row| row > last_row) {
            self.expire(row, instrument);
        }
        let Some(bar) = self.bar(row, instrument) else { return Ok(()) };
        if self.protect(row, instrument, bar, Entered::Before)? {
            return Ok(());
        }
        if let Some(entered) = self.fill_limit(row, instrument, bar)? {
            self.protect(row, instrument, bar, entered)?;
        }
        Ok(())
    }

    /// Leaves the position when the bar reaches its stop or take-profit. Gives whether it did.
    fn protect(
        &mut self,
        row: usize,
        instrument: usize,
        bar: Bar,
        entered: Entered,
    ) -> Result<bool, UnitsError> {
        let held = self.portfolio.position(instrument).quantity;
        let Some(levels) = self.desks.get(instrument).map(|desk| desk.levels) else {
            return Ok(false);
        };
        let Some(exit) = bar.protective_exit(held, levels, entered) else { return Ok(false) };
        if exit.ambiguous {
            self.ambiguous.push((row, instrument));
        }
        let Some((reason, reference)) = exit.fill else { return Ok(false) };
        let liquidity =
            if reason == FillReason::TakeProfit { Liquidity::Maker } else { Liquidity::Taker };
        let occasion = Occasion { row, instrument, reference, volume: bar.volume, liquidity };
        let closing = Working::closing(reason, None);
        self.close_for(&closing, occasion)?;
        let flat = self.portfolio.position(instrument).is_flat();
        if let Some(desk) = self.desks.get_mut(instrument) {
            // What the bar could not fill of a take-profit goes on resting, and of a stop as a market order.
            if flat || reason == FillReason::Stop {
                desk.levels = Levels::default();
                desk.working = (!flat).then_some(closing);
            }
        }
        Ok(true)
    }

    /// Fills the limit order if the bar reaches it. Gives when that was, if anything was filled.
    fn fill_limit(
        &mut self,
        row: usize,
        instrument: usize,
        bar: Bar,
    ) -> Result<Option<Entered>, UnitsError> {
        let working = self.desks.get(instrument).and_then(|desk| desk.working.as_ref());
        let Some(Working { entry: WorkingEntry::Limit { side, price, .. }, .. }) = working else {
            return Ok(None);
        };
        let Some((reference, entered)) = bar.limit_fill(*side, price.to_f64()) else {
            return Ok(None);
        };
        let Some(mut working) = self.take_working(instrument) else { return Ok(None) };
        let (volume, liquidity) = (bar.volume, Liquidity::Maker);
        let occasion = Occasion { row, instrument, reference, volume, liquidity };
        let fills = self.fills.len();
        let done =
            self.sell_down(&mut working, occasion)? || self.open_for(&mut working, occasion)?;
        self.keep_working(instrument, working, done);
        Ok((self.fills.len() > fills).then_some(entered))
    }

    fn expire(&mut self, row: usize, instrument: usize) {
        if self.take_working(instrument).is_some() {
            let (rule, verdict) = (Rule::Expired, Verdict::Refused);
            self.refuse(Refusal { row, instrument, rule, verdict, asked: 0.0, allowed: 0.0 });
        }
    }

    /// Trades what makes the position smaller. Gives whether the order is done.
    fn sell_down(&mut self, working: &mut Working, occasion: Occasion) -> Result<bool, UnitsError> {
        self.close_for(working, occasion)?;
        let held = self.portfolio.position(occasion.instrument).quantity;
        let Some(direction) = working.order.direction() else { return Ok(held.is_zero()) };
        if held.signum() * direction.sign() <= 0 {
            return Ok(false);
        }
        let towards = direction.entry_side();
        let side = self.side(working, held.abs(), occasion, towards)?;
        if side == towards { Ok(false) } else { self.reduce_for(working, occasion, side) }
    }

    /// Closes what stands against the order: the whole position for a flat target, an opposite position otherwise.
    fn close_for(&mut self, working: &Working, occasion: Occasion) -> Result<(), UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity;
        let against = match working.order.direction() {
            None => !held.is_zero(),
            Some(direction) => held.signum() * direction.sign() < 0,
        };
        if !against {
            return Ok(());
        }
        let side = if held.signum() > 0 { Side::Sell } else { Side::Buy };
        let quantity = self.fillable(occasion, held.abs())?;
        if !quantity.is_zero() {
            let quote = self.quote(occasion, side, quantity)?;
            let why = (working.exit_reason, working.tag.clone());
            self.fill(occasion, &quote, quantity, why)?;
        }
        Ok(())
    }

    /// Moves the position up to the order's size. Gives whether the order is done.
    fn open_for(&mut self, working: &mut Working, occasion: Occasion) -> Result<bool, UnitsError> {
        let Some(direction) = working.order.direction() else { return Ok(false) };
        let held = self.portfolio.position(occasion.instrument).quantity;
        let towards = direction.entry_side();
        if held.signum() * direction.sign() < 0
            || self.side(working, held.abs(), occasion, towards)? != towards
        {
            return Ok(false);
        }
        let (desired, quote, cut) = self.sized(&working.order, occasion, towards)?;
        let whole = match working.rest {
            Some(rest) => rest.quantity,
            None => desired.minus(held.abs())?.max(Quantity::ZERO),
        };
        let fillable = self.fillable(occasion, whole)?;
        // What is left of an earlier bar's order may be more than would be aimed at now.
        let quote = self.requote(quote, occasion, fillable)?;
        let quantity = self.affordable(occasion, &quote, fillable)?;
        // What cash does not cover is cut for good; what the bar's volume does not cover waits for the next bar.
        let order = if quantity < fillable { quantity } else { whole };
        let rest = order.minus(quantity)?;
        if quantity.is_zero() && !rest.is_zero() {
            return Ok(false);
        }
        if working.rest.is_none() {
            self.record_cut(occasion, cut);
            if !self.large_enough(occasion, order)? {
                return Ok(true);
            }
        }
        if !quantity.is_zero() {
            let quote = self.requote(quote, occasion, quantity)?;
            let why = (FillReason::Entry, working.tag.clone());
            self.fill(occasion, &quote, quantity, why)?;
            self.go_live(working, occasion.instrument);
            working.rest = Some(Rest { side: towards, quantity: rest });
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
            let why = (FillReason::Exit, working.tag.clone());
            self.fill(occasion, &quote, quantity, why)?;
            self.go_live(working, occasion.instrument);
            working.rest = Some(Rest { side, quantity: rest });
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

    /// The order's levels go live with its first fill.
    fn go_live(&mut self, working: &Working, instrument: usize) {
        if let (Some(levels), Some(desk)) = (working.levels, self.desks.get_mut(instrument)) {
            desk.levels = levels;
        }
    }

    fn take_working(&mut self, instrument: usize) -> Option<Working> {
        self.desks.get_mut(instrument)?.working.take()
    }

    fn keep_working(&mut self, instrument: usize, working: Working, done: bool) {
        if let (false, Some(desk)) = (done, self.desks.get_mut(instrument)) {
            desk.working = Some(working);
        }
    }

    fn bar(&self, row: usize, instrument: usize) -> Option<Bar> {
        let series = self.panel.series().get(instrument)?;
        let bar = Bar {
            open: *series.open().get(row)?,
            high: *series.high().get(row)?,
            low: *series.low().get(row)?,
            volume: *series.volume().get(row)?,
        };
        (!bar.open.is_nan()).then_some(bar)
    }
}
