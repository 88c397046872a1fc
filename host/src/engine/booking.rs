//! Executed orders: fills, round trips and their excursions.

use super::machine::Machine;
use super::occasion::Occasion;
use super::quote::Quote;
use crate::costs::Liquidity;
use crate::order::{Direction, Fill, FillReason, Levels, Side, Trade};
use crate::units::{Quantity, Rounding, UnitsError};

impl Machine<'_> {
    /// Executes and books `quantity`, which is above zero, at the price of `quote`.
    pub(super) fn fill(
        &mut self,
        occasion: Occasion,
        quote: &Quote,
        quantity: Quantity,
        (reason, tag): (FillReason, Option<Box<str>>),
    ) -> Result<(), UnitsError> {
        let Quote { execution, price, frictions, .. } = *quote;
        let reference = execution.reference_price;
        let notional = price.notional(quantity, Rounding::Nearest)?;
        let reference_notional = reference.notional(quantity, Rounding::Nearest)?;
        // The parts are rounded one by one; slippage takes the last unit, so that they add up to the whole.
        let spread = frictions.spread.notional(quantity, Rounding::Nearest)?;
        let impact = frictions.impact.notional(quantity, Rounding::Nearest)?;
        let slippage = notional.minus(reference_notional)?.abs().minus(spread)?.minus(impact)?;
        let fee = self.setup.costs.fee(notional, occasion.liquidity)?;
        let fill = Fill {
            row: row_number(occasion.row),
            instrument: row_number(occasion.instrument),
            side: execution.side,
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
            let quote = self.quote(occasion, side, held.abs())?;
            self.fill(occasion, &quote, held.abs(), (FillReason::EndOfRun, None))?;
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
fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
