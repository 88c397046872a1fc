//! Where the bars that both sources have differ.

use super::outcome::{ComparisonSettings, Source};
use super::pairing::Pairing;
use crate::validate::collector::{Collector, Place, Wording};
use crate::validate::table::Table;
use crate::validate::{BarValues, FindingKind};

/// Relative difference up to which numbers are called equal: what the text form of a number may lose.
const ROUNDING: f64 = 1e-9;

/// With fewer common bars, equal ones do not show that both sources are one.
const COMMON_MIN: u64 = 10;

/// Where common bars differ.
pub(super) struct Differences {
    pub(super) equal: u64,
    /// Bars that differ at all.
    unequal: Vec<[usize; 2]>,
    /// Bars with a price beyond the tolerance, as places of both sources, and by how much.
    pub(super) price: Vec<([usize; 2], f64)>,
    pub(super) price_max: Option<f64>,
}

impl Differences {
    pub(super) fn of(
        pairing: &Pairing,
        left: &Table<'_>,
        right: &Table<'_>,
        settings: &ComparisonSettings,
    ) -> Self {
        let (left, right) = (left.rows(), right.rows());
        let mut differences =
            Self { equal: 0, unequal: Vec::new(), price: Vec::new(), price_max: None };
        for &places in &pairing.common {
            let [left_place, right_place] = places;
            let (bar, other) = (left.bar(left_place), right.bar(right_place));
            let by = price_difference(&bar, &other);
            if by <= ROUNDING && relative(bar.volume, other.volume) <= ROUNDING {
                differences.equal += 1;
            } else {
                differences.unequal.push(places);
            }
            if by > settings.price_tolerance {
                differences.price.push((places, by));
            }
            differences.price_max = Some(differences.price_max.map_or(by, |max| max.max(by)));
        }
        differences
    }

    /// The source whose last bar was not closed; that bar is no difference then.
    pub(super) fn take_unfinished(
        &mut self,
        pairing: &Pairing,
        left: &Table<'_>,
        right: &Table<'_>,
    ) -> Option<Source> {
        let ([places], Some(last)) = (&self.unequal[..], pairing.common.last()) else {
            return None;
        };
        if places != last || (pairing.common.len() as u64) < COMMON_MIN {
            return None;
        }
        let [left_place, right_place] = *places;
        let (left, right) = (left.rows(), right.rows());
        let (bar, other) = (left.bar(left_place), right.bar(right_place));
        let source = if bar.volume < other.volume { Source::Left } else { Source::Right };
        let is_last = match source {
            Source::Left => left_place + 1 == left.len(),
            Source::Right => right_place + 1 == right.len(),
        };
        // An unfinished bar has seen a part of the trades of the finished one.
        let (part, whole) = match source {
            Source::Left => (bar, other),
            Source::Right => (other, bar),
        };
        let fits = part.volume < whole.volume && part.high <= whole.high && part.low >= whole.low;
        if is_last && fits {
            self.price.retain(|(places, _)| places != last);
            return Some(source);
        }
        None
    }

    /// Adds a finding for each run of common bars that disagree.
    pub(super) fn add(&self, left: &Table<'_>, right: &Table<'_>, findings: &mut Collector<'_>) {
        let mut price = self.price.iter().peekable();
        while let Some((places, by)) = price.next() {
            let [place, other] = *places;
            let mut length = 1;
            while price.next_if(|(next, _)| *next == [place + length, other + length]).is_some() {
                length += 1;
            }
            let time_ms = left.rows().time_ms(place);
            let at = Place { row: left.row(place), time_ms, rows: length };
            findings.add(FindingKind::SourceDisagreement, at, || Wording {
                found: format!("{}, {:.2} % apart", prices(&left.rows().bar(place)), 100.0 * by),
                expected: format!("{} as in the other source", prices(&right.rows().bar(other))),
                advice: "compare both with a third source: one of the two is wrong, or another market",
            });
        }
    }
}

fn prices(bar: &BarValues) -> String {
    format!("open {}, high {}, low {}, close {}", bar.open, bar.high, bar.low, bar.close)
}

/// The largest relative difference of a price.
fn price_difference(bar: &BarValues, other: &BarValues) -> f64 {
    let pairs = bar.values().into_iter().zip(other.values()).take(4);
    pairs.map(|(value, other)| relative(value, other)).fold(0.0, f64::max)
}

fn relative(value: f64, other: f64) -> f64 {
    let larger = value.abs().max(other.abs());
    if larger > 0.0 { (value - other).abs() / larger } else { 0.0 }
}
