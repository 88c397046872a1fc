//! How far prices went for and against a position, in exactly the time in which it was held.
//!
//! A position meets the way of the price from the fill that opens it to the one that ends it, both included at what they traded at. Where a bar does not tell
//! which of its prices came before a fill inside it, or after, the worse is taken: the extreme against the position was met, the
//! one in its favour was not, unless the price has to pass it. Excursions are shares of the average price of what is held at the time,
//! so that an increase has no part in what was before it.

use super::bar::{Bar, Extremes};
use super::price_path::PricePath;
use super::tape::{At, Point, Tape, row_number};
use crate::market::{Field, InstrumentId};
use crate::order::{Direction, Fill, Trade};
use crate::portfolio::{PriceRange, Since};
use crate::units::{Money, Quantity, UnitsError};

/// Writes down the excursions of a round trip that has met these prices.
pub(super) fn measure(trade: &mut Trade, prices: PriceRange) {
    let PriceRange { worst, best, .. } = measured(prices);
    (trade.mae, trade.mfe) = (worst, best);
}

/// `prices` with this one as well.
pub(super) fn met(prices: PriceRange, price: f64) -> PriceRange {
    let (lowest, highest) = (prices.lowest.min(price), prices.highest.max(price));
    PriceRange { lowest, highest, ..prices }
}

/// What a position has met when something trades in it at `at`, where the way comes to this price; the price of the fill apart.
pub(super) fn until(
    tape: &Tape<'_>,
    at: At,
    prices: PriceRange,
    (point, price): (Point, f64),
) -> PriceRange {
    let row = row_number(at.row);
    let next = prices.next_row;
    assert!(next <= row.saturating_add(1), "{at:?}: prices are taken in up to row {next}");
    let whole_rows = if point == Point::End { row.saturating_add(1) } else { row };
    let prices = taken_in(tape, at.instrument, prices, whole_rows);
    let (place, inside) = match point {
        Point::Start(place) => (place, false),
        Point::Inside(place) => (place, true),
        Point::End => return prices,
    };
    if (place, inside) == (0, false) {
        return prices;
    }
    let Some(path) = tape.price_path(at) else { return prices };
    let Since { place: first, price: since } = prices.since;
    let mut prices = prices;
    for before in first..place {
        prices = passed(tape, at, &path, prices, before);
    }
    match path.at(place) {
        Some(piece) if inside => before(&piece, prices, price, since.filter(|_| place <= first)),
        _ => prices,
    }
}

/// Where the position goes on from, when something has traded in it in `row`.
pub(super) fn go_on(prices: PriceRange, row: usize, (point, price): (Point, f64)) -> PriceRange {
    let row = row_number(row);
    let (next_row, since) = match point {
        Point::Start(place) => (row, Since { place, price: None }),
        Point::Inside(place) => (row, Since { place, price: Some(price) }),
        Point::End => (row.saturating_add(1), Since::default()),
    };
    PriceRange { next_row, since, ..prices }
}

/// What a position has met of which there was `held` until a fill worth `notional` opened or enlarged it: from now on another
/// average counts.
pub(super) fn enlarged(
    prices: PriceRange,
    held: Quantity,
    (fill, notional): (&Fill, Money),
) -> Result<PriceRange, UnitsError> {
    let kept = if fill.fee_quantity.is_zero() { Money::ZERO } else { fill.fee };
    let value = notional.minus(kept)?.to_f64();
    let arrived = fill.quantity.minus(fill.fee_quantity)?.to_f64();
    let before = held.abs().to_f64();
    assert!(arrived >= 0.0 && value >= 0.0, "{fill:?}: {arrived} arrived for {value}");
    let average = if held.is_zero() {
        value / arrived
    } else {
        (prices.average * before + value) / (before + arrived)
    };
    let price = fill.price.to_f64();
    Ok(PriceRange { average, lowest: price, highest: price, ..measured(prices) })
}

