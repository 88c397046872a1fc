//! The margin: when it is used up, and what happens then.

use std::ops::Range;

use super::booking::{Cause, row_number};
use super::machine::Machine;
use crate::costs::Liquidity;
use crate::market::Series;
use crate::order::FillReason;
use crate::units::{Money, UnitsError};

impl Machine<'_> {
    /// Finds out whether the account is short or in debt: then it can lose more than there is.
    pub(super) fn look_at_margin(&mut self) {
        self.on_margin = self.portfolio.cash() < Money::ZERO
            || self.portfolio.positions().iter().any(|held| held.quantity.signum() < 0);
    }

    /// The first of `rows` in which the margin may not cover the positions, or their end.
    pub(super) fn next_liquidation(&self, rows: Range<usize>) -> usize {
        if !self.on_margin {
            return rows.end;
        }
        let mut rows_left = rows.clone();
        rows_left.find(|&row| self.margin_at_worst(row) <= 0.0).unwrap_or(rows.end)
    }

    /// Equity less maintenance margin when every position is at its worst price of `row`.
    fn margin_at_worst(&self, row: usize) -> f64 {
        self.margin(|series, short| {
            let worst = if short { series.high() } else { series.low() };
            known(worst, row).or_else(|| known(series.marks(), row))
        })
    }

    /// Equity less maintenance margin at these prices.
    fn margin(&self, price: impl Fn(&Series, bool) -> Option<f64>) -> f64 {
        let maintenance = self.setup.risk.margin.maintenance.to_fraction();
        let positions = self.panel.series().iter().zip(self.portfolio.positions());
        let values = positions.filter(|(_, held)| !held.is_flat()).map(|(series, held)| {
            let quantity = held.quantity.to_f64();
            let price = price(series, quantity < 0.0).unwrap_or_default();
            (quantity - maintenance * quantity.abs()) * price
        });
        self.portfolio.cash().to_f64() + values.sum::<f64>()
    }

    /// How far, on the straight way of all prices from their opens (0) to their worst (1), the margin covers the positions in
    /// `row`; `None` when it covers them all the way.
    fn way_to_liquidation(&self, row: usize) -> Option<f64> {
        if !self.on_margin {
            return None;
        }
        let at_worst = self.margin_at_worst(row);
        if at_worst > 0.0 {
            return None;
        }
        let at_open = self.margin(|series, _| {
            known(series.open(), row).or_else(|| known(series.marks(), row.saturating_sub(1)))
        });
        Some(if at_open <= 0.0 { 0.0 } else { at_open / (at_open - at_worst) })
    }

    /// The instrument whose stop the market reaches first, if it does so before the margin is used up.
    pub(super) fn stopped_before_liquidation(&self, row: usize) -> Option<usize> {
        let way = self.way_to_liquidation(row)?;
        let reached = |instrument: usize| {
            let held = self.portfolio.position(instrument).quantity.signum();
            let stop = self.desks.get(instrument)?.levels.stop?.to_f64();
            let series = self.panel.series().get(instrument)?;
            let open = known(series.open(), row)?;
            let worst = known(if held < 0 { series.high() } else { series.low() }, row)?;
            let beyond = if held < 0 { open >= stop } else { open <= stop };
            let at = if beyond { 0.0 } else { (stop - open) / (worst - open) };
            (held != 0 && (0.0..=way).contains(&at)).then_some((at, instrument))
        };
        let stops = (0..self.desks.len()).filter_map(reached);
        let first = stops.min_by(|one, other| one.0.total_cmp(&other.0));
        first.map(|(_, instrument)| instrument)
    }

    /// Liquidates every position when the margin does not cover them inside `row`: at the open if it is gone by then, else
    /// where it is used up.
    pub(super) fn liquidate(&mut self, row: usize) -> Result<(), UnitsError> {
        let Some(way) = self.way_to_liquidation(row) else { return Ok(()) };
        for instrument in 0..self.desks.len() {
            let held = self.portfolio.position(instrument).quantity;
            let Some(series) = self.panel.series().get(instrument) else { continue };
            if held.is_zero() {
                continue;
            }
            let worst = if held.signum() < 0 { series.high() } else { series.low() };
            let (Some(open), Some(worst)) = (known(series.open(), row), known(worst, row)) else {
                // Nothing trades without a bar: the position goes at the next open.
                self.close_at_next_open((row, instrument), FillReason::Liquidation);
                continue;
            };
            let reference = open + way * (worst - open);
            let reference = reference.clamp(open.min(worst), open.max(worst));
            // Nobody is liquidated at a better price than that of the same bar's entry.
            let reference = match self.entered_in(row, instrument) {
                Some(entry) if held.signum() < 0 => reference.max(entry),
                Some(entry) => reference.min(entry),
                None => reference,
            };
            let volume = known(series.volume(), row).unwrap_or_default();
            self.call_back((row, instrument), FillReason::Liquidation);
            // What the bar's volume does not take at once goes at its worst.
            for (reference, whole) in [(reference, false), (worst, true)] {
                let at = (row, instrument);
                let occasion = self.occasion(at, reference, volume, Liquidity::Taker);
                let held = self.portfolio.position(instrument).quantity.abs();
                let quantity = if whole { held } else { self.fillable(occasion, held)? };
                if !quantity.is_zero() {
                    self.leave(occasion, quantity, Cause::of(FillReason::Liquidation))?;
                }
            }
        }
        Ok(())
    }

    /// Reference price of the latest fill in `row` that enlarged the position of `instrument`, if there is one.
    fn entered_in(&self, row: usize, instrument: usize) -> Option<f64> {
        let held = self.portfolio.position(instrument).quantity.signum();
        let (row, instrument) = (row_number(row), row_number(instrument));
        let mut fills = self.fills.iter().rev().take_while(|fill| fill.row == row);
        let entry = fills.find(|fill| fill.instrument == instrument && fill.side.sign() == held)?;
        Some(entry.reference_price.to_f64())
    }
}

/// The value of a column at `row`, if there is one.
fn known(column: &[f64], row: usize) -> Option<f64> {
    column.get(row).copied().filter(|value| !value.is_nan())
}
