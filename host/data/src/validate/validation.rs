//! All checks of one series, one after the other.

use super::collector::Collector;
use super::gaps::GapRules;
use super::marks::{MarkLimits, mark};
use super::report::Report;
use super::scale::Returns;
use super::settings::ValidationSettings;
use super::spikes::{SpikeRules, price_ratio};
use super::subject::Subject;
use super::table::prepare;
use super::{
    copied_rows, grid, last_bar, level_shift, order, runs, soundness, swapped_volume, volume,
    volume_is_price,
};
use ct_core::units::Timestamp;

/// Looks for every [kind](super::FindingKind) of defect in one series.
///
/// What a row lacks is judged row by row; order and repeated rows in the order of the file; the time grid on the rows by
/// time, each time once; prices and volumes on those of them that can be bars.
///
/// ```
/// use ct_data::validate::{FindingKind, Subject, ValidationSettings, validate};
/// use ct_core::market::RawColumns;
/// let rows = RawColumns {
///     time: vec![0, 3_600_000, 10_800_000],
///     open: vec![10.0, 10.1, 10.2],
///     high: vec![10.2, 10.0, 10.3],
///     low: vec![9.9, 10.0, 10.1],
///     close: vec![10.1, 10.0, 10.2],
///     volume: vec![1.0, 2.0, 1.5],
/// };
/// let report = validate(&Subject::new("1h".parse()?, &rows), &ValidationSettings::default());
/// assert_eq!(report.missing_bars(), 1);
/// assert_eq!(report.count(FindingKind::InconsistentOhlc).rows, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validate(subject: &Subject<'_>, settings: &ValidationSettings) -> Report {
    let interval = subject.interval;
    let mut findings = Collector::new(subject, settings.listed_max);
    let prepared = prepare(subject);
    soundness::check(&subject.rows, &prepared.unsound, &mut findings);
    if let Some(arrangement) = &prepared.arrangement {
        order::check(&subject.rows, arrangement, &mut findings);
    }
    let holes = grid::check(&prepared.placed, interval, &mut findings);

    let table = prepared.sound();
    let rows = table.rows();
    let returns = Returns::new(rows, interval);
    let scale = returns.scale();
    let gap_rules = GapRules { interval, settings, scale };
    gap_rules.check(&prepared.placed, &holes, &mut findings);
    let limits = MarkLimits {
        price_ratio: price_ratio(scale, settings).min(settings.reuse_ratio_min / 2.0),
        volume: volume::loud_volume(rows.volume),
    };
    let marks = mark(&rows, interval, limits);
    let shifts = level_shift::check(table, interval, (&marks.moves, settings), &mut findings);
    if scale.is_some() {
        let rows_of_shifts: Vec<usize> = shifts.iter().map(|place| table.row(*place)).collect();
        gap_rules.check_jumps(&prepared.placed, (&holes, &rows_of_shifts), &mut findings);
    }
    if let Some(scale) = scale {
        let rules = SpikeRules { table, returns, scale, settings };
        let mut outliers = rules.outliers(&marks);
        outliers.retain(|outlier| shifts.binary_search(&outlier.place).is_err());
        rules.check(&outliers, &mut findings);
    }
    runs::check(table, &marks, settings, &mut findings);
    volume::check(table, &marks, settings, &mut findings);
    swapped_volume::check(table, prepared.quote_volume.as_deref(), &mut findings);
    volume_is_price::check(table, &mut findings);
    copied_rows::check(table, settings.copied_rows_min, &mut findings);
    last_bar::check(table, interval, subject.now, &mut findings);

    let (worst, counts, findings) = findings.finish();
    let times = prepared.placed.rows().time;
    let time = |ms: Option<&i64>| ms.map(|ms| Timestamp::clamped(*ms));
    Report {
        interval,
        rows: subject.rows.len() as u64,
        first: time(times.first()),
        last: time(times.last()),
        worst,
        counts,
        findings,
    }
}
