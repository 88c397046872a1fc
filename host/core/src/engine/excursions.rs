//! How far prices went for and against a round trip.

use super::tape::{Tape, values};
use crate::market::InstrumentId;
use crate::order::{Direction, Trade};
use crate::units::Price;

/// Measures the worst and best price of the bars in which the position was held, and of its last fill. The bar of an exit counts
/// with its exit price only: what came after it in the bar was not the position's.
pub(super) fn measure(tape: &Tape<'_>, trade: &mut Trade, exit_price: Price) {
    let series = tape.series(InstrumentId::new(trade.instrument as usize));
    let rows = trade.entry_row as usize..trade.exit_row as usize;
    let exit = exit_price.to_f64();
    let low = extreme(values(series.low(), rows.clone()), exit, f64::lt);
    let high = extreme(values(series.high(), rows), exit, f64::gt);
    let entry = trade.entry_price();
    let (worst, best) = match trade.direction {
        Direction::Long => (low / entry - 1.0, high / entry - 1.0),
        Direction::Short => (1.0 - high / entry, 1.0 - low / entry),
    };
    (trade.mae, trade.mfe) = (worst.min(0.0), best.max(0.0));
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
