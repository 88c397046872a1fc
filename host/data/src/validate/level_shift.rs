//! Prices that go to another level from one bar to the next and stay: a redenomination, a split, another unit, another asset.
//!
//! After a pause of a day or more that is a ticker that is reused, see `gaps`. A market that collapses trades all the way down,
//! so its bars open where the ones before closed; a level shifts between two bars, or by a round ratio.

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::rows::Rows;
use super::settings::ValidationSettings;
use super::table::Table;
use ct_core::units::Interval;

const DAY_MS: i64 = 86_400_000;

/// How far the decimal logarithm of a round ratio may be from a whole number: about 5 %.
const ROUND_LOG: f64 = 0.02;

/// How far a ratio may be from that of a split, as a share of it.
const SPLIT_TOLERANCE: f64 = 0.015;

/// The largest split that is named as one.
const SPLIT_MAX: f64 = 9.0;

/// Over missing bars a ratio that is not round must be this large: nobody knows how the price went.
const RATIO_OVER_GAP: f64 = 100.0;

/// Adds a finding for each of `moves`, places of closes far from the one before, that is a shift. Gives the places of shifts.
pub(super) fn check(
    table: &Table<'_>,
    interval: Interval,
    (moves, settings): (&[usize], &ValidationSettings),
    findings: &mut Collector<'_>,
) -> Vec<usize> {
    let rows = table.rows();
    let is_shift = |place: &&usize| is_shift(&rows, interval, **place, settings);
    let shifts: Vec<usize> = moves.iter().filter(is_shift).copied().collect();
    for &place in &shifts {
        let (before, after) = (rows.bar(place.saturating_sub(1)).close, rows.bar(place).close);
        let at = Place { row: table.row(place), time_ms: rows.time_ms(place), rows: 1 };
        findings.add(FindingKind::LevelShift, at, || Wording {
            found: format!(
                "the price goes from {before} to {after} and stays there{}",
                meaning(before, after)
            ),
            expected: "one asset in one unit throughout".to_owned(),
            advice: "multiply the prices before it by the ratio and divide their volumes by it, or use the bars of one side",
        });
    }
    shifts
}

/// What the ratio of two prices is likely to be, as the end of a sentence: `, 1000 times as much: …`.
pub(super) fn meaning(before: f64, after: f64) -> String {
    let ratio = after / before;
    let far = ratio.max(1.0 / ratio);
    let times = |number: f64| {
        if ratio > 1.0 { format!("{number} times as much") } else { format!("1/{number} of it") }
    };
    if is_round(far) {
        let round = libm::exp10(libm::round(libm::log10(far)));
        return format!(
            ", {}: likely a redenomination, or prices for 1 and for {round} units",
            times(round)
        );
    }
    match split(before, after) {
        Some(split) => format!(", {}: likely {split}", times(libm::round(far))),
        None if far >= 2.0 => format!(", {}", times(libm::round(far * 10.0) / 10.0)),
        None => String::new(),
    }
}

/// The split that the ratio of two prices is like, if it is like one.
pub(super) fn split(before: f64, after: f64) -> Option<String> {
    let ratio = after / before;
    let far = ratio.max(1.0 / ratio);
    let whole = libm::round(far);
    let is_split =
        (2.0..=SPLIT_MAX).contains(&whole) && (far / whole - 1.0).abs() <= SPLIT_TOLERANCE;
    is_split.then(|| {
        if ratio < 1.0 {
            format!("a split of {whole} for 1")
        } else {
            format!("a reverse split of 1 for {whole}")
        }
    })
}

fn is_round(far: f64) -> bool {
    let log = libm::log10(far);
    libm::round(log) >= 1.0 && (log - libm::round(log)).abs() <= ROUND_LOG
}

fn is_shift(
    rows: &Rows<'_>,
    interval: Interval,
    place: usize,
    settings: &ValidationSettings,
) -> bool {
    let Some(earlier) = place.checked_sub(1) else { return false };
    let missing_ms = rows.time_ms(place) - rows.time_ms(earlier) - interval.as_ms();
    let (before, bar) = (rows.bar(earlier), rows.bar(place));
    let far = apart(before.close, bar.close);
    if far < settings.reuse_ratio_min * libm::pow(10.0, -ROUND_LOG) || missing_ms >= DAY_MS {
        return false;
    }
    // Half of the way, as a ratio: what is nearer to the level before has reverted.
    let half = far.sqrt();
    let stays = place + 1 >= rows.len() || apart(bar.close, rows.bar(place + 1).close) < half;
    let comes_back =
        earlier.checked_sub(1).is_some_and(|older| apart(rows.bar(older).close, bar.close) < half);
    let jumps = if missing_ms > 0 {
        far >= RATIO_OVER_GAP
    } else {
        apart(before.close, bar.open) >= settings.reuse_ratio_min
    };
    stays && !comes_back && (jumps || is_round(far))
}

/// How many times the larger of two prices is the smaller.
fn apart(one: f64, other: f64) -> f64 {
    (one / other).max(other / one)
}
