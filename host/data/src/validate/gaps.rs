//! Missing bars: gaps, long holes, and pauses after which another asset trades under the symbol.

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::grid::Hole;
use super::level_shift::{meaning, split};
use super::scale::Scale;
use super::settings::ValidationSettings;
use super::table::Table;
use ct_core::units::{Interval, Timestamp};

const DAY_MS: f64 = 86_400_000.0;

/// Deviations over a pause that a price hardly moves.
const PAUSE_DEVIATIONS: f64 = 10.0;

/// The same for a price that goes on at the ratio of a split.
const SPLIT_DEVIATIONS: f64 = 5.0;

/// A price that goes on within less than this ratio, either way, is none that is told: 2, less what a market moves meanwhile.
const JUMP_RATIO_MIN: f64 = 1.97;

/// How the holes of a series are judged.
pub(super) struct GapRules<'a> {
    pub(super) interval: Interval,
    pub(super) settings: &'a ValidationSettings,
    /// The usual size of the returns.
    pub(super) scale: Option<Scale>,
}

impl GapRules<'_> {
    /// Adds a finding for each of `holes`.
    pub(super) fn check(&self, table: &Table<'_>, holes: &[Hole], findings: &mut Collector<'_>) {
        let rows = table.rows();
        for hole in holes {
            let before = rows.bar(hole.place.saturating_sub(1)).close;
            let after = rows.bar(hole.place).open;
            let kind = self.kind(hole, before, after);
            let at =
                Place { row: table.row(hole.place), time_ms: hole.first_ms, rows: hole.missing };
            findings.add(kind, at, || {
                let next = Timestamp::clamped(rows.time_ms(hole.place));
                wording(kind, hole.missing, next, [before, after])
            });
        }
    }

    /// Adds a finding for each of `holes` after which the price goes on as if it were split, but for those at the rows of
    /// `shifts`, which are told as such.
    pub(super) fn check_jumps(
        &self,
        table: &Table<'_>,
        (holes, shifts): (&[Hole], &[usize]),
        findings: &mut Collector<'_>,
    ) {
        let rows = table.rows();
        for hole in holes {
            let before = rows.bar(hole.place.saturating_sub(1)).close;
            let after = rows.bar(hole.place).open;
            let row = table.row(hole.place);
            let is_told =
                self.kind(hole, before, after) == FindingKind::TickerReuse || shifts.contains(&row);
            if is_told || !self.is_jump(hole.missing, before, after) {
                continue;
            }
            let at = Place { row, time_ms: rows.time_ms(hole.place), rows: 1 };
            findings.add(FindingKind::Spike, at, || Wording {
                found: format!(
                    "after {} missing the price goes on at {after} after {before}{}",
                    if hole.missing == 1 { "1 bar".to_owned() } else { format!("{} bars", hole.missing) },
                    match split(before, after) {
                        Some(split) => format!(", like {split}"),
                        None => meaning(before, after),
                    }
                ),
                expected: "moves of the usual size".to_owned(),
                advice: "if it is a split, multiply the prices before it by the ratio and divide their volumes by it; otherwise \
                         compare it with another source",
            });
        }
    }

    /// Whether a price goes from `before` to `after` as over no pause of `missing` bars.
    fn is_jump(&self, missing: usize, before: f64, after: f64) -> bool {
        let deviations =
            if split(before, after).is_some() { SPLIT_DEVIATIONS } else { PAUSE_DEVIATIONS };
        self.is_far(missing, (before, after), (JUMP_RATIO_MIN, deviations))
    }

    fn kind(&self, hole: &Hole, before: f64, after: f64) -> FindingKind {
        let days = hole.missing as f64 * self.interval.as_ms() as f64 / DAY_MS;
        if days >= 1.0 && self.is_unrelated(hole.missing, before, after) {
            return FindingKind::TickerReuse;
        }
        let is_long = days >= self.settings.long_hole_days_min
            && hole.missing as u64 >= self.settings.long_hole_bars_min;
        if is_long { FindingKind::LongHole } else { FindingKind::Gap }
    }

    /// Whether a price goes from `before` to `after` over `missing` bars as no price does. A random walk moves with the
    /// square root of the time.
    fn is_unrelated(&self, missing: usize, before: f64, after: f64) -> bool {
        let limits = (self.settings.reuse_ratio_min, PAUSE_DEVIATIONS);
        self.is_far(missing, (before, after), limits)
    }

    /// Whether two prices are at least `ratio_min` times apart, and so many deviations of a walk over `missing` bars.
    fn is_far(
        &self,
        missing: usize,
        (before, after): (f64, f64),
        (ratio_min, deviations): (f64, f64),
    ) -> bool {
        let ratio = after / before;
        let walk = self.scale.map_or(0.0, |scale| scale.deviation * (missing as f64 + 1.0).sqrt());
        ratio.max(1.0 / ratio) >= ratio_min.max(libm::exp(deviations * walk))
    }
}

fn wording(kind: FindingKind, missing: usize, next: Timestamp, prices: [f64; 2]) -> Wording {
    let [before, after] = prices;
    let bars = if missing == 1 { "bar is" } else { "bars are" };
    let found = format!("{missing} {bars} missing before {next}");
    match kind {
        FindingKind::TickerReuse => Wording {
            found: format!(
                "{found}, and the price goes on at {after} after {before}{}",
                meaning(before, after)
            ),
            expected: "one asset in one unit throughout".to_owned(),
            advice: "use the bars before or those after the pause: they are not one series",
        },
        FindingKind::LongHole => Wording {
            found: format!("{found} (the price was {before}, then {after})"),
            expected: "bars without long pauses".to_owned(),
            advice: "was the instrument delisted and listed again? Test the two parts on their own",
        },
        _ => Wording {
            found,
            expected: "one bar each interval".to_owned(),
            advice: "fetch them again; no order fills in a missing bar",
        },
    }
}
