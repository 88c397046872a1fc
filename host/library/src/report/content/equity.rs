//! The equity curve.

use super::view::View;
use crate::report::{Block, Chart, Note, Section, chart};

/// The initial cash and equity at the end of each UTC day, with the highest, the lowest and the initial value on the axis.
pub(super) fn curve(view: &View<'_>) -> Section {
    let days = &view.result.daily_equity;
    let initial = view.result.initial_cash.to_f64();
    let values: Vec<f64> =
        std::iter::once(initial).chain(days.iter().map(|day| day.equity)).collect();
    let (Some(first), Some(last), Some((lowest, highest))) =
        (days.first(), days.last(), chart::extremes(&values))
    else {
        return Section::summary("Equity", vec![Block::Note(Note::plain("The run has no day."))]);
    };
    let chart = Chart {
        values,
        highest: view.numbers.quote(highest),
        lowest: view.numbers.quote(lowest),
        marked: initial,
        marked_label: view.numbers.quote(initial),
        from: first.date.clone(),
        to: last.date.clone(),
    };
    Section::summary("Equity at the end of each day (UTC)", vec![Block::Chart(chart)])
}
