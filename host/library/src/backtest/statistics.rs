//! The statistics of what the machine did.

use super::{DailyEquity, Settings};
use ct_core::engine::{Closed, Outcome};
use ct_core::market::Panel;
use ct_core::metrics::{DayEnds, Inputs, Metrics};

/// The statistics of a run over `panel`, from its first traded row on.
///
/// # Panics
/// When `outcome` is not that of a run over `panel`.
pub fn statistics(panel: &Panel, settings: &Settings, outcome: &Outcome) -> Metrics {
    let benchmark = buy_and_hold(panel);
    let rows = outcome.equity.len();
    let traded = |closed: Closed| closed.row.saturating_sub(outcome.first_row).min(rows);
    Metrics::compute(&Inputs {
        times: panel.times().get(outcome.first_row..).unwrap_or_default(),
        interval_ms: panel.interval().as_ms(),
        initial_equity: settings.account.cash.to_f64(),
        equity: &outcome.equity,
        traded_rows: outcome.closed.map_or(rows, traded),
        benchmark: benchmark.as_slice(panel).get(outcome.first_row..).unwrap_or_default(),
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

/// The value of buying once and holding: one instrument's marks, or equal parts of all.
enum BuyAndHold {
    OneInstrument,
    EqualParts(Vec<f64>),
}

impl BuyAndHold {
    fn as_slice<'a>(&'a self, panel: &'a Panel) -> &'a [f64] {
        match self {
            Self::OneInstrument => panel.series().first().map_or(&[], |series| series.marks()),
            Self::EqualParts(values) => values,
        }
    }
}

fn buy_and_hold(panel: &Panel) -> BuyAndHold {
    if panel.series().len() == 1 {
        return BuyAndHold::OneInstrument;
    }
    let mut values = vec![0.0; panel.rows()];
    let share = 1.0 / panel.series().len() as f64;
    for series in panel.series() {
        let first = series.marks().iter().copied().find(|mark| !mark.is_nan()).unwrap_or(1.0);
        // Before its first price an instrument's part is cash.
        for (value, mark) in values.iter_mut().zip(series.marks()) {
            *value += share * if mark.is_nan() { 1.0 } else { mark / first };
        }
    }
    BuyAndHold::EqualParts(values)
}
