//! What trades in one row: market orders at the open, resting orders inside the bar.

use super::desk::{Working, WorkingEntry};
use super::machine::Machine;
use crate::costs::{Execution, Liquidity};
use crate::market::Instrument;
use crate::order::{
    Direction, Fill, FillReason, Levels, Refusal, Rule, Side, Trade, Verdict,
};
use crate::risk::{ApprovedOrder, Cut};
use crate::units::{Money, Price, Quantity, Rounding, UnitsError};

/// The prices of one bar.
#[derive(Clone, Copy, Debug)]
struct Bar {
    open: f64,
    high: f64,
    low: f64,
    volume: f64,
}

/// Which part of the market orders trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// What frees cash.
    Closing,
    /// What needs cash.
    Opening,
}

/// Where and why a fill happens.
#[derive(Clone, Copy, Debug)]
struct Occasion {
    row: usize,
    instrument: usize,
    /// Price without friction.
    reference: f64,
    volume: f64,
    liquidity: Liquidity,
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

    fn trade_at_open(&mut self, row: usize, instrument: usize, pass: Pass) -> Result<(), UnitsError> {
        if !self.desks.get(instrument).is_some_and(super::desk::Desk::trades_at_open) {
            return Ok(());
        }
        let Some(bar) = self.bar(row, instrument) else { return Ok(()) };
        let occasion = Occasion {
            row,
            instrument,
            reference: bar.open,
            volume: bar.volume,
            liquidity: Liquidity::Taker,
        };
        let Some(mut working) = self.desks.get_mut(instrument).and_then(|desk| desk.working.take())
        else {
            return Ok(());
        };
        let done = match pass {
            Pass::Closing => {
                self.close_for(&mut working, occasion)?;
                working.order.direction().is_none() && self.portfolio.position(instrument).is_flat()
            }
            Pass::Opening => self.open_for(&mut working, occasion)?,
        };
        if !done && let Some(desk) = self.desks.get_mut(instrument) {
            desk.working = Some(working);
        }
        Ok(())
    }

