//! Volumes in the quote asset where those in the base asset belong, in a part of the rows.
//!
//! With the other volume at hand each row tells by itself. Without it, the unit of the volume changes where the volume
//! changes at once, for good, and by about the price, while the price goes on: a file whose volumes are all in the quote
//! asset cannot be told from a busier market.

use std::ops::Range;

use rayon::prelude::*;

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::median::median;
use super::rows::Rows;
use super::table::Table;

/// Rows whose usual volume is compared with that of the rows after them.
const PART_ROWS: usize = 256;
/// Rows on end that are looked at together: one line of memory.
const SAMPLE_ROWS: usize = 8;
/// One group of them in so many is looked at.
const SAMPLED: usize = 8;

/// How far a ratio of volumes may be from the price.
const TOLERANCE: f64 = 3.0;
/// Prices nearer to 1 than this, as a ratio, change the volume no more than a busy day does.
const PRICE_RATIO_MIN: f64 = 50.0;
/// How far the price may move from one part to the next but one, as a ratio. Where a price collapses, the volume jumps too.
const PRICE_MOVE_MAX: f64 = 2.0;
/// The largest share of rows on the wrong side of a change of the unit.
const STRAYS_MAX: f64 = 0.05;

/// How far the ratio of both volumes of a row may be from its price.
const QUOTE_TOLERANCE: f64 = 2.0;

/// Adds a finding for each run of rows with swapped volumes.
pub(super) fn check(table: &Table<'_>, quote: Option<&[f64]>, findings: &mut Collector<'_>) {
    let rows = table.rows();
    let runs = match quote {
        Some(quote) => swapped_beside(&rows, quote),
        None => swapped_alone(&rows),
    };
    for run in runs {
        let volumes = rows.volume.get(run.clone()).unwrap_or_default();
        let with_volume = volumes.iter().filter(|volume| **volume > 0.0).count();
        let time_ms = rows.time_ms(run.start);
        let at = Place { row: table.row(run.start), time_ms, rows: with_volume };
        findings.add(FindingKind::SwappedVolume, at, || {
            let bar = rows.bar(run.start);
            Wording {
                found: format!(
                    "the volumes of {with_volume} rows, {} here, are in the quote asset",
                    bar.volume
                ),
                expected: format!("about {}", bar.volume / bar.close),
                advice: "divide them by the price, or take the other volume column for these rows",
            }
        });
    }
}

/// Runs of rows whose volumes are the wrong way round, as `quote` tells. Rows without volume do not end a run.
fn swapped_beside(rows: &Rows<'_>, quote: &[f64]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (place, (bar, quote)) in rows.bars().zip(quote).enumerate() {
        let (base, price) = (bar.volume, bar.close);
        if !(base > 0.0 && *quote > 0.0) {
            continue;
        }
        let is_about =
            |ratio: f64| ratio <= price * QUOTE_TOLERANCE && price <= ratio * QUOTE_TOLERANCE;
        let is_swapped = is_about(base / quote) && !is_about(quote / base);
        match runs.last_mut() {
            Some(run) if open && is_swapped => run.end = place + 1,
            _ if is_swapped => runs.push(place..place + 1),
            _ => {}
        }
        open = is_swapped;
    }
    runs
}

/// The usual volume and price of some rows on end.
#[derive(Clone, Copy)]
struct Part {
    volume: f64,
    price: f64,
}

/// A place where the unit of the volume changes.
struct Change {
    place: usize,
    /// The volumes from there on are in the quote asset; otherwise those before are.
    to_quote: bool,
}

/// Runs of rows whose volumes are in another unit than those before or after them.
fn swapped_alone(rows: &Rows<'_>) -> Vec<Range<usize>> {
    let parts: Vec<Range<usize>> = (0..rows.len())
        .step_by(PART_ROWS)
        .map(|start| start..rows.len().min(start + PART_ROWS))
        .collect();
    let levels: Vec<Option<Part>> =
        parts.par_iter().map(|part| level(rows, part.clone())).collect();
    let mut changes: Vec<Change> = Vec::new();
    // The change may lie inside the part between two, so every other one is compared.
    let pairs =
        levels.iter().zip(levels.iter().skip(2)).zip(parts.iter().zip(parts.iter().skip(2)));
    for ((before, after), (first, last)) in pairs {
        let (Some(before), Some(after)) = (before, after) else { continue };
        let change = change_between(rows, first.start..last.end, [*before, *after]);
        let Some(change) = change else { continue };
        if changes.last().is_none_or(|known| known.to_quote != change.to_quote) {
            changes.push(change);
        }
    }
    quote_runs(&changes, rows.len())
}

fn quote_runs(changes: &[Change], rows: usize) -> Vec<Range<usize>> {
    let starts_in_quote = changes.first().is_some_and(|change| !change.to_quote);
    let mut start = starts_in_quote.then_some(0);
    let mut runs = Vec::new();
    for change in changes {
        match (change.to_quote, start) {
            (true, _) => start = Some(change.place),
            (false, Some(from)) => {
                runs.push(from..change.place);
                start = None;
            }
            (false, None) => {}
        }
    }
    runs.extend(start.map(|from| from..rows));
    runs
}

fn level(rows: &Rows<'_>, part: Range<usize>) -> Option<Part> {
    let part = rows.part(part.start, part.end);
    let groups = part.volume.chunks(SAMPLE_ROWS).zip(part.close.chunks(SAMPLE_ROWS));
    let rows = groups.step_by(SAMPLED).flat_map(|(volumes, prices)| volumes.iter().zip(prices));
    let (mut volumes, mut prices): (Vec<f64>, Vec<f64>) =
        rows.filter(|(volume, _)| **volume > 0.0).map(|(volume, price)| (*volume, *price)).unzip();
    Some(Part { volume: median(&mut volumes)?, price: median(&mut prices)? })
}

/// The change of the unit in `window`, which goes from the level `before` to the level `after`.
fn change_between(
    rows: &Rows<'_>,
    window: Range<usize>,
    [before, after]: [Part; 2],
) -> Option<Change> {
    let ratio = after.volume / before.volume;
    let price = (before.price * after.price).sqrt();
    let (jump, far) = (ratio.max(1.0 / ratio), price.max(1.0 / price));
    let price_move = (after.price / before.price).max(before.price / after.price);
    let is_price = jump <= far * TOLERANCE && far <= jump * TOLERANCE;
    if far < PRICE_RATIO_MIN || !is_price || price_move > PRICE_MOVE_MAX {
        return None;
    }
    let place = split(rows, window, (before.volume * after.volume).sqrt(), ratio > 1.0)?;
    Some(Change { place, to_quote: (ratio > 1.0) == (price > 1.0) })
}

/// The place in `window` that best parts the volumes below `threshold` from those above it, in the order that `rises`
/// tells. `None` if too many are on the wrong side.
fn split(rows: &Rows<'_>, window: Range<usize>, threshold: f64, rises: bool) -> Option<usize> {
    let volumes = rows.volume.get(window.clone())?;
    let traded = || (window.start..).zip(volumes).filter(|(_, volume)| **volume > 0.0);
    let belongs_after = |volume: f64| (volume > threshold) == rises;
    // All rows behind the split: those that belong before it are strays.
    let mut strays = traded().filter(|(_, volume)| !belongs_after(**volume)).count();
    let mut best = (strays, window.start);
    for (place, volume) in traded() {
        if belongs_after(*volume) {
            strays += 1;
        } else {
            strays -= 1;
        }
        if strays < best.0 {
            best = (strays, place + 1);
        }
    }
    (best.0 as f64 <= STRAYS_MAX * traded().count() as f64).then_some(best.1)
}
