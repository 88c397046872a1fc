//! What trades in one row: market orders at the open, resting orders inside the bar.

use super::desk::{Desk, Working, WorkingEntry};
use super::machine::Machine;
use super::occasion::{Bar, Entered, Occasion};
use crate::costs::Liquidity;
use crate::order::{FillReason, Levels, Refusal, Rule, Side, Verdict};
use crate::risk::ApprovedOrder;
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
            Pass::Closing => {
                self.close_for(&mut working, occasion)?;
                working.order.direction().is_none() && self.portfolio.position(instrument).is_flat()
            }
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
        let mut closing = Working::closing(reason, None);
        self.close_for(&mut closing, occasion)?;
        let flat = self.portfolio.position(instrument).is_flat();
        if let Some(desk) = self.desks.get_mut(instrument) {
            // What the bar could not fill of a take-profit goes on resting, and of a stop as a market order.
            if flat || reason == FillReason::Stop {
                desk.levels = Levels::default();
                desk.working = (!flat).then_some(closing);
            } else {
                desk.levels = levels;
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
        self.close_for(&mut working, occasion)?;
        let done = match working.order.direction() {
            Some(_) => self.open_for(&mut working, occasion)?,
            None => self.portfolio.position(instrument).is_flat(),
        };
        self.keep_working(instrument, working, done);
        Ok((self.fills.len() > fills).then_some(entered))
    }

    fn expire(&mut self, row: usize, instrument: usize) {
        if self.take_working(instrument).is_some() {
            let (rule, verdict) = (Rule::Expired, Verdict::Refused);
            self.refuse(Refusal { row, instrument, rule, verdict, asked: 0.0, allowed: 0.0 });
        }
    }

    /// Closes what stands against the order: the whole position for a flat target, an opposite position otherwise.
    fn close_for(&mut self, working: &mut Working, occasion: Occasion) -> Result<(), UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity;
        let against = match working.order.direction() {
            None => !held.is_zero(),
            Some(direction) => held.signum() * direction.sign() < 0,
        };
        if !against {
            return Ok(());
        }
        let side = if held.signum() > 0 { Side::Sell } else { Side::Buy };
        let quantity = self.setup.costs.fillable(held.abs(), occasion.volume)?;
        if !quantity.is_zero() {
            let quote = self.quote(occasion, side, quantity)?;
            let why = (working.exit_reason, working.tag.clone());
            self.fill(occasion, &quote, quantity, why)?;
            self.go_live(working, occasion.instrument);
        }
        Ok(())
    }

    /// Moves the position towards the order's size. Gives whether the order is done.
    fn open_for(&mut self, working: &mut Working, occasion: Occasion) -> Result<bool, UnitsError> {
        let Some(direction) = working.order.direction() else { return Ok(false) };
        let held = self.portfolio.position(occasion.instrument).quantity;
        if held.signum() * direction.sign() < 0 {
            return Ok(false);
        }
        let towards = direction.entry_side();
        let side = match working.entry {
            WorkingEntry::Limit { side, .. } => side,
            WorkingEntry::Market => {
                self.market_side(&working.order, held.abs(), occasion, towards)?
            }
        };
        if side != towards {
            return self.reduce_for(working, occasion, side);
        }
        let (desired, quote, cut) = self.sized(&working.order, occasion, side)?;
        let whole = match working.remaining {
            Some(remaining) => remaining,
            None => {
                self.record_cut(occasion, cut);
                desired.minus(held.abs())?.max(Quantity::ZERO)
            }
        };
        let fillable = self.setup.costs.fillable(whole, occasion.volume)?;
        let quantity = self.affordable(occasion, &quote, fillable)?;
        if !self.large_enough(occasion, quantity, whole)? {
            return Ok(true);
        }
        if !quantity.is_zero() {
            let quote = self.requote(quote, occasion, quantity)?;
            let why = (FillReason::Entry, working.tag.clone());
            self.fill(occasion, &quote, quantity, why)?;
            self.go_live(working, occasion.instrument);
        }
        let rest = whole.minus(quantity)?;
        working.remaining = Some(rest);
        // Only a cap on the bar's volume leaves a rest for the next bar; what cash does not cover is cut for good.
        Ok(fillable == whole || rest.is_zero())
    }

    /// Sells (or buys back) what the position is larger than the order's size.
    fn reduce_for(
        &mut self,
        working: &mut Working,
        occasion: Occasion,
        side: Side,
    ) -> Result<bool, UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity.abs();
        let whole = match working.remaining {
            Some(remaining) => remaining,
            None => held.minus(self.desired(&working.order, occasion, side)?)?.max(Quantity::ZERO),
        };
        let quantity = self.setup.costs.fillable(whole.min(held), occasion.volume)?;
        if !quantity.is_zero() {
            let quote = self.quote(occasion, side, quantity)?;
            let why = (FillReason::Exit, working.tag.clone());
            self.fill(occasion, &quote, quantity, why)?;
            self.go_live(working, occasion.instrument);
        }
        let rest = whole.minus(quantity)?;
        working.remaining = Some(rest);
        Ok(rest.is_zero())
    }

    /// The side on which a market order moves a position of `held` towards its size.
    fn market_side(
        &self,
        order: &ApprovedOrder,
        held: Quantity,
        occasion: Occasion,
        towards: Side,
    ) -> Result<Side, UnitsError> {
        if held.is_zero() || self.desired(order, occasion, towards)? >= held {
            return Ok(towards);
        }
        Ok(towards.opposite())
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
