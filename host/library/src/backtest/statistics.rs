//! The statistics of what the machine did, and what it is compared with.

use super::{Benchmark, DailyEquity, Settings};
use ct_core::engine::{Closed, Outcome};
use ct_core::market::Panel;
use ct_core::metrics::{DayEnds, Inputs, Metrics};

/// The statistics of a run over `panel`, from its first traded row on, compared with buying its instruments and holding them.
///
/// # Panics
/// When `outcome` is not that of a run over `panel`.
pub fn statistics(panel: &Panel, settings: &Settings, outcome: &Outcome) -> Metrics {
    statistics_against(&Compared::new(panel, outcome.first_row, None), panel, settings, outcome)
}

/// The same, compared with `compared`.
pub(super) fn statistics_against(
    compared: &Compared<'_>,
    panel: &Panel,
    settings: &Settings,
    outcome: &Outcome,
) -> Metrics {
    let rows = outcome.equity.len();
    let traded = |closed: Closed| closed.row.saturating_sub(outcome.first_row).min(rows);
    Metrics::compute(&Inputs {
        times: panel.times().get(outcome.first_row..).unwrap_or_default(),
        interval_ms: panel.interval().as_ms(),
        initial_equity: settings.account.cash.to_f64(),
        equity: &outcome.equity,
        traded_rows: outcome.closed.map_or(rows, traded),
        benchmark: compared.of_rows(outcome.first_row),
        trades: &outcome.trades,
        rows_in_market: outcome.rows_in_market,
        gross_exposure: outcome.gross_exposure,
        traded_notional: outcome.traded_notional.to_f64(),
        costs: outcome.costs,
    })
}

/// The equity at the end of each UTC day of the period.
pub(super) fn daily_equity(panel: &Panel, outcome: &Outcome) -> Vec<DailyEquity> {
    let times = panel.times().get(outcome.first_row..).unwrap_or_default();
    let days = DayEnds::find(times, panel.interval().as_ms());
    let equity = days.sample(&outcome.equity);
    let record = |(date, equity): (Option<jiff::civil::Date>, f64)| {
        Some(DailyEquity { date: date?.to_string(), equity })
    };
    days.dates().zip(equity).filter_map(record).collect()
}

/// What a run is compared with: a value at the close of each row of its panel, at any scale. NaN where there is none.
#[derive(Debug)]
pub(super) enum Compared<'a> {
    /// The marks of the only instrument.
    OneInstrument(&'a [f64]),
    /// Equal parts of all instruments, or a benchmark.
    Values(Vec<f64>),
}

impl<'a> Compared<'a> {
    /// `benchmark`, or buying the instruments of `panel` once and holding them.
    pub(super) fn new(panel: &'a Panel, first_row: usize, benchmark: Option<&Benchmark>) -> Self {
        if let Some(benchmark) = benchmark {
            return Self::Values(benchmark.aligned(panel.times(), panel.interval().as_ms()));
        }
        match panel.series() {
            [one] => Self::OneInstrument(one.marks()),
            _ => Self::Values(equal_parts(panel, first_row)),
        }
    }

    /// From the row `first_row` on.
    pub(super) fn of_rows(&self, first_row: usize) -> &[f64] {
        let all = match self {
            Self::OneInstrument(marks) => marks,
            Self::Values(values) => values.as_slice(),
        };
        all.get(first_row..).unwrap_or_default()
    }
}

/// Equal parts at the close of `first_row`, or of an instrument's first bar after it.
fn equal_parts(panel: &Panel, first_row: usize) -> Vec<f64> {
    let mut values = vec![0.0; panel.rows()];
    let share = 1.0 / panel.series().len() as f64;
    for series in panel.series() {
        let mut marks = series.marks().iter().copied().skip(first_row);
        let first = marks.find(|mark| !mark.is_nan()).unwrap_or(1.0);
        // Before its first price an instrument's part is cash.
        for (value, mark) in values.iter_mut().zip(series.marks()) {
            *value += share * if mark.is_nan() { 1.0 } else { mark / first };
        }
    }
    values
}
