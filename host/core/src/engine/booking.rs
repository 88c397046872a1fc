//! Executed orders: fills, round trips and their excursions.

use super::desk::Working;
use super::machine::Machine;
use super::occasion::Occasion;
use super::quote::Quote;
use crate::costs::{FeeSide, Liquidity};
use crate::order::{Direction, Fill, FillReason, FillTime, Levels, Side, Trade};
use crate::portfolio::Charge;
use crate::risk::Exit;
use crate::units::{Money, Quantity, Rounding, UnitsError};

/// Why something trades.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    reason: FillReason,
    decision: Option<u64>,
    tag: Option<Box<str>>,
}

impl Cause {
    /// The host's own reason.
    pub(super) const fn of(reason: FillReason) -> Self {
        Self { reason, decision: None, tag: None }
    }

    /// An order that opens or enlarges a position.
    pub(super) fn entry(working: &Working) -> Self {
        let Working { decision, tag, entry_reason, .. } = working;
        Self { reason: *entry_reason, decision: *decision, tag: tag.clone() }
    }

    /// An order that closes a position, or makes it smaller.
    pub(super) fn exit(working: &Working) -> Self {
        let Working { decision, tag, exit_reason, .. } = working;
        Self { reason: *exit_reason, decision: *decision, tag: tag.clone() }
    }
}

impl Machine<'_> {
    /// Executes and books `quantity`, which is above zero, at the price of `quote`.
    pub(super) fn fill(
        &mut self,
        occasion: Occasion,
        quote: &Quote,
        quantity: Quantity,
        cause: Cause,
    ) -> Result<(), UnitsError> {
        let Cause { reason, decision, tag } = cause;
        let Quote { execution, price, frictions, .. } = *quote;
        let reference = execution.reference_price;
        let notional = price.notional(quantity, Rounding::Nearest)?;
        let reference_notional = reference.notional(quantity, Rounding::Nearest)?;
        // The parts are rounded one by one; slippage takes the last unit, so that they add up to the whole.
        let spread = frictions.spread.notional(quantity, Rounding::Nearest)?;
        let impact = frictions.impact.notional(quantity, Rounding::Nearest)?;
        let slippage = notional.minus(reference_notional)?.abs().minus(spread)?.minus(impact)?;
        let (fee, fee_quantity) = self.fee(occasion, quote, quantity, notional)?;
        let fill = Fill {
            row: row_number(occasion.row),
            time: self.now,
            instrument: row_number(occasion.instrument),
            side: execution.side,
            reason,
            price,
            reference_price: reference,
            quantity,
            reference_notional,
            fee,
            fee_quantity,
            spread,
            slippage,
            impact,
            decision,
            tag,
        };
        self.meter.add(notional)?;
        self.gate.add_traded(notional)?;
        if reason == FillReason::Liquidation {
            let rate = self.setup.risk.margin.liquidation_fee_bps;
            let paid = rate.of(notional, Rounding::Up)?;
            self.portfolio.pay(fill.row, Charge::Liquidation(fill.instrument), paid)?;
        }
        self.traded_notional = self.traded_notional.plus(notional)?;
        if let Some(desk) = self.desks.get_mut(occasion.instrument) {
            desk.take(occasion.row, quantity)?;
        }
        if let Some(mut trade) = self.portfolio.book(&fill)? {
            self.measure_excursions(&mut trade, &fill);
            self.rest_after(&trade, occasion.row);
            self.trades.push(trade);
            if let Some(desk) = self.desks.get_mut(occasion.instrument) {
                desk.levels = Levels::default();
            }
        }
        self.fills.push(fill);
        self.look_at_margin();
        Ok(())
    }

    /// Closes `quantity` of the position, which is above zero.
    pub(super) fn leave(
        &mut self,
        occasion: Occasion,
        quantity: Quantity,
        cause: Cause,
    ) -> Result<(), UnitsError> {
        let held = self.portfolio.position(occasion.instrument).quantity;
        let side = if held.signum() > 0 { Side::Sell } else { Side::Buy };
        let quote = self.quote(occasion, side, quantity)?;
        self.fill(occasion, &quote, quantity, cause)
    }

    /// The fee in quote asset, and what of it is kept back from the base asset that arrives.
    fn fee(
        &self,
        occasion: Occasion,
        quote: &Quote,
        quantity: Quantity,
        notional: Money,
    ) -> Result<(Money, Quantity), UnitsError> {
        let rates = self.meter.rates();
        if quote.fee_side == FeeSide::Quote {
            return Ok((rates.fee(notional, occasion.liquidity)?, Quantity::ZERO));
        }
        let kept = rates.rate(occasion.liquidity).of(quantity, Rounding::Up)?;
        let reference = quote.execution.reference_price;
        Ok((reference.notional(kept, Rounding::Nearest)?, kept))
    }

    /// Instruments may have to rest after a round trip.
    fn rest_after(&mut self, trade: &Trade, row: usize) {
        // Nothing comes after the end of a run.
        if !self.gate.pauses_mut().is_watching() || trade.exit_reason == FillReason::EndOfRun {
            return;
        }
        let exit = Exit {
            instrument: trade.instrument as usize,
            row,
            close_ms: self.close_ms(row),
            net_pnl: trade.net_pnl,
            reason: trade.exit_reason,
            equity: self.equity_at(row.saturating_sub(1)),
        };
        let pauses = self.gate.pauses_mut();
        pauses.note(&exit);
        self.breaker_events.extend(pauses.drain_events());
        // A streak may be the whole strategy's.
        for instrument in 0..self.desks.len() {
            self.bar_opening(instrument, row);
        }
    }

    /// Worst and best price of the bars in which the position was held, and of its last fill. The bar of an exit counts
    /// with its exit price only: what came after it in the bar was not the position's.
    fn measure_excursions(&self, trade: &mut Trade, last: &Fill) {
        let Some(series) = self.panel.series().get(trade.instrument as usize) else { return };
        let rows = trade.entry_row as usize..trade.exit_row as usize;
        let exit = last.price.to_f64();
        let low = extreme(series.low().get(rows.clone()).unwrap_or_default(), exit, f64::lt);
        let high = extreme(series.high().get(rows).unwrap_or_default(), exit, f64::gt);
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
        self.start_day(row);
        self.now = FillTime::Close;
        for instrument in 0..self.desks.len() {
            let held = self.portfolio.position(instrument).quantity;
            let series = self.panel.series().get(instrument);
            let mark = series.and_then(|series| series.marks().get(row)).copied();
            let (Some(reference), false) = (mark, held.is_zero()) else { continue };
            let volume = series.and_then(|series| series.volume().get(row)).copied();
            let volume = volume.filter(|volume| !volume.is_nan()).unwrap_or_default();
            let occasion = self.occasion((row, instrument), reference, volume, Liquidity::Taker);
            self.leave(occasion, held.abs(), Cause::of(FillReason::EndOfRun))?;
        }
        Ok(())
    }
}

/// The value before which no other comes, `start` included; missing bars count for nothing. Eight at a time: one chain
/// of comparisons would wait for itself.
fn extreme(values: &[f64], start: f64, before: impl Fn(&f64, &f64) -> bool) -> f64 {
    const LANES: usize = 8;
    let pick = |best: f64, value: &f64| if before(value, &best) { *value } else { best };
    let (blocks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane = pick(*lane, value);
        }
    }
    lanes.iter().chain(rest).fold(start, pick)
}

/// Rows and instruments are counted to `u32::MAX`, which `Machine::new` has checked.
pub(super) fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