    /// Stops, take-profits and limits of one instrument.
    fn trade_inside(&mut self, row: usize, instrument: usize) -> Result<(), UnitsError> {
        let Some(desk) = self.desks.get(instrument) else { return Ok(()) };
        let expired = desk.expiry().is_some_and(|last_row| row > last_row);
        let idle = desk.working.is_none()
            && (desk.levels == Levels::default() || self.portfolio.position(instrument).is_flat());
        if expired {
            self.expire(row, instrument);
        }
        if idle {
            return Ok(());
        }
        let Some(bar) = self.bar(row, instrument) else { return Ok(()) };
        if self.protect(row, instrument, bar, Entered::Before)? {
            return Ok(());
        }
        if self.fill_limit(row, instrument, bar)? {
            self.protect(row, instrument, bar, Entered::Inside)?;
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
        let Some(desk) = self.desks.get(instrument) else { return Ok(false) };
        let levels = desk.levels;
        let tag = None;
        let Some(exit) = bar.protective_exit(held, levels, entered) else { return Ok(false) };
        if exit.ambiguous {
            self.ambiguous.push((row, instrument));
        }
        let Some((reason, reference)) = exit.fill else { return Ok(false) };
        let liquidity =
            if reason == FillReason::TakeProfit { Liquidity::Maker } else { Liquidity::Taker };
        let occasion = Occasion { row, instrument, reference, volume: bar.volume, liquidity };
        let mut closing = Working::closing(reason, tag);
        self.close_for(&mut closing, occasion)?;
        let flat = self.portfolio.position(instrument).is_flat();
        if let Some(desk) = self.desks.get_mut(instrument) {
            // A take-profit that the bar could not fill goes on resting; a stop goes on as a market order.
            if flat || reason == FillReason::Stop {
                desk.levels = Levels::default();
                desk.working = (!flat).then_some(closing);
            }
        }
        Ok(true)
    }

    /// Fills the limit order if the bar reaches it. Gives whether anything was filled.
    fn fill_limit(&mut self, row: usize, instrument: usize, bar: Bar) -> Result<bool, UnitsError> {
        let Some(desk) = self.desks.get_mut(instrument) else { return Ok(false) };
        let Some(Working { entry: WorkingEntry::Limit { side, price, .. }, .. }) = desk.working else {
            return Ok(false);
        };
        let price = price.to_f64();
        let reference = match side {
            Side::Buy if bar.low <= price => bar.open.min(price),
            Side::Sell if bar.high >= price => bar.open.max(price),
            _ => return Ok(false),
        };
        let Some(mut working) = desk.working.take() else { return Ok(false) };
        let liquidity = Liquidity::Maker;
        let occasion = Occasion { row, instrument, reference, volume: bar.volume, liquidity };
        let fills = self.fills.len();
        self.close_for(&mut working, occasion)?;
        let flat = self.portfolio.position(instrument).is_flat();
        let done = match working.order.direction() {
            Some(_) => self.open_for(&mut working, occasion)?,
            None => flat,
        };
        if !done && let Some(desk) = self.desks.get_mut(instrument) {
            desk.working = Some(working);
        }
        Ok(self.fills.len() > fills)
    }

    fn expire(&mut self, row: usize, instrument: usize) {
        let Some(desk) = self.desks.get_mut(instrument) else { return };
        if desk.working.take().is_some() {
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
        let tag = working.tag.clone();
        self.fill(occasion, side, quantity, (working.exit_reason, tag))?;
        self.go_live(working, occasion.instrument);
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
            WorkingEntry::Market => self.market_side(&working.order, held.abs(), occasion, towards)?,
        };
        if side != towards {
            return self.reduce_for(working, occasion, side);
        }
        let whole = match working.remaining {
            Some(remaining) => remaining,
            None => {
                let desired = self.desired(&working.order, occasion, side)?;
                desired.minus(held.abs())?.max(Quantity::ZERO)
            }
        };
        let quantity = self.setup.costs.fillable(whole, occasion.volume)?;
        let lot = self.instrument(occasion.instrument).map_or(Quantity::ZERO, |found| found.lot);
        let quantity = self.affordable(occasion, side, quantity)?.rounded_to(lot, Rounding::Down);
        if !self.large_enough(occasion, quantity, whole)? {
            return Ok(true);
        }
        if !quantity.is_zero() {
            let tag = working.tag.clone();
            self.fill(occasion, side, quantity, (FillReason::Entry, tag))?;
            self.go_live(working, occasion.instrument);
        }
        let rest = whole.minus(quantity)?;
        working.remaining = Some(rest);
        // Only a cap on the bar's volume leaves a rest for the next bar; what cash does not cover is cut for good.
        let capped = self.setup.costs.fillable(whole, occasion.volume)? < whole;
        Ok(!capped || rest.is_zero())
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
            let tag = working.tag.clone();
            self.fill(occasion, side, quantity, (FillReason::Exit, tag))?;
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

    /// The quantity that `order` aims at, when it trades on this occasion; a limit that cuts it is recorded.
    fn desired(
        &self,
        order: &ApprovedOrder,
        occasion: Occasion,
        side: Side,
    ) -> Result<Quantity, UnitsError> {
        self.sized(order, occasion, side).map(|(quantity, _)| quantity)
    }

    /// The quantity that `order` aims at, and the limit that cut it. The impact of the order depends on its quantity and
    /// the quantity on the price: the impact is that of the quantity without impact, a little more than in truth.
    fn sized(
        &self,
        order: &ApprovedOrder,
        occasion: Occasion,
        side: Side,
    ) -> Result<(Quantity, Option<Cut>), UnitsError> {
        let Some(instrument) = self.instrument(occasion.instrument) else {
            return Ok((Quantity::ZERO, None));
        };
        let execution = occasion.execution(side, instrument.tick)?;
        let costs = &self.setup.costs;
        let size = |quantity: Quantity| {
            let (price, _) = costs.price(&execution, quantity)?;
            let unit_cost = costs.unit_cost(&execution, price)?;
            order.quantity(unit_cost, price, &self.setup.limits, instrument)
        };
        let first = size(Quantity::ZERO)?;
        if costs.impact == crate::costs::SquareRootImpact::default() {
            return Ok(first);
        }
        size(self.setup.costs.fillable(first.0, occasion.volume)?)
    }

    /// The quantity that `order` aims at, at the close of `row`.
    pub(super) fn desired_at_mark(
        &self,
        order: &ApprovedOrder,
        instrument: usize,
        row: usize,
    ) -> Result<Quantity, UnitsError> {
        let series = self.panel.series().get(instrument);
        let mark = series.and_then(|series| series.marks().get(row)).copied().unwrap_or_default();
        let liquidity = Liquidity::Maker;
        let occasion = Occasion { row, instrument, reference: mark, volume: 0.0, liquidity };
        self.desired(order, occasion, Side::Buy)
    }

    /// The part of `quantity` that cash covers; for a short sale, the part that equity not yet at risk covers.
    fn affordable(
        &mut self,
        occasion: Occasion,
        side: Side,
        quantity: Quantity,
    ) -> Result<Quantity, UnitsError> {
        // Two units of 1e-12 pay for the rounding of notional and fee.
        const RESERVE: Money = Money::from_units(2);
        let Some(instrument) = self.instrument(occasion.instrument) else { return Ok(quantity) };
        let execution = occasion.execution(side, instrument.tick)?;
        let (price, _) = self.setup.costs.price(&execution, quantity)?;
        let unit_cost = self.setup.costs.unit_cost(&execution, price)?;
        let power = self.buying_power(occasion.row)?.minus(RESERVE)?.max(Money::ZERO);
        let affordable = power.quantity_at(unit_cost)?;
        if affordable >= quantity {
            return Ok(quantity);
        }
        // A difference that only rounding makes is no cut worth telling.
        let (asked, allowed) = (quantity.to_f64(), affordable.to_f64());
        if allowed < asked * (1.0 - 1e-9) {
            let (row, instrument) = (occasion.row, occasion.instrument);
            let verdict = if affordable.is_zero() { Verdict::Refused } else { Verdict::Cut };
            self.refuse(Refusal { row, instrument, rule: Rule::Cash, verdict, asked, allowed });
        }
        Ok(affordable)
    }

    /// Quote asset that is free for new positions: cash, less twice the value of short positions, whose proceeds are in
    /// the cash and whose buy-back must stay covered.
    fn buying_power(&self, row: usize) -> Result<Money, UnitsError> {
        let mut power = self.portfolio.cash();
        for (series, position) in self.panel.series().iter().zip(self.portfolio.positions()) {
            if position.quantity.signum() < 0 {
                let open = series.open().get(row).copied().unwrap_or(f64::NAN);
                let mark = series.marks().get(row.saturating_sub(1)).copied().unwrap_or(f64::NAN);
                let price = Price::from_f64(if open.is_nan() { mark } else { open })?;
                let notional = price.notional(position.quantity.abs(), Rounding::Up)?;
                power = power.minus(notional)?.minus(notional)?;
            }
        }
        Ok(power)
    }

    /// Whether an opening fill of `quantity` is worth an order; if not, the refusal is recorded.
    fn large_enough(
        &mut self,
        occasion: Occasion,
        quantity: Quantity,
        whole: Quantity,
    ) -> Result<bool, UnitsError> {
        let (row, place) = (occasion.row, occasion.instrument);
        let Some(instrument) = self.instrument(place) else { return Ok(false) };
        let notional = Price::from_f64(occasion.reference)?.notional(quantity, Rounding::Nearest)?;
        let (lot, notional_min) = (instrument.lot, instrument.notional_min);
        let verdict = Verdict::Refused;
        if !quantity.is_zero() && notional < notional_min {
            let (asked, allowed) = (notional.to_f64(), notional_min.to_f64());
            let rule = Rule::NotionalMin;
            self.refuse(Refusal { row, instrument: place, rule, verdict, asked, allowed });
            return Ok(false);
        }
        if quantity.is_zero() && !lot.is_zero() && whole < lot && !whole.is_zero() {
            let (asked, allowed) = (whole.to_f64(), lot.to_f64());
            let rule = Rule::Lot;
            self.refuse(Refusal { row, instrument: place, rule, verdict, asked, allowed });
            return Ok(false);
        }
        Ok(true)
    }

    /// The order's levels go live with its first fill.
    fn go_live(&mut self, working: &mut Working, instrument: usize) {
        if let (Some(levels), Some(desk)) = (working.levels, self.desks.get_mut(instrument)) {
            desk.levels = levels;
        }
    }

    fn instrument(&self, place: usize) -> Option<&Instrument> {
        self.panel.series().get(place).map(crate::market::Series::instrument)
    }

    /// Executes and books `quantity`; nothing for zero.
    fn fill(
        &mut self,
        occasion: Occasion,
        side: Side,
        quantity: Quantity,
        (reason, tag): (FillReason, Option<Box<str>>),
    ) -> Result<(), UnitsError> {
        if quantity.is_zero() {
            return Ok(());
        }
        let tick = self.instrument(occasion.instrument).map_or(Price::ZERO, |found| found.tick);
        let execution = occasion.execution(side, tick)?;
        let (price, frictions) = self.setup.costs.price(&execution, quantity)?;
        let reference = execution.reference_price;
        let notional = price.notional(quantity, Rounding::Nearest)?;
        let reference_notional = reference.notional(quantity, Rounding::Nearest)?;
        // The parts are rounded one by one; slippage takes the last unit, so that they add up to the whole.
        let spread = frictions.spread.notional(quantity, Rounding::Nearest)?;
        let impact = frictions.impact.notional(quantity, Rounding::Nearest)?;
        let slippage =
            notional.minus(reference_notional)?.abs().minus(spread)?.minus(impact)?;
        let fee = self.setup.costs.fee(notional, occasion.liquidity)?;
        let fill = Fill {
            row: row_number(occasion.row),
            instrument: row_number(occasion.instrument),
            side,
            reason,
            price,
            reference_price: reference,
            quantity,
            reference_notional,
            fee,
            spread,
            slippage,
            impact,
            tag,
        };
        self.traded_notional = self.traded_notional.plus(notional)?;
        if let Some(mut trade) = self.portfolio.book(&fill)? {
            self.measure_excursions(&mut trade, &fill);
            self.trades.push(trade);
            if let Some(desk) = self.desks.get_mut(occasion.instrument) {
                desk.levels = Levels::default();
            }
        }
        self.fills.push(fill);
        Ok(())
    }

    /// Worst and best price of the bars in which the position was held, and of its last fill. The bar of an exit counts
    /// with its exit price only: what came after it in the bar was not the position's.
    fn measure_excursions(&self, trade: &mut Trade, last: &Fill) {
        let Some(series) = self.panel.series().get(trade.instrument as usize) else { return };
        let rows = trade.entry_row as usize..trade.exit_row as usize;
        let exit = last.price.to_f64();
        let fold = |values: &[f64], pick: fn(f64, f64) -> f64| {
            values.get(rows.clone()).unwrap_or_default().iter().copied().fold(exit, pick)
        };
        let low = fold(series.low(), f64::min);
        let high = fold(series.high(), f64::max);
        let entry = trade.entry_price();
        let (worst, best) = match trade.direction {
            Direction::Long => (low / entry - 1.0, high / entry - 1.0),
            Direction::Short => (1.0 - high / entry, 1.0 - low / entry),
        };
        (trade.mae, trade.mfe) = (worst.min(0.0), best.max(0.0));
    }

    /// Closes every position at the last close of its instrument.
    pub(super) fn close_all(&mut self) -> Result<(), UnitsError> {
        let Some(row) = self.panel.rows().checked_sub(1) else { return Ok(()) };
        for instrument in 0..self.desks.len() {
            let held = self.portfolio.position(instrument).quantity;
            let series = self.panel.series().get(instrument);
            let mark = series.and_then(|series| series.marks().get(row)).copied();
            let (Some(reference), false) = (mark, held.is_zero()) else { continue };
            let side = if held.signum() > 0 { Side::Sell } else { Side::Buy };
            let volume = series.and_then(|series| series.volume().get(row)).copied();
            let volume = volume.filter(|volume| !volume.is_nan()).unwrap_or_default();
            let liquidity = Liquidity::Taker;
            let occasion = Occasion { row, instrument, reference, volume, liquidity };
            self.fill(occasion, side, held.abs(), (FillReason::EndOfRun, None))?;
        }
        Ok(())
    }
}

/// When the position was entered, as far as a bar can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entered {
    /// Before the bar, or at its open.
    Before,
    /// Somewhere inside the bar.
    Inside,
}

/// What a bar does to a protected position.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ProtectiveExit {
    fill: Option<(FillReason, f64)>,
    ambiguous: bool,
}

