//! From where on something is a finding.

use serde::{Deserialize, Serialize};

/// Thresholds of the checks. The defaults were set on seven years of real bars of forty markets, so that crashes, coarse
/// ticks and quiet markets are no findings, or few.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ValidationSettings {
    /// Findings listed of each kind; the others are only counted.
    pub listed_max: usize,
    /// A [spike](super::FindingKind::Spike) is a log return of at least this many robust deviations.
    pub spike_deviations: f64,
    /// A price that reverts at once is a [bad tick](super::FindingKind::BadTick) from this many robust deviations on, whatever
    /// the volume.
    pub bad_tick_deviations: f64,
    /// The same for a bar with usual volume, at most three times that of its neighbours: a real crash brings more.
    pub quiet_bad_tick_deviations: f64,
    /// Smaller price moves are no spikes and no bad ticks, as a log return: 0.01 is about 1 %. It keeps single ticks of
    /// markets that hardly move from being findings.
    pub move_min: f64,
    /// Bars on end with the same four prices that make a [stale run](super::FindingKind::StaleRun).
    pub stale_bars_min: usize,
    /// Bars on end without volume that make a [run without volume](super::FindingKind::ZeroVolumeRun).
    pub zero_volume_bars_min: usize,
    /// A [volume outlier](super::FindingKind::VolumeOutlier) has at least this many times the usual volume…
    pub volume_ratio_min: f64,
    /// …and its logarithm is at least this many robust deviations from the usual.
    pub volume_deviations: f64,
    /// A hole of this many days, and of [`long_hole_bars_min`](Self::long_hole_bars_min), is a
    /// [long hole](super::FindingKind::LongHole).
    pub long_hole_days_min: f64,
    /// See [`long_hole_days_min`](Self::long_hole_days_min).
    pub long_hole_bars_min: u64,
    /// A [ticker is reused](super::FindingKind::TickerReuse) when the price after a pause of a day or more is at least this many
    /// times the price before, or the other way round, and further away than ten robust deviations over the pause.
    pub reuse_ratio_min: f64,
    /// Rows on end that repeat earlier ones and make [copied rows](super::FindingKind::CopiedRows).
    pub copied_rows_min: usize,
}

impl Default for ValidationSettings {
    fn default() -> Self {
        Self {
            listed_max: 20,
            spike_deviations: 15.0,
            bad_tick_deviations: 12.0,
            quiet_bad_tick_deviations: 5.0,
            move_min: 0.01,
            stale_bars_min: 12,
            zero_volume_bars_min: 12,
            volume_ratio_min: 30.0,
            volume_deviations: 6.0,
            long_hole_days_min: 7.0,
            long_hole_bars_min: 10,
            reuse_ratio_min: 10.0,
            copied_rows_min: 3,
        }
    }
}
