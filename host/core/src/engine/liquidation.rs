//! The margin: when it is used up, and what happens then.

use std::ops::Range;

use super::booking::{Cause, row_number};
use super::course::Stretch;
use super::machine::Machine;
use super::occasion::Bar;
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
        self.margin(|_, series, short| {
            let worst = if short { series.high() } else { series.low() };
            known(worst, row).or_else(|| known(series.marks(), row))
        })
    }

    /// Equity less maintenance margin at these prices.
    fn margin(&self, price: impl Fn(usize, &Series, bool) -> Option<f64>) -> f64 {
        let maintenance = self.setup.risk.margin.maintenance.to_fraction();
        let positions = self.panel.series().iter().zip(self.portfolio.positions());
        let held = positions.enumerate().filter(|(_, (_, held))| !held.is_flat());
        let values = held.map(|(instrument, (series, held))| {
            let quantity = held.quantity.to_f64();
            let price = price(instrument, series, quantity < 0.0).unwrap_or_default();
            (quantity - maintenance * quantity.abs()) * price
        });
        self.portfolio.cash().to_f64() + values.sum::<f64>()
    }

    /// How far, on the straight way of all prices from their opens (0) to their worst (1), the margin covers the positions in
    /// `stretch`; `None` when it covers them all the way.
    fn way_to_liquidation(&self, stretch: &Stretch<'_>) -> Option<f64> {
        // Nothing inside a row is worse than all of its worst prices together.
        if !self.on_margin || self.margin_at_worst(stretch.row) > 0.0 {
            return None;
        }
        let margin_at = |price: fn(Bar, bool) -> f64| {
            self.margin(|instrument, series, short| match self.bar_in(stretch, instrument) {
                Some(bar) => Some(price(bar, short)),
                None => known(series.marks(), stretch.row),
            })
        };
        let at_worst = margin_at(Bar::worst);
        if at_worst > 0.0 {
            return None;
        }
        let at_open = margin_at(|bar, _| bar.open);
        Some(if at_open <= 0.0 { 0.0 } else { at_open / (at_open - at_worst) })
    }

    /// The instrument whose position the market lets go first, at the open or at its stop, if that is before the margin is
    /// used up; those that were `tried` are not.
    pub(super) fn left_before_liquidation(
        &self,
        stretch: &Stretch<'_>,
        tried: &[usize],
    ) -> Option<usize> {
        let way = self.way_to_liquidation(stretch)?;
        let left = |instrument: usize| {
            let (held, levels) = self.protected(instrument);
            let bar = self.bar_in(stretch, instrument).filter(|_| !held.is_zero())?;
            if bar.leaves_at_open(held, levels, self.resting_limit(instrument)) {
                return Some((0.0, instrument));
            }
            let (stop, worst) = (levels.stop?.to_f64(), bar.worst(held.signum() < 0));
            let at = (stop - bar.open) / (worst - bar.open);
            (0.0..=way).contains(&at).then_some((at, instrument))
        };
        let untried = (0..self.desks.len()).filter(|instrument| !tried.contains(instrument));
        let first = untried.filter_map(left).min_by(|one, other| one.0.total_cmp(&other.0));
        first.map(|(_, instrument)| instrument)
    }

    /// Liquidates every position when the margin does not cover them inside `stretch`: at the open if it is gone by then, else
    /// where it is used up.
    pub(super) fn liquidate(&mut self, stretch: &Stretch<'_>) -> Result<(), UnitsError> {
        let Some(way) = self.way_to_liquidation(stretch) else { return Ok(()) };
        let row = stretch.row;
        for instrument in 0..self.desks.len() {
            let (held, levels) = self.protected(instrument);
            if held.is_zero() {
                continue;
            }
            let Some(bar) = self.bar_in(stretch, instrument) else {
                // Nothing trades without a bar: the position goes at the next open.
                self.close_at_next_open((row, instrument), FillReason::Liquidation);
                continue;
            };
            let limit = self.resting_limit(instrument);
            if way > 0.0 && bar.reaches_profit(held, levels.take_profit, limit) {
                self.note_ambiguous(row, instrument);
            }
            let worst = bar.worst(held.signum() < 0);
            let reference = bar.open + way * (worst - bar.open);
            let reference = reference.clamp(bar.open.min(worst), bar.open.max(worst));
            // Nobody is liquidated at a better price than that of an entry before it in the same bar.
            let reference = match self.entered_in(stretch, instrument) {
                Some(entry) if held.signum() < 0 => reference.max(entry),
                Some(entry) => reference.min(entry),
                None => reference,
            };
            self.call_back((row, instrument), FillReason::Liquidation);
            // What the bar's volume does not take at once goes at its worst.
            for (reference, whole) in [(reference, false), (worst, true)] {
                let at = (row, instrument);
                let occasion = self.occasion(at, reference, bar.volume, Liquidity::Taker);
                let held = self.portfolio.position(instrument).quantity.abs();
                let quantity = if whole { held } else { self.fillable(occasion, held)? };
                if !quantity.is_zero() {
                    self.leave(occasion, quantity, Cause::of(FillReason::Liquidation))?;
                }
            }
        }
        Ok(())
    }

    /// Reference price of the latest fill in `stretch` that enlarged the position of `instrument`, if there is one.
    pub(super) fn entered_in(&self, stretch: &Stretch<'_>, instrument: usize) -> Option<f64> {
        let held = self.portfolio.position(instrument).quantity.signum();
        let instrument = row_number(instrument);
        let mut fills = self.fills.get(stretch.fills_before..)?.iter().rev();
        let entry = fills.find(|fill| fill.instrument == instrument && fill.side.sign() == held)?;
        Some(entry.reference_price.to_f64())
    }
}

/// The value of a column at `row`, if there is one.
fn known(column: &[f64], row: usize) -> Option<f64> {
    column.get(row).copied().filter(|value| !value.is_nan())
}
