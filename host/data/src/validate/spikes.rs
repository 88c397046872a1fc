//! Price moves that stand out: spikes, after which the price stays, and bad ticks, which revert at once.
//!
//! A move is measured in deviations: the larger of the usual size of all returns and that of the returns nearby, so that
//! the days of a real crash, when every bar moves, do not count as a hundred spikes.

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::level_shift::split;
use super::marks::Marks;
use super::scale::{Returns, Scale};
use super::settings::ValidationSettings;
use super::table::Table;
use super::volume::usual_volume;

/// A bad tick reverts by at least this part of its move.
const REVERTED_MIN: f64 = 0.5;

/// Up to this many times the usual volume a bar is quiet.
const QUIET_VOLUME_RATIO: f64 = 3.0;

/// A price that stands out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outlier {
    pub(super) place: usize,
    pub(super) shape: Shape,
    /// Its distance, in deviations.
    deviations: f64,
    /// Its distance, as a log return.
    distance: f64,
}

/// What stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The price stays where it went.
    Spike,
    /// The close reverts in the next bar.
    Close,
    /// The high or the low is far beyond both neighbours.
    Wick,
}

/// What is needed to judge moves.
pub(super) struct SpikeRules<'a> {
    pub(super) table: &'a Table<'a>,
    pub(super) returns: Returns<'a>,
    pub(super) scale: Scale,
    pub(super) settings: &'a ValidationSettings,
}