/// `known` with the rows before `end` as well.
pub(super) fn taken_in(
    tape: &Tape<'_>,
    instrument: InstrumentId,
    known: PriceRange,
    end: u32,
) -> PriceRange {
    let known = if known.next_row < end && known.since != Since::default() {
        rest_of_row(tape, instrument, known)
    } else {
        known
    };
    let PriceRange { lowest, highest, next_row, .. } = known;
    let rows = next_row as usize..(end as usize).max(next_row as usize);
    let series = tape.series(instrument);
    PriceRange {
        lowest: extreme(series.rows(Field::Low).of(rows.clone()), lowest, f64::lt),
        highest: extreme(series.rows(Field::High).of(rows), highest, f64::gt),
        next_row: end.max(next_row),
        ..known
    }
}

/// The excursions of `prices` from their average, and those from averages before.
fn measured(prices: PriceRange) -> PriceRange {
    let PriceRange { direction, average, lowest, highest, worst, best, .. } = prices;
    let (against, favour) = match direction {
        Direction::Long => (lowest / average - 1.0, highest / average - 1.0),
        Direction::Short => (1.0 - highest / average, 1.0 - lowest / average),
    };
    // Without an average there is no number, and the other one stays.
    let (worst, best) = (worst.min(against), best.max(favour));
    assert!(worst <= 0.0 && best >= 0.0, "{prices:?}: excursions of {worst} and {best}");
    PriceRange { worst, best, ..prices }
}

/// `known` with all that is left of its row.
fn rest_of_row(tape: &Tape<'_>, instrument: InstrumentId, known: PriceRange) -> PriceRange {
    let at = At { row: known.next_row as usize, instrument };
    let mut prices = known;
    if let Some(path) = tape.price_path(at) {
        for place in known.since.place..path.count() {
            prices = passed(tape, at, &path, prices, place);
        }
    }
    PriceRange { next_row: known.next_row.saturating_add(1), since: Since::default(), ..prices }
}

/// `prices` with what is left of the piece at `place`, to its end.
fn passed(
    tape: &Tape<'_>,
    at: At,
    path: &PricePath<'_>,
    prices: PriceRange,
    place: usize,
) -> PriceRange {
    let Some(piece) = path.at(place) else { return prices };
    let first = prices.since.place;
    assert!(place >= first, "{at:?}: piece {place} of a position that is held from {first} on");
    let since = prices.since.price.filter(|_| place == prices.since.place);
    let Some(since) = since else { return met(met(prices, piece.low), piece.high) };
    let favour = favour(&piece, prices.direction);
    if piece.extremes == Extremes::OneWay {
        let end = if piece.open.total_cmp(&piece.low).is_eq() { piece.high } else { piece.low };
        return met(prices, end);
    }
    let close = path.close_at(place).unwrap_or_else(|| tape.field(at, Field::Close));
    let prices = met(met(prices, close), piece.worst(prices.direction == Direction::Short));
    // What lies beyond a price on the way from the open to it can only come after it.
    let beyond = match prices.direction {
        Direction::Long => since > piece.open,
        Direction::Short => since < piece.open,
    };
    if beyond { met(prices, favour) } else { prices }
}

/// `prices` with what of `piece` comes before its way reaches `price` for the first time, from its open or from a price inside it.
fn before(piece: &Bar, prices: PriceRange, price: f64, since: Option<f64>) -> PriceRange {
    let start = since.unwrap_or(piece.open);
    let prices = met(prices, start);
    let in_favour = match prices.direction {
        Direction::Long => price > start,
        Direction::Short => price < start,
    };
    if in_favour && piece.extremes == Extremes::Unordered {
        met(prices, piece.worst(prices.direction == Direction::Short))
    } else {
        prices
    }
}

/// The price of `piece` that is best for a position.
const fn favour(piece: &Bar, direction: Direction) -> f64 {
    match direction {
        Direction::Long => piece.high,
        Direction::Short => piece.low,
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