impl Bar {
    /// The exit that the bar forces on a position of `held`, if any. A gap through a level fills at the open. When stop and
    /// take-profit both lie inside the bar, the stop is taken. After an entry inside the bar, a stop beyond the entry is
    /// certain to have come later; a take-profit is not, so it is not taken.
    fn protective_exit(
        self,
        held: Quantity,
        levels: Levels,
        entered: Entered,
    ) -> Option<ProtectiveExit> {
        let long = match held.signum() {
            1 => true,
            -1 => false,
            _ => return None,
        };
        let against = if long { self.low } else { self.high };
        let favour = if long { self.high } else { self.low };
        // In terms of a long position: at or below the stop, at or above the take-profit.
        let beyond = |price: f64, level: f64| if long { price <= level } else { price >= level };
        let stop = levels.stop.map(Price::to_f64);
        let take_profit = levels.take_profit.map(Price::to_f64);
        let certain = |reason, price| Some(ProtectiveExit { fill: Some((reason, price)), ambiguous: false });
        if entered == Entered::Before {
            if stop.is_some_and(|stop| beyond(self.open, stop)) {
                return certain(FillReason::Stop, self.open);
            }
            if take_profit.is_some_and(|level| beyond(level, self.open)) {
                return certain(FillReason::TakeProfit, self.open);
            }
        }
        let stopped = stop.filter(|&stop| beyond(against, stop));
        let profited = take_profit.filter(|&level| beyond(level, favour));
        match (stopped, profited) {
            (Some(stop), profit) => Some(ProtectiveExit {
                fill: Some((FillReason::Stop, stop)),
                ambiguous: profit.is_some(),
            }),
            (None, Some(_)) if entered == Entered::Inside => {
                Some(ProtectiveExit { fill: None, ambiguous: true })
            }
            (None, Some(level)) => certain(FillReason::TakeProfit, level),
            (None, None) => None,
        }
    }
}

impl Occasion {
    fn execution(&self, side: Side, tick: Price) -> Result<Execution, UnitsError> {
        let reference_price = Price::from_f64(self.reference)?;
        let (liquidity, volume) = (self.liquidity, self.volume);
        Ok(Execution { side, liquidity, reference_price, volume, tick })
    }
}

/// Rows and instruments are counted to `u32::MAX`, which `Machine::new` has checked.
fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
