//! How far prices went for and against a round trip.

use super::tape::{At, Tape, row_number};
use crate::market::{Field, InstrumentId};
use crate::order::{Direction, Trade};
use crate::portfolio::PriceRange;
use crate::units::Price;

/// Measures the worst and best price of the bars in which the position was held, of which `known` are taken in already, and of its
/// last fill. The bar of an exit counts with its exit price only: what came after it in the bar was not the position's.
pub(super) fn measure(tape: &Tape<'_>, trade: &mut Trade, exit: (At, Price), known: PriceRange) {
    let (at, price) = (exit.0, exit.1.to_f64());
    let known =
        PriceRange { lowest: known.lowest.min(price), highest: known.highest.max(price), ..known };
    let PriceRange { lowest, highest, .. } =
        taken_in(tape, at.instrument, known, row_number(at.row));
    let entry = trade.entry_price;
    let (worst, best) = match trade.direction {
        Direction::Long => (lowest / entry - 1.0, highest / entry - 1.0),
        Direction::Short => (1.0 - highest / entry, 1.0 - lowest / entry),
    };
    (trade.mae, trade.mfe) = (worst.min(0.0), best.max(0.0));
}

/// `known` with the rows before `end` as well.
pub(super) fn taken_in(
    tape: &Tape<'_>,
    instrument: InstrumentId,
    known: PriceRange,
    end: u32,
) -> PriceRange {
    let PriceRange { lowest, highest, next_row } = known;
    let rows = next_row as usize..(end as usize).max(next_row as usize);
    let series = tape.series(instrument);
    PriceRange {
        lowest: extreme(series.rows(Field::Low).of(rows.clone()), lowest, f64::lt),
        highest: extreme(series.rows(Field::High).of(rows), highest, f64::gt),
        next_row: end.max(next_row),
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

#[cfg(test)]
mod tests;
