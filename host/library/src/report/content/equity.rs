//! The equity curve.

use super::view::View;
use crate::report::{Block, Note, Section, chart};

const COLUMNS: usize = 78;
const ROWS: usize = 10;

/// The initial cash and equity at the end of each UTC day, with the highest, the lowest and the initial value on the axis.
pub(super) fn curve(view: &View<'_>) -> Section {
    let days = &view.result.daily_equity;
    let start = std::iter::once(view.result.initial_cash.to_f64());
    let equity: Vec<f64> = start.chain(days.iter().map(|day| day.equity)).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Section::summary("Equity", vec![Block::Note(Note::plain("The run has no day."))]);
    };
    let mut lines = drawn(view, &equity);
    let width = lines.first().map_or(0, |line| line.chars().count());
    let length = |date: &str| date.chars().count();
    let gap = COLUMNS.saturating_sub(length(&first.date)).saturating_sub(length(&last.date));
    let dates = format!("{}{}{}", first.date, " ".repeat(gap), last.date);
    lines.push(format!("{dates:>width$}"));
    Section::summary("Equity at the end of each day (UTC)", vec![Block::Chart(lines)])
}

fn drawn(view: &View<'_>, equity: &[f64]) -> Vec<String> {
    let Some((lowest, highest)) = chart::extremes(equity) else { return Vec::new() };
    let initial = view.result.initial_cash.to_f64();
    let start = chart::row_of(initial, equity, ROWS);
    let label = |row: usize| match row {
        0 => Some(highest),
        _ if row == ROWS - 1 => Some(lowest),
        _ if start == Some(row) => Some(initial),
        _ => None,
    };
    let labels: Vec<String> = (0..ROWS)
        .map(|row| label(row).map(|value| view.numbers.quote(value)).unwrap_or_default())
        .collect();
    let width = labels.iter().map(String::len).max().unwrap_or_default();
    let lines = chart::curve(equity, COLUMNS, ROWS);
    labels
        .iter()
        .zip(lines)
        .map(|(label, line)| {
            let tick = if label.is_empty() { '│' } else { '┤' };
            format!(" {label:>width$} {tick}{line}")
        })
        .collect()
}
