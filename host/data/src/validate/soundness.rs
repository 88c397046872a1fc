//! Rows that cannot be bars: impossible times, numbers that are none, prices and volumes that no market has.

use super::FindingKind;
use super::blocks::by_block;
use super::collector::{Collector, Place, Wording};
use super::rows::{BarValues, Rows};
use ct_core::units::Timestamp;

/// Rows that are tested at once: their columns stay in the fastest cache.
const CHUNK_ROWS: usize = 512;

/// A row that cannot be a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsound {
    pub(super) row: usize,
    /// What is wrong with its time or its prices.
    pub(super) prices: Option<FindingKind>,
    /// What is wrong with its volume.
    pub(super) volume: Option<FindingKind>,
}

/// The rows of `rows` that cannot be bars, ascending.
pub(super) fn unsound_rows(rows: &Rows<'_>) -> Vec<Unsound> {
    let found = by_block(rows.len(), |block| {
        let mut found = Vec::new();
        for start in block.clone().step_by(CHUNK_ROWS) {
            let chunk = rows.part(start, block.end.min(start + CHUNK_ROWS));
            if !are_sound(&chunk) {
                let bars = chunk.time.iter().zip(chunk.bars()).enumerate();
                found.extend(
                    bars.filter_map(|(place, (time, bar))| unsound(start + place, *time, &bar)),
                );
            }
        }
        found
    });
    found.concat()
}

/// Adds a finding for each run of `unsound` rows with the same defect.
pub(super) fn check(rows: &Rows<'_>, unsound: &[Unsound], findings: &mut Collector<'_>) {
    let prices = unsound.iter().filter_map(|fault| Some((fault.row, fault.prices?)));
    add_runs(rows, prices, findings);
    let volumes = unsound.iter().filter_map(|fault| Some((fault.row, fault.volume?)));
    add_runs(rows, volumes, findings);
}

/// What is wrong with the prices of `bar`.
pub(super) fn price_fault(bar: &BarValues) -> Option<FindingKind> {
    let BarValues { open, high, low, close, volume: _ } = *bar;
    let prices = [open, high, low, close];
    if !prices.iter().all(|price| price.is_finite()) {
        Some(FindingKind::NotFinite)
    } else if !prices.iter().all(|price| *price > 0.0) {
        Some(FindingKind::NonPositivePrice)
    } else if low > open.min(close) || open.max(close) > high {
        Some(FindingKind::InconsistentOhlc)
    } else {
        None
    }
}

fn are_sound(chunk: &Rows<'_>) -> bool {
    let prices = chunk.open.iter().zip(chunk.high).zip(chunk.low).zip(chunk.close);
    let unsound_prices = prices.map(|(((open, high), low), close)| {
        let is_sound = *low > 0.0
            && low <= open
            && low <= close
            && open <= high
            && close <= high
            && *high < f64::INFINITY;
        u64::from(!is_sound)
    });
    let unsound_volumes =
        chunk.volume.iter().map(|volume| u64::from(!(*volume >= 0.0 && *volume < f64::INFINITY)));
    let impossible_times = chunk.time.iter().map(|time| u64::from(!is_possible(*time)));
    // Sums without a branch for each row: nearly every chunk is sound.
    unsound_prices.sum::<u64>() + unsound_volumes.sum::<u64>() + impossible_times.sum::<u64>() == 0
}

fn is_possible(time_ms: i64) -> bool {
    Timestamp::from_ms(time_ms).is_ok()
}

fn unsound(row: usize, time_ms: i64, bar: &BarValues) -> Option<Unsound> {
    let prices =
        if is_possible(time_ms) { price_fault(bar) } else { Some(FindingKind::ImpossibleTime) };
    let volume = if bar.volume < 0.0 && bar.volume.is_finite() {
        Some(FindingKind::NegativeVolume)
    } else {
        // A row without numbers is one finding, not two.
        let is_new = !bar.volume.is_finite() && prices != Some(FindingKind::NotFinite);
        is_new.then_some(FindingKind::NotFinite)
    };
    (prices.is_some() || volume.is_some()).then_some(Unsound { row, prices, volume })
}

fn add_runs(
    rows: &Rows<'_>,
    faults: impl Iterator<Item = (usize, FindingKind)>,
    findings: &mut Collector<'_>,
) {
    let mut faults = faults.peekable();
    while let Some((row, kind)) = faults.next() {
        let mut length = 1;
        while faults.next_if_eq(&(row + length, kind)).is_some() {
            length += 1;
        }
        let time_ms = rows.time_ms(row);
        findings.add(kind, Place { row, time_ms, rows: length }, || {
            wording(kind, time_ms, &rows.bar(row))
        });
    }
}

fn wording(kind: FindingKind, time_ms: i64, bar: &BarValues) -> Wording {
    let drop = "delete the row, or let repair drop it; the bar is missing then";
    match kind {
        FindingKind::ImpossibleTime => Wording {
            found: format!("the time {time_ms} ms"),
            expected: "milliseconds since 1970, up to the year 9999".to_owned(),
            advice: drop,
        },
        FindingKind::NotFinite => Wording {
            found: values(bar, |_, value| !value.is_finite()),
            expected: "a number".to_owned(),
            advice: drop,
        },
        FindingKind::NonPositivePrice => Wording {
            found: values(bar, |name, value| name != "volume" && value <= 0.0),
            expected: "a price above 0".to_owned(),
            advice: drop,
        },
        FindingKind::NegativeVolume => Wording {
            found: format!("volume {}", bar.volume),
            expected: "a volume of 0 or more".to_owned(),
            advice: drop,
        },
        _ => Wording {
            found: format!(
                "open {}, high {}, low {}, close {}",
                bar.open, bar.high, bar.low, bar.close
            ),
            expected: "low <= open, close <= high".to_owned(),
            advice: "get the bar again, or let repair drop it; the bar is missing then",
        },
    }
}

/// The values of `bar` that are `wrong`, with their names.
fn values(bar: &BarValues, is_wrong: impl Fn(&str, f64) -> bool) -> String {
    let named = bar.named().into_iter().filter(|(name, value)| is_wrong(name, *value));
    let texts: Vec<_> = named.map(|(name, value)| format!("{name} {value}")).collect();
    texts.join(", ")
}
