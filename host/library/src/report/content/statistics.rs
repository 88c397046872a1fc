//! Every metric by group, with the lists that belong to a group.

use std::collections::BTreeMap;

use super::view::View;
use crate::report::{Block, Column, Note, Part, Section, Table, UNDEFINED, number};
use ct_core::metrics::MetricGroup;
use ct_core::units::Timestamp;

pub(super) fn sections(view: &View<'_>) -> Vec<(Part, Section)> {
    let whole_period = view.result.closed_by.map(|_| MetricGroup::WholePeriod);
    let groups = [
        (Part::Return, MetricGroup::Growth, None),
        (Part::Ratios, MetricGroup::RiskAdjusted, Some(Block::Note(annualisation(view)))),
        (Part::Benchmark, MetricGroup::Benchmark, None),
        (Part::Drawdown, MetricGroup::Drawdown, drawdowns(view)),
        (Part::Distribution, MetricGroup::Distribution, None),
        (Part::Periods, MetricGroup::Periods, months(view)),
        (Part::Exposure, MetricGroup::Activity, None),
        (Part::Trades, MetricGroup::Trades, None),
        (Part::Holding, MetricGroup::Holding, None),
    ];
    groups
        .into_iter()
        .chain(whole_period.map(|group| (Part::Return, group, None)))
        .map(|(part, group, more)| {
            let mut blocks = vec![Block::Figures(view.group(group))];
            blocks.extend(more);
            (part, Section::detail(title(view, group), blocks))
        })
        .collect()
}

/// The heading of `group`; that of the comparison names the benchmark.
fn title(view: &View<'_>, group: MetricGroup) -> String {
    match &view.result.benchmark {
        Some(benchmark) if group == MetricGroup::Benchmark => {
            format!("{} of {}", group.title(), benchmark.name)
        }
        _ => group.title().to_owned(),
    }
}

fn annualisation(view: &View<'_>) -> Note {
    let traded = match view.result.closed_by {
        Some(_) => format!(" Of the time traded, until {}.", view.metric("traded_until")),
        None => String::new(),
    };
    Note::plain(format!(
        "Annualised over 365 days, from equity at the end of each UTC day; the risk-free rate is 0.{traded}"
    ))
}

fn drawdowns(view: &View<'_>) -> Option<Block> {
    let drawdowns = &view.result.metrics.drawdown.drawdowns;
    let time = |ms: i64| number::time(Timestamp::clamped(ms));
    let row = |drawdown: &ct_core::metrics::statistic::Drawdown| {
        vec![
            number::percent(drawdown.depth),
            time(drawdown.peak_time),
            time(drawdown.trough_time),
            drawdown.recovery_time.map_or("not recovered".to_owned(), time),
            number::duration(drawdown.duration_ms),
        ]
    };
    let table = Table {
        caption: "Deepest drawdowns".to_owned(),
        columns: vec![
            Column::numbers("Depth"),
            Column::words("Peak"),
            Column::words("Trough"),
            Column::words("Recovery"),
            Column::numbers("Length"),
        ],
        rows: drawdowns.iter().map(row).collect(),
    };
    (!drawdowns.is_empty()).then_some(Block::Table(table))
}

/// Months across, years down, in per cent.
fn months(view: &View<'_>) -> Option<Block> {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let periods = &view.result.metrics.periods;
    let cell = |fraction: Option<f64>| {
        fraction.map_or(UNDEFINED.to_owned(), |fraction| number::decimal(fraction * 100.0, 1))
    };
    let by_month: BTreeMap<(i16, i8), f64> =
        periods.monthly_returns.iter().map(|of| ((of.year, of.month), of.simple_return)).collect();
    let rows = periods.yearly_returns.iter().map(|year| {
        let month = |month: i8| cell(by_month.get(&(year.year, month)).copied());
        let mut row = vec![year.year.to_string()];
        row.extend((1..=12).map(month));
        row.push(cell(Some(year.simple_return)));
        row
    });
    let mut columns = vec![Column::words("Year")];
    columns.extend(NAMES.map(Column::numbers));
    columns.push(Column::numbers("All"));
    let table = Table { caption: "Returns, per cent".to_owned(), columns, rows: rows.collect() };
    (!table.rows.is_empty()).then_some(Block::Table(table))
}