impl SpikeRules<'_> {
    /// The prices that stand out, by place; each bar once.
    pub(super) fn outliers(&self, marks: &Marks) -> Vec<Outlier> {
        let mut outliers = self.close_outliers(&marks.moves);
        let closes = outliers.clone();
        let has_close =
            |place: usize| closes.binary_search_by_key(&place, |outlier| outlier.place).is_ok();
        let wicks = marks.wicks.iter().filter(|place| !has_close(**place));
        outliers.extend(wicks.filter_map(|place| self.wick(*place)));
        outliers.sort_by_key(|outlier| outlier.place);
        outliers
    }

    /// Adds a finding for each of `outliers`.
    pub(super) fn check(&self, outliers: &[Outlier], findings: &mut Collector<'_>) {
        let rows = self.table.rows();
        for outlier in outliers {
            let place = outlier.place;
            let kind = match outlier.shape {
                Shape::Spike => FindingKind::Spike,
                Shape::Close | Shape::Wick => FindingKind::BadTick,
            };
            let at = Place { row: self.table.row(place), time_ms: rows.time_ms(place), rows: 1 };
            findings.add(kind, at, || self.wording(outlier));
        }
    }

    fn close_outliers(&self, moves: &[usize]) -> Vec<Outlier> {
        let mut outliers = Vec::new();
        let mut reverted = None;
        for &place in moves {
            // The move back belongs to the bad tick.
            if reverted == Some(place) {
                continue;
            }
            let Some(distance) = self.distance(place) else { continue };
            let deviation = self.deviation(place);
            if let Some(tick) = self.close_tick(place, distance, deviation) {
                outliers.push(tick);
                reverted = Some(place + 1);
                continue;
            }
            let deviations = distance.abs() / deviation;
            if deviations >= self.settings.spike_deviations
                && distance.abs() >= self.settings.move_min
            {
                outliers.push(Outlier { place, shape: Shape::Spike, deviations, distance });
            }
        }
        outliers
    }

    fn close_tick(&self, place: usize, distance: f64, deviation: f64) -> Option<Outlier> {
        let back = self.distance(place + 1)?;
        let smaller = distance.abs().min(back.abs());
        let reverts = distance * back < 0.0
            && (distance + back).abs() <= (1.0 - REVERTED_MIN) * distance.abs();
        let deviations = smaller / deviation;
        let is_tick =
            reverts && smaller >= self.settings.move_min && self.is_tick(place, deviations);
        is_tick.then_some(Outlier { place, shape: Shape::Close, deviations, distance })
    }

    fn wick(&self, place: usize) -> Option<Outlier> {
        if !self.returns.follows(place) || !self.returns.follows(place + 1) {
            return None;
        }
        let rows = self.table.rows();
        let (before, bar, after) =
            (rows.bar(place.checked_sub(1)?), rows.bar(place), rows.bar(place + 1));
        let highest = bar.open.max(bar.close).max(before.high).max(after.high);
        let lowest = bar.open.min(bar.close).min(before.low).min(after.low);
        let (up, down) = (libm::log(bar.high / highest), libm::log(bar.low / lowest));
        let distance = if up > -down { up } else { down };
        let deviations = distance.abs() / self.deviation(place);
        let is_tick = distance.abs() >= self.settings.move_min && self.is_tick(place, deviations);
        is_tick.then_some(Outlier { place, shape: Shape::Wick, deviations, distance })
    }

    /// Whether a reverting move of so many `deviations` is a bad tick.
    fn is_tick(&self, place: usize, deviations: f64) -> bool {
        let is_quiet = || {
            let rows = self.table.rows();
            let usual = usual_volume(rows.volume, place);
            usual.is_none_or(|usual| rows.bar(place).volume <= QUIET_VOLUME_RATIO * usual.median)
        };
        deviations >= self.settings.bad_tick_deviations
            || (deviations >= self.settings.quiet_bad_tick_deviations && is_quiet())
    }

    /// The log return into `place`, from the median.
    fn distance(&self, place: usize) -> Option<f64> {
        Some(self.returns.at(place)? - self.scale.median)
    }

    fn deviation(&self, place: usize) -> f64 {
        self.returns.deviation_around(place).unwrap_or(0.0).max(self.scale.deviation)
    }

    fn wording(&self, outlier: &Outlier) -> Wording {
        let Outlier { place, shape, deviations, distance } = *outlier;
        let rows = self.table.rows();
        let (before, bar) = (rows.bar(place.saturating_sub(1)), rows.bar(place));
        let percent = 100.0 * libm::expm1(distance);
        let expected = "moves of the usual size".to_owned();
        match shape {
            Shape::Spike => Wording {
                found: format!(
                    "the close goes from {} to {} ({percent:+.1} %, {deviations:.0} deviations){}",
                    before.close,
                    bar.close,
                    split(before.close, bar.open)
                        .map(|split| format!(", like {split}"))
                        .unwrap_or_default()
                ),
                expected,
                advice: if split(before.close, bar.open).is_some() {
                    "if it is a split, multiply the prices before it by the ratio and divide their volumes by it"
                } else {
                    "compare it with another source: news, or a wrong price"
                },
            },
            Shape::Close => Wording {
                found: format!(
                    "the close {} lies between {} and {} ({percent:+.1} %, {deviations:.0} deviations, and back)",
                    bar.close,
                    before.close,
                    rows.bar(place + 1).close
                ),
                expected,
                advice: "compare it with another source, or let repair clip it: strategies would trade on it",
            },
            Shape::Wick => Wording {
                found: format!(
                    "{} is {percent:+.1} % ({deviations:.0} deviations) beyond the bars before and after",
                    if distance > 0.0 {
                        format!("the high {}", bar.high)
                    } else {
                        format!("the low {}", bar.low)
                    }
                ),
                expected,
                advice: "compare it with another source, or let repair clip it: stops and limits would fill there",
            },
        }
    }
}

/// The ratio of two prices from which on [`SpikeRules`] look at a bar.
pub(super) fn price_ratio(scale: Option<Scale>, settings: &ValidationSettings) -> f64 {
    let Some(scale) = scale else { return f64::INFINITY };
    let deviations = settings
        .quiet_bad_tick_deviations
        .min(settings.bad_tick_deviations)
        .min(settings.spike_deviations);
    let distance = settings.move_min.max(deviations * scale.deviation) - scale.median.abs();
    libm::exp(distance.max(0.0))
}
