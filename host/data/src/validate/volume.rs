//! Volumes that stand out.

use rayon::prelude::*;

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::marks::Marks;
use super::median::{median, strata};
use super::settings::ValidationSettings;
use super::table::Table;

/// Bars with volume before and after a bar that tell what is usual.
const NEARBY: usize = 24;
/// Fewer of them tell nothing.
const NEARBY_MIN: usize = 8;
/// How far they are searched for, in bars: a market that hardly trades costs no more than others.
const SEARCHED: usize = 10 * NEARBY;

/// The distance of the quartiles of normal values, in deviations: 2 Φ⁻¹(3/4).
const NORMAL_QUARTILES: f64 = 1.348_979_500_392_163_6;

/// Volumes this many times the median of all are looked at.
const LOUD_RATIO: f64 = 20.0;

/// The volume from which on a bar is looked at.
pub(super) fn loud_volume(volumes: &[f64]) -> f64 {
    let sample = strata(volumes.len()).filter_map(|place| volumes.get(place).copied());
    let mut sample: Vec<f64> = sample.filter(|volume| *volume > 0.0).collect();
    median(&mut sample).map_or(f64::INFINITY, |median| LOUD_RATIO * median)
}

/// What volumes are usual around a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct UsualVolume {
    /// The larger of the medians before and after the bar: where the volume changes for good, neither side stands out.
    pub(super) median: f64,
    /// The deviation of the logarithms, from the distance of their quartiles.
    deviation: f64,
}

/// What is usual around `place`, of up to 24 bars with volume before and after it; `None` for fewer than 8 of them.
pub(super) fn usual_volume(volumes: &[f64], place: usize) -> Option<UsualVolume> {
    let mut earlier = nearest(volumes.get(..place).unwrap_or_default().iter().rev());
    let mut later = nearest(volumes.get(place + 1..).unwrap_or_default().iter());
    let mut nearby = [&earlier[..], &later[..]].concat();
    if nearby.len() < NEARBY_MIN {
        return None;
    }
    nearby.sort_unstable_by(f64::total_cmp);
    let (lower, upper) = (nearby.get(nearby.len() / 4)?, nearby.get(nearby.len() * 3 / 4)?);
    let sides = [median(&mut earlier), median(&mut later)];
    Some(UsualVolume {
        median: sides.into_iter().flatten().fold(0.0, f64::max),
        deviation: libm::log(upper / lower) / NORMAL_QUARTILES,
    })
}

/// Adds a finding for each marked volume that stands out.
pub(super) fn check(
    table: &Table<'_>,
    marks: &Marks,
    settings: &ValidationSettings,
    findings: &mut Collector<'_>,
) {
    let rows = table.rows();
    let usual = |place: &usize| {
        let usual = usual_volume(rows.volume, *place)?;
        stands_out(rows.bar(*place).volume, usual, settings).then_some((*place, usual.median))
    };
    let outliers: Vec<(usize, f64)> = marks.loud.par_iter().filter_map(usual).collect();
    for (place, usual) in outliers {
        let volume = rows.bar(place).volume;
        let at = Place { row: table.row(place), time_ms: rows.time_ms(place), rows: 1 };
        findings.add(FindingKind::VolumeOutlier, at, || Wording {
            found: format!(
                "volume {volume} is {:.0} times that of the bars around",
                volume / usual
            ),
            expected: format!("about {usual}"),
            advice: "compare it with another source: costs by participation depend on it",
        });
    }
}

fn stands_out(volume: f64, usual: UsualVolume, settings: &ValidationSettings) -> bool {
    let ratio = volume / usual.median;
    // Written as a product: the deviation may be 0.
    ratio >= settings.volume_ratio_min
        && libm::log(ratio) >= settings.volume_deviations * usual.deviation
}

/// The first of `volumes` that are not 0, as far as they are nearby.
fn nearest<'a>(volumes: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    volumes.take(SEARCHED).filter(|volume| **volume > 0.0).take(NEARBY).copied().collect()
}
